"""The single statements of a packet, in integer cents: what does not tie, and rows for a data frame."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from attrs import asdict, frozen

from ledgerhq_ext._wire import Record
from ledgerhq_ext.money import Cents
from ledgerhq_ext.reports import statement_checks as checks
from ledgerhq_ext.reports.check import Check

Row: TypeAlias = dict[str, Any]
"""A line of a statement for a data frame: attribute names, Python values."""


@frozen(repr=False)
class Problem(Record):
    """Something that does not tie: where, and what, with the figures in cents."""

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


def to_problems(checks: Iterable[Check]) -> tuple[Problem, ...]:
    """Return a problem for every check that differs."""
    return tuple(Problem(check.statement, str(check)) for check in checks if check.verdict == "differs")


@frozen(kw_only=True, repr=False)
class StatementLine(Record):
    """A line of a statement; ``account_id`` is None on computed lines (Current Year Earnings)."""

    account_name: str
    balance: Cents
    account_id: str | None = None
    account_code: str | None = None


def _section_rows(section: str, lines: Iterable[StatementLine]) -> Iterator[Row]:
    for line in lines:
        yield {
            "section": section,
            "account_id": line.account_id,
            "account_code": line.account_code,
            "account_name": line.account_name,
            "balance": line.balance,
        }


@frozen(kw_only=True, repr=False)
class ProfitAndLoss(Record):
    """Revenue, expenses and net income of a period, in cents."""

    revenue: tuple[StatementLine, ...]
    total_revenue: Cents
    expenses: tuple[StatementLine, ...]
    total_expenses: Cents
    net_income: Cents

    def problems(self) -> tuple[Problem, ...]:
        """What differs."""
        return to_problems(self.checks())

    def checks(self) -> tuple[Check, ...]:
        """Return what can be checked within this statement, with both figures and the verdict (see ``Check``)."""
        return checks.profit_and_loss(self)

    def rows(self) -> list[Row]:
        """Return the lines for a data frame: section (revenue, expenses), account, balance in cents.

        Totals are no lines.
        """
        return [*_section_rows("revenue", self.revenue), *_section_rows("expenses", self.expenses)]


@frozen(kw_only=True, repr=False)
class StatementSection(Record):
    """A section of the balance sheet."""

    accounts: tuple[StatementLine, ...]
    total: Cents


@frozen(kw_only=True, repr=False)
class BalanceSheet(Record):
    """Assets, liabilities and equity, in cents. Equity includes Current Year Earnings."""

    assets: StatementSection
    liabilities: StatementSection
    equity: StatementSection

    def problems(self) -> tuple[Problem, ...]:
        """What differs."""
        return to_problems(self.checks())

    def checks(self) -> tuple[Check, ...]:
        """Return what can be checked within this statement, with both figures and the verdict (see ``Check``)."""
        return checks.balance_sheet(self)

    def rows(self) -> list[Row]:
        """Return the lines for a data frame: section, account, balance in cents.

        Sections are assets, liabilities and equity; totals are no lines.
        """
        return [
            *_section_rows("assets", self.assets.accounts),
            *_section_rows("liabilities", self.liabilities.accounts),
            *_section_rows("equity", self.equity.accounts),
        ]


@frozen(kw_only=True, repr=False)
class TrialBalanceLine(Record):
    """An account's balance, in cents, on its side."""

    account_id: str
    code: str
    name: str
    type: str
    debit_balance: Cents
    credit_balance: Cents


@frozen(kw_only=True, repr=False)
class TrialBalance(Record):
    """All accounts with their balances, in cents."""

    accounts: tuple[TrialBalanceLine, ...]
    total_debits: Cents
    total_credits: Cents

    def problems(self) -> tuple[Problem, ...]:
        """What differs."""
        return to_problems(self.checks())

    def checks(self) -> tuple[Check, ...]:
        """Return what can be checked within this statement, with both figures and the verdict (see ``Check``)."""
        return checks.trial_balance(self)

    def rows(self) -> list[Row]:
        """Return the accounts for a data frame: the fields of ``TrialBalanceLine``, cents."""
        return [asdict(line, recurse=False) for line in self.accounts]


