"""A drain whose client has to refresh its token: on an event loop, and over a transport that was
handed in.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import httpx

from ledgerhq_ext import AsyncLedgerHQ, LedgerHQ, MemoryTokenStore
from ledgerhq_ext.store import Store
from tests.cases.wire_support import PATIENCE, Exchange, Firm, purchase, receipt


def post(exchange: Exchange) -> bool:
    return exchange.reply(201, receipt(exchange, f"je_{exchange.number}"))


def test_a_refresh_in_an_awaited_drain_does_not_stop_the_loop(tmp_path: Path) -> None:
    """The token endpoint waits for another task of the loop; only after PATIENCE it goes on
    without.
    """

    async def let_go(firm: Firm) -> float:
        begin = time.monotonic()
        while not firm.arrived.is_set():
            await asyncio.sleep(0.01)
        firm.release.set()
        return time.monotonic() - begin

    async def drain(firm: Firm, store: Store) -> tuple[int, float]:
        tokens = MemoryTokenStore(firm.connection())
        async with AsyncLedgerHQ(base_url=firm.url, token_store=tokens) as hq:
            outbox = store.async_outbox()
            await outbox.add(hq.organization("org_1"), purchase(), source=("till", "1"))
            other_task = asyncio.create_task(let_go(firm))
            drained = await outbox.drain(hq)
            return drained.posted, await other_task

    with Firm(gated=True, otherwise=post) as firm, Store(tmp_path / "books.db") as store:
        posted, seconds = asyncio.run(drain(firm, store))
    assert posted == 1
    assert seconds < PATIENCE / 2


def test_a_transport_that_was_handed_in_outlives_a_refresh_in_a_drain(tmp_path: Path) -> None:
    with (
        Firm(otherwise=post) as firm,
        Store(tmp_path / "books.db") as store,
        httpx.HTTPTransport() as transport,
        LedgerHQ(
            base_url=firm.url, token_store=MemoryTokenStore(firm.connection()), transport=transport
        ) as hq,
    ):
        outbox = store.outbox()
        books = hq.organization("org_1")
        for number in range(3):
            outbox.add(books, purchase(1 + number), source=("till", str(number)))
        assert outbox.drain(hq).posted == 3
        assert firm.exchanges == 1
