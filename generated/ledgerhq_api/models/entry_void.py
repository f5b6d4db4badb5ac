from __future__ import annotations

from ..records import Body, define
from ..types import UNSET, Unset


@define
class EntryVoid(Body):
    """EntryVoid of the contract."""

    reason: str | Unset = UNSET
