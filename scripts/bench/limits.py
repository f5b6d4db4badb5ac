"""What the least that does the same costs, beside bare httpx (1.00): where one of our figures
stands near its limit, an aim below it is out of reach.

`python -m scripts.bench.limits` prints them. A start imports httpx and reads one record of the
generated client. A call hands a request to httpx's own transport and parses the answer: no client,
no checks, no retries. A page parses its JSON with orjson and converts its dates: no records. A
drain is a loop of bare statements around our client's posts, with one commit for the receipts and
leases of all the workers that wait for it.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import httpx
import orjson

from ledgerhq_ext import AsyncLedgerHQ, LedgerHQ
from scripts.bench import bare_queue, calls, drains, start
from scripts.bench.hops import api_key
from scripts.bench.ratios import Ratio, faster, ratio, ratio_of, times
from scripts.bench.service import ORGANIZATION, ROWS, service
from scripts.storm.servers import postgres

_TIMEOUT = {"timeout": {"connect": 30.0, "read": 30.0, "write": 30.0, "pool": 30.0}}
_FIRST_RESPONSE = """
import httpx
from ledgerhq_api.models import BankTransaction
with httpx.Client(base_url=sys.argv[1], headers={"authorization": "Bearer bench"}) as client:
    answer = client.get("/api/v1/bank-transactions/bt_0").json()
BankTransaction.from_dict(answer["transaction"])
"""


class Requests:
    """The requests of the other measurements, without a client."""

    def __init__(self, base_url: str) -> None:
        self._headers = {
            "host": base_url.partition("//")[2],
            "accept-encoding": "gzip, deflate",
            "user-agent": "bench",
            **calls.HEADERS,
        }
        self._posts = httpx.URL(f"{base_url}{calls.POSTS}")
        self._row = httpx.URL(f"{base_url}{calls.BANK_ROWS}/bt_0")
        self._page = httpx.URL(f"{base_url}{calls.BANK_ROWS}?page=1&limit={ROWS}")

    def read(self) -> httpx.Request:
        """Return the request for a row."""
        return httpx.Request("GET", self._row, headers=self._headers, extensions=_TIMEOUT)

    def page(self) -> httpx.Request:
        """Return the request for a page."""
        return httpx.Request("GET", self._page, headers=self._headers, extensions=_TIMEOUT)

    def post(self) -> httpx.Request:
        """Return a posting under a new key."""
        arguments = calls.arguments()
        headers = {**self._headers, **arguments["headers"]}
        content = arguments["json"]
        return httpx.Request(
            "POST", self._posts, headers=headers, json=content, extensions=_TIMEOUT
        )


class Blocking:
    """httpx's blocking transport."""

    def __init__(self, requests: Requests, transport: httpx.HTTPTransport) -> None:
        self._requests = requests
        self._transport = transport

    def read(self) -> None:
        """Read a row."""
        json.loads(self._answer(self._requests.read()))

    def post(self) -> None:
        """Post a purchase."""
        json.loads(self._answer(self._requests.post()))

    def page(self) -> None:
        """Read a page, and convert its dates."""
        for row in orjson.loads(self._answer(self._requests.page()))["data"]:
            dt.date.fromisoformat(row["date"])
            dt.datetime.fromisoformat(row["createdAt"])

    def _answer(self, request: httpx.Request) -> bytes:
        response = self._transport.handle_request(request)
        content = response.read()
        response.close()
        return content


class Awaiting:
    """httpx's asynchronous transport."""

    def __init__(self, requests: Requests, transport: httpx.AsyncHTTPTransport) -> None:
        self._requests = requests
        self._transport = transport

    async def read(self) -> None:
        """Read a row."""
        json.loads(await self._answer(self._requests.read()))

    async def post(self) -> None:
        """Post a purchase."""
        json.loads(await self._answer(self._requests.post()))

    async def _answer(self, request: httpx.Request) -> bytes:
        response = await self._transport.handle_async_request(request)
        content = await response.aread()
        await response.aclose()
        return content


def _starts(base_url: str) -> Iterator[Ratio]:
    codes = {"ours": _FIRST_RESPONSE, "other": start.FIRST_RESPONSE["other"]}
    with tempfile.TemporaryDirectory() as bytecode:
        yield start.ratio_of_codes("start to first response", None, codes, base_url, bytecode)


def _blocking(base_url: str) -> Iterator[Ratio]:
    with (
        LedgerHQ(api_key(base_url), base_url=base_url) as hq,
        httpx.Client(base_url=base_url, headers=calls.HEADERS) as bare,
        httpx.HTTPTransport() as transport,
        ThreadPoolExecutor(calls.THREADS) as pool,
    ):
        least = Blocking(Requests(base_url), transport)
        side = calls.Blocking(hq, bare)
        yield ratio("sync read", None, times(least.read), times(side.bare_read))
        yield ratio("sync post", None, times(least.post), times(side.bare_post))
        yield ratio("the page, with orjson", None, times(least.page, 4), times(side.bare_page, 4))
        own = calls.in_threads(pool, least.post)
        other = calls.in_threads(pool, side.bare_post)
        name = f"posts a second, {calls.THREADS} threads"
        yield faster(ratio(name, None, own, other, pairs=calls.WIDE_PAIRS))


def _awaiting(base_url: str) -> Iterator[Ratio]:
    hq = AsyncLedgerHQ(api_key(base_url), base_url=base_url)
    bare = httpx.AsyncClient(base_url=base_url, headers=calls.HEADERS)
    transport = httpx.AsyncHTTPTransport()
    least = Awaiting(Requests(base_url), transport)
    side = calls.Awaiting(hq, bare)
    with asyncio.Runner() as loop:
        for name, own, other in (
            ("async read", least.read, side.bare_read),
            ("async post", least.post, side.bare_post),
        ):
            mine = calls.one_by_one(loop, own)
            yield ratio(name, None, mine, calls.one_by_one(loop, other))
        loop.run(hq.close())
        loop.run(bare.aclose())
        loop.run(transport.aclose())


def _drains(base_url: str) -> Iterator[Ratio]:
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        server = stack.enter_context(postgres())
        hq = stack.enter_context(LedgerHQ(api_key(base_url), base_url=base_url))
        pool = stack.enter_context(ThreadPoolExecutor(drains.WORKERS))
        queues = {
            "SQLite": stack.enter_context(bare_queue.on_sqlite(Path(folder, "bare.db"))),
            "PostgreSQL": stack.enter_context(bare_queue.on_postgresql(server.new_database())),
        }
        books = hq.organization(ORGANIZATION)
        other = partial(drains.post_all, books, pool)
        other()
        for name, queue in queues.items():
            queue.create()
            own = partial(queue.drain, books)
            own()
            yield faster(
                ratio_of(f"{name}: postings a second", None, own, other, pairs=drains.PAIRS)
            )


def report() -> None:
    """Print the limits."""
    print("\nLimits: the least that does the same, to what the figures above are compared with")
    with service() as base_url:
        for side in (_starts, _blocking, _awaiting, _drains):
            for each in side(base_url):
                print(each, flush=True)


if __name__ == "__main__":
    report()
