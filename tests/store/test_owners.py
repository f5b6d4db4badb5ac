"""Whose a row is, and where its first send went: connection, service, route. Both surfaces, foreign
servers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import update

from ledgerhq_ext import (
    FileTokenStore,
    InputError,
    LedgerHQ,
    MemoryTokenStore,
    OAuth,
    TransportError,
    _generated,
    _operations,
)
from ledgerhq_ext.store import Store
from ledgerhq_ext.store._schema import postings
from tests.cases.wire_support import SOURCE, Ledger, connection, purchase
from tests.support.outbox import OPTIONS, after, the_only, time_passes
from tests.support.routes import forget_routes
from tests.support.surfaces import Surface, resolve

pytestmark = pytest.mark.anyio

ORG = "org_1"


def client_of(surface: Surface, url: str, **credentials: Any) -> Any:
    kind: Any = surface
    return kind(base_url=url, **(credentials or {"access_token": "mcp_at_x"}), **OPTIONS)


def firm(surface: Surface, url: str, name: str) -> Any:
    """Return the client of a firm that has a name, and no store for its tokens but memory."""
    tokens = MemoryTokenStore(connection(url, life=3600))
    return client_of(surface, url, credentials=OAuth(tokens, name=name))


def outbox_of(surface: Surface, store: Store) -> Any:
    return store.outbox() if surface is LedgerHQ else store.async_outbox()


# --- two firms, two services


async def test_a_handle_binds_what_it_adds_and_a_plain_id_does_not(
    surface: Surface, store: Store
) -> None:
    hq = firm(surface, "http://127.0.0.1:9", "birch")
    outbox = outbox_of(surface, store)
    bound = await resolve(outbox.add(hq.organization(ORG), purchase(1), source=("till", "1")))
    free = await resolve(outbox.add(ORG, purchase(2), source=("till", "2")))
    await resolve(hq.close())
    assert (bound.connection, bound.origin) == ("birch", "http://127.0.0.1:9")
    assert (free.connection, free.origin) == (None, None)


async def test_each_client_sees_and_sends_its_own(surface: Surface, store: Store) -> None:
    with Ledger() as ledger:
        birch = firm(surface, ledger.url, "birch")
        oak = firm(surface, ledger.url, "oak")
        outbox = outbox_of(surface, store)
        await resolve(outbox.add(birch.organization(ORG), purchase(1), source=("till", "1")))
        await resolve(outbox.add(oak.organization(ORG), purchase(2), source=("till", "2")))

        drained = await resolve(outbox.drain(birch))
        assert (drained.why, drained.posted, drained.left) == ("settled", 1, 0)
        assert [body["lines"][0]["amount"] for body in ledger.bodies()] == [1]

        assert (await resolve(outbox.status(birch))).posted == 1
        assert (await resolve(outbox.status(oak))).pending == 1
        assert (await resolve(outbox.status())).total == 2
        assert [row.source[1] for row in await resolve(outbox.postings(hq=oak))] == ["2"]
        assert [row.source[1] for row in await resolve(outbox.receipts(hq=birch))] == ["1"]
        assert await resolve(outbox.receipts(hq=oak)) == ()

        assert (await resolve(outbox.drain(oak))).posted == 1
        await resolve(birch.close())
        await resolve(oak.close())


async def test_what_is_nobodys_is_bound_by_its_first_send(surface: Surface, store: Store) -> None:
    """The answer is lost: from then on only the service that may have it is asked again."""
    with Ledger() as production, Ledger() as staging:
        production.faults = ["lost after"]
        hq = client_of(surface, production.url)
        other = client_of(surface, staging.url)
        outbox = outbox_of(surface, store)
        await resolve(outbox.add(ORG, purchase(), source=SOURCE))
        await resolve(outbox.drain(hq, **after(1)))
        time_passes(store, 1000)

        assert (await resolve(outbox.drain(other))).left == 0
        with pytest.raises(InputError, match="was added for"):
            await resolve(outbox.post(other.organization(ORG), purchase(), source=SOURCE))
        assert staging.requests == []

        assert (await resolve(outbox.drain(hq))).posted == 1
        await resolve(hq.close())
        await resolve(other.close())
    [row] = store.outbox().postings()
    assert (row.sent_origin, row.sent_route) == (production.url, "/api/v1/purchases")
    assert len(production.entries) == 1


async def test_what_another_client_will_send_is_not_added_again(
    surface: Surface, store: Store
) -> None:
    """It would never be sent by this one, and a no-op would look as if it were."""
    outbox = outbox_of(surface, store)
    for number, name in enumerate(("birch", "oak")):
        hq = firm(surface, f"http://127.0.0.1:{number + 1}", name)
        books = hq.organization(ORG)
        if name == "birch":
            await resolve(outbox.add(books, purchase(), source=SOURCE))
            continue
        with pytest.raises(
            InputError, match=r"'birch' of http://127\.0\.0\.1:1, but this client uses .*'oak'"
        ):
            await resolve(outbox.add(books, purchase(), source=SOURCE))
    assert (await resolve(outbox.status())).total == 1


async def test_a_posted_one_is_done_whatever_the_connection_is_called(
    surface: Surface, store: Store
) -> None:
    with Ledger() as ledger:
        outbox = outbox_of(surface, store)
        receipts: list[Any] = []
        for name in ("default", "birch"):
            hq = firm(surface, ledger.url, name)
            receipts.append(
                await resolve(outbox.post(hq.organization(ORG), purchase(), source=SOURCE))
            )
            await resolve(hq.close())
        assert [receipt.journal_entry_id for receipt in receipts] == ["je_0", "je_0"]
        assert len(ledger.entries) == 1


async def test_order_is_kept_among_the_rows_of_one_service(surface: Surface, store: Store) -> None:
    """The row before it waits for another service, for ever perhaps."""
    with Ledger() as ledger:
        outbox = outbox_of(surface, store)
        other = client_of(surface, "http://127.0.0.1:9")
        hq = client_of(surface, ledger.url)
        for number, each in enumerate((other, hq)):
            books = each.organization(ORG)
            await resolve(
                outbox.add(books, purchase(), source=("till", str(number)), in_order=True)
            )
        assert (await resolve(outbox.drain(hq, wait=0))).posted == 1
        await resolve(hq.close())


async def test_links_are_those_of_a_client(surface: Surface, store: Store) -> None:
    def listing(exchange: Any) -> bool:
        return bool(exchange.reply(200, {"data": [], "nextCursor": None}))

    with Ledger() as ledger:
        ledger.handler = listing
        birch = firm(surface, ledger.url, "birch")
        oak = firm(surface, ledger.url, "oak")
        clients: Any = store.clients if surface is LedgerHQ else store.async_clients
        await resolve(clients.link("client-1", birch.organization("org_1")))
        await resolve(clients.link("client-2", oak.organization("org_2")))
        await resolve(clients.link("client-3", "org_3"))

        assert [link.partner_id for link in await resolve(clients.vanished(birch))] == [
            "client-1",
            "client-3",
        ]
        assert [link.partner_id for link in await resolve(clients.vanished(oak))] == [
            "client-2",
            "client-3",
        ]
        await resolve(birch.close())
        await resolve(oak.close())


def test_the_name_of_a_connection_is_that_of_its_store(store: Store, tmp_path: Any) -> None:
    named = store.token_store(plaintext=True, name="birch")
    assert OAuth(named).name == "birch"
    assert OAuth(named, name="birch").name == "birch"
    assert OAuth(tmp_path / "tokens.json").name == "default"
    assert OAuth(FileTokenStore(tmp_path / "tokens.json"), name="oak").name == "oak"
    with pytest.raises(InputError, match=r"named 'birch'; omit name='oak'"):
        OAuth(named, name="oak")
    with pytest.raises(InputError, match="name"):
        OAuth(tmp_path / "tokens.json", name=" oak ")


# --- the route of the first send


HEADER = "/api/v1/purchases"
BELOW = "/api/v1/companies/{companyId}/purchases"
CARRIERS = {"header": HEADER, "path": BELOW}


@pytest.fixture
def without_route(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Return what takes a route out of the generated client, as a regeneration from a newer
    contract would.
    """
    real = _generated.is_generated
    modules = {
        HEADER: "purchases.post_purchases",
        BELOW: "companies.post_companies_by_id_purchases",
    }

    def take_out(route: str) -> None:
        forget_routes()
        monkeypatch.setattr(
            _operations, "is_generated", lambda name: name != modules[route] and real(name)
        )

    yield take_out
    forget_routes()


