from __future__ import annotations

from .. import models
from ..records import CompanyAnswer, frozen


@frozen(kw_only=True, repr=False)
class DocumentSplit(CompanyAnswer):
    """What splitting over documents did.

    Attributes:
        transaction: A row of the bank register.
    """

    transaction: models.BankTransaction
    payments: tuple[models.Payment, ...] | None = None
