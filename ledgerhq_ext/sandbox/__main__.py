"""`python -m ledgerhq_ext.sandbox`: serve a LedgerHQ in a box until Ctrl-C."""

from __future__ import annotations

import argparse
import contextlib
import math
import os
import signal
import sqlite3
import sys
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from ledgerhq_ext.sandbox import Sandbox

_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = datetime(9000, 1, 1, tzinfo=UTC)
_LONGEST = 100 * 365 * 86_400.0


_PROGRAM = "python -m ledgerhq_ext.sandbox"


def main(arguments: list[str] | None = None, *, program: str = _PROGRAM) -> int:
    """Serve until Ctrl-C or SIGTERM; return the exit status: 0, or 2 where it cannot start.

    ``program`` is what its help and its errors call it.
    """
    try:
        # Here, so that an extra that is missing is a line and not a traceback.
        from ledgerhq_ext.sandbox import Clock, Sandbox

        options = _parser(program).parse_args(arguments)
        box = Sandbox(
            state=options.state,
            contract=options.contract,
            host=options.host,
            port=options.port,
            clock=Clock(options.now, frozen=options.frozen),
            seed=options.seed,
            auto_approve=options.auto_approve,
            access_token_lifetime=options.access_token_lifetime,
            refresh_token_lifetime=options.refresh_token_lifetime,
        )
        _add(box, options.additions, empty=options.empty)
        box.start()
    except (ImportError, OSError, OverflowError, ValueError, sqlite3.Error) as error:
        # Without the number that the text of an error of the system begins with.
        reason = getattr(error, "strerror", None) or str(error)
        _say(f"error: {' '.join(reason.split())}", sys.stderr)
        return 2
    # Whatever stops services sends SIGTERM: the state in a file is closed as by Ctrl-C.
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        _say(_welcome(box, options.state), sys.stdout)
        # Not forever: on Windows an endless wait cannot be interrupted.
        while True:
            threading.Event().wait(3600)
    except KeyboardInterrupt:
        return 0
    finally:
        box.close()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _say(text: str, stream: TextIO | None) -> None:
    """Print a text in whatever encoding the stream has.

    Nobody need be there to read it: the sandbox serves.
    """
    if stream is None:
        return

    encoding = stream.encoding or "ascii"
    try:
        print(text.encode(encoding, "backslashreplace").decode(encoding), file=stream, flush=True)
    except (OSError, ValueError):
        # What is left in the stream's buffer would fail again when the interpreter ends.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _parser(program: str) -> argparse.ArgumentParser:
    from ledgerhq_ext.sandbox._clock import START

    parser = argparse.ArgumentParser(
        prog=program,
        description="Run a LedgerHQ sandbox until Ctrl-C.",
        epilog=f"Example: {program} --port 8000 --company Acme:EUR --empty",
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="a loopback address (default: %(default)s)")
    add("--port", type=_port, default=0, help="the port (default: a free one)")
    add("--state", type=_path, metavar="FILE", help="keep the state in a file (default: in memory)")
    add(
        "--contract",
        type=_path,
        metavar="FILE",
        help="an OpenAPI document to serve (default: the vendored one); refused if it cannot "
        "be served",
    )
    add("--auto-approve", action="store_true", help="approve the consent page automatically")
    add(
        "--access-token-lifetime",
        type=_seconds,
        default=3600.0,
        metavar="S",
        help="seconds (default: %(default)s)",
    )
    add(
        "--refresh-token-lifetime",
        type=_seconds,
        default=30 * 86400.0,
        metavar="S",
        help="seconds (default: %(default)s)",
    )
    add(
        "--seed",
        type=int,
        help="seed for generated ids and tokens, which makes them a fixed sequence",
    )
    add(
        "--now",
        type=_moment,
        default=START,
        metavar="TIME",
        help="the start time of the clock (default: %(default)s)",
    )
    add("--frozen", action="store_true", help="stop the clock")
    # One list, since a company belongs to the firm that is named before it.
    parser.set_defaults(additions=[])
    add(
        "--firm", dest="additions", action="append", type=_Firm, metavar="NAME", help="another firm"
    )
    add(
        "--company",
        dest="additions",
        action="append",
        type=_company,
        metavar="NAME:CUR",
        help="another client company, with six months of history, for the last --firm (by "
        "default Ledger & Co)",
    )
    add(
        "--empty",
        action="store_true",
        help="leave the books of those companies empty, without a chart of accounts",
    )
    return parser


