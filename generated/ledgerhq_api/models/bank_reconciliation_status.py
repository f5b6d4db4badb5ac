from __future__ import annotations

from .. import models
from ..records import Answer, frozen


@frozen(kw_only=True, repr=False)
class BankReconciliationStatus(Answer):
    """Reconciliation status of every bank account."""

    accounts: tuple[models.BankReconciliationAccount, ...]
