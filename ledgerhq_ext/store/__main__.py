"""`python -m ledgerhq_ext.store`: run a worker for an outbox, or show its status."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import logging
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

from attrs import asdict, fields

from ledgerhq_ext.blocking import LedgerHQ
from ledgerhq_ext.errors import LedgerHQError
from ledgerhq_ext.store import Status, Store, StoreError

_KEYS = "LEDGERHQ_STORE_KEYS"
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_AGE = re.compile(r"([0-9]{1,6})([smhd])", re.ASCII)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit status: 2 for an error, which is printed."""
    options = _parser().parse_args(arguments)
    command: Callable[[Store, argparse.Namespace], int] = options.command
    try:
        with Store(options.store) as store:
            if options.command is _say_status and not store.exists():
                # An empty store would look as if all was well.
                raise StoreError(f"There is no store at {store._database.name}.")
            return command(store, options)
    except LedgerHQError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ledgerhq_ext.store", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    worker = commands.add_parser(
        "worker",
        help="send due postings for every connection until SIGTERM or Ctrl-C",
        description="Send due postings for every connection in the store until SIGTERM or "
        "Ctrl-C. Each connection uses the token store of the same name. Set its "
        f"encryption keys in {_KEYS}, separated by commas.",
    )
    worker.add_argument("store", help="the database: a file path or a postgresql://… URL")
    worker.add_argument(
        "--base-url",
        help="the base URL of the service (default: LEDGERHQ_BASE_URL, or LedgerHQ's own address)",
    )
    worker.add_argument(
        "--workers",
        type=int,
        default=1,
        help="number of concurrent attempts (default: %(default)s)",
    )
    worker.add_argument(
        "--plaintext", action="store_true", help="the stored tokens are not encrypted"
    )
    worker.set_defaults(command=_work)

    status = commands.add_parser(
        "status",
        help="show the number of postings in each state, in total and per organization",
        description="Show the number of postings in each state, in total and per organization. "
        "Exits with status 1 when a posting needs attention, is in conflict, was rejected or has "
        "an open alarm, or when the oldest unsettled posting is older than --max-age.",
    )
    status.add_argument("store", help="the database: a file path or a postgresql://… URL")
    status.add_argument(
        "--max-age", type=_age, metavar="AGE", help="a number followed by s, m, h or d, such as 15m"
    )
    status.add_argument("--json", action="store_true", help="print the result as one JSON object")
    status.set_defaults(command=_say_status)
    return parser


def _age(text: str) -> dt.timedelta:
    match = _AGE.fullmatch(text)
    if match is None:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a valid age; give a number followed by s, m, h or d, such as 15m"
        )
    return dt.timedelta(seconds=int(match[1]) * _SECONDS[match[2]])


# --- worker


def _work(store: Store, options: argparse.Namespace) -> int:
    logging.basicConfig(format="%(asctime)s %(message)s", stream=sys.stderr)
    logging.getLogger("ledgerhq_ext.store").setLevel(logging.INFO)
    stop = _stop_by_signal()
    clients: dict[str, LedgerHQ] = {}
    keys = [key for key in os.environ.get(_KEYS, "").split(",") if key]
    settings: dict[str, Any] = {}
    if options.base_url is not None:
        settings["base_url"] = options.base_url

    def client_for(connection: str) -> LedgerHQ:
        """Return the client of a connection, each time the same."""
        if connection not in clients:
            tokens = store.token_store(keys, name=connection, plaintext=options.plaintext)
            clients[connection] = LedgerHQ.from_env(token_store=tokens, **settings)
        return clients[connection]

    try:
        store.outbox().run(client_for, workers=options.workers, stop=stop.is_set)
    finally:
        for client in clients.values():
            client.close()
    return 0


def _stop_by_signal() -> threading.Event:
    """Return an event that the first SIGTERM or Ctrl-C sets.

    A second Ctrl-C interrupts what is being sent.
    """
    stop = threading.Event()

    def note(number: int, _: FrameType | None) -> None:
        """Set the event, and let the signal mean something else from now on."""
        stop.set()
        if number == signal.SIGINT:
            signal.signal(number, signal.default_int_handler)
        else:
            # Whatever supervises the worker may say it twice, and kill it when that takes too long.
            signal.signal(number, signal.SIG_IGN)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, note)
    return stop


# --- status


def _say_status(store: Store, options: argparse.Namespace) -> int:
    status = store.outbox().status()
    text = json.dumps(asdict(status), default=str) if options.json else "\n".join(_lines(status))
    if not _can_print(text):
        return 2
    return 1 if status.needs_person or _is_too_old(status, options.max_age) else 0


def _can_print(text: str) -> bool:
    """Print a text; return whether there was room for it, and say so where there was none."""
    try:
        print(text, flush=True)
    except OSError as error:
        # What is left in its buffer would fail again when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            reason = error.strerror or str(error)
            print(f"error: The output cannot be written: {reason}.", file=sys.stderr)
            return False
        # Whoever reads it, `head` for one, has seen enough; the exit status still counts.
    return True


def _lines(status: Status) -> Iterator[str]:
    for name in _TOTALS:
        yield f"{_label(name):18} {_text(getattr(status, name))}"
    for organization_id, company in status.organizations.items():
        yield f"\norganization {organization_id}"
        for name in _COMPANY_FIGURES:
            value = getattr(company, name)
            # A firm has hundreds of companies: only what there is to say.
            if value:
                yield f"  {_label(name):16} {_text(value)}"


_NAMES = tuple(field.name for field in fields(Status))
_TOTALS = tuple(name for name in _NAMES if name not in ("organizations", "waits_for"))
# That the store is distrusted is said once, above.
_COMPANY_FIGURES = (*(name for name in _TOTALS if name != "distrusted_since"), "waits_for")


def _label(name: str) -> str:
    return name.replace("_", " ")


def _text(value: object) -> str:
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="seconds")
    return "-" if value is None else str(value)


def _is_too_old(status: Status, longest: dt.timedelta | None) -> bool:
    if longest is None or status.oldest_pending_at is None:
        return False
    return dt.datetime.now(dt.UTC) - status.oldest_pending_at > longest


if __name__ == "__main__":
    sys.exit(main())
