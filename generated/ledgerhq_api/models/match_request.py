from __future__ import annotations

from .. import models
from ..records import Body, define
from ..types import UNSET, Unset


@define
class MatchRequest(Body):
    """MatchRequest of the contract.

    Attributes:
        amount: Integer cents, more than zero.
    """

    amount: int | Unset = UNSET
    bill_id: str | Unset = UNSET
    date: str | Unset = UNSET
    invoice_id: str | Unset = UNSET
    journal_entry_id: str | Unset = UNSET
    match_type: models.MatchRequestMatchType | str | Unset = UNSET
    method: str | Unset = UNSET
    payment_id: str | Unset = UNSET
