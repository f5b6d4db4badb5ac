from __future__ import annotations

import datetime as dt

from .. import models
from ..records import CompanyAnswer, frozen


@frozen(kw_only=True, repr=False)
class Entry(CompanyAnswer):
    """A journal entry. ``status``: draft, posted, void."""

    id: str
    entry_number: int
    date: dt.date
    description: str
    status: models.EntryStatus | str
    lines: tuple[models.EntryLine, ...]
    created_at: dt.datetime | None = None
    posted_at: dt.datetime | None = None
    reference: str | None = None
    source_id: str | None = None
    source_type: str | None = None
    void_reason: str | None = None
    voided_at: dt.datetime | None = None
