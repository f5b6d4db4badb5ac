"""What postings refer to, looked up; bank connections; entries; and the open door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ledgerhq_api.api.accounts import get_accounts_by_id, post_accounts
from ledgerhq_api.api.organizations import get_organizations

from ledgerhq_ext import (
    ConflictError,
    DraftEntry,
    InputError,
    JournalLine,
    LedgerHQError,
    NotFoundError,
    RecordLookupError,
    ValidationError,
)
from tests.support.companies import HARBOR, SAKURA, World
from tests.support.surfaces import collect, resolve

pytestmark = pytest.mark.anyio


async def test_one_thing_each(books: Any) -> None:
    accounts = await resolve(books.accounts())
    assert accounts.by_code("1010").name == "Checking"
    assert accounts.by_name("office  SUPPLIES").code == "6100"
    assert (await resolve(books.bank_accounts())).by_name("Company card").account_type == "credit_card"
    assert (await resolve(books.tax_rates())).by_name("Sales tax").rate == 825
    assert (await resolve(books.bill("BILL-1008"))).amount_due == 125_000
    for asked in ({"name": "metro parts"}, {"email": "parts@metro.example"}, {"tax_number": "TX-100509"}):
        assert (await resolve(books.contact(**asked))).name == "Metro Parts"


LOOKUPS: list[tuple[Callable[[Any], Any], int, str]] = [
    (lambda b: b.contact(name="Office Depot"), 2, "TX-100733"),
    (lambda b: b.contact(name="Depot"), 2, "TX-100734"),
    (lambda b: b.contact(name="Nobody at all"), 14, "Metro Parts"),
    (lambda b: b.contact(email="nobody@example"), 14, "Metro Parts"),
    (lambda b: b.bill("BILL-10"), 15, "BILL-1008"),
]


@pytest.mark.parametrize(("look", "count", "shown"), LOOKUPS)
async def test_none_or_several_list_the_candidates(
    books: Any, look: Callable[[Any], Any], count: int, shown: str
) -> None:
    with pytest.raises(RecordLookupError) as caught:
        await resolve(look(books))
    assert len(caught.value.candidates) == count
    assert shown in str(caught.value)


async def test_lookups_of_lists_name_what_came_near(books: Any) -> None:
    accounts, rates = await resolve(books.accounts()), await resolve(books.tax_rates())
    for look, wanted, near in (
        (accounts.by_code, "61", "6100 Office supplies"),
        (accounts.by_name, "payroll", "6050 Payroll taxes"),
        (rates.by_name, "sales", "Sales tax 2024"),
    ):
        with pytest.raises(RecordLookupError) as caught:
            look(wanted)
        assert any(candidate.startswith(near) for candidate in caught.value.candidates)
    for bad in ("", "  ", None):
        with pytest.raises(InputError):
            accounts.by_code(bad)


@pytest.mark.parametrize("asked", [{}, {"name": "a", "email": "b"}])
async def test_a_contact_is_looked_up_by_one_thing(books: Any, asked: dict[str, str]) -> None:
    with pytest.raises(InputError, match="exactly one"):
        await resolve(books.contact(**asked))


async def test_lists_with_filters(books: Any) -> None:
    suppliers = await collect(books.contacts(type="supplier", page_size=3))
    assert {contact.type for contact in suppliers} == {"supplier"}
    assert [contact.name for contact in await collect(books.contacts(search="metro"))] == ["Metro Parts"]
    assert {bill.status for bill in await collect(books.bills(status="received", page_size=4))} == {"received"}


async def test_is_the_bank_connected(books: Any, maple: World) -> None:
    cash = await resolve(
        books.request("POST", "/api/v1/bank-accounts", json={"accountName": "Till", "accountType": "cash"})
    )
    assert cash.status == 201
    view = {found.bank_account.account_name: found for found in await resolve(books.bank_connections())}
    told = {name: (found.status, found.is_connected, found.error) for name, found in view.items()}
    assert told == {
        "Business checking": ("healthy", True, None),
        "Business savings": ("healthy", True, None),
        "Company card": ("error", False, "ITEM_LOGIN_REQUIRED"),
        "Till": ("not_connected", False, None),
    }
    assert str(view["Business checking"].last_synced_at) == "2026-06-30 10:15:00+00:00"
    assert view["Till"].feed is None
    assert len(await resolve(books.bank_feeds())) == len(await resolve(books.bank_feed_health())) == 3


def draft(world: World, **changes: Any) -> DraftEntry:
    lines = [
        JournalLine(account_id=world.account("6600"), debit_amount=1250),
        JournalLine(account_id=world.account("1590"), credit_amount=1250),
    ]
    given: dict[str, Any] = {"date": "2026-06-30", "description": "Depreciation of June", "lines": lines}
    return DraftEntry(**given | changes)


@pytest.mark.parametrize("slug", [HARBOR, SAKURA])
async def test_an_entry_is_drafted_posted_and_voided_once(hq: Any, maple: World, slug: str) -> None:
    world = World(maple.box, slug)
    books = hq.organization(world.org)
    made = await resolve(books.create_entry(draft(world)))
    assert (made.status, [line.debit_amount for line in made.lines]) == ("draft", [1250, 0])
    with pytest.raises(ConflictError):
        await resolve(books.void_entry(made))
    for verb, status in (("post_entry", "posted"), ("void_entry", "void")):
        for _ in range(2):
            assert (await resolve(getattr(books, verb)(made))).status == status
    assert world.posts() == 3
    with pytest.raises(ConflictError):
        await resolve(books.post_entry(made))
    assert (await resolve(books.entry(made.id))).void_reason is None
    listed = await collect(books.entries(status="void", start="2026-06-30", end="2026-06-30"))
    assert [entry.id for entry in listed] == [made.id]


@pytest.mark.parametrize("kind", ["lose_response", "cut_body", "status_after_commit"])
async def test_lost_answers_about_entries(books: Any, maple: World, kind: Any) -> None:
    """Posting and voiding are read back; a draft cannot be, and says ``unknown``."""
    made = await resolve(books.create_entry(draft(maple)))
    maple.box.fault("POST /api/v1/entries/{id}/*", kind, times=1)
    assert (await resolve(books.post_entry(made))).status == "posted"
    maple.box.fault("POST /api/v1/entries/{id}/void", kind)
    assert (await resolve(books.void_entry(made, reason="twice"))).void_reason == "twice"
    maple.box.fault("POST /api/v1/entries", kind)
    with pytest.raises(LedgerHQError) as caught:
        await resolve(books.create_entry(draft(maple)))
    assert caught.value.outcome == "unknown"
    assert maple.posts("/entries") == 2


async def test_the_open_door_for_any_path(hq: Any, books: Any, maple: World) -> None:
    answer = await resolve(books.request("GET", "/api/v1/bank-transactions", query={"limit": 2, "status": "excluded"}))
    assert (answer.status, len(answer.json()["data"])) == (200, 1)
    assert answer.request_id == answer.headers["x-request-id"]
    body = {"txnDate": "2026-06-09", "payeeName": "x", "sourceAccountId": maple.account("1010"),
            "lines": [{"accountId": maple.account("6100"), "amount": 5}]}  # fmt: skip
    maple.box.fault("POST /api/v1/purchases", "lose_response")
    posted = await resolve(books.request("POST", "/api/v1/purchases", json=body, idempotency_key="mine-1"))
    assert posted.status == 200
    assert len(maple.box.postings(maple.org)) == 1
    maple.box.fault("POST /api/v1/accounts", "lose_response")
    account = {"code": "6999", "name": "Sundries", "type": "expense"}
    with pytest.raises(LedgerHQError) as caught:
        await resolve(books.request("POST", "/api/v1/accounts", json=account))
    assert caught.value.outcome == "unknown"
    assert maple.posts("/accounts") == 1
    with pytest.raises(ValidationError):
        await resolve(hq.request("GET", "/api/v1/accounts"))
    for path in (
        "api",
        "//evil.example/x",
        "/a/../b",
        "/a?b=c",
        "/a#b",
        "https://evil.example/",
        "/a b",
        "/\u00e9",
        "",
    ):
        with pytest.raises(InputError):
            await resolve(books.request("GET", path))


async def test_the_open_door_for_generated_operations(hq: Any, books: Any, maple: World) -> None:
    found = await resolve(books.call(get_accounts_by_id, id=maple.account("6100")))
    assert (found.status, found.value.account.code) == (200, "6100")
    assert len((await resolve(hq.call(get_organizations, type_="client"))).value.data) == 4
    with pytest.raises(NotFoundError):
        await resolve(books.call(get_accounts_by_id, id=World(maple.box, HARBOR).account("6100")))
    for target, arguments in (
        (hq, {"id": "x"}),
        (books, {"id": "x", "x_organization_id": "other"}),
        (books, {}),
        (books, {"id": "x", "surprise": 1}),
    ):
        with pytest.raises(InputError):
            await resolve(target.call(get_accounts_by_id, **arguments))
    with pytest.raises(InputError):
        await resolve(books.call(post_accounts.__name__))
