"""Ratios of a period, each with its definition, in integers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

from attrs import frozen

from ledgerhq_ext._message import message as _
from ledgerhq_ext.money import Cents
from ledgerhq_ext.pack._groups import Group, Groups
from ledgerhq_ext.pack._results import Result
from ledgerhq_ext.pack._rounding import rounded
from ledgerhq_ext.reports.periods import Period
from ledgerhq_ext.reports.statements import BalanceSheet

RatioUnit: TypeAlias = Literal["tenths of a percent", "hundredths", "days"]

_CURRENT_ASSETS: tuple[Group, ...] = ("cash", "receivable", "inventory", "current_asset")
_CURRENT_LIABILITIES: tuple[Group, ...] = ("payable", "current_liability")
_SCALES: dict[RatioUnit, int] = {"tenths of a percent": 1000, "hundredths": 100, "days": 1}


@frozen(kw_only=True)
class Ratio:
    """A ratio of two amounts. ``value`` is a whole number of ``unit``; None where it has none.

    ``numerator`` and ``denominator`` are what it was worked out of: cents, for days cents times
    days.
    """

    name: str
    definition: str
    unit: RatioUnit
    numerator: int
    denominator: int

    @property
    def value(self) -> int | None:
        """The ratio rounded to its unit, halves away from zero; None of nothing or less."""
        # A margin of negative revenue, or days of negative sales, would mislead.
        if self.denominator <= 0:
            return None
        return rounded(_SCALES[self.unit] * self.numerator, self.denominator)


class Position:
    """The totals of a balance sheet by group, in cents, each on its own side."""

    def __init__(self, sheet: BalanceSheet, groups: Groups) -> None:
        self._sums: dict[Group, int] = {}
        sections = (
            ("asset", sheet.assets),
            ("liability", sheet.liabilities),
            ("equity", sheet.equity),
        )
        for kind, section in sections:
            for line in section.accounts:
                group = groups.of(line.account_id, kind)
                self._sums[group] = self._sums.get(group, 0) + line.balance

    def sum(self, groups: Iterable[Group]) -> Cents:
        """Return what some groups come to."""
        return sum(self._sums.get(group, 0) for group in groups)


def ratios_of(result: Result, position: Position, period: Period) -> tuple[Ratio, ...]:
    """Return the ratios of a period and of the balance sheet at its end."""
    # Of the period and not of a year: receivables are held against what this period sold.
    days = (period.end - period.start).days + 1
    current_assets = position.sum(_CURRENT_ASSETS)
    current_liabilities = position.sum(_CURRENT_LIABILITIES)
    quick_assets = position.sum(["cash", "receivable"])
    receivable = position.sum(["receivable"])
    payable = position.sum(["payable"])
    return (
        Ratio(
            name=_("Gross margin"),
            definition=_("Gross profit / revenue"),
            unit="tenths of a percent",
            numerator=result.gross_profit,
            denominator=result.revenue,
        ),
        Ratio(
            name=_("Operating margin"),
            definition=_("Operating profit / revenue"),
            unit="tenths of a percent",
            numerator=result.operating_profit,
            denominator=result.revenue,
        ),
        Ratio(
            name=_("Net margin"),
            definition=_("Net income / revenue"),
            unit="tenths of a percent",
            numerator=result.net_income,
            denominator=result.revenue,
        ),
        Ratio(
            name=_("Current ratio"),
            definition=_("Current assets / current liabilities"),
            unit="hundredths",
            numerator=current_assets,
            denominator=current_liabilities,
        ),
        Ratio(
            name=_("Quick ratio"),
            definition=_("Cash and receivables / current liabilities"),
            unit="hundredths",
            numerator=quick_assets,
            denominator=current_liabilities,
        ),
        Ratio(
            name=_("Debtor days"),
            definition=_("Receivables at the end / revenue × days of the period"),
            unit="days",
            numerator=receivable * days,
            denominator=result.revenue,
        ),
        Ratio(
            name=_("Creditor days"),
            definition=_("Payables at the end / cost of sales × days of the period"),
            unit="days",
            numerator=payable * days,
            denominator=result.cost_of_sales,
        ),
    )
