"""Send what is due of every firm, until SIGTERM: one process, for a service manager.

    python worker_service.py            # serve
    python worker_service.py --check    # exit with 0 when all is well
    python worker_service.py --connect FIRM http://127.0.0.1:8400/callback

LEDGERHQ_STORE is a file or postgresql://…, LEDGERHQ_STORE_KEYS the keys of the tokens in it.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import signal
import sys
import threading

from ledgerhq_ext import LedgerHQ, LedgerHQError
from ledgerhq_ext.store import Store

LONGEST_WAIT = dt.timedelta(minutes=15)

store = Store(os.environ["LEDGERHQ_STORE"])
keys = os.environ["LEDGERHQ_STORE_KEYS"].split(",")
clients: dict[str, LedgerHQ] = {}


def client_for(firm: str) -> LedgerHQ:
    """Return the client of a firm, each time the same. Your app adds by the same names."""
    if firm not in clients:
        clients[firm] = LedgerHQ.from_env(token_store=store.token_store(keys, name=firm))
    return clients[firm]


def serve() -> int:
    """Send until SIGTERM or Ctrl-C. What is being sent then ends first."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        store.outbox().run(client_for, workers=4, stop=stop.is_set)
    finally:
        for client in clients.values():
            client.close()
    return 0


def check() -> int:
    """Print the figures; return 1 when something waits for too long, or for a person."""
    status = store.outbox().status()
    needs_person = "yes" if status.needs_person else "no"
    print(f"posted {status.posted}, pending {status.pending}, needs a person: {needs_person}")

    oldest = status.oldest_pending_at
    is_late = oldest is not None and dt.datetime.now(dt.UTC) - oldest > LONGEST_WAIT
    return 1 if is_late or status.needs_person else 0


def connect(firm: str, redirect_uri: str) -> int:
    """Connect one firm from a terminal. Its postings go on by themselves."""
    hq = client_for(firm)
    request = hq.authorization_request(redirect_uri)
    print(request.url, flush=True)
    hq.connect(input("The address that the browser came back to: "), request)
    store.outbox().resume()
    return 0


def main(arguments: list[str]) -> int:
    """Run the command; return its exit status."""
    logging.basicConfig(format="%(levelname)s %(message)s")
    logging.getLogger("ledgerhq_ext.store").setLevel(logging.INFO)
    try:
        match arguments:
            case []:
                return serve()
            case ["--check"]:
                return check()
            case ["--connect", firm, redirect_uri]:
                return connect(firm, redirect_uri)
    except LedgerHQError as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        store.close()
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
