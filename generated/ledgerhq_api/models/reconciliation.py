from __future__ import annotations

import datetime as dt

from ..records import CompanyAnswer, frozen


@frozen(kw_only=True, repr=False)
class Reconciliation(CompanyAnswer):
    """A finished reconciliation of a bank account. All fields are assumed."""

    bank_account_id: str | None = None
    completed_at: str | None = None
    end_date: dt.date | None = None
    id: str | None = None
