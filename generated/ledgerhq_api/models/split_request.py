from __future__ import annotations

from .. import models
from ..records import Body, define
from ..types import UNSET, Unset


@define
class SplitRequest(Body):
    """SplitRequest of the contract."""

    allocations: list[models.SplitAllocation]
    date: str
    method: str | Unset = UNSET
