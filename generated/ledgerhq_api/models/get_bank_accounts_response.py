from __future__ import annotations

from .. import models
from ..records import Answer, frozen


@frozen(kw_only=True, repr=False)
class GetBankAccountsResponse(Answer):
    """GetBankAccountsResponse of the contract."""

    bank_accounts: tuple[models.BankAccount, ...]
