"""The checks within one statement, which hold whatever the service's conventions are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ledgerhq_ext._message import message as _
from ledgerhq_ext.reports.check import Check, Subject, Tally, not_checkable

if TYPE_CHECKING:
    from ledgerhq_ext.reports.statements import (
        BalanceSheet,
        BankReconciliationStatus,
        GeneralLedger,
        LedgerLine,
        ProfitAndLoss,
        TrialBalance,
    )

LINES = _("ledger lines = total lines")
ENTRY_BALANCE = _("debits of an entry = its credits")
ENTRY_DATE = _("lines of an entry have one date")
_SECTIONS = {
    "assets": _("total assets = sum of its lines"),
    "liabilities": _("total liabilities = sum of its lines"),
    "equity": _("total equity = sum of its lines"),
}
_LEDGER = "generalLedger"


def _single(rule: str, statement: str, figure: int, counterpart: int) -> list[Check]:
    tally = Tally(rule, statement)
    tally.compare(figure, counterpart)
    return tally.checks()


def profit_and_loss(result: ProfitAndLoss) -> tuple[Check, ...]:
    """Return the checks of both totals and of net income."""
    where = "profitAndLoss"
    revenue = sum(line.balance for line in result.revenue)
    expenses = sum(line.balance for line in result.expenses)
    difference = result.total_revenue - result.total_expenses
    return (
        *_single(_("total revenue = sum of its lines"), where, result.total_revenue, revenue),
        *_single(_("total expenses = sum of its lines"), where, result.total_expenses, expenses),
        *_single(_("net income = revenue less expenses"), where, result.net_income, difference),
    )


def balance_sheet(sheet: BalanceSheet) -> tuple[Check, ...]:
    """Return the checks of the three totals, and that they balance."""
    where = "balanceSheet"
    checks: list[Check] = []
    for name, rule in _SECTIONS.items():
        section = getattr(sheet, name)
        lines = sum(line.balance for line in section.accounts)
        checks += _single(rule, where, section.total, lines)
    other = sheet.liabilities.total + sheet.equity.total
    return (
        *checks,
        *_single(_("assets = liabilities and equity"), where, sheet.assets.total, other),
    )


def trial_balance(trial: TrialBalance) -> tuple[Check, ...]:
    """Return the checks of both totals, and that they balance."""
    where = "trialBalance"
    debits = sum(line.debit_balance for line in trial.accounts)
    credits = sum(line.credit_balance for line in trial.accounts)
    return (
        *_single(_("total debits = sum of its lines"), where, trial.total_debits, debits),
        *_single(_("total credits = sum of its lines"), where, trial.total_credits, credits),
        *_single(_("total debits = total credits"), where, trial.total_debits, trial.total_credits),
    )


def general_ledger(book: GeneralLedger) -> tuple[Check, ...]:
    """Return the check of the number of lines, and those of every entry."""
    lines = _lines_check(book)
    if gap := gap_of(book):
        # Half of an entry may be among the lines that are missing.
        return (
            lines,
            not_checkable(ENTRY_BALANCE, _LEDGER, gap),
            not_checkable(ENTRY_DATE, _LEDGER, gap),
        )
    return (lines, *_entry_checks(book))


def gap_of(book: GeneralLedger) -> str:
    """Return what the ledger lacks, as the reason of a check that cannot be made; empty for a whole
    one.
    """
    # A service may cut a ledger short and not say so, but for the number of lines.
    if book.truncated or len(book.lines) < book.total_lines:
        lines = {"count": len(book.lines), "total": book.total_lines}
        return _("the ledger holds {count} of {total} lines", **lines)
    return ""


def _lines_check(book: GeneralLedger) -> Check:
    """Return the check of the number of lines.

    A ledger that says it is cut short is incomplete, not wrong; one that says something else is
    wrong.
    """
    tally = Tally(LINES, _LEDGER, unit="rows")
    count = len(book.lines)
    total = book.total_lines
    if book.truncated and count < total:
        reason = _("it is truncated: it holds {count} of {total} lines", count=count, total=total)
        tally.leave(reason, count, total)
    elif book.truncated:
        lines = {"count": count, "total": total}
        tally.differ(_("it says that it is truncated, but holds {count} of {total} lines", **lines))
    else:
        tally.compare(count, total)
    return tally.checks()[0]


def _entry_checks(book: GeneralLedger) -> Iterator[Check]:
    balances = Tally(ENTRY_BALANCE, _LEDGER)
    dates = Tally(ENTRY_DATE, _LEDGER, sums=False)
    for number, lines in entries(book.lines):
        entry = Subject(entry_number=number)
        debits = sum(line.debit for line in lines)
        credits = sum(line.credit for line in lines)
        balances.compare(debits, credits, entry)

        days = sorted({line.date for line in lines})
        if len(days) == 1:
            dates.tie()
        else:
            words = ", ".join(str(day) for day in days)
            dates.differ(_("its lines are of {days}", days=words), entry)
    yield from balances.checks()
    yield from dates.checks()


def entries(lines: Iterable[LedgerLine]) -> Iterator[tuple[int, list[LedgerLine]]]:
    """Yield the number of every entry, and its lines."""
    numbers: dict[int, list[LedgerLine]] = {}
    for line in lines:
        numbers.setdefault(line.entry_number, []).append(line)

    for number, lines_of_number in numbers.items():
        for entry in _entries_of(lines_of_number):
            yield number, entry


def _entries_of(lines: list[LedgerLine]) -> list[list[LedgerLine]]:
    """Return the lines of one number as one entry or several.

    The contract does not promise that numbers go on from year to year: where the lines of a number
    balance day by day, they are an entry a day.
    """
    days: dict[dt.date, list[LedgerLine]] = {}
    for line in lines:
        days.setdefault(line.date, []).append(line)

    by_day = list(days.values())
    if all(_balances(entry) for entry in by_day):
        return by_day
    return [lines]


def _balances(lines: Iterable[LedgerLine]) -> bool:
    return sum(line.debit - line.credit for line in lines) == 0


def bank_reconciliation(status: BankReconciliationStatus) -> tuple[Check, ...]:
    """Return the checks of the numbers of rows.

    Nothing ties the bank's balances to the ledger: one check says so, which cannot be made.
    """
    where = "bankReconciliationStatus"
    tally = Tally(_("rows unreconciled = rows by age"), where, unit="rows")
    for account in status.accounts:
        aging = account.unreconciled.aging
        aged = aging.week + aging.month + aging.two_months + aging.older
        tally.compare(account.unreconciled.count, aged, Subject(account.id, account.account_name))
    checks = tally.checks()
    if status.accounts:
        reason = _(
            "it is the balance on the day it was read, and the packet does not say which "
            "ledger account it belongs to"
        )
        checks.append(not_checkable(_("bank balance = ledger balance"), where, reason))
    return tuple(checks)
