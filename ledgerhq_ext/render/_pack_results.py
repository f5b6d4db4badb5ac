"""Profit and loss of a management pack: by groups, beside other periods, and month by month."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Literal, NamedTuple

from ledgerhq_ext._message import Message
from ledgerhq_ext._message import message as _
from ledgerhq_ext._plain import plain
from ledgerhq_ext.models import FinancialPacket
from ledgerhq_ext.pack._groups import Group
from ledgerhq_ext.pack._pack import ManagementPack
from ledgerhq_ext.pack._results import OPERATING, lines_of
from ledgerhq_ext.render._document import (
    CODE,
    Column,
    Fact,
    Line,
    LineChart,
    Row,
    Section,
    Style,
    Table,
    Terms,
    Value,
)
from ledgerhq_ext.render._figures import Figures
from ledgerhq_ext.render._labels import span
from ledgerhq_ext.render._percents import percent_of_change

_NAME = Column(_("Account"), width=28, header=True)
_SHARE = Column(_("Share %"), "tenths", 9, detail=_("of revenue"))

_PRIOR = _("Prior")
_YEAR_AGO = _("Year ago")
_CHANGES = {_PRIOR: _("Prior change %"), _YEAR_AGO: _("Year ago change %")}
"""The titles of the changes from other periods, by their names."""

_AMOUNT = 2
"""The place of the first amount among the columns."""


class _Part(NamedTuple):
    """The names of a part of profit and loss: above its accounts, and before their total."""

    title: str
    total: str


_PARTS = {
    "revenue": _Part(_("Revenue"), _("Total revenue")),
    "cost of sales": _Part(_("Cost of sales"), _("Total cost of sales")),
    "expenses": _Part(_("Operating expenses"), _("Total operating expenses")),
    "other income": _Part(_("Other income"), _("Total other income")),
    "other expenses": _Part(_("Other expenses"), _("Total other expenses")),
    "tax": _Part(_("Income tax"), _("Total income tax")),
}


class ResultTable:
    """A table of profit and loss: the period of a first packet, beside those of the others.

    Each of the others has its amount and the change from it, in percent.
    """

    def __init__(
        self, pack: ManagementPack, packets: Sequence[FinancialPacket], names: Sequence[Message]
    ) -> None:
        self._pack = pack
        self._statements = [packet.profit_and_loss for packet in packets]
        self._results = [pack.result_of(packet) for packet in packets]
        self._packets = packets
        self._names = names

    def columns(self, figures: Figures) -> tuple[Column, ...]:
        """Return the columns, every amount with its period."""
        details = [
            f"{span(packet.period, figures)}, {figures.currency}" for packet in self._packets
        ]
        columns = [CODE, _NAME, Column(_("Amount"), "cents", 14, detail=details[0]), _SHARE]
        for name, detail in zip(self._names, details[1:], strict=True):
            other = len(columns)
            columns.append(Column(name, "cents", 14, detail=detail))
            columns.append(Column(_CHANGES[name], "tenths", 9, change=(_AMOUNT, other)))
        return tuple(columns)

    def rows(self) -> list[Row]:
        """Return the rows, from revenue to net income; parts that nothing is in are left out."""
        rows: list[Row] = []
        profit: Terms = ((1, self._part(rows, _PARTS["revenue"], ["sales"], "revenue")),)
        if self._has("cost_of_sales"):
            cost = self._part(rows, _PARTS["cost of sales"], ["cost_of_sales"], "cost_of_sales")
            profit = self._total(rows, _("Gross profit"), "gross_profit", (*profit, (-1, cost)))
        expenses = self._part(rows, _PARTS["expenses"], OPERATING, "operating_expenses")
        profit = self._total(
            rows, _("Operating profit"), "operating_profit", (*profit, (-1, expenses))
        )

        if self._has("other_income"):
            other = self._part(rows, _PARTS["other income"], ["other_income"], "other_income")
            profit = (*profit, (1, other))
        if self._has("other_expense"):
            other = self._part(rows, _PARTS["other expenses"], ["other_expense"], "other_expenses")
            profit = (*profit, (-1, other))
        if self._has("income_tax"):
            before_tax = self._total(rows, _("Profit before tax"), "profit_before_tax", profit)
            tax = self._part(rows, _PARTS["tax"], ["income_tax"], "income_tax")
            profit = (*before_tax, (-1, tax))
        self._total(rows, _("Net income"), "net_income", profit)
        return rows

    def _has(self, group: Group) -> bool:
        return bool(lines_of(self._statements, self._pack.groups, [group]))

    def _part(self, rows: list[Row], part: _Part, groups: Collection[Group], figure: str) -> int:
        """Add a heading, the accounts of some groups, and their total; return its place."""
        blank = (None, None) * len(self._results)
        rows.append(Row((None, part.title, *blank), "heading"))
        first = len(rows)
        for line in lines_of(self._statements, self._pack.groups, groups):
            cells = self._cells(line.amounts)
            rows.append(Row((plain(line.code) or None, plain(line.name), *cells)))
        terms = tuple((1, place) for place in range(first, len(rows)))
        self._total(rows, part.total, figure, terms, "subtotal")
        return len(rows) - 1

    def _total(
        self, rows: list[Row], title: str, figure: str, terms: Terms, style: Style = "total"
    ) -> Terms:
        """Add a total of other rows, a figure of ``Result``; return it as the only term of another
        one.
        """
        amounts = [getattr(result, figure) for result in self._results]
        rows.append(Row((None, title, *self._cells(amounts)), style, terms))
        return ((1, len(rows) - 1),)

    def _cells(self, amounts: Sequence[int | None]) -> tuple[Value, ...]:
        """Return an amount and its share of revenue, then each other amount and the change."""
        current = amounts[0]
        cells: list[Value] = [current, self._results[0].percent_of_revenue(current or 0)]
        for other in amounts[1:]:
            cells += [other, percent_of_change(other, current)]
        return tuple(cells)


def profit_and_loss(pack: ManagementPack, figures: Figures, problems: tuple[str, ...]) -> Section:
    """Return the section of the period, beside the prior period and the prior year."""
    packets = (pack.packet, pack.prior, pack.prior_year)
    table = ResultTable(pack, packets, (_PRIOR, _YEAR_AGO))
    rows = table.rows()
    content = Table(
        "profit-and-loss-table", _("Profit and loss"), table.columns(figures), rows, len(rows)
    )
    headline = (Fact(_("Net income"), pack.result.net_income),)
    return Section(
        "profit-and-loss", _("Profit and loss"), "period", headline, problems, (content,)
    )


def year_to_date(pack: ManagementPack, figures: Figures) -> Section:
    """Return the section of the year to date, beside the same days a year earlier."""
    packets = (pack.year_to_date, pack.prior_year_to_date)
    table = ResultTable(pack, packets, (_YEAR_AGO,))
    rows = table.rows()
    content = Table(
        "year-to-date-table", _("Year to date"), table.columns(figures), rows, len(rows)
    )
    net_income = pack.result_of(pack.year_to_date).net_income
    headline = (Fact(_("Net income, year to date"), net_income),)
    return Section("year-to-date", _("Year to date"), "end", headline, (), (content,))


_TREND = (
    (_("Revenue"), "revenue"),
    (_("Gross profit"), "gross_profit"),
    (_("Operating expenses"), "operating_expenses"),
    (_("Operating profit"), "operating_profit"),
    (_("Net income"), "net_income"),
)
"""The columns of twelve months: their titles, and the figures of ``Result`` in them."""
_CHARTED = (0, 2, 4)
"""The places of the figures that are drawn as lines: five would be too many to tell apart."""
_TONES: tuple[Literal["main", "second", "third"], ...] = ("main", "second", "third")


def trend(pack: ManagementPack, figures: Figures) -> Section:
    """Return the section of the last twelve months, a row each."""
    columns = (
        Column(_("Month"), width=14, header=True),
        *(Column(title, "cents", 15) for title, _figure in _TREND),
    )
    rows: list[Row] = []
    for month in pack.months:
        result = pack.result_of(month)
        amounts = tuple(getattr(result, figure) for _title, figure in _TREND)
        rows.append(Row((span(month.period, figures), *amounts)))

    sums = [_sum_of_column(rows, at) for at in range(1, len(columns))]
    terms = tuple((1, place) for place in range(len(rows)))
    rows.append(Row((_("Twelve months"), *sums), "total", terms))
    # The months stand before them.
    charted = tuple(place + 1 for place in _CHARTED)
    table = Table("trend-table", _("Twelve months"), columns, rows, len(rows), charted)
    headline = (Fact(_("Revenue of twelve months"), sums[0]),)
    return Section("trend", _("Twelve months"), "end", headline, (), (table,))


def _sum_of_column(rows: Iterable[Row], at: int) -> int:
    amounts = [row.cells[at] for row in rows]
    return sum(amount for amount in amounts if isinstance(amount, int))


def trend_chart(pack: ManagementPack, figures: Figures) -> LineChart:
    """Return the chart of twelve months: revenue, operating expenses and net income."""
    results = [pack.result_of(month) for month in pack.months]
    lines: list[Line] = []
    for place, tone in zip(_CHARTED, _TONES, strict=True):
        title, figure = _TREND[place]
        lines.append(Line(title, tuple(getattr(result, figure) for result in results), tone))
    months = tuple(span(month.period, figures) for month in pack.months)
    title = _("Revenue, operating expenses and net income by month")
    return LineChart("chart-trend", title, months, tuple(lines), figures.currency)
