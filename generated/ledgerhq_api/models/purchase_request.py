from __future__ import annotations

from .. import models
from ..records import Body, define
from ..types import UNSET, Unset


@define
class PurchaseRequest(Body):
    """Money spent from a bank, cash, credit card or liability account.

    Attributes:
        currency_code: ISO 4217 currency code.
    """

    lines: list[models.PostingLine]
    payee_name: str
    source_account_id: str
    txn_date: str
    contact_id: str | Unset = UNSET
    currency_code: str | Unset = UNSET
    memo: str | Unset = UNSET
