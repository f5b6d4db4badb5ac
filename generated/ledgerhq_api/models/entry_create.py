from __future__ import annotations

from .. import models
from ..records import Body, define
from ..types import UNSET, Unset


@define
class EntryCreate(Body):
    """A draft entry; amounts are integer cents."""

    date: str
    description: str
    lines: list[models.JournalLine]
    reference: str | None | Unset = UNSET