KEY = "idempotency-key"


def other_than(carrier: str) -> str:
    [other] = CARRIERS.keys() - {carrier}
    return other


@pytest.mark.parametrize("carrier", CARRIERS)
async def test_a_row_is_sent_again_on_the_route_of_its_first_send(
    surface: Surface, store: Store, carrier: str
) -> None:
    """The keys of this ledger are scoped per route: on another one the same key makes a second
    entry.
    """
    with Ledger(keys_by_route=True) as ledger:
        hq = client_of(surface, ledger.url, access_token="mcp_at_x", carrier=carrier)
        other = client_of(surface, ledger.url, access_token="mcp_at_x", carrier=other_than(carrier))
        outbox = outbox_of(surface, store)
        ledger.faults = ["lost after"]
        await resolve(outbox.add(hq.organization(ORG), purchase(1), source=("till", "1")))
        await resolve(outbox.drain(hq, **after(1)))
        await resolve(outbox.add(hq.organization(ORG), purchase(2), source=("till", "2")))

        time_passes(store, 1000)
        drained = await resolve(outbox.drain(other))
        assert (drained.posted, drained.needs_attention) == (2, 0)
        assert [body["lines"][0]["amount"] for body in ledger.bodies()] == [1, 2]

        routes = {row.source[1]: row.sent_route for row in await resolve(outbox.receipts())}
        assert routes == {"1": CARRIERS[carrier], "2": CARRIERS[other_than(carrier)]}
        # In whichever order the two went out: which is due first is the retry's affair.
        first, *others = ledger.requests
        [again] = [other for other in others if other.headers[KEY] == first.headers[KEY]]
        assert first.path == again.path
        await resolve(hq.close())
        await resolve(other.close())


