"""Which organization, and which account, is which of the partner's."""

from __future__ import annotations

from typing import Any

import pytest

from ledgerhq_ext import InputError, LedgerHQ, RecordLookupError
from ledgerhq_ext.store import Store
from tests.support.companies import World
from tests.support.surfaces import Surface, resolve

pytestmark = pytest.mark.anyio


@pytest.fixture
def clients(store: Store, surface: Surface) -> Any:
    return store.clients if surface is LedgerHQ else store.async_clients


async def test_a_client_is_linked_once(clients: Any, store: Store) -> None:
    for _ in range(2):
        await resolve(clients.link("partner-client-42", "org_1"))
    assert await resolve(clients.organization_of("partner-client-42")) == "org_1"
    assert [link.organization_id for link in await resolve(clients.links())] == ["org_1"]


async def test_a_client_that_is_not_linked(clients: Any) -> None:
    with pytest.raises(RecordLookupError, match="partner-client-43"):
        await resolve(clients.organization_of("partner-client-43"))


async def test_a_client_does_not_move_by_itself(clients: Any) -> None:
    await resolve(clients.link("partner-client-42", "org_1"))
    with pytest.raises(InputError, match="is already linked to org_1"):
        await resolve(clients.link("partner-client-42", "org_2"))
    assert await resolve(clients.unlink("partner-client-42")) is True
    assert await resolve(clients.unlink("partner-client-42")) is False
    await resolve(clients.link("partner-client-42", "org_2"))
    assert await resolve(clients.organization_of("partner-client-42")) == "org_2"


async def test_an_organization_is_shared_on_purpose_only(clients: Any) -> None:
    await resolve(clients.link("one", "org_1"))
    with pytest.raises(InputError, match="shared=True"):
        await resolve(clients.link("two", "org_1"))
    await resolve(clients.link("two", "org_1", shared=True))
    assert await resolve(clients.organization_of("two")) == "org_1"


async def test_unlinked_and_vanished(clients: Any, hq: Any, maple: World) -> None:
    await resolve(clients.link("maple", maple.org))
    await resolve(clients.link("gone", "org_of_another_firm"))
    unlinked = {organization.id for organization in await resolve(clients.unlinked(hq))}
    assert unlinked == {company["id"] for company in maple.box.clients} - {maple.org}
    assert [link.partner_id for link in await resolve(clients.vanished(hq))] == ["gone"]


async def test_accounts_are_linked(store: Store, hq: Any, maple: World, harbor: World) -> None:
    books = hq.organization(maple.org)
    chart, banks = await resolve(books.accounts()), await resolve(books.bank_accounts())
    accounts = store.accounts(books)
    for _ in range(2):
        accounts.link("till-3", chart.by_code("1010"))
    accounts.link("our bank", banks[0])
    assert (accounts.of("till-3").account_id, accounts.of("till-3").kind) == (
        chart.by_code("1010").id,
        "account",
    )
    assert accounts.of("our bank").kind == "bank_account"
    assert {account.id for account in accounts.unlinked(chart)} == {a.id for a in chart} - {
        chart.by_code("1010").id
    }
    assert len(accounts.unlinked([*chart, *banks])) == len(chart) + len(banks) - 2
    assert [link.partner_id for link in accounts.vanished(chart)] == ["our bank"]
    assert store.accounts(harbor.org).links() == ()


async def test_accounts_of_others_and_other_accounts_are_refused(
    store: Store, hq: Any, maple: World, harbor: World
) -> None:
    chart = await resolve(hq.organization(maple.org).accounts())
    accounts = store.accounts(maple.org)
    with pytest.raises(InputError, match="read from"):
        store.accounts(harbor.org).link("till-3", chart[0])
    accounts.link("till-3", chart[0])
    with pytest.raises(InputError, match="Unlink it first"):
        accounts.link("till-3", chart[1])
    with pytest.raises(RecordLookupError, match="till-3"):
        accounts.of("till-4")
    assert accounts.unlink("till-3") is True
    assert accounts.unlink("till-3") is False
