from __future__ import annotations

import datetime as dt

from ..records import CompanyAnswer, frozen


@frozen(kw_only=True, repr=False)
class BankFeed(CompanyAnswer):
    """A feed that syncs inside LedgerHQ.

    Attributes:
        status: An open set, such as active, error, disconnected.
        provider: plaid
    """

    id: str
    institution_name: str
    status: str
    bank_account_id: str | None = None
    last_synced_at: dt.datetime | None = None
    provider: str | None = None
