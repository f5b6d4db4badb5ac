from __future__ import annotations

from .. import models
from ..records import CompanyAnswer, frozen
from ..types import Cents


@frozen(kw_only=True, repr=False)
class BankReconciliationAccount(CompanyAnswer):
    """One bank account's reconciliation status, in cents.

    Attributes:
        balance: Integer cents (minor units of the currency).
        balance_discrepancy: Integer cents (minor units of the currency).
    """

    id: str
    account_name: str
    balance: Cents
    balance_discrepancy: Cents
    unreconciled: models.Unreconciled
    last_reconciliation: models.LastReconciliation | None = None
