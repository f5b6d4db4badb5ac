"""Reclassifying: the row and its entry's line move; the rules; what a lost answer leaves."""

from __future__ import annotations

from typing import Any

import pytest

from ledgerhq_ext import LedgerHQError, PeriodLockedError, ValidationError
from tests.support.clocks import FakeClock
from tests.support.companies import World
from tests.support.surfaces import resolve

pytestmark = pytest.mark.anyio
ROUTE = "POST */bank-transactions/{id}/reclassify"


def lines(world: World, entry_id: str) -> list[dict[str, Any]]:
    return next(
        list(entry["lines"]) for entry in world.box.entries(world.org) if entry["id"] == entry_id
    )


def editable(world: World, entry_id: str) -> list[dict[str, Any]]:
    banks = {world.account(code) for code in ("1010", "1020", "2100")}
    return [line for line in lines(world, entry_id) if line["accountId"] not in banks]


def booked(world: World, several: bool) -> dict[str, Any]:
    """A row whose entry has one line to move, or several."""
    rows = [row for row in world.rows(status="unreconciled") if row["journalEntryId"]]
    return next(row for row in rows if (len(editable(world, row["journalEntryId"])) > 1) is several)


async def test_the_row_and_its_line_move_and_nothing_else(books: Any, maple: World) -> None:
    row, account = booked(maple, several=False), maple.account("6900")
    before = lines(maple, row["journalEntryId"])
    [line] = editable(maple, row["journalEntryId"])
    done_so = await resolve(books.reclassify(row["id"], account, reason="by the rule"))
    assert (done_so.transaction.account_id, done_so.transaction.account_code) == (account, "6900")
    assert (done_so.journal_entry_id, done_so.journal_line_id) == (
        row["journalEntryId"],
        line["id"],
    )
    moved = [old | {"accountId": account} if old["id"] == line["id"] else old for old in before]
    assert lines(maple, row["journalEntryId"]) == moved


async def test_several_lines_need_one_named(books: Any, maple: World) -> None:
    row, account = booked(maple, several=True), (await resolve(books.accounts())).by_code("4100")
    with pytest.raises(ValidationError, match="journalLineId"):
        await resolve(books.reclassify(row["id"], account))
    line = editable(maple, row["journalEntryId"])[0]
    await resolve(books.reclassify(row["id"], account, journal_line_id=line["id"]))
    assert [found["accountId"] for found in editable(maple, row["journalEntryId"])].count(
        account.id
    ) == 1


async def test_a_row_without_an_entry_only_gets_its_class(books: Any, maple: World) -> None:
    row = maple.row(status="unreconciled", journalEntryId=None)
    contact = await resolve(books.contact(name="Delta Travel"))
    result = await resolve(books.reclassify(row["id"], maple.account("6200"), contact=contact))
    assert (result.transaction.contact_id, result.journal_entry_id) == (contact.id, None)


async def test_locked_periods_and_void_entries_are_refused(books: Any, maple: World) -> None:
    row, account = booked(maple, several=False), maple.account("6900")
    maple.box.lock_period(maple.org, through="2026-06-30")
    with pytest.raises(PeriodLockedError) as locked:
        await resolve(books.reclassify(row["id"], account))
    assert locked.value.outcome == "rejected"
    maple.box.unlock_period(maple.org)
    await resolve(books.void_entry(row["journalEntryId"], reason="twice"))
    with pytest.raises(ValidationError, match="not posted"):
        await resolve(books.reclassify(row["id"], account))


@pytest.mark.parametrize("several", [False, True])
@pytest.mark.parametrize(
    "kind", ["lose_response", "cut_body", "status_after_commit", "lock_period"]
)
async def test_a_lost_answer_is_read_back(
    books: Any, maple: World, kind: Any, several: bool
) -> None:
    row, account = booked(maple, several), maple.account("4900")
    line_id = editable(maple, row["journalEntryId"])[0]["id"]
    maple.box.fault(ROUTE, kind, lose=kind == "lock_period")
    result = await resolve(books.reclassify(row["id"], account, journal_line_id=line_id))
    assert (result.transaction.account_id, result.journal_line_id) == (account, line_id)
    assert maple.posts() == 1


async def test_what_never_shows_is_unknown_after_five_seconds(
    books: Any, maple: World, clock: FakeClock
) -> None:
    row, started = booked(maple, several=False), clock.elapsed
    maple.box.fault(ROUTE, "close")
    with pytest.raises(LedgerHQError) as caught:
        await resolve(books.with_options(deadline=30).reclassify(row["id"], maple.account("6900")))
    assert caught.value.outcome == "unknown"
    assert 4.9 <= clock.elapsed - started <= 5.1
    assert maple.posts() == 1
