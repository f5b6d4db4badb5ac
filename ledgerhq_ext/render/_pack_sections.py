"""The other sections of a management pack: cash flow, ratios, payables, bank reconciliations."""

from __future__ import annotations

from ledgerhq_ext._message import message as _
from ledgerhq_ext._message import plural
from ledgerhq_ext._plain import plain
from ledgerhq_ext.pack._ageing import Ageing, AgeingLine
from ledgerhq_ext.pack._bank import BankReconciliation, OutstandingItem, Side
from ledgerhq_ext.pack._cash_flow import ACTIVITIES, Activity, CashFlow
from ledgerhq_ext.pack._pack import ManagementPack
from ledgerhq_ext.pack._ratios import Ratio
from ledgerhq_ext.render._document import CODE, Column, Fact, Row, Section, Style, Table
from ledgerhq_ext.render._figures import NOTHING, Figures
from ledgerhq_ext.render._labels import span

_ACTIVITIES: dict[Activity, tuple[str, str]] = {
    "operating": (_("Operating activities"), _("Cash flow from operating activities")),
    "investing": (_("Investing activities"), _("Cash flow from investing activities")),
    "financing": (_("Financing activities"), _("Cash flow from financing activities")),
}
"""What stands above the lines of an activity, and before their total."""


def cash_flow(flow: CashFlow, problems: tuple[str, ...]) -> Section:
    """Return the section of the cash flow statement."""
    columns = (
        CODE,
        Column(_("Cash flow"), width=40, header=True),
        Column(_("Amount"), "cents", 18),
    )
    rows = _cash_flow_rows(flow)
    table = Table("cash-flow-table", _("Cash flow"), columns, rows, len(rows))
    headline = (Fact(_("Change in cash"), flow.change),)
    return Section("cash-flow", _("Cash flow"), "period", headline, problems, (table,))


def _cash_flow_rows(flow: CashFlow) -> list[Row]:
    rows: list[Row] = []
    totals: list[int] = []
    for activity in ACTIVITIES:
        title, total_title = _ACTIVITIES[activity]
        rows.append(Row((None, title, None), "heading"))
        first = len(rows)
        for line in flow.lines:
            if line.activity == activity:
                rows.append(Row((plain(line.code) or None, plain(line.name), line.amount)))
        terms = tuple((1, place) for place in range(first, len(rows)))
        total = flow.total(activity)
        totals.append(len(rows))
        rows.append(Row((None, total_title, total), "subtotal", terms))

    change = len(rows)
    terms = tuple((1, place) for place in totals)
    rows.append(Row((None, _("Change in cash"), flow.change), "total", terms))
    rows.append(Row((None, _("Cash at the beginning"), flow.opening)))
    terms = ((1, change), (1, change + 1))
    rows.append(Row((None, _("Cash at the end"), flow.closing), "total", terms))
    return rows


def ratios(pack: ManagementPack, figures: Figures) -> Section:
    """Return the section of ratios with their definitions, beside two other periods."""
    packets = (pack.packet, pack.prior, pack.prior_year)
    columns = (
        Column(_("Ratio"), width=16, header=True),
        *(Column(span(packet.period, figures), width=11) for packet in packets),
        Column(_("Definition"), width=40),
    )
    rows: list[Row] = []
    for each in zip(*(pack.ratios_of(packet) for packet in packets), strict=True):
        values = tuple(_ratio_text(ratio, figures) for ratio in each)
        rows.append(Row((each[0].name, *values, each[0].definition)))
    table = Table("ratios-table", _("Ratios"), columns, rows, len(rows))
    return Section("ratios", _("Ratios"), "end", (), (), (table,))


def _ratio_text(ratio: Ratio, figures: Figures) -> str:
    """Return a ratio for people; a dash where it has no value."""
    value = ratio.value
    if value is None:
        return NOTHING
    if ratio.unit == "tenths of a percent":
        return figures.tenths(value)
    if ratio.unit == "hundredths":
        return figures.hundredths(value)
    return plural("{number} day", "{number} days", count=value, number=figures.count(value))


_AGES = (
    Column(_("Supplier"), width=24, header=True),
    Column(_("Not due"), "cents", 13),
    Column(_("1–30 days"), "cents", 13),
    Column(_("31–60 days"), "cents", 13),
    Column(_("61–90 days"), "cents", 13),
    Column(_("Older"), "cents", 13),
    Column(_("Total"), "cents", 14),
)


def payables(ageing: Ageing, problems: tuple[str, ...]) -> Section:
    """Return the section of unpaid bills by supplier and age."""
    rows = [Row((plain(line.name), *_ages(line))) for line in ageing.lines]
    sums = tuple(sum(column) for column in zip(*map(_ages, ageing.lines), strict=True))
    if sums:
        terms = tuple((1, place) for place in range(len(rows)))
        rows.append(Row((_("Total"), *sums), "total", terms))
    table = Table("payables-table", _("Payables by age"), _AGES, rows, len(rows))
    lack = ""
    if ageing.foreign:
        numbers = ", ".join(plain(bill.bill_number) for bill in ageing.foreign)
        lack = _("Bills in other currencies are not in it: {numbers}.", numbers=numbers)
    headline = (Fact(_("Unpaid bills"), ageing.total),)
    return Section("payables", _("Payables"), "read", headline, problems, (table,), missing=lack)


def _ages(line: AgeingLine) -> tuple[int, ...]:
    return (line.not_due, line.days_30, line.days_60, line.days_90, line.older, line.total)


_BANK = (
    Column(_("Date"), "date", 12),
    Column(_("Item"), width=44, header=True),
    Column(_("Amount"), "cents", 18),
)
_SIDES: dict[Side, str] = {
    "books": _("Entries that the bank does not show yet"),
    "bank": _("Bank rows without an entry"),
}


def bank_reconciliation(
    accounts: tuple[BankReconciliation, ...], currency: str, problems: tuple[str, ...]
) -> Section:
    """Return the section of bank reconciliations, a table for each account.

    ``currency`` is that of the company, which all amounts are in.
    """
    tables: list[Table] = []
    for number, account in enumerate(accounts, 1):
        rows = _bank_rows(account, currency)
        tables.append(Table(f"bank-{number}", plain(account.name), _BANK, rows, len(rows)))
    differences = sum(abs(account.difference or 0) for account in accounts)
    headline = (Fact(_("Unexplained"), differences),)
    return Section(
        "bank-reconciliation", _("Bank reconciliation"), "read", headline, problems, tuple(tables)
    )


def _bank_rows(account: BankReconciliation, currency: str) -> list[Row]:
    # An amount of another currency would be taken for one of the company's.
    is_foreign = account.currency not in (None, currency)
    balance = None if is_foreign else account.balance
    rows = [Row((account.day, _("Balance of the bank"), balance), "total")]
    if account.gap:
        reason = _("Cannot be compared, because {reason}", reason=account.gap)
        rows.append(Row((None, reason, None)))
        return rows

    # The bank's balance is the first row; what is outstanding leads from there to the books.
    terms = [(1, 0), *_add_items(rows, account, "books", 1), *_add_items(rows, account, "bank", -1)]
    expected = len(rows)
    title = _("Balance that the books should have")
    rows.append(Row((account.day, title, account.expected), "subtotal", tuple(terms)))
    rows.append(Row((account.day, _("Balance of the books"), account.books), "total"))
    style: Style = "differs" if account.difference else "line"
    difference = ((1, expected + 1), (-1, expected))
    rows.append(Row((None, _("Difference"), account.difference), style, difference))
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
