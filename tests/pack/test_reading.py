"""The reading of a management pack: its calls, its progress, its groups, blocking and awaiting."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgerhq_ext import (
    AsyncLedgerHQ,
    DraftEntry,
    InputError,
    JournalLine,
    LedgerHQ,
    Organization,
    Period,
)
from ledgerhq_ext.pack import GROUPS, ManagementPack, async_read_pack, read_pack
from ledgerhq_ext.pack._groups import group_of
from ledgerhq_ext.pack._periods import full_months, pack_periods
from ledgerhq_ext.sandbox import Sandbox


def test_progress_counts_every_part(ledgerhq_books: Organization) -> None:
    steps: list[tuple[int, int]] = []
    read_pack(ledgerhq_books, "2026-05", on_progress=lambda *step: steps.append(step))
    total = steps[0][1]
    assert steps == [(count, total) for count in range(1, total + 1)]


def test_awaiting_reads_the_same(
    ledgerhq_sandbox: Sandbox, ledgerhq_client: LedgerHQ, ledgerhq_books: Organization
) -> None:
    async def read() -> Any:
        token = ledgerhq_sandbox.access_token()
        async with AsyncLedgerHQ(base_url=ledgerhq_sandbox.url, access_token=token) as hq:
            return await async_read_pack(hq.organization(ledgerhq_books.id), "2026-05")

    awaited = asyncio.run(read())
    blocking = read_pack(ledgerhq_books, "2026-05")
    assert awaited.result == blocking.result
    assert awaited.cash_flow() == blocking.cash_flow()
    assert awaited.bank_reconciliations() == blocking.bank_reconciliations()


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        (["6600"], "groups must map account codes to groups"),
        ({"0000": "cash"}, "no account of this company has the code '0000'"),
        ({"1010": "gold"}, "'gold' is not a group; use one of sales"),
        ({"1010": "sales"}, "has the type asset, so that it cannot be in the group 'sales'"),
    ],
)
def test_groups_that_do_not_fit(ledgerhq_books: Organization, groups: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_pack(ledgerhq_books, "2026-05", groups=groups)


def test_a_firm_is_refused_where_a_company_is_asked_for(ledgerhq_client: LedgerHQ) -> None:
    firm: Any = ledgerhq_client
    with pytest.raises(InputError, match="organization must be an Organization, not LedgerHQ"):
        read_pack(firm, "2026-05")
    awaiting: Any = AsyncLedgerHQ(access_token="mcp_at_x")
    with pytest.raises(InputError, match="must be an AsyncOrganization, not AsyncLedgerHQ"):
        asyncio.run(async_read_pack(awaiting, "2026-05"))


def test_a_group_moves_an_account(ledgerhq_books: Organization) -> None:
    plain = read_pack(ledgerhq_books, "2026-06")
    grouped = read_pack(ledgerhq_books, "2026-06", groups={"6300": "cost_of_sales"})
    [rent] = [
        line.balance
        for line in plain.packet.profit_and_loss.expenses
        if line.account_code == "6300"
    ]
    assert grouped.result.cost_of_sales == plain.result.cost_of_sales + rent
    assert grouped.result.net_income == plain.result.net_income


def test_an_entry_may_be_of_a_later_day_than_its_row(
    ledgerhq_sandbox: Sandbox, ledgerhq_books: Organization
) -> None:
    """The row stands before the day from which entries are compared, the entry after it."""
    books = ledgerhq_books
    since = read_pack(books, "2026-05").bank_reconciliations()[0].since
    assert since is not None
    day_before = since - dt.timedelta(days=1)

    checking = books.bank_accounts()["Business checking"]
    lines = [JournalLine.of(books.accounts()["6900"], 1234), JournalLine.of(checking, -1234)]
    draft = DraftEntry(date=since + dt.timedelta(days=1), description="Fee", lines=lines)
    entry = books.post_entry(books.create_entry(draft))
    row = ledgerhq_sandbox.add_bank_row(checking.id, -1234, date=str(day_before))
    books.match(row, journal_entry=entry)

    pack = read_pack(books, "2026-05")
    assert pack.problems() == ()
    items = [item for each in pack.bank_reconciliations() for item in each.items]
    assert entry.id not in {item.id for item in items}


@pytest.mark.parametrize(
    ("kind", "sub_type", "group"),
    [
        ("expense", "Cost of Goods Sold", "cost_of_sales"),
        ("expense", "costOfSales", "cost_of_sales"),
        ("expense", "COGS", "cost_of_sales"),
        ("asset", "accounts_receivable", "receivable"),
        ("asset", "Account receivable", "receivable"),
        ("asset", "bank", "cash"),
        ("liability", "long-term liabilities", "loan"),
        ("liability", "credit_card", "current_liability"),
        ("equity", "retained_earnings", "retained_earnings"),
        # The same word says nothing of an account of another type.
        ("liability", "bank", None),
        ("expense", "", None),
        ("expense", None, None),
        ("asset", "quux", None),
    ],
)
def test_sub_types_in_every_spelling(kind: str, sub_type: str | None, group: str | None) -> None:
    assert group_of(kind, sub_type) == group


def test_every_group_is_a_sub_type_of_its_own_name() -> None:
    types = ("revenue", "expense", "asset", "liability", "equity")
    for group in GROUPS:
        assert [group_of(kind, group) for kind in types].count(group) == 1


def test_a_pack_that_needs_days_before_the_calendar_is_refused() -> None:
    with pytest.raises(InputError, match="before the year 1"):
        pack_periods(Period("0001-06-01", "0001-06-30"), 1)


def test_days_at_the_beginning_of_the_calendar(ledgerhq_books: Organization) -> None:
    document = read_pack(ledgerhq_books, "2026-05").to_dict()
    packet = document["packet"]
    packet["generatedAt"] = "0001-01-01T00:00:00+05:00"
    # As some services write that there is no such day.
    for account in packet["bankReconciliationStatus"]["accounts"]:
        account["lastReconciliation"] = {"id": "r-1", "endDate": "0001-01-01"}
    pack = ManagementPack.from_dict(document)

    assert pack.day == dt.date.min
    assert {account.since for account in pack.bank_reconciliations()} == {None}


_DAYS = st.dates(dt.date(2001, 1, 1), dt.date(2090, 12, 31))


@given(_DAYS, st.integers(0, 800), st.integers(1, 12))
def test_periods_of_a_pack(start: dt.date, length: int, first_month: int) -> None:
    period = Period(start, start + dt.timedelta(days=length))
    periods = pack_periods(period, first_month)
    assert periods.prior.end == start - dt.timedelta(days=1)
    if months := full_months(period.start, period.end):
        assert full_months(periods.prior.start, periods.prior.end) == months
        assert full_months(periods.prior_year.start, periods.prior_year.end) == months
    else:
        assert periods.prior.end - periods.prior.start == period.end - period.start
    assert periods.year_to_date.start.day == 1
    assert periods.year_to_date.start.month == first_month
    assert 0 <= (period.end - periods.year_to_date.start).days <= 366
    for earlier, later in zip(periods.months, periods.months[1:], strict=False):
        assert later.start == earlier.end + dt.timedelta(days=1)
    assert periods.months[-1].end == period.end
    assert periods.months[0].start.day == 1
