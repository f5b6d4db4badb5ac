from __future__ import annotations

from ..records import Body, define
from ..types import UNSET, Unset


@define
class ReclassifyRequest(Body):
    """ReclassifyRequest of the contract."""

    account_id: str
    contact_id: str | None | Unset = UNSET
    journal_line_id: str | Unset = UNSET
    reason: str | Unset = UNSET
    tax_rate_id: str | None | Unset = UNSET
