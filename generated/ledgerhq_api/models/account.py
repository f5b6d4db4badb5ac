from __future__ import annotations

import datetime as dt

from .. import models
from ..records import CompanyAnswer, frozen


@frozen(kw_only=True, repr=False)
class Account(CompanyAnswer):
    """An account of the chart of accounts. ``type``: asset, liability, equity, revenue, expense.

    Attributes:
        currency_code: ISO 4217 currency code.
    """

    id: str
    code: str
    name: str
    type: models.AccountType | str
    currency_code: str
    is_active: bool
    created_at: dt.datetime | None = None
    default_tax_rate_id: str | None = None
    description: str | None = None
    is_system: bool | None = None
    parent_id: str | None = None
    sub_type: str | None = None

    @property
    def type_(self) -> models.AccountType | str:
        """The generator's name for ``type``"""
        return self.type
