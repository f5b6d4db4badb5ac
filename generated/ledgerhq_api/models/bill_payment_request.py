from __future__ import annotations

from ..records import Body, define
from ..types import UNSET, Unset


@define
class BillPaymentRequest(Body):
    """Pays an existing bill and allocates to it.

    Attributes:
        amount: Integer cents, more than zero.
    """

    amount: int
    bill_id: str
    source_account_id: str
    txn_date: str
    memo: str | Unset = UNSET
