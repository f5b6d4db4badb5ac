"""What figures are: in which currency, of which period or day. Said in every heading: nobody has to
guess.
"""

from __future__ import annotations

import calendar
import datetime as dt

from attrs import evolve

from ledgerhq_ext.render._document import Column, Document, Section, Table
from ledgerhq_ext.render._figures import Figures
from ledgerhq_ext.render._options import Options
from ledgerhq_ext.reports.packet import FinancialPacket, PacketPeriod

_NOT_MEANINGFUL = "n.m.: not meaningful, since the change crosses zero or is above 999.9 %."


class Labels:
    """The short names of a packet's periods, and of an earlier one's where that is given."""

    def __init__(
        self, packet: FinancialPacket, compare: FinancialPacket | None, options: Options
    ) -> None:
        self.currency = packet.organization.default_currency
        figures = Figures(options.locale, self.currency)
        earlier = compare.period if compare else None
        self.period = span(packet.period, figures)
        self.day = figures.day(packet.period.end_date)
        self.prior_period = span(earlier, figures) if earlier else ""
        self.prior_day = figures.day(earlier.end_date) if earlier else ""

    def amounts(self, when: str) -> str:
        """Return what stands below the title of a column of amounts: ``Jun 2026, USD``."""
        return f"{when}, {self.currency}"


def span(period: PacketPeriod, figures: Figures) -> str:
    """Return a period in short: ``2026``, ``Jun 2026``, or its two days."""
    start, end = period.start_date, period.end_date
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31) and start.year == end.year:
        return str(start.year)
    if _months(start, end) == 1:
        return figures.month(start)
    return f"{figures.day(start)} – {figures.day(end)}"


def _months(start: dt.date, end: dt.date) -> int | None:
    """Return how many months a period has; None where it is not made of whole ones."""
    last = calendar.monthrange(end.year, end.month)[1]
    if start.day != 1 or end.day != last:
        return None
    return (end.year - start.year) * 12 + end.month - start.month + 1


def notes(packet: FinancialPacket, compare: FinancialPacket | None) -> tuple[str, ...]:
    """Return what a reader of a comparison has to know."""
    if compare is None:
        return ()
    one, other = packet.period, compare.period
    if _is_as_long(one, other):
        return (_NOT_MEANINGFUL,)
    lengths = f"{_days(one)} days against {_days(other)}"
    unlike = f"The periods are not of one length ({lengths}): balances can be compared, revenue and expenses cannot."
    return (unlike, _NOT_MEANINGFUL)


def _days(period: PacketPeriod) -> int:
    return (period.end_date - period.start_date).days + 1


def _is_as_long(one: PacketPeriod, other: PacketPeriod) -> bool:
    """Whether two periods are of one length: in months where both have whole ones, else give or
    take a leap day.
    """
    months, others = (
        _months(one.start_date, one.end_date),
        _months(other.start_date, other.end_date),
    )
    if months and others:
        return months == others
    return abs(_days(one) - _days(other)) <= 1


def when(section: Section, document: Document, figures: Figures) -> str:
    """Return the line below a section's title: which days it is of, and the currency."""
    return (
        f"{_days_of(section, document, figures)}, in {figures.currency_name} ({document.currency})"
    )


def _days_of(section: Section, document: Document, figures: Figures) -> str:
    if section.when == "read":
        moment = document.read_at
        return f"As read on {figures.day(moment.date())}, {moment:%H:%M} {moment.tzname()}"
    if section.when == "end":
        return f"As of {figures.day(document.end)}"
    return f"{figures.day(document.start)} to {figures.day(document.end)}"


def with_currency(section: Section, currency: str) -> Section:
    """Return a section whose columns of amounts all say their currency."""
    parts = tuple(
        evolve(part, table=_table_with_currency(part.table, currency)) for part in section.parts
    )
    tables = tuple(_table_with_currency(table, currency) for table in section.tables)
    return evolve(section, tables=tables, parts=parts)


def _table_with_currency(table: Table, currency: str) -> Table:
    return evolve(
        table, columns=tuple(_column_with_currency(column, currency) for column in table.columns)
    )


def _column_with_currency(column: Column, currency: str) -> Column:
    if column.kind != "cents" or column.detail:
        return column
    return evolve(column, detail=currency)
