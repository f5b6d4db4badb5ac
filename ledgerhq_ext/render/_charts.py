"""What is drawn: bars over one scale, a few at a time, every one with its figure beside it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from attrs import evolve

from ledgerhq_ext._plain import plain
from ledgerhq_ext.render._document import Bar, Chart, Segment
from ledgerhq_ext.render._labels import Labels
from ledgerhq_ext.reports.packet import FinancialPacket
from ledgerhq_ext.reports.statements import BalanceSheet, BankReconciliationStatus, ProfitAndLoss

LARGEST = 6
"""How many categories are drawn by themselves; the rest is one bar."""


def charts(
    packet: FinancialPacket, compare: FinancialPacket | None, labels: Labels
) -> Iterator[Chart]:
    """The charts a packet has figures for."""
    result = packet.statement("profitAndLoss")
    if result:
        yield _result(result, compare.statement("profitAndLoss") if compare else None, labels)
    if sheet := packet.statement("balanceSheet"):
        yield evolve(_position(sheet), detail=labels.amounts(labels.day))
    status = packet.statement("bankReconciliationStatus")
    if status and status.accounts:
        yield _ages(status)
    if result and result.expenses:
        yield evolve(_expenses(result), detail=labels.amounts(labels.period))


def _result(now: ProfitAndLoss, was: ProfitAndLoss | None, labels: Labels) -> Chart:
    segments = (
        Segment("Revenue", now.total_revenue, "main"),
        Segment("Expenses", now.total_expenses, "second"),
        Segment("Net income", now.net_income, "third"),
    )
    before = (was.total_revenue, was.total_expenses, was.net_income) if was else ()
    bars = []
    for segment, prior in zip_longest(segments, before):
        bars.append(Bar(segment.label, (segment,)))
        if prior is not None:
            bars.append(
                Bar(
                    f"{segment.label}, {labels.prior_period}",
                    (Segment(labels.prior_period, prior, "before"),),
                )
            )
    detail = labels.amounts(labels.period)
    return Chart("chart-result", "Revenue, expenses and net income", "cents", tuple(bars), detail)


def _expenses(result: ProfitAndLoss) -> Chart:
    ordered = sorted(result.expenses, key=lambda line: -line.balance)
    # One category more needs no more room than the bar for "one other".
    shown = ordered if len(ordered) == LARGEST + 1 else ordered[:LARGEST]
    bars = [Bar(plain(line.account_name), (Segment("", line.balance, "second"),)) for line in shown]
    if rest := ordered[len(shown) :]:
        bars.append(
            Bar(f"{len(rest)} others", (Segment("", sum(line.balance for line in rest), "third"),))
        )
    return Chart("chart-expenses", "Largest expenses", "cents", tuple(bars))


def _position(sheet: BalanceSheet) -> Chart:
    owed, owned = sheet.liabilities.total, sheet.equity.total
    assets = Bar("Assets", (Segment("Assets", sheet.assets.total),))
    if owed >= 0 and owned >= 0:
        both = (Segment("Liabilities", owed, "second"), Segment("Equity", owned, "third"))
        return Chart(
            "chart-position",
            "Assets against liabilities and equity",
            "cents",
            (assets, Bar("Liabilities and equity", both)),
        )
    apart = (
        Bar("Liabilities", (Segment("Liabilities", owed, "second"),)),
        Bar("Equity", (Segment("Equity", owned, "third"),)),
    )
    return Chart("chart-position", "Assets, liabilities and equity", "cents", (assets, *apart))


def _ages(status: BankReconciliationStatus) -> Chart:
    names = {
        "Up to a week": "week",
        "Up to a month": "month",
        "Up to two months": "two_months",
        "Older": "older",
    }
    counts = {
        label: sum(getattr(account.unreconciled.aging, name) for account in status.accounts)
        for label, name in names.items()
    }
    bars = tuple(Bar(label, (Segment("", count, "third"),)) for label, count in counts.items())
    return Chart("chart-ages", "Unreconciled bank rows by age", "count", bars)