@dataclass(frozen=True)
class _Firm:
    name: str


@dataclass(frozen=True)
class _Company:
    name: str
    currency: str


def _company(text: str) -> _Company:
    name, _, currency = text.rpartition(":")
    if not name.strip():
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a valid company; give a name and currency, such as Acme:EUR"
        )
    return _Company(name, currency)


def _add(box: Sandbox, additions: list[_Firm | _Company], *, empty: bool) -> None:
    """Add firms and companies, but for those that a state in a file has already."""
    firm = box.firms[0]["id"]
    for addition in additions:
        name = addition.name
        if isinstance(addition, _Firm):
            # The companies that are named behind it are its own.
            firm = _firm_of_name(box, name) or box.add_firm(name)
            continue
        if not _has_company(box, firm, name):
            box.add_company(name, addition.currency, empty=empty, firm=firm)


def _firm_of_name(box: Sandbox, name: str) -> str | None:
    for row in box.firms:
        if row["name"] == name:
            return str(row["id"])
    return None


def _has_company(box: Sandbox, firm: str, name: str) -> bool:
    return (firm, name) in [(row["firmId"], row["name"]) for row in box.clients]


def _port(text: str) -> int:
    # Six digits are too many already, and int() refuses a text of thousands with an error of its
    # own.
    if not (text.isascii() and text.isdecimal() and int(text[:6]) <= 65_535):
        raise argparse.ArgumentTypeError(f"a port must be a number from 0 to 65535, not {text!r}")
    return int(text)


def _path(text: str) -> Path:
    try:
        path = Path(text).expanduser()
    except RuntimeError:
        raise argparse.ArgumentTypeError(
            f"the home directory of {text!r} is unknown; give the full path"
        ) from None
    if not text or "\0" in text:
        raise argparse.ArgumentTypeError(f"{text!r} is not a valid file name")
    return path


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    # No comparison with NaN holds, so this refuses what is not a number too.
    if not 0 < seconds <= _LONGEST:
        raise argparse.ArgumentTypeError(f"give a number of seconds greater than 0, not {text!r}")
    return seconds


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a valid time, such as 2026-06-30T12:00:00Z"
        ) from None
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError("a time zone is required, such as 2026-06-30T12:00:00Z")
    if not _EARLIEST <= moment <= _LATEST:
        raise argparse.ArgumentTypeError(f"{text!r} is not between the years 1970 and 9000")
    return moment


def _welcome(box: Sandbox, state: Path | None) -> str:
    firms = "\n".join(f"{firm['name']}\n{_companies(box, firm['id'])}" for firm in box.firms)
    return f"""LedgerHQ sandbox at {box.url}  (Ctrl-C stops it)

The consent page does not ask for a password. Click Approve.
State: {state or "in memory, gone when it stops"}

Firms and their client companies
{firms}

To use it from a partner app:
  export LEDGERHQ_BASE_URL={box.url}
  export LEDGERHQ_API_KEY=<one of the keys above>    # or connect by OAuth
"""


def _companies(box: Sandbox, firm: str) -> str:
    lines = []
    for company in box.clients:
        if company["firmId"] != firm:
            continue
        lines.append(f"  {company['name']:<22} {company['defaultCurrency']}  {company['id']}")
        lines.append(f"  {'':<22} API key {box.api_key(company['id'])}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
