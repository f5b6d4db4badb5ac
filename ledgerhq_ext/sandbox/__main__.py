"""`python -m ledgerhq_ext.sandbox`: serve a LedgerHQ in a box until Ctrl-C."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from datetime import datetime
from pathlib import Path
from types import FrameType

from ledgerhq_ext.sandbox import Clock, Sandbox
from ledgerhq_ext.sandbox._clock import START


def main(arguments: list[str] | None = None) -> int:
    """Run the command."""
    options = _parser().parse_args(arguments)
    try:
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
        ).start()
    except (OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201
        return 2
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        print(_welcome(box, options.state), flush=True)  # noqa: T201
        while True:
            threading.Event().wait(3600)
    except KeyboardInterrupt:
        return 0
    finally:
        box.close()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ledgerhq_ext.sandbox", description=__doc__)
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="a loopback address (default: %(default)s)")
    add("--port", type=int, default=0, help="default: a free one")
    add("--state", type=Path, metavar="FILE", help="keep the state in a file (default: in memory)")
    add("--contract", type=Path, metavar="FILE", help="another OpenAPI document (default: the vendored one)")
    add("--auto-approve", action="store_true", help="answer the consent page by itself")
    add(
        "--access-token-lifetime",
        type=float,
        default=3600,
        metavar="S",
        help="seconds (default: %(default)s)",
    )
    add(
        "--refresh-token-lifetime",
        type=float,
        default=30 * 86400,
        metavar="S",
        help="seconds (default: %(default)s)",
    )
    add("--seed", type=int, help="make generated ids and tokens a fixed sequence")
    add(
        "--now",
        type=_moment,
        default=START,
        metavar="TIME",
        help="where the clock starts (default: %(default)s)",
    )
    add("--frozen", action="store_true", help="the clock stands still")
    return parser


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError("a time zone is needed, such as 2026-06-30T12:00:00Z")
    return moment


def _welcome(box: Sandbox, state: Path | None) -> str:
    companies = "\n".join(
        f"  {company['name']:<22} {company['defaultCurrency']}  {company['id']}\n"
        f"  {'':<22} API key {box.api_key(company['id'])}"
        for company in box.clients
    )
    return f"""LedgerHQ sandbox at {box.url}  (Ctrl-C stops it)

The firm is Ledger & Co. Its consent page asks for no password: press Approve.
State: {state or "in memory, gone when it stops"}

Client companies
{companies}

To use it from a partner app:
  export LEDGERHQ_BASE_URL={box.url}
  export LEDGERHQ_API_KEY=<one of the keys above>    # or connect by OAuth
"""


if __name__ == "__main__":
    sys.exit(main())
