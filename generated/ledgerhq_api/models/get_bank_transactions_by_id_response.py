from __future__ import annotations

from .. import models
from ..records import Answer, frozen


@frozen(kw_only=True, repr=False)
class GetBankTransactionsByIdResponse(Answer):
    """GetBankTransactionsByIdResponse of the contract.

    Attributes:
        transaction: A row of the bank register.
    """

    transaction: models.BankTransaction