@pytest.mark.parametrize("carrier", CARRIERS)
async def test_posting_at_once_heeds_the_route_of_the_first_send(
    surface: Surface, store: Store, carrier: str
) -> None:
    with Ledger(keys_by_route=True) as ledger:
        hq = client_of(surface, ledger.url, access_token="mcp_at_x", carrier=carrier)
        other = client_of(surface, ledger.url, access_token="mcp_at_x", carrier=other_than(carrier))
        outbox = outbox_of(surface, store)
        ledger.faults = ["lost after"] * 10
        with pytest.raises(TransportError) as caught:
            await resolve(outbox.post(hq.organization(ORG), purchase(), source=SOURCE))
        assert caught.value.outcome == "unknown"

        ledger.faults = []
        receipt = await resolve(outbox.post(other.organization(ORG), purchase(), source=SOURCE))
        assert receipt.journal_entry_id == "je_0"
        assert len({exchange.path for exchange in ledger.requests}) == 1
        assert len(ledger.entries) == 1
        await resolve(hq.close())
        await resolve(other.close())


@pytest.mark.parametrize("carrier", CARRIERS)
async def test_a_person_decides_when_the_route_of_the_first_send_is_gone(
    surface: Surface, store: Store, carrier: str, without_route: Callable[[str], None]
) -> None:
    with Ledger(keys_by_route=True) as ledger:
        hq = client_of(surface, ledger.url, access_token="mcp_at_x", carrier=carrier)
        outbox = outbox_of(surface, store)
        ledger.faults = ["lost after"]
        await resolve(outbox.add(hq.organization(ORG), purchase(1), source=("till", "1")))
        await resolve(outbox.drain(hq, **after(1)))
        await resolve(outbox.add(hq.organization(ORG), purchase(2), source=("till", "2")))

        without_route(CARRIERS[carrier])
        time_passes(store, 1000)
        drained = await resolve(outbox.drain(hq))
        assert (drained.posted, drained.needs_attention) == (1, 1)
        assert [body["lines"][0]["amount"] for body in ledger.bodies()] == [1, 2]

        row = the_only(await resolve(outbox.postings("needs_attention")))
        assert (row.source[1], row.sent_route) == ("1", CARRIERS[carrier])
        assert row.failure is not None
        assert CARRIERS[carrier] in row.failure.message
        assert "among the candidates" in row.failure.message
        with pytest.raises(InputError, match="needs_attention"):
            await resolve(outbox.post(hq.organization(ORG), purchase(1), source=("till", "1")))
        await resolve(hq.close())


