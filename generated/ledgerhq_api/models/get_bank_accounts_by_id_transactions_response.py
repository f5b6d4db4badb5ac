from __future__ import annotations

from .. import models
from ..records import Answer, frozen


@frozen(kw_only=True, repr=False)
class GetBankAccountsByIdTransactionsResponse(Answer):
    """GetBankAccountsByIdTransactionsResponse of the contract."""

    data: tuple[models.BankTransaction, ...]
    pagination: models.Pagination
