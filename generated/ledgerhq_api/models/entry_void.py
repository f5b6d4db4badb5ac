from __future__ import annotations

from attrs import define

from ..records import Body
from ..types import UNSET, Unset


@define
class EntryVoid(Body):
    """EntryVoid of the contract."""

    reason: str | Unset = UNSET
