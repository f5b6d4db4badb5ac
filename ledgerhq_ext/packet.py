"""The financial packet and its statements, in integer cents, and what does not tie in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from attrs import frozen

from ledgerhq_ext.comparison import Change, diff
from ledgerhq_ext.money import Cents
from ledgerhq_ext.wire import stamped, to_wire

REPORTS = ("profitAndLoss", "balanceSheet", "trialBalance", "generalLedger", "bankReconciliationStatus")
"""The statements a packet can hold, in the contract's words (``include``)."""


@frozen
class Problem:
    """Something that does not tie: where, and what, with the figures in cents."""

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


def _sum_problem(where: str, what: str, parts: Iterable[int], total: int) -> Iterator[Problem]:
    found = sum(parts)
    if found != total:
        yield Problem(where, f"{what}: the lines sum to {found} cents, the total says {total}")


@frozen(kw_only=True)
class StatementLine:
    """A line of a statement; ``account_id`` is None on computed lines (Current Year Earnings)."""

    account_name: str
    balance: Cents
    account_id: str | None = None
    account_code: str | None = None


@frozen(kw_only=True)
class ProfitAndLoss:
    """Revenue, expenses and net income of a period, in cents."""

    revenue: tuple[StatementLine, ...]
    total_revenue: Cents
    expenses: tuple[StatementLine, ...]
    total_expenses: Cents
    net_income: Cents

    def problems(self, where: str = "profitAndLoss") -> tuple[Problem, ...]:
        """What does not tie."""
        found = [*_sum_problem(where, "revenue", (line.balance for line in self.revenue), self.total_revenue)]
        found += _sum_problem(where, "expenses", (line.balance for line in self.expenses), self.total_expenses)
        if self.total_revenue - self.total_expenses != self.net_income:
            gap = f"revenue {self.total_revenue} less expenses {self.total_expenses} is not {self.net_income}"
            found.append(Problem(where, f"net income: {gap} cents"))
        return tuple(found)


@frozen(kw_only=True)
class StatementSection:
    """A section of the balance sheet."""

    accounts: tuple[StatementLine, ...]
    total: Cents


@frozen(kw_only=True)
class BalanceSheet:
    """Assets, liabilities and equity, in cents. Equity includes Current Year Earnings."""

    assets: StatementSection
    liabilities: StatementSection
    equity: StatementSection

    def problems(self, where: str = "balanceSheet") -> tuple[Problem, ...]:
        """What does not tie."""
        sections = {"assets": self.assets, "liabilities": self.liabilities, "equity": self.equity}
        found: list[Problem] = []
        for name, section in sections.items():
            found += _sum_problem(where, name, (line.balance for line in section.accounts), section.total)
        other = self.liabilities.total + self.equity.total
        if self.assets.total != other:
            gap = f"assets {self.assets.total} cents, liabilities and equity {other} cents"
            found.append(Problem(where, f"does not balance: {gap}"))
        return tuple(found)


@frozen(kw_only=True)
class TrialBalanceLine:
    """An account's balance, in cents, on its side."""

    account_id: str
    code: str
    name: str
    type: str
    debit_balance: Cents
    credit_balance: Cents


@frozen(kw_only=True)
class TrialBalance:
    """All accounts with their balances, in cents."""

    accounts: tuple[TrialBalanceLine, ...]
    total_debits: Cents
    total_credits: Cents

    def problems(self, where: str = "trialBalance") -> tuple[Problem, ...]:
        """What does not tie."""
        lines = self.accounts
        found = [*_sum_problem(where, "debits", (line.debit_balance for line in lines), self.total_debits)]
        found += _sum_problem(where, "credits", (line.credit_balance for line in lines), self.total_credits)
        if self.total_debits != self.total_credits:
            gap = f"debits {self.total_debits} cents, credits {self.total_credits} cents"
            found.append(Problem(where, f"does not balance: {gap}"))
        return tuple(found)


@frozen(kw_only=True)
class GeneralLedgerLine:
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


