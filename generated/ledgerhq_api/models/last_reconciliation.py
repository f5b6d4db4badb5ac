from __future__ import annotations

import datetime as dt

from ..records import CompanyAnswer, frozen


@frozen(kw_only=True, repr=False)
class LastReconciliation(CompanyAnswer):
    """The latest reconciliation of a bank account."""

    completed_at: dt.datetime | None = None
    end_date: dt.date | None = None
    id: str | None = None
