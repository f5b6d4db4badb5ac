from __future__ import annotations

from ..records import Body, define
from ..types import UNSET, Unset


@define
class JournalLine(Body):
    """One side is zero, the other is not.

    Attributes:
        credit_amount: Integer cents (minor units of the currency).
        debit_amount: Integer cents (minor units of the currency).
    """

    account_id: str
    credit_amount: int
    debit_amount: int
    description: str | Unset = UNSET
