"""The labels of figures: currency, and period or day.

They stand in every heading, so that nobody has to guess.
"""

from __future__ import annotations

from attrs import evolve

from ledgerhq_ext.pack._periods import full_months
from ledgerhq_ext.render._document import Column, Document, Part, Section, Table
from ledgerhq_ext.render._figures import Figures
from ledgerhq_ext.render._options import Options
from ledgerhq_ext.reports.packet import FinancialPacket, PacketPeriod

_NOT_MEANINGFUL = "n.m.: not meaningful, since the change crosses zero or is above 999.9 %."


class Labels:
    """The short names of a packet's period and last day, and of an earlier packet's."""

    def __init__(
        self, packet: FinancialPacket, compare: FinancialPacket | None, options: Options
    ) -> None:
        self.currency = packet.organization.default_currency
        figures = Figures(options.locale, self.currency)
        self.period = span(packet.period, figures)
        self.day = figures.day(packet.period.end_date)
        self.prior_period = ""
        self.prior_day = ""
        if compare:
            self.prior_period = span(compare.period, figures)
            self.prior_day = figures.day(compare.period.end_date)

    def amounts(self, when: str) -> str:
        """Return the line below the title of a column of amounts: ``Jun 2026, USD``."""
        return f"{when}, {self.currency}"


def span(period: PacketPeriod, figures: Figures) -> str:
    """Return a period in short: ``2026``, ``Jun 2026``, or its two days."""
    start = period.start_date
    months = _months(period)
    # A fiscal year is named by its two days: its number alone would be taken for a calendar year.
    if months == 12 and start.month == 1:
        return str(start.year)
    if months == 1:
        return figures.month(start)
    return f"{figures.day(start)} – {figures.day(period.end_date)}"


def _months(period: PacketPeriod) -> int:
    """Return the number of months of a period; 0 where it has a part of one."""
    return full_months(period.start_date, period.end_date)


def notes(packet: FinancialPacket, compare: FinancialPacket | None) -> tuple[str, ...]:
    """Return the notes that a reader of a comparison needs; none without one."""
    if compare is None:
        return ()
    if _is_as_long(packet.period, compare.period):
        return (_NOT_MEANINGFUL,)

    days = f"{_days(packet.period)} days against {_days(compare.period)}"
    unlike = (
        f"The periods differ in length ({days}): balances can be compared, but revenue and "
        "expenses cannot."
    )
    return (unlike, _NOT_MEANINGFUL)


def _days(period: PacketPeriod) -> int:
    return (period.end_date - period.start_date).days + 1


def _is_as_long(one: PacketPeriod, other: PacketPeriod) -> bool:
    """Return True when two periods are of one length: in full months, or in days."""
    months = _months(one)
    other_months = _months(other)
    if months and other_months:
        return months == other_months
    # Give or take a leap day.
    return abs(_days(one) - _days(other)) <= 1


def when(section: Section, document: Document, figures: Figures) -> str:
    """Return the line below a section's title: its days, and the currency."""
    days = _days_of(section, document, figures)
    return f"{days}, in {figures.currency_name} ({document.currency})"


def _days_of(section: Section, document: Document, figures: Figures) -> str:
    if section.when == "read":
        moment = document.read_at
        return f"As read on {figures.day(moment.date())}, {moment:%H:%M} {moment.tzname()}"
    if section.when == "end":
        return f"As of {figures.day(document.end)}"
    return f"{figures.day(document.start)} to {figures.day(document.end)}"


def with_currency(section: Section, currency: str) -> Section:
    """Return a section whose columns of amounts all say their currency."""
    tables = tuple(_table_with_currency(table, currency) for table in section.tables)
    parts = tuple(_part_with_currency(part, currency) for part in section.parts)
    return evolve(section, tables=tables, parts=parts)


def _part_with_currency(part: Part, currency: str) -> Part:
    return evolve(part, table=_table_with_currency(part.table, currency))


def _table_with_currency(table: Table, currency: str) -> Table:
    columns = tuple(_column_with_currency(column, currency) for column in table.columns)
    return evolve(table, columns=columns)


def _column_with_currency(column: Column, currency: str) -> Column:
    # A detail of its own has the currency already.
    if column.kind != "cents" or column.detail:
        return column
    return evolve(column, detail=currency)
