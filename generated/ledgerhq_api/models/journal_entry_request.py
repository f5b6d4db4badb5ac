from __future__ import annotations

from .. import models
from ..records import Body, define
from ..types import UNSET, Unset


@define
class JournalEntryRequest(Body):
    """For true adjustments only. Debits equal credits."""

    lines: list[models.JournalLine]
    txn_date: str
    memo: str | Unset = UNSET
    reference: str | Unset = UNSET
