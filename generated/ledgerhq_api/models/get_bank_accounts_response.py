from __future__ import annotations

from attrs import frozen

from .. import models
from ..records import Answer


@frozen(kw_only=True, repr=False)
class GetBankAccountsResponse(Answer):
    """GetBankAccountsResponse of the contract."""

    bank_accounts: tuple[models.BankAccount, ...]
