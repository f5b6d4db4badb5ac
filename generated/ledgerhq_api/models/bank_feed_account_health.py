from __future__ import annotations

import datetime as dt

from ..records import Answer, frozen


@frozen(kw_only=True, repr=False)
class BankFeedAccountHealth(Answer):
    """Health of one bank account of a connection."""

    bank_account_id: str
    status: str
    account_name: str | None = None
    error: str | None = None
    last_synced_at: dt.datetime | None = None
