"""The labels of figures: currency, and period or day.

They stand in every heading, so that nobody has to guess.
"""

from __future__ import annotations

import datetime as dt

from attrs import evolve

from ledgerhq_ext._message import Message
from ledgerhq_ext._message import message as _
from ledgerhq_ext.pack._periods import full_months
from ledgerhq_ext.render._document import Column, Document, Section, Table
from ledgerhq_ext.render._figures import Figures, Isolate
from ledgerhq_ext.render._options import Options
from ledgerhq_ext.render._percents import LARGEST_TENTHS
from ledgerhq_ext.reports.packet import FinancialPacket, PacketPeriod


class Labels:
    """The short names of a packet's period and last day, and of an earlier packet's."""

    def __init__(
        self, packet: FinancialPacket, compare: FinancialPacket | None, options: Options
    ) -> None:
        self.currency = packet.organization.default_currency
        figures = Figures(options.locale, self.currency)
        self.largest_change = figures.tenths(LARGEST_TENTHS)
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
    return Isolate(f"{figures.day(start)} – {figures.day(period.end_date)}")


def _months(period: PacketPeriod) -> int:
    """Return the number of months of a period; 0 where it has a part of one."""
    return full_months(period.start_date, period.end_date)


def notes(
    packet: FinancialPacket, compare: FinancialPacket | None, labels: Labels
) -> tuple[str, ...]:
    """Return the notes that a reader of a comparison needs; none without one."""
    if compare is None:
        return ()
    not_meaningful = _(
        "n.m.: not meaningful, since the change crosses zero or is above {limit}.",
        limit=labels.largest_change,
    )
    if _is_as_long(packet.period, compare.period):
        return (not_meaningful,)

    unlike = _(
        "The periods differ in length ({days} days against {other_days}): balances can be "
        "compared, but revenue and expenses cannot.",
        days=_days(packet.period),
        other_days=_days(compare.period),
    )
    return (unlike, not_meaningful)


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
    words = document.words
    return words.text(
        _(
            "{days}, in {currency_name} ({currency})",
            days=_days_of(section, document, figures),
            currency_name=figures.currency_name(words.language),
            currency=document.currency,
        )
    )


def dates(start: dt.date, end: dt.date, figures: Figures) -> Message:
    """Return two days as a period: ``May 1, 2026 to May 31, 2026``."""
    return _("{start} to {end}", start=figures.day(start), end=figures.day(end))


def unit(document: Document, figures: Figures) -> str:
    """Return the sentences on how amounts are written, in the document's words."""
    words = document.words
    name = figures.currency_name(words.language)
    return words.text(
        _(
            "Amounts in {currency_name} ({currency}). Negative amounts stand in parentheses.",
            currency_name=name,
            currency=document.currency,
        )
    )


def _days_of(section: Section, document: Document, figures: Figures) -> str:
    if section.when == "read":
        moment = document.read_at
        time = f"{moment:%H:%M} {moment.tzname()}"
        return _("As read on {day}, {time}", day=figures.day(moment.date()), time=time)
    if section.when == "end":
        return _("As of {day}", day=figures.day(document.end))
    return dates(document.start, document.end, figures)


def seal_lines(document: Document) -> list[str]:
    """Return the lines of small print: moment, organization, and the digests."""
    lines = [
        _(
            "Figures as of {moment} · Organization {id}",
            moment=document.generated_at.isoformat(" ", "seconds"),
            id=document.organization_id,
        ),
        _("Packet, sha256: {digest}", digest=document.seal.sha256),
    ]
    if document.seal.compared_sha256:
        lines.append(_("Prior packet, sha256: {digest}", digest=document.seal.compared_sha256))
    return [document.words.text(line) for line in lines]


def with_currency(section: Section, currency: str) -> Section:
    """Return a section whose columns of amounts all say their currency."""
    tables = tuple(_table_with_currency(table, currency) for table in section.tables)
    parts = tuple(
        evolve(part, table=_table_with_currency(part.table, currency)) for part in section.parts
    )
    return evolve(section, tables=tables, parts=parts)


def _table_with_currency(table: Table, currency: str) -> Table:
    columns = tuple(_column_with_currency(column, currency) for column in table.columns)
    return evolve(table, columns=columns)


def _column_with_currency(column: Column, currency: str) -> Column:
    # A detail of its own has the currency already.
    if column.kind != "cents" or column.detail:
        return column
    return evolve(column, detail=currency)
