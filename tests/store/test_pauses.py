"""What a refusal is about, and who waits for it: the posting, its company, or the whole connection."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from ledgerhq_ext import AsyncLedgerHQ, LedgerHQ, PermissionDeniedError
from ledgerhq_ext.store import Store, _scope
from ledgerhq_ext.store._scope import Scopes
from ledgerhq_ext.store._verdict import Access
from tests.cases.wire_support import SOURCE, Exchange, RawServer, purchase, receipt
from tests.support.outbox import OPTIONS, the_only
from tests.support.surfaces import Surface, resolve

pytestmark = pytest.mark.anyio


def client_of(surface: Surface, url: str) -> Any:
    kind: Any = surface
    return kind(base_url=url, access_token="mcp_at_x", **OPTIONS)


def outbox_of(surface: Surface, store: Store) -> Any:
    return store.outbox() if surface is LedgerHQ else store.async_outbox()


def refusing(
    status: int, *, posts: str = "", reads: str = "", read_status: int = 0
) -> Callable[[Exchange], bool]:
    """Refuse the posts of a company, and its reads; serve everything else."""

    def serve(exchange: Exchange) -> bool:
        if exchange.method == "POST":
            is_refused = exchange.organization == posts
            answer = receipt(exchange, f"je_{exchange.number}")
            return (
                exchange.reply(status, {"error": "No"})
                if is_refused
                else exchange.reply(201, answer)
            )
        if exchange.organization == reads:
            return exchange.reply(read_status or status, {"error": "No"})
        return exchange.reply(200, {"bankAccounts": []})

    return serve


async def add_three(outbox: Any, hq: Any, organization: str) -> None:
    for number in range(3):
        books = hq.organization(organization)
        await resolve(outbox.add(books, purchase(1 + number), source=("till", str(number))))


@pytest.mark.parametrize("status", [403, 404])
async def test_a_company_that_is_closed_is_paused(
    surface: Surface, store: Store, status: int
) -> None:
    with RawServer(refusing(status, posts="org_1", reads="org_1")) as server:
        hq = client_of(surface, server.url)
        outbox = outbox_of(surface, store)
        await add_three(outbox, hq, "org_1")
        await add_three(outbox, hq, "org_2")
        drained = await resolve(outbox.drain(hq))
        assert (drained.why, drained.posted, drained.rejected, drained.left) == ("paused", 3, 0, 3)
        assert sum(exchange.organization == "org_1" for exchange in server.requests) == 2

        [pause] = await resolve(outbox.pauses(hq))
        assert (pause.organization_id, pause.origin) == ("org_1", server.url)
        assert pause.until < dt.datetime.now(dt.UTC) + dt.timedelta(minutes=20)
        assert "cannot be read either" in pause.reason
        await resolve(hq.close())


@pytest.mark.parametrize("status", [403, 404])
async def test_a_posting_that_is_refused_by_an_open_company_is_rejected(
    surface: Surface, store: Store, status: int
) -> None:
    """A read after each refusal says so: one from before says nothing of a company that was closed
    since.
    """
    with RawServer(refusing(status, posts="org_1")) as server:
        hq = client_of(surface, server.url)
        outbox = outbox_of(surface, store)
        await add_three(outbox, hq, "org_1")
        drained = await resolve(outbox.drain(hq))
        assert (drained.why, drained.rejected) == ("settled", 3)
        assert server.sent_to("bank-accounts") == 3
        assert await resolve(outbox.pauses()) == ()
        await resolve(hq.close())


async def test_a_company_that_is_closed_right_after_it_was_read_rejects_nothing(
    surface: Surface, store: Store
) -> None:
    """The first posting names an account that is gone; then the firm loses the company."""
    reads = 0

    def serve(exchange: Exchange) -> bool:
        nonlocal reads
        if exchange.method == "POST":
            return exchange.reply(404, {"error": "Not found"})
        reads += 1
        return (
            exchange.reply(200, {"bankAccounts": []})
            if reads == 1
            else exchange.reply(404, {"error": "Not found"})
        )

    with RawServer(serve) as server:
        hq = client_of(surface, server.url)
        outbox = outbox_of(surface, store)
        await add_three(outbox, hq, "org_1")
        drained = await resolve(outbox.drain(hq))
        assert (drained.why, drained.rejected, drained.put_back, drained.left) == (
            "paused",
            1,
            1,
            2,
        )
        # That it is closed is remembered: the third one is not even sent.
        assert (server.sent_to("purchases"), reads) == (2, 2)
        await resolve(hq.close())


async def test_one_read_serves_all_who_were_refused_before_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reads = 0
    all_wait = asyncio.Event()

    async def read(*_: Any) -> Access:
        nonlocal reads
        reads += 1
        await all_wait.wait()
        return "open"

    monkeypatch.setattr(_scope, "_access", read)
    async with AsyncLedgerHQ(base_url="http://127.0.0.1:9", access_token="mcp_at_x") as hq:
        scopes = Scopes()
        looks = [asyncio.ensure_future(scopes.look(hq._session, "org_1", 10.0)) for _ in range(5)]
        for _ in range(20):
            await asyncio.sleep(0)
        assert reads == 1
        all_wait.set()
        assert await asyncio.gather(*looks) == ["open"] * 5
    # The first read began before the others were refused; the second one after all of them were.
    assert reads == 2


async def test_who_cannot_wait_for_another_read_knows_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    never = asyncio.Event()

    async def read(*_: Any) -> Access:
        await never.wait()
        return "open"

    monkeypatch.setattr(_scope, "_access", read)
    async with AsyncLedgerHQ(base_url="http://127.0.0.1:9", access_token="mcp_at_x") as hq:
        scopes = Scopes()
        first = asyncio.ensure_future(scopes.look(hq._session, "org_1", 10.0))
        await asyncio.sleep(0)
        assert await scopes.look(hq._session, "org_1", 0.01) == "unclear"
        first.cancel()


async def test_where_nothing_can_be_known_nothing_is_decided(
    surface: Surface, store: Store
) -> None:
    with RawServer(refusing(403, posts="org_1", reads="org_1", read_status=500)) as server:
        hq = client_of(surface, server.url)
        outbox = outbox_of(surface, store)
        await resolve(outbox.add(hq.organization("org_1"), purchase(), source=SOURCE))
        drained = await resolve(outbox.drain(hq, wait=0))
        # A slow machine may try it again: the first pause is short.
        (row,) = await resolve(outbox.postings("pending"))
        assert (drained.why, drained.rejected, drained.put_back) == ("waiting", 0, row.attempts)
        assert await resolve(outbox.pauses()) == ()
        await resolve(hq.close())


@pytest.mark.parametrize(
    ("reads", "state"), [("org_1", "pending"), ("", "rejected")], ids=["closed", "open"]
)
async def test_a_post_raises_and_the_row_knows_which(
    surface: Surface, store: Store, reads: str, state: str
) -> None:
    with RawServer(refusing(403, posts="org_1", reads=reads)) as server:
        hq = client_of(surface, server.url)
        outbox = outbox_of(surface, store)
        with pytest.raises(PermissionDeniedError):
            await resolve(outbox.post(hq.organization("org_1"), purchase(), source=SOURCE))
        assert the_only(await resolve(outbox.postings())).state == state
        assert len(await resolve(outbox.pauses())) == (1 if reads else 0)
        await resolve(hq.close())


async def test_a_pause_of_one_firm_is_none_of_another(surface: Surface, store: Store) -> None:
    """Both are let into the company; the token of one of them is refused."""

    def serve(exchange: Exchange) -> bool:
        if exchange.token == "mcp_at_x":
            return exchange.reply(401, {"error": "Unauthorized"})
        return exchange.reply(201, receipt(exchange, f"je_{exchange.number}"))

    with RawServer(serve) as server, RawServer(serve) as other_server:
        outbox = outbox_of(surface, store)
        refused = client_of(surface, server.url)
        kind: Any = surface
        other = kind(base_url=other_server.url, access_token="mcp_at_y", **OPTIONS)
        await resolve(outbox.add(refused.organization("org_1"), purchase(), source=("till", "1")))
        await resolve(outbox.add(refused.organization("org_2"), purchase(), source=("till", "2")))
        await resolve(outbox.add(other.organization("org_1"), purchase(), source=("till", "3")))

        drained = await resolve(outbox.drain(refused))
        assert sorted(drained.paused) == ["org_1", "org_2"]
        assert len(server.requests) == 1
        assert (await resolve(outbox.drain(other))).posted == 1
        assert await resolve(outbox.resume("org_1")) == 0
        assert await resolve(outbox.resume()) == 1
        await resolve(refused.close())
        await resolve(other.close())
