from __future__ import annotations

from .. import models
from ..records import Body, define


@define
class SplitAccountRequest(Body):
    """The amounts sum to the row's magnitude."""

    allocations: list[models.SplitAccountAllocation]
