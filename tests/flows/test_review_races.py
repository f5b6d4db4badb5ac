"""Bank review among others: somebody in LedgerHQ, other threads and tasks; and what each verb
refuses.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from ledgerhq_ext import (
    AccountAllocation,
    APIError,
    AsyncLedgerHQ,
    ConflictError,
    DocumentAllocation,
    Event,
    InputError,
    NotFoundError,
    ValidationError,
)
from ledgerhq_ext.sandbox import Sandbox
from tests.support.clocks import FakeClock
from tests.support.companies import World, connect_to
from tests.support.surfaces import Hook, Surface, later, resolve, together
from tests.support.waiting import Gate

pytestmark = pytest.mark.anyio


def free_row(world: World) -> dict[str, Any]:
    return world.row(status="unreconciled", journalEntryId=None, description="WHOLESALE CLUB")


def booked_row(world: World) -> dict[str, Any]:
    return next(row for row in world.rows(status="unreconciled") if row["journalEntryId"])


def meanwhile(hooks: list[Hook], act: Callable[[], None]) -> None:
    """Let somebody act between the next reading and what is sent after it."""

    def between(_: Event) -> None:
        hooks.remove(between)
        act()

    hooks.append(between)


async def test_a_toggle_that_somebody_else_made_first_is_a_conflict(
    books: Any, maple: World, hooks: list[Hook]
) -> None:
    row_id = free_row(maple)["id"]
    meanwhile(hooks, lambda: maple.somebody("POST", f"/bank-transactions/{row_id}/exclude"))
    with pytest.raises(ConflictError, match=r"Somebody else .* look at it in LedgerHQ\.") as caught:
        await resolve(books.exclude(row_id))
    assert caught.value.outcome == "rejected"
    assert maple.posts("/exclude") == 2, "theirs and ours, and no third that would toggle once more"


@pytest.mark.parametrize("verb", ["reconcile", "match"])
async def test_what_somebody_else_did_the_very_same_way_is_done(
    books: Any, maple: World, hooks: list[Hook], verb: str
) -> None:
    row = booked_row(maple)
    path, entry_id = f"/bank-transactions/{row['id']}/reconcile", row["journalEntryId"]
    meanwhile(hooks, lambda: maple.somebody("POST", path, {"journalEntryId": entry_id}))
    result = await resolve(getattr(books, verb)(row["id"], journal_entry=entry_id))
    assert result.journal_entry_id == entry_id


@pytest.mark.parametrize(("lost", "outcome"), [(False, "rejected"), (True, "unknown")])
async def test_what_somebody_else_did_in_another_way_is_an_error(
    books: Any, maple: World, hooks: list[Hook], lost: bool, outcome: str
) -> None:
    """Reconciled meanwhile without its entry, which is not what was asked for."""
    row = booked_row(maple)
    if lost:
        maple.box.fault("POST */bank-transactions/{id}/reconcile", "status", after=1)
    meanwhile(
        hooks, lambda: maple.somebody("POST", f"/bank-transactions/{row['id']}/reconcile", {})
    )
    with pytest.raises(APIError) as caught:
        await resolve(books.reconcile(row["id"]))
    assert caught.value.outcome == outcome
    assert maple.row(id=row["id"])["journalEntryId"] is None


@pytest.mark.parametrize(
    ("verb", "status"),
    [("exclude", "reconciled"), ("include", "reconciled"), ("reconcile", "excluded")],
)
async def test_from_some_states_there_is_no_way(
    books: Any, maple: World, verb: str, status: str
) -> None:
    row = maple.row(status=status)
    with pytest.raises(ConflictError) as caught:
        await resolve(getattr(books, verb)(row["id"]))
    assert caught.value.outcome == "not_sent"
    assert (maple.posts(), maple.row(id=row["id"])) == (0, row)


async def test_reconciled_with_another_entry_is_a_conflict(books: Any, maple: World) -> None:
    row, other = booked_row(maple), maple.entry("Owner contribution")
    await resolve(books.reconcile(row["id"]))
    for verb in (books.reconcile, books.match):
        with pytest.raises(ConflictError):
            await resolve(verb(row["id"], journal_entry=other))
    assert (
        await resolve(books.match(row["id"], journal_entry=row["journalEntryId"]))
    ).payment is None


async def test_a_row_split_in_another_way_is_a_conflict(books: Any, maple: World) -> None:
    row = free_row(maple)
    one, other = maple.account("6100"), maple.account("6900")
    await resolve(books.split(row["id"], [AccountAllocation(account_id=one, amount=23_940)]))
    for shares in ({other: 23_940}, {one: 23_939, other: 1}):
        with pytest.raises(ConflictError):
            await resolve(
                books.split(
                    row["id"],
                    [AccountAllocation(account_id=a, amount=n) for a, n in shares.items()],
                )
            )


async def test_callers_take_turns_on_one_row(books: Any, maple: World, surface: Surface) -> None:
    row_id = free_row(maple)["id"]
    found = await together(surface, [lambda: books.exclude(row_id)] * 6)
    assert [row.status for row in found] == ["excluded"] * 6
    assert maple.posts() == 1
    both: list[Callable[[], Any]] = [
        lambda: books.include(row_id),
        lambda: books.exclude(row_id),
    ] * 3
    found = await together(surface, both)
    assert [row.status for row in found] == ["unreconciled", "excluded"] * 3


async def test_clients_of_one_process_take_turns_too(
    box: Sandbox, maple: World, surface: Surface, clock: FakeClock
) -> None:
    row_id = free_row(maple)["id"]
    clients = [connect_to(box, surface, clock, access_token=box.access_token()) for _ in range(4)]
    found = await together(
        surface, [partial(hq.organization(maple.org).exclude, row_id) for hq in clients]
    )
    for hq in clients:
        await resolve(hq.close())
    assert [row.status for row in found] == ["excluded"] * 4
    assert maple.posts() == 1


async def test_a_turn_that_never_comes_was_not_sent(
    books: Any, maple: World, surface: Surface, stall_gate: Gate
) -> None:
    maple.box.fault("POST */bank-transactions/{id}/exclude", "stall", seconds=1)
    row_id = free_row(maple)["id"]
    hasty = books.with_options(deadline=0.2)

    async def give_up_awaiting() -> Any:
        try:
            return await hasty.exclude(row_id)
        finally:
            stall_gate.open()

    def give_up() -> Any:
        try:
            return hasty.exclude(row_id)
        finally:
            stall_gate.open()

    quick = later(surface, maple.posts, give_up_awaiting if surface is AsyncLedgerHQ else give_up)
    found, refused = await together(surface, [lambda: books.exclude(row_id), quick])
    assert found.status == "excluded"
    assert refused.outcome == "not_sent"
    assert "was not complete before the deadline" in refused.message


async def test_documents_are_paid_as_asked(books: Any, maple: World) -> None:
    row, bill = maple.row(description="ACH METRO PARTS"), maple.bill("BILL-1003")
    match = await resolve(books.match(row["id"], bill=bill["id"], date="2026-06-05", method="ach"))
    assert (match.bill_status, match.payment.payment_number) == (
        "paid",
        maple.box.payments(maple.org)[-1]["paymentNumber"],
    )
    batch = maple.row(description="BATCH DEPOSIT CUSTOMERS")
    invoices = {i["number"]: i for i in maple.box.documents(maple.org, "invoice")}
    shares = [
        DocumentAllocation(
            document_type="invoice",
            document_id=invoices[number]["id"],
            amount=invoices[number]["total"],
        )
        for number in ("INV-2002", "INV-2003")
    ]
    split = await resolve(books.split(batch["id"], iter(shares)))
    assert split.transaction.status == "reconciled"
    assert len(split.payments) == 2
    assert {p["date"] for p in maple.box.payments(maple.org)[-2:]} == {batch["date"]}


@pytest.mark.parametrize(
    "targets",
    [
        {},
        {"bill": "b", "journal_entry": "e"},
        {"payment": "p", "invoice": "i"},
        {"bill": ""},
        {"bill": "b", "amount": 0},
        {"journal_entry": "e", "amount": 500},
        {"payment": "p", "date": "2026-06-05"},
        {"payment": "p", "method": "ach"},
    ],
)
async def test_a_match_has_one_target_and_what_applies_to_it(
    books: Any, maple: World, targets: dict[str, Any]
) -> None:
    with pytest.raises(InputError):
        await resolve(books.match(free_row(maple)["id"], **targets))
    assert len(maple.box.requests) == 0


ACCOUNT = AccountAllocation(account_id="a", amount=1)
DOCUMENT = DocumentAllocation(document_type="bill", document_id="b", amount=10**9)


@pytest.mark.parametrize(
    ("shares", "more"),
    [
        ([], {}),
        ([ACCOUNT, DOCUMENT], {}),
        ([ACCOUNT], {"date": "2026-06-01"}),
        ([ACCOUNT], {"method": "ach"}),
        ([ACCOUNT], {}),
        ([DOCUMENT], {}),
        (ACCOUNT, {}),
        (None, {}),
    ],
)
async def test_shares_that_cannot_be_are_never_sent(
    books: Any, maple: World, shares: Any, more: dict[str, Any]
) -> None:
    with pytest.raises(InputError):
        await resolve(books.split(free_row(maple)["id"], shares, **more))
    assert maple.posts() == 0


async def test_a_record_of_another_company_is_refused_here(
    hq: Any, books: Any, maple: World
) -> None:
    harbor = World(maple.box, "harbor-bike-repair")
    theirs = await resolve(
        hq.organization(harbor.org).bank_transaction(harbor.row(status="unreconciled")["id"])
    )
    account = (await resolve(hq.organization(harbor.org).accounts())).by_code("6100")
    sent = len(maple.box.requests)
    mine = free_row(maple)["id"]
    calls: list[Callable[[], Any]] = [
        lambda: books.exclude(theirs),
        lambda: books.bank_transaction(theirs),
        lambda: books.reconcile(theirs),
        lambda: books.reclassify(mine, account),
        lambda: books.match(mine, bill=theirs),
        lambda: books.post_entry(theirs),
        lambda: books.bank_transactions(bank_account=theirs),
        lambda: books.exclude(object()),
    ]
    for call in calls:
        with pytest.raises(InputError, match=r"belongs to organization|This call needs a"):
            await resolve(call())
    assert len(maple.box.requests) == sent
    with pytest.raises(NotFoundError):
        await resolve(books.exclude(theirs.id))


async def test_what_the_service_refuses_is_told(books: Any, maple: World) -> None:
    row = free_row(maple)
    with pytest.raises(ValidationError) as caught:
        await resolve(books.match(row["id"], journal_entry=maple.entry("Owner contribution")))
    assert caught.value.outcome == "rejected"
    assert maple.row(id=row["id"]) == row
