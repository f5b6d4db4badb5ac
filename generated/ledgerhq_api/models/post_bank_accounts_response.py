from __future__ import annotations

from .. import models
from ..records import Answer, frozen


@frozen(kw_only=True, repr=False)
class PostBankAccountsResponse(Answer):
    """PostBankAccountsResponse of the contract."""

    bank_account: models.BankAccount
