from __future__ import annotations

import datetime as dt

from attrs import frozen

from .. import models
from ..records import CompanyAnswer


@frozen(kw_only=True, repr=False)
class FinancialPacket(CompanyAnswer):
    """Which statements it holds follows from include.

    Attributes:
        amount_unit: integer_cents
        _balance_sheet: Equity includes the line Current Year Earnings, so assets = liabilities + equity.
    """

    organization: models.PacketOrganization
    period: models.PacketPeriod
    generated_at: dt.datetime
    amount_unit: str
    warnings: tuple[models.PacketWarning, ...]
    _balance_sheet: models.BalanceSheet | None = None
    _bank_reconciliation_status: models.BankReconciliationStatus | None = None
    _general_ledger: models.GeneralLedger | None = None
    _profit_and_loss: models.ProfitAndLoss | None = None
    _trial_balance: models.TrialBalance | None = None

    @property
    def balance_sheet(self) -> models.BalanceSheet | None:
        """The generator's name for ``_balance_sheet``"""
        return self._balance_sheet

    @property
    def bank_reconciliation_status(self) -> models.BankReconciliationStatus | None:
        """The generator's name for ``_bank_reconciliation_status``"""
        return self._bank_reconciliation_status

    @property
    def general_ledger(self) -> models.GeneralLedger | None:
        """The generator's name for ``_general_ledger``"""
        return self._general_ledger

    @property
    def profit_and_loss(self) -> models.ProfitAndLoss | None:
        """The generator's name for ``_profit_and_loss``"""
        return self._profit_and_loss

    @property
    def trial_balance(self) -> models.TrialBalance | None:
        """The generator's name for ``_trial_balance``"""
        return self._trial_balance
