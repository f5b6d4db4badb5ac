"""The key figures at the top of a document, beside those of an earlier packet."""

from __future__ import annotations

from collections.abc import Iterator

from ledgerhq_ext._message import message as _
from ledgerhq_ext.render._document import Fact
from ledgerhq_ext.render._labels import Labels
from ledgerhq_ext.reports.packet import FinancialPacket
from ledgerhq_ext.reports.statements import BalanceSheet, ProfitAndLoss


def figures_of(
    packet: FinancialPacket, compare: FinancialPacket | None, labels: Labels
) -> Iterator[Fact]:
    """Yield the key figures of a packet: its result, its position, or else what it has."""
    result = packet.statement("profitAndLoss")
    sheet = packet.statement("balanceSheet")
    if not result and not sheet:
        yield from _other_figures(packet)

    if result:
        prior_result = compare.statement("profitAndLoss") if compare else None
        yield from _result(result, prior_result, labels.prior_period)
    if sheet:
        prior_sheet = compare.statement("balanceSheet") if compare else None
        yield from _position(sheet, prior_sheet, labels.prior_day)


def _result(now: ProfitAndLoss, prior: ProfitAndLoss | None, when: str) -> Iterator[Fact]:
    revenue = prior.total_revenue if prior else None
    expenses = prior.total_expenses if prior else None
    net_income = prior.net_income if prior else None

    yield Fact(_("Revenue"), now.total_revenue, before=revenue, before_label=when)
    yield Fact(_("Expenses"), now.total_expenses, before=expenses, before_label=when)
    yield Fact(_("Net income"), now.net_income, before=net_income, before_label=when)


def _position(now: BalanceSheet, prior: BalanceSheet | None, day: str) -> Iterator[Fact]:
    assets = prior.assets.total if prior else None
    liabilities = prior.liabilities.total if prior else None
    equity = prior.equity.total if prior else None

    yield Fact(_("Assets"), now.assets.total, before=assets, before_label=day)
    yield Fact(_("Liabilities"), now.liabilities.total, before=liabilities, before_label=day)
    yield Fact(_("Equity"), now.equity.total, before=equity, before_label=day)


def _other_figures(packet: FinancialPacket) -> Iterator[Fact]:
    """Yield the figures of a packet without better ones, such as one of a single statement."""
    if trial := packet.statement("trialBalance"):
        yield Fact(_("Total debits"), trial.total_debits)
        yield Fact(_("Total credits"), trial.total_credits)

    if status := packet.statement("bankReconciliationStatus"):
        rows = sum(account.unreconciled.count for account in status.accounts)
        yield Fact(_("Unreconciled rows"), rows, "count")

    if book := packet.statement("generalLedger"):
        yield Fact(_("Ledger lines"), book.total_lines, "count")
