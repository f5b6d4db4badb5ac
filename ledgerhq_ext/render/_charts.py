"""The charts: bars over one scale, a few at a time, every one with its figure beside it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from operator import attrgetter

from attrs import evolve

from ledgerhq_ext._message import joined, plural
from ledgerhq_ext._message import message as _
from ledgerhq_ext._plain import plain
from ledgerhq_ext.render._document import Bar, Chart, Segment
from ledgerhq_ext.render._labels import Labels
from ledgerhq_ext.reports.packet import FinancialPacket
from ledgerhq_ext.reports.statements import BalanceSheet, BankReconciliationStatus, ProfitAndLoss

LARGEST = 6
"""So many categories have a bar of their own; the rest share one."""


def charts(
    packet: FinancialPacket, compare: FinancialPacket | None, labels: Labels
) -> Iterator[Chart]:
    """Yield the charts that a packet has figures for."""
    result = packet.statement("profitAndLoss")
    sheet = packet.statement("balanceSheet")
    status = packet.statement("bankReconciliationStatus")

    if result:
        prior = compare.statement("profitAndLoss") if compare else None
        yield _result(result, prior, labels)
    if sheet:
        yield evolve(_position(sheet), detail=labels.amounts(labels.day))

    if status and status.accounts:
        yield _ages(status)
    if result and result.expenses:
        yield evolve(_expenses(result), detail=labels.amounts(labels.period))


def _result(now: ProfitAndLoss, prior: ProfitAndLoss | None, labels: Labels) -> Chart:
    segments = (
        Segment(_("Revenue"), now.total_revenue, "main"),
        Segment(_("Expenses"), now.total_expenses, "second"),
        Segment(_("Net income"), now.net_income, "third"),
    )
    prior_values: tuple[int, ...] = ()
    if prior:
        prior_values = (prior.total_revenue, prior.total_expenses, prior.net_income)

    bars: list[Bar] = []
    when = labels.prior_period
    for segment, prior_value in zip_longest(segments, prior_values):
        bars.append(Bar(segment.label, (segment,)))
        if prior_value is not None:
            prior_segment = Segment(when, prior_value, "before")
            bars.append(Bar(joined([segment.label, when], ", "), (prior_segment,)))
    detail = labels.amounts(labels.period)
    return Chart(
        "chart-result", _("Revenue, expenses and net income"), "cents", tuple(bars), detail
    )


def _expenses(result: ProfitAndLoss) -> Chart:
    ordered = sorted(result.expenses, key=attrgetter("balance"), reverse=True)
    # One category more needs no more room than the bar for "one other".
    count = len(ordered) if len(ordered) == LARGEST + 1 else LARGEST
    bars: list[Bar] = []
    for line in ordered[:count]:
        segment = Segment("", line.balance, "second")
        bars.append(Bar(plain(line.account_name), (segment,)))

    others = ordered[count:]
    if others:
        total = sum(line.balance for line in others)
        label = plural("{count} other", "{count} others", count=len(others))
        bars.append(Bar(label, (Segment("", total, "third"),)))
    return Chart("chart-expenses", _("Largest expenses"), "cents", tuple(bars))


def _position(sheet: BalanceSheet) -> Chart:
    assets = Bar(_("Assets"), (Segment(_("Assets"), sheet.assets.total),))
    liabilities = Segment(_("Liabilities"), sheet.liabilities.total, "second")
    equity = Segment(_("Equity"), sheet.equity.total, "third")
    if liabilities.value >= 0 and equity.value >= 0:
        title = _("Assets against liabilities and equity")
        bars = (assets, Bar(_("Liabilities and equity"), (liabilities, equity)))
        return Chart("chart-position", title, "cents", bars)

    # A negative piece cannot stand beside a positive one.
    title = _("Assets, liabilities and equity")
    apart = (assets, Bar(_("Liabilities"), (liabilities,)), Bar(_("Equity"), (equity,)))
    return Chart("chart-position", title, "cents", apart)


def _ages(status: BankReconciliationStatus) -> Chart:
    aging = [account.unreconciled.aging for account in status.accounts]
    counts = {
        _("Up to a week"): sum(ages.week for ages in aging),
        _("Up to a month"): sum(ages.month for ages in aging),
        _("Up to two months"): sum(ages.two_months for ages in aging),
        _("Older"): sum(ages.older for ages in aging),
    }

    bars: list[Bar] = []
    for label, count in counts.items():
        bars.append(Bar(label, (Segment("", count, "third"),)))
    return Chart("chart-ages", _("Unreconciled bank rows by age"), "count", tuple(bars))
