"""Clocks that are wrong: no key's age and no schedule trusts the wall clock alone. Both surfaces."""

from __future__ import annotations

import time
from email.utils import formatdate
from typing import Any

import pytest
from sqlalchemy import update

from ledgerhq_ext import InputError, LedgerHQ
from ledgerhq_ext.store import Store
from ledgerhq_ext.store._schema import pauses, postings
from tests.cases.wire_support import SOURCE, Exchange, Ledger, RawServer, purchase, receipt
from tests.support.outbox import OPTIONS, after, the_only, time_passes
from tests.support.surfaces import Surface, resolve

pytestmark = pytest.mark.anyio

HOUR = 3600.0
YEAR = 365 * 24 * HOUR


def client_of(surface: Surface, url: str) -> Any:
    kind: Any = surface
    return kind(base_url=url, access_token="mcp_at_x", **OPTIONS)


def outbox_of(surface: Surface, store: Store) -> Any:
    return store.outbox() if surface is LedgerHQ else store.async_outbox()


def set_clock_back(store: Store, seconds: float) -> None:
    """Let every moment in the store be in the future, as if it had been written by a clock that was
    ahead.
    """

    def work(db: Any) -> None:
        moments = ("due_at", "first_sent_at", "changed_at", "added_at")
        db.execute(update(postings).values({name: postings.c[name] + seconds for name in moments}))
        db.execute(update(pauses).values(ends_at=pauses.c.ends_at + seconds))

    store._database.write("test", work)


async def test_a_row_that_may_stand_is_not_sent_by_a_clock_that_went_back(
    surface: Surface, store: Store
) -> None:
    with Ledger() as ledger:
        hq = client_of(surface, ledger.url)
        outbox = outbox_of(surface, store)
        ledger.faults = ["lost after"]
        await resolve(outbox.add(hq.organization("org_1"), purchase(), source=SOURCE))
        await resolve(outbox.drain(hq, **after(1)))
        set_clock_back(store, HOUR)

        drained = await resolve(outbox.drain(hq, wait=0))
        assert (drained.why, drained.posted, drained.needs_attention) == ("settled", 0, 1)
        row = the_only(await resolve(outbox.postings()))
        assert row.failure is not None
        assert "clock" in row.failure.message
        with pytest.raises(InputError, match="clock"):
            await resolve(outbox.post(hq.organization("org_1"), purchase(), source=SOURCE))
        assert len(ledger.entries) == 1
        await resolve(hq.close())


@pytest.mark.parametrize("seconds", [HOUR, YEAR])
async def test_nothing_waits_for_a_clock_that_was_ahead(
    surface: Surface, store: Store, seconds: float
) -> None:
    """The row was never sent, and its company was paused: both are over, whatever the file says."""
    with Ledger() as ledger:
        hq = client_of(surface, ledger.url)
        outbox = outbox_of(surface, store)
        ledger.faults = [
            lambda exchange: exchange.reply(429, {"error": "Slow"}, headers=["Retry-After: 600"])
        ]
        await resolve(outbox.add(hq.organization("org_1"), purchase(), source=SOURCE))
        await resolve(outbox.drain(hq, **after(1)))
        assert len(await resolve(outbox.pauses())) == 1
        set_clock_back(store, seconds)

        assert await resolve(outbox.pauses()) == ()
        assert (await resolve(outbox.drain(hq, wait=0))).posted == 1
        await resolve(hq.close())


@pytest.mark.parametrize(
    ("off", "posted"), [(HOUR, 0), (-HOUR, 0), (60.0, 1)], ids=["ahead", "behind", "right"]
)
async def test_nothing_is_sent_again_while_the_clock_is_not_the_services(
    surface: Surface, store: Store, off: float, posted: int
) -> None:
    """One row may stand. The answer to another one says what time it is."""

    def serve(exchange: Exchange) -> bool:
        if b'"amount":1}' in exchange.body and len(server.requests) == 1:
            return False
        date = formatdate(time.time() + off, usegmt=True)
        return exchange.reply(
            201, receipt(exchange, f"je_{exchange.number}"), headers=[f"Date: {date}"]
        )

    with RawServer(serve) as server:
        hq = client_of(surface, server.url)
        outbox = outbox_of(surface, store)
        await resolve(outbox.add(hq.organization("org_1"), purchase(1), source=("till", "1")))
        await resolve(outbox.drain(hq, **after(1)))
        # It is due after the other one. Where it is sent in the end, nobody waits for long.
        time_passes(store, -2 if posted else -30)
        await resolve(outbox.add(hq.organization("org_1"), purchase(2), source=("till", "2")))

        drained = await resolve(outbox.drain(hq))
        assert drained.posted == 1 + posted
        assert drained.why == ("settled" if posted else "clock")
        assert len(server.requests) == 2 + posted
        await resolve(hq.close())


@pytest.mark.parametrize("date", ["yesterday", "", "Thu, 99 Jan 1970 00:00:00 GMT", "0"])
async def test_a_date_that_is_none_says_nothing(surface: Surface, store: Store, date: str) -> None:
    def serve(exchange: Exchange) -> bool:
        return exchange.reply(
            201, receipt(exchange, f"je_{exchange.number}"), headers=[f"Date: {date}"]
        )

    with RawServer(serve) as server:
        hq = client_of(surface, server.url)
        outbox = outbox_of(surface, store)
        await resolve(outbox.add(hq.organization("org_1"), purchase(), source=SOURCE))
        assert (await resolve(outbox.drain(hq))).posted == 1
        await resolve(hq.close())