@pytest.mark.parametrize("sent_route", [HEADER, None])
async def test_a_row_of_an_older_release_stays_on_the_route_with_the_header(
    surface: Surface, store: Store, sent_route: str | None
) -> None:
    """The first releases did not write the route down, and knew no other one."""
    with Ledger(keys_by_route=True) as ledger:
        hq = client_of(surface, ledger.url)
        outbox = outbox_of(surface, store)
        ledger.faults = ["lost after"]
        await resolve(outbox.add(hq.organization(ORG), purchase(), source=SOURCE))
        await resolve(outbox.drain(hq, **after(1)))
        time_passes(store, 1000)
        store._database.write(
            "test", lambda db: db.execute(update(postings).values(sent_route=sent_route))
        )

        newer = client_of(surface, ledger.url, access_token="mcp_at_x", carrier="path")
        assert (await resolve(outbox.drain(newer))).posted == 1
        assert {exchange.path for exchange in ledger.requests} == {HEADER}
        assert len(ledger.entries) == 1
        await resolve(hq.close())
        await resolve(newer.close())


async def test_a_row_of_an_older_release_needs_a_person_when_the_route_with_the_header_is_gone(
    surface: Surface, store: Store, without_route: Callable[[str], None]
) -> None:
    with Ledger(keys_by_route=True) as ledger:
        hq = client_of(surface, ledger.url)
        outbox = outbox_of(surface, store)
        ledger.faults = ["lost after"]
        await resolve(outbox.add(hq.organization(ORG), purchase(), source=SOURCE))
        await resolve(outbox.drain(hq, **after(1)))
        time_passes(store, 1000)
        store._database.write(
            "test", lambda db: db.execute(update(postings).values(sent_route=None))
        )

        without_route(HEADER)
        assert (await resolve(outbox.drain(hq))).needs_attention == 1
        assert len(ledger.entries) == 1
        await resolve(hq.close())


async def test_a_row_that_never_stood_takes_the_new_route(surface: Surface, store: Store) -> None:
    with Ledger(keys_by_route=True) as ledger:
        hq = client_of(surface, ledger.url)
        outbox = outbox_of(surface, store)
        ledger.faults = [lambda exchange: exchange.reply(422, {"error": "The account is inactive"})]
        await resolve(outbox.add(hq.organization(ORG), purchase(), source=SOURCE))
        assert (await resolve(outbox.drain(hq))).rejected == 1
        assert the_only(await resolve(outbox.postings())).sent_route is None

        newer = client_of(surface, ledger.url, access_token="mcp_at_x", carrier="path")
        await resolve(outbox.retry_rejected())
        assert (await resolve(outbox.drain(newer))).posted == 1
        assert the_only(await resolve(outbox.postings())).sent_route == BELOW
        await resolve(hq.close())
        await resolve(newer.close())


async def test_what_this_release_posts_nowhere_is_named(
    surface: Surface, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Ledger() as ledger:
        hq = client_of(surface, ledger.url)
        outbox = outbox_of(surface, store)
        await resolve(outbox.add(hq.organization(ORG), purchase(), source=SOURCE))
        forget_routes()
        monkeypatch.setattr(
            _operations, "is_generated", lambda name: not name.endswith("purchases")
        )
        assert (await resolve(outbox.drain(hq))).needs_attention == 1
        row = the_only(await resolve(outbox.postings()))
        assert row.failure is not None
        assert row.failure.outcome == "not_sent"
        assert ledger.requests == []
        await resolve(hq.close())
    forget_routes()


# --- receipts that name one entry


async def test_two_receipts_of_one_entry_are_an_alarm(surface: Surface, store: Store) -> None:
    with Ledger() as ledger:
        hq = client_of(surface, ledger.url)
        outbox = outbox_of(surface, store)
        ledger.faults = ["lost after"]
        for number in range(3):
            await resolve(
                outbox.add(hq.organization(ORG), purchase(), source=("till", str(number)))
            )
        ledger._enter = lambda exchange: _same_entry(exchange.key)  # type: ignore[method-assign]
        drained = await resolve(outbox.drain(hq))
        assert (drained.why, drained.posted) == ("settled", 3)
        alarms = [row.alarm for row in await resolve(outbox.receipts())]
        await resolve(hq.close())
    assert sum(alarm is not None for alarm in alarms) == 2


def _same_entry(key: str) -> dict[str, Any]:
    data = {
        "id": "purchase_1",
        "resourceType": "purchase",
        "journalEntryId": "je_same",
        "bankTransactionIds": [],
        "status": "posted",
        "postedAt": "2026-06-08T16:00:00.000Z",
        "idempotencyKey": key,
    }
    return {"data": data}
