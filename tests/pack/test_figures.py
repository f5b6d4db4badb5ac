"""Every figure of a management pack, worked out anew from entries, bills and bank rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import cast

import pytest
from attrs import evolve

from ledgerhq_ext import LedgerHQ, Organization
from ledgerhq_ext.pack import BUCKETS, Group, ManagementPack, Result, read_pack
from ledgerhq_ext.sandbox import Sandbox
from tests.pack import books as own
from tests.pack.books import Books

COMPANIES = (
    "Maple Street Coffee",
    "Harbor Bike Repair",
    "Nordic Design ApS",
    "Sakura Stationery KK",
)
PERIODS = ("2026-05", "2026-Q2", "2026", "FY2026")


@pytest.fixture(scope="module")
def client() -> Iterator[LedgerHQ]:
    with Sandbox() as box, LedgerHQ(base_url=box.url, access_token=box.access_token()) as hq:
        yield hq


@pytest.fixture(scope="module", params=COMPANIES)
def organization(client: LedgerHQ, request: pytest.FixtureRequest) -> Organization:
    return client.organization(client.company(request.param))


@pytest.fixture(scope="module")
def entries(organization: Organization) -> Books:
    return Books(organization)


@pytest.fixture(scope="module", params=PERIODS)
def pack(organization: Organization, request: pytest.FixtureRequest) -> ManagementPack:
    groups = cast("dict[str, Group]", own.GROUPS)
    return read_pack(organization, request.param, groups=groups)


def days(pack: ManagementPack) -> tuple[dt.date, dt.date]:
    period = pack.packet.period
    return period.start_date, period.end_date


def expenses_without(books: Books, *others: tuple[str, ...]) -> list[str]:
    left_out = {code for codes in others for code in codes}
    return [code for code in books.of_type("expense") if code not in left_out]


def test_results(pack: ManagementPack, entries: Books) -> None:
    packets = (
        pack.packet,
        pack.prior,
        pack.prior_year,
        pack.year_to_date,
        pack.prior_year_to_date,
        *pack.months,
    )
    for packet in packets:
        start = packet.period.start_date
        end = packet.period.end_date
        sales = -entries.moved(own.SALES, start, end)
        cost = entries.moved(own.COST_OF_SALES, start, end)
        operating = entries.moved(expenses_without(entries, own.COST_OF_SALES), start, end)
        other = -entries.moved(own.OTHER_INCOME, start, end)

        result = pack.result_of(packet)
        assert result.revenue == sales
        assert result.gross_profit == sales - cost
        assert result.operating_profit == sales - cost - operating
        assert result.net_income == sales - cost - operating + other
        assert result.depreciation == entries.moved(own.DEPRECIATION, start, end)


def test_periods(pack: ManagementPack, organization: Organization) -> None:
    start, end = days(pack)
    assert pack.prior.period.end_date == start - dt.timedelta(days=1)
    assert pack.prior_year.period.start_date == start.replace(year=start.year - 1)
    first_month = organization.record().fiscal_year_start_month
    year = end.year if end.month >= first_month else end.year - 1
    assert pack.year_to_date.period.start_date == dt.date(year, first_month, 1)
    assert pack.year_to_date.period.end_date == end
    ends = [month.period.end_date for month in pack.months]
    assert len(ends) == 12
    assert ends[-1] == end
    assert ends == sorted(ends)


def test_cash_flow(pack: ManagementPack, entries: Books) -> None:
    start, end = days(pack)
    before = start - dt.timedelta(days=1)
    flow = pack.cash_flow()
    assert flow.opening == entries.balance(own.CASH, before)
    assert flow.closing == entries.balance(own.CASH, end)

    net_income = -entries.moved(entries.of_type("revenue", "expense"), start, end)
    depreciation = entries.moved(own.DEPRECIATION, start, end)
    working_capital = (
        *own.RECEIVABLE,
        *own.INVENTORY,
        *own.OTHER_CURRENT_ASSETS,
        *own.PAYABLE,
        *own.OTHER_CURRENT_LIABILITIES,
    )
    operating = net_income + depreciation - entries.moved(working_capital, start, end)
    assert flow.total("operating") == operating
    assert flow.total("investing") == -entries.moved(own.FIXED_ASSETS, start, end) - depreciation
    retained = entries.moved(["3200"], start, end)
    financing = -entries.moved((*own.LOANS, *own.EQUITY), start, end) - retained
    assert flow.total("financing") == financing
    # By the direct way: what the cash accounts moved, whatever stands against it.
    assert flow.change == entries.moved(own.CASH, start, end)


def rounded(numerator: int, denominator: int, scale: int) -> int | None:
    if denominator <= 0:
        return None
    quotient = Decimal(scale * numerator) / Decimal(denominator)
    return int(quotient.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def test_ratios(pack: ManagementPack, entries: Books) -> None:
    start, end = days(pack)
    sales = -entries.moved(own.SALES, start, end)
    cost = entries.moved(own.COST_OF_SALES, start, end)
    net_income = -entries.moved(entries.of_type("revenue", "expense"), start, end)
    other = -entries.moved(own.OTHER_INCOME, start, end)
    receivable = entries.balance(own.RECEIVABLE, end)
    payable = -entries.balance(own.PAYABLE, end)
    cash = entries.balance(own.CASH, end)
    assets = cash + receivable + entries.balance(own.INVENTORY, end)
    assets += entries.balance(own.OTHER_CURRENT_ASSETS, end)
    liabilities = payable - entries.balance(own.OTHER_CURRENT_LIABILITIES, end)
    length = (end - start).days + 1

    assert {ratio.name: ratio.value for ratio in pack.ratios()} == {
        "Gross margin": rounded(sales - cost, sales, 1000),
        "Operating margin": rounded(net_income - other, sales, 1000),
        "Net margin": rounded(net_income, sales, 1000),
        "Current ratio": rounded(assets, liabilities, 100),
        "Quick ratio": rounded(cash + receivable, liabilities, 100),
        "Debtor days": rounded(receivable * length, sales, 1),
        "Creditor days": rounded(payable * length, cost, 1),
    }


def test_there_is_no_share_of_negative_revenue() -> None:
    """A loss would be a positive one. Margins have none either."""
    refunds = Result(
        revenue=-1000,
        cost_of_sales=0,
        operating_expenses=500,
        depreciation=0,
        other_income=0,
        other_expenses=0,
        income_tax=0,
    )
    assert refunds.net_income == -1500
    assert refunds.percent_of_revenue(refunds.net_income) is None
    assert evolve(refunds, revenue=1000).percent_of_revenue(500) == 500


def test_payables(pack: ManagementPack, organization: Organization) -> None:
    expected: dict[tuple[str, str], int] = {}
    for bill in organization.bills():
        if bill.status in ("received", "partial", "overdue") and bill.amount_due:
            late = (pack.day - bill.due_date).days
            limits = [0, 30, 60, 90]
            age = BUCKETS[sum(late > limit for limit in limits)]
            key = (bill.contact_id, age)
            expected[key] = expected.get(key, 0) + bill.amount_due

    figures: dict[tuple[str, str], int] = {}
    for line in pack.ageing().lines:
        for age in BUCKETS:
            if amount := getattr(line, age):
                figures[line.contact_id, age] = amount
    assert figures == expected
    assert pack.ageing().total == sum(expected.values())
    names = [line.name.casefold() for line in pack.ageing().lines]
    assert names == sorted(names)


def test_bank_reconciliations(
    pack: ManagementPack, organization: Organization, entries: Books
) -> None:
    rows = [row for row in organization.bank_transactions() if row.status != "excluded"]
    accounts = {account.id: account for account in organization.bank_accounts()}
    reconciliations = pack.bank_reconciliations()
    assert {each.bank_account_id for each in reconciliations} == set(accounts)
    for each in reconciliations:
        own_rows = [row for row in rows if row.bank_account_id == each.bank_account_id]
        code = entries.codes[str(accounts[each.bank_account_id].chart_account_id)]
        linked = {row.journal_entry_id for row in own_rows}
        unknown_to_bank: set[str] = set()
        for entry in entries.entries:
            lines = [line for line in entry.lines if entries.codes[line.account_id] == code]
            amount = sum(line.debit_amount - line.credit_amount for line in lines)
            if amount and entry.id not in linked:
                unknown_to_bank.add(entry.id)
        assert each.balance == sum(row.amount for row in own_rows)
        assert each.books == entries.balance([code], dt.date.max)
        assert {item.id for item in each.items if item.side == "books"} == unknown_to_bank
        assert {item.id for item in each.items if item.side == "bank"} == {
            row.id for row in own_rows if not row.journal_entry_id
        }
        assert each.difference == 0


def test_everything_ties(pack: ManagementPack) -> None:
    assert pack.problems() == ()


def test_it_is_kept_as_json(pack: ManagementPack) -> None:
    assert ManagementPack.from_json(pack.to_json()) == pack
