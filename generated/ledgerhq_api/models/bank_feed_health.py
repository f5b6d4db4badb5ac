from __future__ import annotations

import datetime as dt

from .. import models
from ..records import CompanyAnswer, frozen


@frozen(kw_only=True, repr=False)
class BankFeedHealth(CompanyAnswer):
    """Health of one connection and of its accounts (``GET /api/v1/bank-feeds/health``).

    Attributes:
        status: An open set, such as healthy, stale, error, disconnected.
    """

    id: str
    institution_name: str
    status: str
    accounts: tuple[models.BankFeedAccountHealth, ...]
    error: str | None = None
    last_synced_at: dt.datetime | None = None
