from __future__ import annotations

from .. import models
from ..records import Body, define
from ..types import UNSET, Unset


@define
class DepositRequest(Body):
    """Money received into a bank, cash, asset or clearing account.

    Attributes:
        currency_code: ISO 4217 currency code.
    """

    destination_account_id: str
    lines: list[models.PostingLine]
    txn_date: str
    contact_id: str | Unset = UNSET
    currency_code: str | Unset = UNSET
    memo: str | Unset = UNSET
    payer_name: str | Unset = UNSET
