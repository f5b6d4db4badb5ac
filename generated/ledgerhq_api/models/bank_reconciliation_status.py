from __future__ import annotations

from attrs import frozen

from .. import models
from ..records import Answer


@frozen(kw_only=True, repr=False)
class BankReconciliationStatus(Answer):
    """BankReconciliationStatus of the contract."""

    accounts: tuple[models.BankReconciliationAccount, ...]
