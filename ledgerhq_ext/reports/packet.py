"""The financial packet: all statements of a period, in integer cents."""

from __future__ import annotations

from typing import Literal, TypeAlias, TypeVar, overload

from ledgerhq_api import models as contract
from ledgerhq_api.models import PacketOrganization, PacketPeriod, PacketWarning

from ledgerhq_ext._filters import REPORTS, ReportName
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.reports.check import Check
from ledgerhq_ext.reports.comparison import Change, diff
from ledgerhq_ext.reports.packet_checks import Examination, examine
from ledgerhq_ext.reports.statements import (
    BalanceSheet,
    BankReconciliationStatus,
    GeneralLedger,
    Problem,
    ProfitAndLoss,
    TrialBalance,
    to_problems,
)

__all__ = [
    "REPORTS",
    "FinancialPacket",
    "PacketOrganization",
    "PacketPeriod",
    "PacketWarning",
    "Statement",
]

S = TypeVar("S")

Statement: TypeAlias = (
    ProfitAndLoss | BalanceSheet | TrialBalance | GeneralLedger | BankReconciliationStatus
)
"""Any of the five statements."""


def _present(statement: S | None, name: ReportName) -> S:
    if statement is None:
        raise InputError(
            f"This packet has no {name}. Request it with include=['{name}'], or omit include."
        )
    return statement


class FinancialPacket(contract.FinancialPacket):
    """The packet of a period (``GET /api/v1/reports/financial-packet``), in integer cents.

    Reading a statement that ``include`` left out raises ``InputError``. ``included`` lists the
    statements in the packet, and ``statement(name)`` returns one of them, or None.
    """

    # Beside the fields: neither compared nor pickled.
    __slots__ = ("_examination",)
    _examination: Examination

    # What these are read as: each can say what does not tie.
    _profit_and_loss: ProfitAndLoss | None
    _balance_sheet: BalanceSheet | None
    _trial_balance: TrialBalance | None
    _general_ledger: GeneralLedger | None
    _bank_reconciliation_status: BankReconciliationStatus | None

    @property
    def profit_and_loss(self) -> ProfitAndLoss:
        """Revenue, expenses and net income. Raises ``InputError`` if the packet has none."""
        return _present(self._profit_and_loss, "profitAndLoss")

    @property
    def balance_sheet(self) -> BalanceSheet:
        """Assets, liabilities and equity. Raises ``InputError`` if the packet has none."""
        return _present(self._balance_sheet, "balanceSheet")

    @property
    def trial_balance(self) -> TrialBalance:
        """The balances of all accounts. Raises ``InputError`` if the packet has none."""
        return _present(self._trial_balance, "trialBalance")

    @property
    def general_ledger(self) -> GeneralLedger:
        """The ledger lines of the period. Raises ``InputError`` if the packet has none."""
        return _present(self._general_ledger, "generalLedger")

    @property
    def bank_reconciliation_status(self) -> BankReconciliationStatus:
        """The unreconciled rows by bank account. Raises ``InputError`` if the packet has none."""
        return _present(self._bank_reconciliation_status, "bankReconciliationStatus")

    @property
    def included(self) -> tuple[ReportName, ...]:
        """The names of the statements in the packet, as in the contract (see ``REPORTS``)."""
        return tuple(name for name in REPORTS if self.statement(name) is not None)

    @overload
    def statement(self, name: Literal["profitAndLoss"]) -> ProfitAndLoss | None: ...

    @overload
    def statement(self, name: Literal["balanceSheet"]) -> BalanceSheet | None: ...

    @overload
    def statement(self, name: Literal["trialBalance"]) -> TrialBalance | None: ...

    @overload
    def statement(self, name: Literal["generalLedger"]) -> GeneralLedger | None: ...

    @overload
    def statement(
        self, name: Literal["bankReconciliationStatus"]
    ) -> BankReconciliationStatus | None: ...

    def statement(self, name: ReportName) -> Statement | None:
        """Return the statement with this name (see ``REPORTS``), or None if the packet does not
        have it.
        """
        statements: dict[ReportName, Statement | None] = {
            "profitAndLoss": self._profit_and_loss,
            "balanceSheet": self._balance_sheet,
            "trialBalance": self._trial_balance,
            "generalLedger": self._general_ledger,
            "bankReconciliationStatus": self._bank_reconciliation_status,
        }
        if name not in REPORTS:
            words = ", ".join(REPORTS)
            raise InputError(f"{name!r} is not a valid statement. Use one of {words}.")
        return statements[name]

    def checks(self) -> tuple[Check, ...]:
        """Return the checks within and between the statements, with figures and verdicts.

        A verdict is ``ties``, ``differs``, or ``not checkable`` with a reason. Conventions that the
        contract does not define (the sign of running balances, closing entries, the start of the
        fiscal year) are inferred from the packet; if that is not possible, the check is not
        checkable. Checks of one rule that tie are combined (see ``Check``).
        """
        return self._examined().checks

    def _examined(self) -> Examination:
        """Return the examination of this packet, which never changes: it is made once."""
        try:
            return self._examination
        except AttributeError:
            examination = examine(self)
            # Two threads may come here; what they find is the same.
            object.__setattr__(self, "_examination", examination)
            return examination

    def problems(self) -> tuple[Problem, ...]:
        """Return a problem for every check that differs.

        It is empty if everything that can be checked ties.
        """
        return to_problems(self.checks())

    def diff(self, other: FinancialPacket, *, changed_only: bool = True) -> tuple[Change, ...]:
        """Return the changes from ``other``, an earlier packet of the company, to this one.

        Amounts are in cents. Unchanged figures are left out unless ``changed_only`` is False.
        Raises ``InputError`` for packets of different companies or currencies, and for one that
        begins or ends later.
        """
        if not isinstance(other, FinancialPacket):
            raise InputError(f"other must be a FinancialPacket, not {other!r}.")
        return diff(other, self, changed_only=changed_only)
