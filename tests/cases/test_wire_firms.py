"""Whose tokens they are: a store is one firm's, and no look at the firm loses what cannot be asked
for twice.

Kind of case t36, second half: a store without a notion of firm or service.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from attrs import evolve

from ledgerhq_ext import (
    AsyncLedgerHQ,
    Connection,
    InputError,
    LedgerHQ,
    MemoryTokenStore,
    OAuthError,
)
from tests.support.surfaces import Surface, resolve

from .wire_support import (
    MOMENT,
    Exchange,
    RawServer,
    async_client,
    attempts,
    client,
    keep,
    token_answer,
)

pytestmark = pytest.mark.anyio

CALLBACK = "http://127.0.0.1:8400/callback"
REGISTERED = {
    "client_id": "client",
    "redirect_uris": [CALLBACK],
    "client_id_issued_at": 1_780_000_000,
}

Listing = Callable[[Exchange], bool]


class Service(RawServer):
    """Gives a new pair for every code, and lists organizations as `listing` says."""

    def __init__(self, listing: Listing) -> None:
        super().__init__(self._answer)
        self.listing = listing
        self.exchanges = 0
        self.change: Callable[[dict[str, Any]], object] = lambda _: None

    def _answer(self, exchange: Exchange) -> bool:
        if exchange.path == "/api/oauth/register":
            return exchange.reply(201, REGISTERED)
        if exchange.leaf == "organizations":
            return self.listing(exchange)
        if exchange.path != "/api/oauth/token":
            return exchange.reply(200, {"accounts": []})

        self.exchanges += 1
        document = token_answer(self.exchanges)
        self.change(document)
        return exchange.reply(200, document)


def listing_of(*, firms: Iterable[str] = (), companies: Iterable[str] = ()) -> Listing:
    """Return a listing of these organizations, filtered by type."""
    records = [record(id, "firm") for id in firms] + [record(id, "client") for id in companies]

    def answer(exchange: Exchange) -> bool:
        wanted = exchange.query.get("type")
        rows = [each for each in records if wanted in (None, each["type"])]
        return exchange.reply(200, {"data": rows, "nextCursor": None})

    return answer


def refusing(types: list[str], listing: Listing) -> Listing:
    """Return a listing that is refused for some types of organizations."""

    def answer(exchange: Exchange) -> bool:
        if exchange.query.get("type") in types:
            return exchange.reply(403, {"error": "Forbidden"})
        return listing(exchange)

    return answer


def record(id: str, type: str) -> dict[str, Any]:
    """Return an organization."""
    return {
        "id": id,
        "name": id.title(),
        "type": type,
        "slug": id,
        "defaultCurrency": "USD",
        "fiscalYearStartMonth": 1,
        "createdAt": MOMENT,
    }


async def connect(surface: Surface, service: Service, store: MemoryTokenStore, **more: Any) -> None:
    """Connect from the beginning, with a client of its own."""
    hq: Any = make(surface, service, store)
    request = await resolve(hq.authorization_request(CALLBACK))
    try:
        await resolve(hq.connect(f"{CALLBACK}?code=code&state={request.state}", request, **more))
    finally:
        await resolve(hq.close())


def make(surface: Surface, service: Service, store: MemoryTokenStore) -> LedgerHQ | AsyncLedgerHQ:
    """Return a client of the surface."""
    kind = client if surface is LedgerHQ else async_client
    return kind(service.url, deadline=10, token_store=store, retries=attempts(2))


def stored(store: MemoryTokenStore) -> Connection:
    """Return the connection of a store that holds one."""
    connection = store.read()
    assert connection is not None
    return connection


async def test_the_firm_is_kept_beside_the_tokens(surface: Surface) -> None:
    store = MemoryTokenStore()
    with Service(listing_of(firms=["firm_birch"], companies=["org_1"])) as service:
        await connect(surface, service, store)
        await connect(surface, service, store)
    assert stored(store).firm == "firm_birch"
    assert stored(store).access_token == "mcp_at_2"
    assert Connection.from_json(stored(store).to_json()) == stored(store)


async def test_another_firm_is_refused_and_the_first_goes_on(surface: Surface) -> None:
    store = MemoryTokenStore()
    with Service(listing_of(firms=["firm_birch"])) as service:
        await connect(surface, service, store)
        first = stored(store)
        service.listing = listing_of(firms=["firm_oak"])
        with pytest.raises(InputError, match="replace=True") as caught:
            await connect(surface, service, store)
        assert "firm_birch" in caught.value.message
        assert "firm_oak" in caught.value.message
        assert store.read() == first

        hq: Any = make(surface, service, store)
        await resolve(hq.organization("org_1").accounts())
        await resolve(hq.close())
        assert service.requests[-1].token == "mcp_at_1"

        await connect(surface, service, store, replace=True)
    assert stored(store).firm == "firm_oak"
    assert stored(store).access_token == "mcp_at_3"


@pytest.mark.parametrize("is_refused", [True, False], ids=["refused", "empty"])
async def test_a_firm_that_is_not_listed_is_known_by_its_companies(
    surface: Surface, is_refused: bool
) -> None:
    def listing(*companies: str) -> Listing:
        return refusing(["firm"] if is_refused else [], listing_of(companies=companies))

    store = MemoryTokenStore()
    with Service(listing("org_1", "org_2")) as service:
        await connect(surface, service, store)
        name = stored(store).firm or ""
        assert name.startswith("companies:")
        service.listing = listing("org_2", "org_1")
        await connect(surface, service, store)
        assert stored(store).firm == name
        service.listing = listing("org_3")
        with pytest.raises(InputError, match="only by its client companies"):
            await connect(surface, service, store)
    assert stored(store).access_token == "mcp_at_2"


async def test_a_firm_that_was_known_by_its_companies_gets_its_id(surface: Surface) -> None:
    store = MemoryTokenStore()
    with Service(listing_of(companies=["org_1"])) as service:
        await connect(surface, service, store)
        service.listing = listing_of(firms=["firm_birch"], companies=["org_1"])
        await connect(surface, service, store)
    assert stored(store).firm == "firm_birch"


async def test_a_service_that_ignores_the_filter_names_no_company_as_the_firm(
    surface: Surface,
) -> None:
    everybody = [record("org_1", "client"), record("firm_birch", "firm")]
    store = MemoryTokenStore()
    with Service(
        lambda exchange: exchange.reply(200, {"data": everybody, "nextCursor": None})
    ) as service:
        await connect(surface, service, store)
    assert stored(store).firm == "firm_birch"


UNREADABLE: dict[str, Listing] = {
    "refused": refusing(["firm", "client"], listing_of()),
    "nobody": listing_of(),
    "nonsense": lambda exchange: exchange.reply(200, {"data": [{"id": 5}]}),
    "unauthorized": lambda exchange: exchange.reply(401, {"error": "Unauthorized"}),
    "cut": lambda _: False,
    "busy": lambda exchange: exchange.reply(
        429, {"error": "Slow down"}, headers=["Retry-After: 600"]
    ),
    "cursors in a circle": lambda exchange: exchange.reply(
        200, {"data": [record("firm_birch", "firm")], "nextCursor": "again"}
    ),
}


@pytest.mark.parametrize("listing", UNREADABLE.values(), ids=UNREADABLE)
async def test_connecting_succeeds_when_nobody_can_tell_whose_they_are(
    surface: Surface, listing: Listing
) -> None:
    store = MemoryTokenStore()
    with Service(listing) as service:
        await connect(surface, service, store)
        assert stored(store).firm is None
        assert stored(store).refresh_token == "mcp_rt_1"

        # The next one learns it, and has no place to take.
        service.listing = listing_of(firms=["firm_birch"])
        await connect(surface, service, store)
    assert stored(store).firm == "firm_birch"


@pytest.mark.parametrize("listing", UNREADABLE.values(), ids=UNREADABLE)
async def test_a_firm_keeps_its_place_when_nobody_can_tell_who_comes(
    surface: Surface, listing: Listing
) -> None:
    store = MemoryTokenStore()
    with Service(listing_of(firms=["firm_birch"])) as service:
        await connect(surface, service, store)
        service.listing = listing
        with pytest.raises(InputError, match="cannot be identified"):
            await connect(surface, service, store)
        assert stored(store).access_token == "mcp_at_1"
        await connect(surface, service, store, replace=True)
    assert stored(store).access_token == "mcp_at_3"
    assert stored(store).firm is None


async def test_the_first_tokens_are_stored_before_anybody_looks_whose_they_are(
    surface: Surface,
) -> None:
    store = MemoryTokenStore()
    tokens: list[str | None] = []
    answer = listing_of(firms=["firm_birch"])

    def look(exchange: Exchange) -> bool:
        connection = store.read()
        tokens.append(connection.access_token if connection else None)
        return answer(exchange)

    with Service(look) as service:
        await connect(surface, service, store)
        await connect(surface, service, store)
        await connect(surface, service, store, replace=True)
    # Those of a second time wait for the look: the first ones still work.
    assert tokens == ["mcp_at_1", "mcp_at_1", "mcp_at_3"]


async def test_a_stored_text_without_a_firm_learns_it(surface: Surface) -> None:
    with Service(listing_of(firms=["firm_birch"])) as service:
        store = MemoryTokenStore()
        await connect(surface, service, store)
        older = evolve(stored(store), firm=None).to_json()
        assert "firm" not in older, "an earlier release could not read it"
        keep(store, Connection.from_json(older))
        await connect(surface, service, store)
    assert stored(store).firm == "firm_birch"


async def test_an_access_token_that_cannot_be_used_takes_no_place(surface: Surface) -> None:
    store = MemoryTokenStore()
    with Service(listing_of(firms=["firm_birch"])) as service:
        service.change = lambda document: document.pop("access_token")
        with pytest.raises(OAuthError, match="refresh token was kept"):
            await connect(surface, service, store)
        assert stored(store).refresh_token == "mcp_rt_1"

        # To begin again registers nobody in the place of that grant.
        hq: Any = make(surface, service, store)
        await resolve(hq.authorization_request("http://127.0.0.1:8400/elsewhere"))
        await resolve(hq.close())
        assert stored(store).refresh_token == "mcp_rt_1"

        service.change = lambda _: None
        await connect(surface, service, store)
        service.change = lambda document: document.pop("access_token")
        with pytest.raises(InputError, match="cannot be identified"):
            await connect(surface, service, store)
    assert stored(store).refresh_token == "mcp_rt_2"


async def test_replace_is_a_truth(surface: Surface) -> None:
    with (
        Service(listing_of(firms=["firm_birch"])) as service,
        pytest.raises(InputError, match="replace must be True or False"),
    ):
        await connect(surface, service, MemoryTokenStore(), replace="no")
    assert service.exchanges == 0
