"""What postings refer to, looked up; bank connections; entries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ledgerhq_ext import (
    ConflictError,
    DraftEntry,
    InputError,
    JournalLine,
    LedgerHQError,
    RecordLookupError,
)
from tests.support.companies import HARBOR, SAKURA, World
from tests.support.surfaces import collect, resolve

pytestmark = pytest.mark.anyio


async def test_one_thing_each(books: Any) -> None:
    accounts = await resolve(books.accounts())
    assert accounts.by_code("1010").name == "Checking"
    assert accounts.by_name("office  SUPPLIES").code == "6100"
    assert (await resolve(books.bank_accounts())).by_name(
        "Company card"
    ).account_type == "credit_card"
    assert (await resolve(books.tax_rates())).by_name("Sales tax").rate == 825
    assert (await resolve(books.bill("BILL-1008"))).amount_due == 125_000
    for asked in (
        {"name": "metro parts"},
        {"email": "parts@metro.example"},
        {"tax_number": "TX-100509"},
    ):
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
    assert [contact.name for contact in await collect(books.contacts(search="metro"))] == [
        "Metro Parts"
    ]
    assert {bill.status for bill in await collect(books.bills(status="received", page_size=4))} == {
        "received"
    }


async def test_is_the_bank_connected(books: Any, maple: World) -> None:
    maple.somebody("POST", "/bank-accounts", {"accountName": "Till", "accountType": "cash"})
    view = {
        found.bank_account.account_name: found for found in await resolve(books.bank_connections())
    }
    told = {name: (found.status, found.is_connected, found.error) for name, found in view.items()}
    assert told == {
        "Business checking": ("healthy", True, None),
        "Business savings": ("healthy", True, None),
        "Company card": ("error", False, "ITEM_LOGIN_REQUIRED"),
        "Till": ("not_connected", False, None),
    }
    assert str(view["Business checking"].last_synced_at) == "2026-06-30 10:15:00+00:00"
    assert view["Till"].feed is None
    assert (
        len(await resolve(books.bank_feeds())) == len(await resolve(books.bank_feed_health())) == 3
    )


def draft(world: World, **changes: Any) -> DraftEntry:
    lines = [
        JournalLine(account_id=world.account("6600"), debit_amount=1250),
        JournalLine(account_id=world.account("1590"), credit_amount=1250),
    ]
    given: dict[str, Any] = {
        "date": "2026-06-30",
        "description": "Depreciation of June",
        "lines": lines,
    }
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
    maple.box.fault("POST */entries/{id}/*", kind, times=1)
    assert (await resolve(books.post_entry(made))).status == "posted"
    maple.box.fault("POST */entries/{id}/void", kind)
    assert (await resolve(books.void_entry(made, reason="twice"))).void_reason == "twice"
    maple.box.fault("POST */entries", kind)
    with pytest.raises(LedgerHQError) as caught:
        await resolve(books.create_entry(draft(maple)))
    assert caught.value.outcome == "unknown"
    assert maple.posts("/entries") == 2
