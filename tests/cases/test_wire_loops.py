"""Event loops: one client on several of them, and none that stands still.

Cases t14 and t19, and the second half of t13. Loops that are thrown away run in a process of their
own.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from ledgerhq_ext import LedgerHQError, TokenStore
from ledgerhq_ext.store import Store

from .wire_support import (
    ROOT,
    START,
    Exchange,
    Firm,
    LoopbackServer,
    RawServer,
    async_client,
    keep,
    receipt,
)

# --- t14, and the second half of t13: one client, several loops


@pytest.mark.parametrize(
    ("role", "arguments"),
    [
        pytest.param("posts-in-loops", ["3"], id="posts-one-loop-after-the-other"),
        pytest.param("reads-in-loops", ["3"], id="reads-one-loop-after-the-other"),
        pytest.param("posts-in-two-living-loops", [], id="posts-in-two-living-loops"),
    ],
)
def test_one_client_works_on_several_loops(role: str, arguments: list[str]) -> None:
    def serve(exchange: Exchange) -> bool:
        if exchange.leaf == "accounts":
            return exchange.reply(200, {"accounts": []})
        # Long enough that the client really waits: an answer that is there at once wakes nobody.
        time.sleep(0.5)
        return exchange.reply(201, receipt(exchange))

    with RawServer(serve) as server:
        command = [sys.executable, "-m", "tests.cases.wire_child", role, server.url, *arguments]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=START)
        assert done.returncode == 0, done.stderr
        outcomes = json.loads(done.stdout)
        keys = {exchange.key for exchange in server.requests}

    assert outcomes == ["done"] * len(outcomes)
    assert len(keys) == len(outcomes) or role == "reads-in-loops"


# --- t19: a database that does not answer

DEADLINE = 1.0
TROUBLE_ENDS = 4.0


class Pulse:
    """The longest time for which a loop stood still."""

    def __init__(self) -> None:
        self.longest = 0.0

    async def watch(self) -> None:
        """Measure until cancelled."""
        while True:
            begin = time.monotonic()
            await asyncio.sleep(0.01)
            self.longest = max(self.longest, time.monotonic() - begin)


async def call_in_trouble(url: str, store: TokenStore, over: Callable[[], bool]) -> Pulse:
    """Return the loop's pulse during a call. The call must end before the trouble is over."""
    pulse = Pulse()
    watching = asyncio.create_task(pulse.watch())
    async with async_client(url, deadline=DEADLINE, token_store=store) as hq:
        await asyncio.sleep(0.05)
        refusal: LedgerHQError | None = None
        try:
            await hq.organization("org_1").accounts()
        except LedgerHQError as error:
            refusal = error
        in_time = not over()

    await asyncio.sleep(0.05)
    watching.cancel()
    assert refusal is None or refusal.outcome == "not_sent"
    assert in_time, "the deadline did not bound the wait for the store"
    return pulse


def test_a_locked_database_does_not_stop_the_loop(tmp_path: Path) -> None:
    """Another process writes into the SQLite file while a refresh is due."""
    place = tmp_path / "books.db"
    with Firm() as firm, Store(place) as books:
        store = books.token_store(Fernet.generate_key())
        keep(store, firm.connection(life=-1))
        with write_lock(place) as over:
            pulse = asyncio.run(call_in_trouble(firm.url, store, over))
        assert pulse.longest < TROUBLE_ENDS / 2


@contextmanager
def write_lock(place: Path) -> Iterator[Callable[[], bool]]:
    """Hold the write lock of an SQLite file, for a while at the most; gives whether it is over."""
    over = threading.Event()
    with closing(sqlite3.connect(place, isolation_level=None, check_same_thread=False)) as db:

        def unlock() -> None:
            over.set()
            db.execute("ROLLBACK")

        db.execute("BEGIN IMMEDIATE")
        timer = threading.Timer(TROUBLE_ENDS, unlock)
        timer.start()
        try:
            yield over.is_set
        finally:
            timer.cancel()
            timer.join()
            if not over.is_set():
                unlock()


def test_a_database_server_that_is_silent_does_not_stop_the_loop() -> None:
    """A PostgreSQL server takes the connection and says nothing."""
    pytest.importorskip("psycopg")
    with LoopbackServer() as database, Firm() as firm:
        timer = threading.Timer(TROUBLE_ENDS, database.stop)
        timer.start()
        with Store(f"postgresql://partner@{database.address}/books", patience=1) as books:
            store = books.token_store(Fernet.generate_key())
            over = database.stopping.is_set
            try:
                pulse = asyncio.run(call_in_trouble(firm.url, store, over))
            finally:
                timer.cancel()
                timer.join()
        assert pulse.longest < TROUBLE_ENDS / 2


def test_two_hundred_tasks_over_a_database_finish(tmp_path: Path) -> None:
    """All of them need the token that one of them renews."""

    async def calls(url: str, store: TokenStore) -> list[object]:
        async with async_client(url, deadline=30, timeout=20, token_store=store) as hq:
            books = hq.organization("org_1")
            return list(await asyncio.gather(*(books.accounts() for _ in range(200))))

    with Firm() as firm, Store(tmp_path / "books.db") as books:
        store = books.token_store(Fernet.generate_key())
        keep(store, firm.connection())
        answers = asyncio.run(calls(firm.url, store))
        assert len(answers) == 200
        assert (firm.exchanges, firm.refused) == (1, 0)
