"""What an outbox costs beside posting without one, and whether it matters how much is left.

`python -m scripts.bench.drains` prints, for SQLite and PostgreSQL, how many postings a second a
drain with eight workers makes, to those of eight threads that call ``post`` (1.00); and the time of
a posting while 100,000 are left, to that while 2,000 are. Medians and quartiles of pairs, in turn.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import count, islice
from pathlib import Path

from attrs import define

from ledgerhq_ext import LedgerHQ, Organization, Purchase
from ledgerhq_ext.store import Store
from scripts.bench.hops import api_key, purchase
from scripts.bench.ratios import Ratio, faster, ratio_of
from scripts.bench.service import ORGANIZATION, service
from scripts.storm.servers import postgres

WORKERS = 8
POSTS = 1_000
FEW = 2_000
MANY = 100_000
PAIRS = 5
WIDTH_AIM = 0.7
SIZE_AIM = 1.2
_PURCHASE = purchase()
_NUMBERS = count()


@define
class Side:
    """One store, and a client: with it one posts through the outbox, or without."""

    store: Store
    hq: LedgerHQ
    pool: ThreadPoolExecutor

    @property
    def books(self) -> Organization:
        """The company that is posted to."""
        return self.hq.organization(ORGANIZATION)

    def add(self, number: int) -> None:
        """Leave so many more postings in the outbox."""
        self.store.outbox().add_all(self.books, _pairs(number))

    def drain(self) -> float:
        """Return the seconds of a drain that posts what was added before."""
        self.add(POSTS)
        start = time.perf_counter()
        drained = self.store.outbox().drain(self.hq, workers=WORKERS)
        assert (drained.why, drained.posted) == ("settled", POSTS)
        return time.perf_counter() - start

    def post(self) -> float:
        """Return the seconds that as many posts take without an outbox."""
        return post_all(self.books, self.pool)

    def drain_some(self) -> float:
        """Return the seconds that as many postings take of those that are left.

        What the end of a drain takes is no part of it: once, it counts what is left.
        """
        moments: list[float] = []

        def is_enough() -> bool:
            """Note the moment; return whether there were so many."""
            moments.append(time.perf_counter())
            return len(moments) > POSTS

        self.store.outbox().drain(self.hq, workers=WORKERS, stop=is_enough)
        self.add(POSTS)
        return moments[POSTS] - moments[0]


def post_all(books: Organization, pool: ThreadPoolExecutor) -> float:
    """Return the seconds that posts take without an outbox, by as many threads as workers."""
    pairs = list(_pairs(POSTS))

    def post(pair: tuple[Purchase, tuple[str, str]]) -> None:
        """Post one."""
        books.post(pair[0], source=pair[1])

    start = time.perf_counter()
    list(pool.map(post, pairs))
    return time.perf_counter() - start


def _pairs(number: int) -> Iterator[tuple[Purchase, tuple[str, str]]]:
    """Yield so many postings, each of a source transaction of its own."""
    for each in islice(_NUMBERS, number):
        yield _PURCHASE, ("bench", str(each))


def ratios(name: str, new_place: Callable[[], str]) -> Iterator[Ratio]:
    """Yield what is measured on one kind of database."""
    with ExitStack() as stack:
        base_url = stack.enter_context(service())
        hq = stack.enter_context(LedgerHQ(api_key(base_url), base_url=base_url))
        pool = stack.enter_context(ThreadPoolExecutor(WORKERS))
        few = Side(stack.enter_context(Store(new_place())), hq, pool)
        few.drain()
        few.post()
        slower = ratio_of(f"{name}: postings a second", WIDTH_AIM, few.drain, few.post, pairs=PAIRS)
        yield faster(slower)

        many = Side(stack.enter_context(Store(new_place())), hq, pool)
        few.add(FEW)
        many.add(MANY)
        yield ratio_of(
            f"{name}: {MANY} left, to {FEW}",
            SIZE_AIM,
            many.drain_some,
            few.drain_some,
            pairs=PAIRS,
        )


def report() -> bool:
    """Print the ratios; return whether they are within their aims."""
    print(f"\nOutbox, {WORKERS} workers: beside the client alone, and by how much is left")
    holds = True
    with tempfile.TemporaryDirectory() as folder, postgres() as server:
        numbers = count()
        places: dict[str, Callable[[], str]] = {
            "SQLite": lambda: str(Path(folder, f"{next(numbers)}.db")),
            "PostgreSQL": server.new_database,
        }
        for name, new_place in places.items():
            for each in ratios(name, new_place):
                print(each, flush=True)
                holds = holds and each.holds
    return holds


if __name__ == "__main__":
    sys.exit(0 if report() else 1)