@frozen(kw_only=True)
class GeneralLedger:
    """The ledger of a period; ``truncated`` when it has more lines than were asked for."""

    lines: tuple[GeneralLedgerLine, ...]
    truncated: bool
    total_lines: int

    def problems(self, where: str = "generalLedger") -> tuple[Problem, ...]:
        """What does not tie, or is not whole."""
        if self.truncated or len(self.lines) < self.total_lines:
            return (Problem(where, f"truncated: {len(self.lines)} of {self.total_lines} lines"),)
        debits, credits = sum(line.debit for line in self.lines), sum(line.credit for line in self.lines)
        if debits != credits:
            return (Problem(where, f"does not balance: debits {debits} cents, credits {credits} cents"),)
        return ()


@frozen(kw_only=True)
class UnreconciledAging:
    """Numbers of unreconciled rows by age."""

    week: int
    month: int
    two_months: int
    older: int


@frozen(kw_only=True)
class Unreconciled:
    """What is unreconciled: rows, and their sum in cents."""

    count: int
    total: Cents
    aging: UnreconciledAging


@frozen(kw_only=True)
class LastReconciliation:
    """The latest reconciliation of a bank account."""

    id: str | None = None
    end_date: dt.date | None = None
    completed_at: dt.datetime | None = None


@frozen(kw_only=True)
class BankReconciliationAccount:
    """One bank account's reconciliation status, in cents."""

    id: str
    account_name: str
    balance: Cents
    balance_discrepancy: Cents
    unreconciled: Unreconciled
    last_reconciliation: LastReconciliation | None = None


@frozen(kw_only=True)
class BankReconciliationStatus:
    """Reconciliation status of every bank account."""

    accounts: tuple[BankReconciliationAccount, ...]

    def problems(self, where: str = "bankReconciliationStatus") -> tuple[Problem, ...]:
        """What does not tie. Unreconciled rows are no problem, they are work to do."""
        found = []
        for account in self.accounts:
            aging, count = account.unreconciled.aging, account.unreconciled.count
            aged = aging.week + aging.month + aging.two_months + aging.older
            if aged != count:
                said = f"{account.account_name}: {count} rows unreconciled, {aged} by age"
                found.append(Problem(where, said))
        return tuple(found)


@frozen(kw_only=True)
class PacketOrganization:
    """Whose packet it is."""

    id: str
    name: str
    default_currency: str


@frozen(kw_only=True)
class PacketPeriod:
    """The days it covers, both included."""

    start_date: dt.date
    end_date: dt.date


@frozen(kw_only=True)
class PacketWarning:
    """A warning of the service, such as a truncated ledger."""

    code: str
    message: str


@frozen(kw_only=True)
class FinancialPacket:
    """The packet of a period (``GET /api/v1/reports/financial-packet``), in integer cents.

    A statement that ``include`` left out is None.
    """

    organization: PacketOrganization
    period: PacketPeriod
    generated_at: dt.datetime
    amount_unit: str
    warnings: tuple[PacketWarning, ...]
    profit_and_loss: ProfitAndLoss | None = None
    balance_sheet: BalanceSheet | None = None
    trial_balance: TrialBalance | None = None
    general_ledger: GeneralLedger | None = None
    bank_reconciliation_status: BankReconciliationStatus | None = None
    organization_id: str = stamped("organization_id")

    def problems(self) -> tuple[Problem, ...]:
        """Everything that does not tie; empty for a packet one can rely on."""
        found: list[Problem] = []
        if self.amount_unit != "integer_cents":
            found.append(Problem("amountUnit", f"{self.amount_unit!r}, not 'integer_cents'"))
        if self.organization_id and self.organization.id != self.organization_id:
            found.append(Problem("organization", f"is {self.organization.id}, asked for {self.organization_id}"))
        statements = (
            self.profit_and_loss,
            self.balance_sheet,
            self.trial_balance,
            self.general_ledger,
            self.bank_reconciliation_status,
        )
        for statement in statements:
            found += statement.problems() if statement else ()
        return tuple(found)

    def diff(self, other: FinancialPacket, *, changed_only: bool = True) -> tuple[Change, ...]:
        """What changed from ``other``, an earlier packet of the same company, to this one (see ``comparison``)."""
        return diff(other, self, changed_only=changed_only)

    def to_json(self) -> dict[str, Any]:
        """The packet in the contract's spelling, for ``json.dumps``."""
        document: dict[str, Any] = to_wire(self)
        return document
