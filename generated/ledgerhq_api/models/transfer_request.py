from __future__ import annotations

from ..records import Body, define
from ..types import UNSET, Unset


@define
class TransferRequest(Body):
    """Between two balance-sheet accounts.

    Attributes:
        amount: Integer cents, more than zero.
    """

    amount: int
    from_account_id: str
    to_account_id: str
    txn_date: str
    memo: str | Unset = UNSET
