"""An outbox as bare statements make it: a table, one connection, one commit for all the workers
that wait for it. It has none of our checks, and no pauses, companies or people.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from attrs import define, field

from ledgerhq_ext import Organization
from ledgerhq_ext._resources.posting import content_of
from scripts.bench.drains import POSTS, WORKERS
from scripts.bench.hops import purchase

_NUMBERS = count()
_PURCHASE = purchase()
_BODY = content_of(_PURCHASE).decode()
_TABLE = """
CREATE TABLE postings (
    id integer PRIMARY KEY, source text, body text, state text, lease text, receipt text
)
"""
_INDEX = "CREATE INDEX by_state ON postings (state, id)"
_ADD = "INSERT INTO postings VALUES (?, ?, ?, 'pending', NULL, NULL)"
_FINISH = "UPDATE postings SET state = 'posted', receipt = ? WHERE id = ? AND lease = ?"
_FIND = "SELECT id, source FROM postings WHERE state = 'pending' ORDER BY id LIMIT ?"
_LEASE = "UPDATE postings SET state = 'leased', lease = ? WHERE id = ?"


@define(eq=False)
class Visit:
    """A worker that has a receipt to write down, and wants a posting."""

    receipt: tuple[str, int, str] | None
    claim: tuple[int, str, str] | None = None
    is_served: bool = False


@define
class Queue:
    """A table of postings. ``mark`` is what stands for a parameter."""

    connection: Any
    begin: str
    mark: str
    waiting: list[Visit] = field(factory=list)
    guard: threading.Lock = field(factory=threading.Lock)
    turn: threading.Lock = field(factory=threading.Lock)

    def create(self) -> None:
        """Make the table."""
        cursor = self.connection.cursor()
        cursor.execute(_TABLE)
        cursor.execute(_INDEX)

    def drain(self, books: Organization) -> float:
        """Return the seconds that the workers take for postings that were added before."""
        self._add(POSTS)
        start = time.perf_counter()
        with ThreadPoolExecutor(WORKERS) as pool:
            for worker in [pool.submit(self._work, books) for _ in range(WORKERS)]:
                worker.result()
        return time.perf_counter() - start

    def _add(self, number: int) -> None:
        rows = [(each, str(each), _BODY) for each in (next(_NUMBERS) for _ in range(number))]
        cursor = self.connection.cursor()
        cursor.execute(self.begin)
        cursor.executemany(self._sql(_ADD), rows)
        cursor.execute("COMMIT")

    def _work(self, books: Organization) -> None:
        receipt = None
        while True:
            visit = Visit(receipt)
            self._serve(visit)
            if visit.claim is None:
                return
            number, source, lease = visit.claim
            posted = books.post(_PURCHASE, source=("bare", source))
            receipt = (posted.journal_entry_id or "", number, lease)

    def _serve(self, visit: Visit) -> None:
        with self.guard:
            self.waiting.append(visit)
        with self.turn:
            if visit.is_served:
                return
            with self.guard:
                visits = self.waiting
                self.waiting = []
            self._exchange(visits)

    def _exchange(self, visits: list[Visit]) -> None:
        cursor = self.connection.cursor()
        cursor.execute(self.begin)
        receipts = [visit.receipt for visit in visits if visit.receipt is not None]
        if receipts:
            cursor.executemany(self._sql(_FINISH), receipts)
        rows = cursor.execute(self._sql(_FIND), (len(visits),)).fetchall()
        claims = [(number, source, uuid4().hex) for number, source in rows]
        if claims:
            cursor.executemany(self._sql(_LEASE), [(lease, number) for number, _, lease in claims])
        cursor.execute("COMMIT")
        for visit, claim in zip(visits, claims, strict=False):
            visit.claim = claim
        for visit in visits:
            visit.is_served = True

    def _sql(self, statement: str) -> str:
        return statement.replace("?", self.mark)


@contextmanager
def on_sqlite(path: Path) -> Iterator[Queue]:
    """Provide a queue in a file."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        yield Queue(connection, "BEGIN IMMEDIATE", "?")
    finally:
        connection.close()


@contextmanager
def on_postgresql(url: str) -> Iterator[Queue]:
    """Provide a queue in a database."""
    with psycopg.connect(url, autocommit=True) as connection:
        yield Queue(connection, "BEGIN", "%s")
