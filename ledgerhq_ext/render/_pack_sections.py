"""The other sections of a management pack: cash flow, ratios, payables, bank reconciliations."""

from __future__ import annotations

from ledgerhq_ext._plain import plain
from ledgerhq_ext.pack._ageing import Ageing, AgeingLine
from ledgerhq_ext.pack._bank import BankReconciliation, OutstandingItem, Side
from ledgerhq_ext.pack._cash_flow import ACTIVITIES, Activity, CashFlow
from ledgerhq_ext.pack._pack import ManagementPack
from ledgerhq_ext.pack._ratios import Ratio
from ledgerhq_ext.render._document import Column, Fact, Row, Section, Style, Table
from ledgerhq_ext.render._figures import Figures
from ledgerhq_ext.render._labels import span

_CODE = Column("Code", width=7)
_ACTIVITIES: dict[Activity, str] = {
    "operating": "Operating activities",
    "investing": "Investing activities",
    "financing": "Financing activities",
}
_NOTHING = "–"


def cash_flow(flow: CashFlow, problems: tuple[str, ...]) -> Section:
    """Return the section of the cash flow statement."""
    columns = (_CODE, Column("Cash flow", width=40, header=True), Column("Amount", "cents", 18))
    rows = _cash_flow_rows(flow)
    table = Table("cash-flow-table", "Cash flow", columns, rows, len(rows))
    headline = (Fact("Change in cash", flow.change),)
    return Section("cash-flow", "Cash flow", "period", headline, problems, (table,))


def _cash_flow_rows(flow: CashFlow) -> list[Row]:
    rows: list[Row] = []
    totals: list[int] = []
    for activity in ACTIVITIES:
        title = _ACTIVITIES[activity]
        rows.append(Row((None, title, None), "heading"))
        first = len(rows)
        for line in flow.lines:
            if line.activity == activity:
                rows.append(Row((plain(line.code) or None, plain(line.name), line.amount)))
        terms = tuple((1, place) for place in range(first, len(rows)))
        total = flow.total(activity)
        totals.append(len(rows))
        rows.append(Row((None, f"Cash flow from {title.lower()}", total), "subtotal", terms))

    change = len(rows)
    terms = tuple((1, place) for place in totals)
    rows.append(Row((None, "Change in cash", flow.change), "total", terms))
    rows.append(Row((None, "Cash at the beginning", flow.opening)))
    terms = ((1, change), (1, change + 1))
    rows.append(Row((None, "Cash at the end", flow.closing), "total", terms))
    return rows


def ratios(pack: ManagementPack, figures: Figures) -> Section:
    """Return the section of ratios with their definitions, beside two other periods."""
    packets = (pack.packet, pack.prior, pack.prior_year)
    columns = (
        Column("Ratio", width=16, header=True),
        *(Column(span(packet.period, figures), width=11) for packet in packets),
        Column("Definition", width=40),
    )
    rows: list[Row] = []
    for each in zip(*(pack.ratios_of(packet) for packet in packets), strict=True):
        values = tuple(_ratio_text(ratio, figures) for ratio in each)
        rows.append(Row((each[0].name, *values, each[0].definition)))
    table = Table("ratios-table", "Ratios", columns, rows, len(rows))
    return Section("ratios", "Ratios", "end", (), (), (table,))


def _ratio_text(ratio: Ratio, figures: Figures) -> str:
    """Return a ratio for people; a dash where it has no value."""
    value = ratio.value
    if value is None:
        return _NOTHING
    if ratio.unit == "tenths of a percent":
        return figures.tenths(value)
    if ratio.unit == "hundredths":
        return figures.hundredths(value)
    return f"{figures.count(value)} days"


_AGES = (
    Column("Supplier", width=24, header=True),
    Column("Not due", "cents", 13),
    Column("1–30 days", "cents", 13),
    Column("31–60 days", "cents", 13),
    Column("61–90 days", "cents", 13),
    Column("Older", "cents", 13),
    Column("Total", "cents", 14),
)


def payables(ageing: Ageing, problems: tuple[str, ...]) -> Section:
    """Return the section of unpaid bills by supplier and age."""
    rows = [Row((plain(line.name), *_ages(line)), "line") for line in ageing.lines]
    sums = tuple(sum(column) for column in zip(*map(_ages, ageing.lines), strict=True))
    if sums:
        terms = tuple((1, place) for place in range(len(rows)))
        rows.append(Row(("Total", *sums), "total", terms))
    table = Table("payables-table", "Payables by age", _AGES, rows, len(rows))
    lack = ""
    if ageing.foreign:
        numbers = ", ".join(plain(bill.bill_number) for bill in ageing.foreign)
        lack = f"Bills in other currencies are not in it: {numbers}."
    headline = (Fact("Unpaid bills", ageing.total),)
    return Section("payables", "Payables", "read", headline, problems, (table,), missing=lack)


def _ages(line: AgeingLine) -> tuple[int, ...]:
    return (line.not_due, line.days_30, line.days_60, line.days_90, line.older, line.total)


_BANK = (
    Column("Date", "date", 12),
    Column("Item", width=44, header=True),
    Column("Amount", "cents", 18),
)
_SIDES: dict[Side, str] = {
    "books": "Entries that the bank does not show yet",
    "bank": "Bank rows without an entry",
}


def bank_reconciliation(
    accounts: tuple[BankReconciliation, ...], problems: tuple[str, ...]
) -> Section:
    """Return the section of bank reconciliations, a table for each account."""
    tables: list[Table] = []
    for number, account in enumerate(accounts, 1):
        rows = _bank_rows(account)
        tables.append(Table(f"bank-{number}", plain(account.name), _BANK, rows, len(rows)))
    differences = sum(abs(account.difference or 0) for account in accounts)
    headline = (Fact("Unexplained", differences),)
    return Section(
        "bank-reconciliation", "Bank reconciliation", "read", headline, problems, tuple(tables)
    )


def _bank_rows(account: BankReconciliation) -> list[Row]:
    rows = [Row((account.day, "Balance of the bank", account.balance), "total")]
    if account.gap:
        rows.append(Row((None, plain(f"Cannot be compared, because {account.gap}"), None)))
        return rows

    # The bank's balance is the first row; what is outstanding leads from there to the books.
    terms = [(1, 0), *_add_items(rows, account, "books", 1), *_add_items(rows, account, "bank", -1)]
    expected = len(rows)
    title = "Balance that the books should have"
    rows.append(Row((account.day, title, account.expected), "subtotal", tuple(terms)))
    rows.append(Row((account.day, "Balance of the books", account.books), "total"))
    style: Style = "differs" if account.difference else "line"
    difference = ((1, expected + 1), (-1, expected))
    rows.append(Row((None, "Difference", account.difference), style, difference))
    return rows


def _add_items(
    rows: list[Row], account: BankReconciliation, side: Side, sign: int
) -> list[tuple[int, int]]:
    """Add what only one side has, and return the places; ``sign`` leads from the bank's balance to
    that of the books.
    """
    items: list[OutstandingItem] = [item for item in account.items if item.side == side]
    if items:
        rows.append(Row((None, _SIDES[side], None), "heading"))
    places: list[tuple[int, int]] = []
    for item in items:
        places.append((1, len(rows)))
        rows.append(Row((item.date, plain(item.description), sign * item.amount)))
    return places
