from __future__ import annotations

from ..records import Body, define
from ..types import UNSET, Unset


@define
class SplitAccountAllocation(Body):
    """SplitAccountAllocation of the contract.

    Attributes:
        amount: Integer cents, more than zero.
    """

    account_id: str
    amount: int
    memo: str | Unset = UNSET
    tax_rate_id: str | Unset = UNSET
