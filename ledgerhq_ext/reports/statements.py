"""The single statements of a packet, in integer cents.

Each statement can list what does not tie, and return its lines as rows for a data frame.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from attrs import frozen
from ledgerhq_api import models as contract
from ledgerhq_api.fields import fields
from ledgerhq_api.models import (
    BankReconciliationAccount,
    LastReconciliation,
    LedgerLine,
    StatementLine,
    StatementSection,
    TrialBalanceLine,
    Unreconciled,
    UnreconciledAging,
)

from ledgerhq_ext._wire import Record
from ledgerhq_ext.reports import statement_checks as checks
from ledgerhq_ext.reports.check import Check

__all__ = [
    "BalanceSheet",
    "BankReconciliationAccount",
    "BankReconciliationStatus",
    "GeneralLedger",
    "LastReconciliation",
    "LedgerLine",
    "Problem",
    "ProfitAndLoss",
    "StatementLine",
    "StatementSection",
    "TrialBalance",
    "TrialBalanceLine",
    "Unreconciled",
    "UnreconciledAging",
    "to_problems",
]

Row: TypeAlias = dict[str, Any]
"""A line of a statement for a data frame, by attribute name."""


@frozen(repr=False)
class Problem(Record):
    """Something that does not tie: the statement and the difference, with figures in cents."""

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


def to_problems(checks: Iterable[Check]) -> tuple[Problem, ...]:
    """Return a problem for every check that differs."""
    return tuple(
        Problem(check.statement, check.message) for check in checks if check.verdict == "differs"
    )


def _section_rows(section: str, lines: Iterable[StatementLine]) -> Iterator[Row]:
    for line in lines:
        yield {
            "section": section,
            "account_id": line.account_id,
            "account_code": line.account_code,
            "account_name": line.account_name,
            "balance": line.balance,
        }


def _row(line: Any) -> Row:
    """Return the fields of a line that the contract knows."""
    kind: Any = type(line)
    return {field.name: getattr(line, field.attribute) for field in fields(kind) if field.on_wire}


class ProfitAndLoss(contract.ProfitAndLoss):
    """Revenue, expenses and net income of a period, in cents."""

    __slots__ = ()

    def problems(self) -> tuple[Problem, ...]:
        """Return a problem for every check of this statement that differs."""
        return to_problems(self.checks())

    def checks(self) -> tuple[Check, ...]:
        """Return the checks within this statement, with both figures and the verdict (see
        ``Check``).
        """
        return checks.profit_and_loss(self)

    def rows(self) -> list[Row]:
        """Return the lines for a data frame: section (revenue, expenses), account, balance in
        cents.

        Totals are not included.
        """
        return [*_section_rows("revenue", self.revenue), *_section_rows("expenses", self.expenses)]


class BalanceSheet(contract.BalanceSheet):
    """Assets, liabilities and equity, in cents. Equity includes Current Year Earnings."""

    __slots__ = ()

    def problems(self) -> tuple[Problem, ...]:
        """Return a problem for every check of this statement that differs."""
        return to_problems(self.checks())

    def checks(self) -> tuple[Check, ...]:
        """Return the checks within this statement, with both figures and the verdict (see
        ``Check``).
        """
        return checks.balance_sheet(self)

    def rows(self) -> list[Row]:
        """Return the lines for a data frame: section, account, balance in cents.

        Sections are assets, liabilities and equity; totals are not included.
        """
        return [
            *_section_rows("assets", self.assets.accounts),
            *_section_rows("liabilities", self.liabilities.accounts),
            *_section_rows("equity", self.equity.accounts),
        ]


class TrialBalance(contract.TrialBalance):
    """All accounts with their balances, in cents."""

    __slots__ = ()

    def problems(self) -> tuple[Problem, ...]:
        """Return a problem for every check of this statement that differs."""
        return to_problems(self.checks())

    def checks(self) -> tuple[Check, ...]:
        """Return the checks within this statement, with both figures and the verdict (see
        ``Check``).
        """
        return checks.trial_balance(self)

    def rows(self) -> list[Row]:
        """Return the accounts for a data frame: the fields of ``TrialBalanceLine``, cents."""
        return [_row(line) for line in self.accounts]


class GeneralLedger(contract.GeneralLedger):
    """The ledger of a period. ``truncated`` is true if it has more lines than were requested."""

    __slots__ = ()

    def problems(self) -> tuple[Problem, ...]:
        """Return a problem for every check of this statement that differs.

        A truncated ledger is not a problem; its checks are not checkable.
        """
        return to_problems(self.checks())

    def checks(self) -> tuple[Check, ...]:
        """Return the checks within this statement, with both figures and the verdict (see
        ``Check``).
        """
        return checks.general_ledger(self)

    def rows(self) -> list[Row]:
        """Return the lines for a data frame: the fields of ``LedgerLine``, amounts in cents."""
        return [_row(line) for line in self.lines]


class BankReconciliationStatus(contract.BankReconciliationStatus):
    """The reconciliation status of every bank account, in cents and numbers of rows."""

    __slots__ = ()

    def problems(self) -> tuple[Problem, ...]:
        """Return a problem for every check of this statement that differs.

        Unreconciled rows are not a problem.
        """
        return to_problems(self.checks())

    def checks(self) -> tuple[Check, ...]:
        """Return the checks within this statement, with both figures and the verdict (see
        ``Check``).
        """
        return checks.bank_reconciliation(self)

    def rows(self) -> list[Row]:
        """Return the bank accounts for a data frame.

        ``unreconciled_count`` is a number of rows, ``unreconciled_total`` is in cents; the others
        are numbers of rows by age.
        """
        return [_bank_row(account) for account in self.accounts]


def _bank_row(account: BankReconciliationAccount) -> Row:
    open_rows = account.unreconciled
    # An account may never have been reconciled: then its columns hold None.
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
