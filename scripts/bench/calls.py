"""What one call costs beside bare httpx: the same request to the same service, pair by pair.

`python -m scripts.bench.calls` prints medians and quartiles of the ratios; 1.00 is httpx. Whatever
slows the machine slows both of a pair, and who goes first changes from pair to pair.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any
from unittest.mock import patch

import httpx
from attrs import evolve

from ledgerhq_ext import AsyncLedgerHQ, LedgerHQ
from ledgerhq_ext._http import documents
from ledgerhq_ext._resources.posting import content_of
from scripts.bench import rows
from scripts.bench.hops import KEY, api_key, purchase
from scripts.bench.ratios import Ratio, Run, faster, ratio, times
from scripts.bench.service import BUSY, ORGANIZATION, ROWS, service

THREADS = 8
TASKS = 16
WIDE_CALLS = 160
WIDE_PAIRS = 20
CALLS = 25

POSTS = "/api/v1/purchases"
BANK_ROWS = "/api/v1/bank-transactions"
_PURCHASE = purchase()
_BUSY = evolve(_PURCHASE, payee_name=BUSY)
_DOCUMENT = json.loads(content_of(_PURCHASE))
HEADERS = {
    "authorization": f"Bearer {KEY}",
    "x-organization-id": ORGANIZATION,
    "accept": "application/json",
}
_NUMBERS = count()


def _source() -> tuple[str, str]:
    return "bench", str(next(_NUMBERS))


def arguments() -> dict[str, Any]:
    """Return what httpx needs to post the purchase."""
    return {"json": _DOCUMENT, "headers": {"idempotency-key": f"bare-{next(_NUMBERS)}"}}


class Blocking:
    """The blocking client, and httpx's."""

    def __init__(self, hq: LedgerHQ, bare: httpx.Client) -> None:
        self._books = hq.organization(ORGANIZATION)
        self._bare = bare

    def read(self) -> None:
        """Read a bank row, with the layer."""
        self._books.bank_transaction("bt_0")

    def bare_read(self) -> None:
        """Read a bank row, with httpx alone."""
        self._bare.get(f"{BANK_ROWS}/bt_0").json()

    def post(self) -> None:
        """Post a purchase under a new key, with the layer."""
        self._books.post(_PURCHASE, source=_source())

    def bare_post(self) -> None:
        """Post a purchase under a new key, with httpx alone."""
        self._bare.post(POSTS, **arguments()).json()

    def post_twice(self) -> None:
        """Post a purchase that is answered by 503 first."""
        self._books.post(_BUSY, source=_source())

    def page(self) -> None:
        """Read a page of bank rows as records."""
        assert len(list(self._books.bank_transactions(page_size=ROWS))) == ROWS

    def bare_page(self) -> None:
        """Read a page of bank rows as JSON."""
        response = self._bare.get(BANK_ROWS, params={"page": "1", "limit": str(ROWS)})
        json.loads(response.content)


def blocking(base_url: str) -> Iterator[Ratio]:
    """Yield the ratios of the blocking client."""
    with (
        LedgerHQ(api_key(base_url), base_url=base_url) as hq,
        httpx.Client(base_url=base_url, headers=HEADERS) as bare,
        ThreadPoolExecutor(THREADS) as pool,
    ):
        side = Blocking(hq, bare)
        yield ratio("sync read", 0.80, times(side.read), times(side.bare_read))
        yield ratio("sync post", 0.85, times(side.post), times(side.bare_post))
        with patch.object(documents, "parser", return_value=None):
            yield ratio(f"page of {ROWS} typed rows", 1.5, *_pages(side))
        yield ratio("the same page, with orjson", 1.1, *_pages(side))
        yield ratio("a 503 first, to a post", 2.2, times(side.post_twice), times(side.post))
        own = in_threads(pool, side.post)
        other = in_threads(pool, side.bare_post)
        slower = ratio(f"posts a second, {THREADS} threads", 1.3, own, other, pairs=WIDE_PAIRS)
        yield faster(slower)


def _pages(side: Blocking) -> tuple[Run, Run]:
    return times(side.page, 4), times(side.bare_page, 4)


def in_threads(pool: ThreadPoolExecutor, function: Run) -> Run:
    def run() -> None:
        """Call the function on all threads of the pool at once."""
        for future in [pool.submit(function) for _ in range(WIDE_CALLS)]:
            future.result()

    return run


class Awaiting:
    """The asynchronous client, and httpx's."""

    def __init__(self, hq: AsyncLedgerHQ, bare: httpx.AsyncClient) -> None:
        self._books = hq.organization(ORGANIZATION)
        self._bare = bare

    async def read(self) -> None:
        """Read a bank row, with the layer."""
        await self._books.bank_transaction("bt_0")

    async def bare_read(self) -> None:
        """Read a bank row, with httpx alone."""
        response = await self._bare.get(f"{BANK_ROWS}/bt_0")
        response.json()

    async def post(self) -> None:
        """Post a purchase under a new key, with the layer."""
        await self._books.post(_PURCHASE, source=_source())

    async def bare_post(self) -> None:
        """Post a purchase under a new key, with httpx alone."""
        response = await self._bare.post(POSTS, **arguments())
        response.json()


def awaiting(base_url: str) -> Iterator[Ratio]:
    """Yield the ratios of the asynchronous client, on asyncio."""
    hq = AsyncLedgerHQ(api_key(base_url), base_url=base_url)
    bare = httpx.AsyncClient(base_url=base_url, headers=HEADERS)
    side = Awaiting(hq, bare)
    with asyncio.Runner() as loop:
        yield ratio(
            "async read", 0.62, one_by_one(loop, side.read), one_by_one(loop, side.bare_read)
        )
        yield ratio(
            "async post", 0.68, one_by_one(loop, side.post), one_by_one(loop, side.bare_post)
        )
        own = _in_tasks(loop, side.post)
        other = _in_tasks(loop, side.bare_post)
        slower = ratio(f"posts a second, {TASKS} tasks", 1.6, own, other, pairs=WIDE_PAIRS)
        yield faster(slower)
        loop.run(hq.close())
        loop.run(bare.aclose())


async def _repeat(function: Callable[[], Awaitable[None]], calls: int) -> None:
    for _ in range(calls):
        await function()


def one_by_one(loop: asyncio.Runner, function: Callable[[], Awaitable[None]]) -> Run:
    def run() -> None:
        """Await the function, one call after the other."""
        loop.run(_repeat(function, CALLS))

    return run


def _in_tasks(loop: asyncio.Runner, function: Callable[[], Awaitable[None]]) -> Run:
    async def all_of_them() -> None:
        """Await the function in several tasks at once."""
        await asyncio.gather(*(_repeat(function, WIDE_CALLS // TASKS) for _ in range(TASKS)))

    def run() -> None:
        """Run all tasks to their end."""
        loop.run(all_of_them())

    return run


def report() -> bool:
    """Print the ratios; return whether they are within their aims."""
    print("\nCalls: our time to that of bare httpx (1.00), median and quartiles of pairs")
    held = rows.held()
    print(held, flush=True)
    holds = held.holds
    with service() as base_url:
        for side in (blocking, awaiting):
            for each in side(base_url):
                print(each, flush=True)
                holds = holds and each.holds
    return holds


if __name__ == "__main__":
    sys.exit(0 if report() else 1)
