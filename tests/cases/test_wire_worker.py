"""A worker for months: it idles, backs off, does not wait for the dead. Cases t31 and t9 (4)."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from ledgerhq_ext.store import Store

from .wire_support import (
    PATIENCE,
    ROOT,
    SOURCE,
    START,
    Exchange,
    Ledger,
    RawServer,
    client,
    purchase,
)

# --- t31: a worker with nothing to do


def test_a_company_that_left_is_not_asked_for_again_and_again(tmp_path: Path) -> None:
    """One refused posting and one look at its scope tell all that there is to know for a while."""
    with (
        RawServer(lambda exchange: exchange.reply(403, {"error": "Not a member"})) as server,
        client(server.url) as hq,
        Store(tmp_path / "books.db") as store,
    ):
        outbox = store.outbox()
        outbox.add(hq.organization("org_gone"), purchase(), source=SOURCE)
        for _ in range(20):
            outbox.drain(hq, wait=0)
        assert outbox.status().pending == 1
        assert len(server.requests) <= 3


def test_a_worker_idles_and_wakes_up(tmp_path: Path) -> None:
    with Ledger() as ledger, client(ledger.url) as hq, Store(tmp_path / "books.db") as store:
        outbox: Any = store.outbox()
        run = outbox.run
        stop = threading.Event()
        worker = threading.Thread(
            target=lambda: run(client_for=lambda connection: hq, stop=stop.is_set),
        )
        worker.start()
        try:
            busy = time.process_time()
            time.sleep(2)
            # A worker that spins takes about two seconds.
            assert time.process_time() - busy < 0.5
            assert worker.is_alive()

            outbox.add(hq.organization("org_1"), purchase(), source=SOURCE)
            end = time.monotonic() + 3 * PATIENCE
            while outbox.status().posted == 0 and time.monotonic() < end:
                time.sleep(0.05)
            assert len(ledger.entries) == 1
        finally:
            stop.set()
            worker.join(3 * PATIENCE)
        assert not worker.is_alive()


# --- t9 (4): the process that had the row was killed


def test_the_row_of_a_process_that_was_killed_is_free_at_once(tmp_path: Path) -> None:
    """It was killed after the entry was made, and before it had the receipt."""
    place = tmp_path / "books.db"
    arrived = threading.Event()

    def hold_the_first(exchange: Exchange) -> None:
        if exchange.number == 1:
            arrived.set()
            exchange.server.stopping.wait(PATIENCE)

    with Ledger() as ledger, client(ledger.url, deadline=3) as hq:
        ledger.before_answer = hold_the_first
        with Store(place) as store:
            store.outbox().add(hq.organization("org_1"), purchase(7), source=SOURCE)

        role = ["drain", ledger.url, str(place)]
        command = [sys.executable, "-m", "tests.cases.wire_child", *role]
        with subprocess.Popen(command, cwd=ROOT) as child:
            assert arrived.wait(START)
            child.kill()

        with Store(place) as store:
            books = hq.organization("org_1")
            receipt = store.outbox().post(books, purchase(7), source=SOURCE)
        assert receipt.journal_entry_id == "je_0"
        assert len(ledger.entries) == 1
