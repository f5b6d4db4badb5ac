from __future__ import annotations

import datetime as dt

from .. import models
from ..fields import EXACT
from ..records import CompanyAnswer, field, frozen


@frozen(kw_only=True, repr=False)
class FinancialPacket(CompanyAnswer):
    """The packet of a period (``GET /api/v1/reports/financial-packet``), in integer cents. A statement that
    ``include`` left out raises ``InputError`` where it is read; ``included`` lists those that are there, and
    ``statement(name)`` returns one of them, or None.

    In the contract: Which statements it holds follows from include.

    Attributes:
        amount_unit: integer_cents
        balance_sheet: Equity includes the line Current Year Earnings, so assets = liabilities + equity.
    """

    organization: models.PacketOrganization
    period: models.PacketPeriod
    generated_at: dt.datetime
    amount_unit: str
    warnings: tuple[models.PacketWarning, ...]
    _profit_and_loss: models.ProfitAndLoss | None = field(default=None, alias="profit_and_loss", metadata=EXACT)
    _balance_sheet: models.BalanceSheet | None = field(default=None, alias="balance_sheet", metadata=EXACT)
    _trial_balance: models.TrialBalance | None = field(default=None, alias="trial_balance", metadata=EXACT)
    _general_ledger: models.GeneralLedger | None = field(default=None, alias="general_ledger", metadata=EXACT)
    _bank_reconciliation_status: models.BankReconciliationStatus | None = field(
        default=None, alias="bank_reconciliation_status", metadata=EXACT
    )

    @property
    def profit_and_loss(self) -> models.ProfitAndLoss | None:
        """The generator's name for ``_profit_and_loss``"""
        return self._profit_and_loss

    @property
    def balance_sheet(self) -> models.BalanceSheet | None:
        """The generator's name for ``_balance_sheet``"""
        return self._balance_sheet

    @property
    def trial_balance(self) -> models.TrialBalance | None:
        """The generator's name for ``_trial_balance``"""
        return self._trial_balance

    @property
    def general_ledger(self) -> models.GeneralLedger | None:
        """The generator's name for ``_general_ledger``"""
        return self._general_ledger

    @property
    def bank_reconciliation_status(self) -> models.BankReconciliationStatus | None:
        """The generator's name for ``_bank_reconciliation_status``"""
        return self._bank_reconciliation_status