@frozen(kw_only=True, repr=False)
class LedgerLine(Record):
    """A line of the ledger, in cents; ``running_balance`` is that of its account."""

    date: dt.date
    entry_number: int
    account_id: str
    account_code: str
    account_name: str
    debit: Cents
    credit: Cents
    running_balance: Cents
    description: str | None = None
    reference: str | None = None


@frozen(kw_only=True, repr=False)
class GeneralLedger(Record):
    """The ledger of a period; ``truncated`` when it has more lines than were asked for."""

    lines: tuple[LedgerLine, ...]
    truncated: bool
    total_lines: int

    def problems(self) -> tuple[Problem, ...]:
        """What differs. A ledger that is cut short is no problem: its checks are not checkable."""
        return to_problems(self.checks())

    def checks(self) -> tuple[Check, ...]:
        """Return what can be checked within this statement, with both figures and the verdict (see ``Check``)."""
        return checks.general_ledger(self)

    def rows(self) -> list[Row]:
        """Return the lines for a data frame: the fields of ``LedgerLine``, amounts in cents."""
        return [asdict(line, recurse=False) for line in self.lines]


@frozen(kw_only=True, repr=False)
class UnreconciledAging(Record):
    """Numbers of unreconciled rows by age."""

    week: int
    month: int
    two_months: int
    older: int


@frozen(kw_only=True, repr=False)
class Unreconciled(Record):
    """What is unreconciled: rows, and their sum in cents."""

    count: int
    total: Cents
    aging: UnreconciledAging


@frozen(kw_only=True, repr=False)
class LastReconciliation(Record):
    """The latest reconciliation of a bank account."""

    id: str | None = None
    end_date: dt.date | None = None
    completed_at: dt.datetime | None = None


@frozen(kw_only=True, repr=False)
class BankReconciliationAccount(Record):
    """One bank account's reconciliation status, in cents."""

    id: str
    account_name: str
    balance: Cents
    balance_discrepancy: Cents
    unreconciled: Unreconciled
    last_reconciliation: LastReconciliation | None = None


@frozen(kw_only=True, repr=False)
class BankReconciliationStatus(Record):
    """Reconciliation status of every bank account."""

    accounts: tuple[BankReconciliationAccount, ...]

    def problems(self) -> tuple[Problem, ...]:
        """What differs. Unreconciled rows are no problem, they are work to do."""
        return to_problems(self.checks())

    def checks(self) -> tuple[Check, ...]:
        """Return what can be checked within this statement, with both figures and the verdict (see ``Check``)."""
        return checks.bank_reconciliation(self)

    def rows(self) -> list[Row]:
        """Return the bank accounts for a data frame.

        ``unreconciled_count`` counts rows, ``unreconciled_total`` is in cents; the rest counts rows by age.
        """
        return [_bank_row(account) for account in self.accounts]


def _bank_row(account: BankReconciliationAccount) -> Row:
    open_rows = account.unreconciled
    last = account.last_reconciliation or LastReconciliation()
    return {
        "id": account.id,
        "account_name": account.account_name,
        "balance": account.balance,
        "balance_discrepancy": account.balance_discrepancy,
        "unreconciled_count": open_rows.count,
        "unreconciled_total": open_rows.total,
        "unreconciled_week": open_rows.aging.week,
        "unreconciled_month": open_rows.aging.month,
        "unreconciled_two_months": open_rows.aging.two_months,
        "unreconciled_older": open_rows.aging.older,
        "last_reconciliation_id": last.id,
        "last_reconciliation_end_date": last.end_date,
        "last_reconciliation_completed_at": last.completed_at,
    }
