from __future__ import annotations

import datetime as dt

from .. import models
from ..records import Answer, frozen


@frozen(kw_only=True, repr=False)
class OrganizationRecord(Answer):
    """One organization of the firm (``GET /api/v1/organizations``). ``type``: firm, client.

    In the contract: A firm, or one of its client companies.

    Attributes:
        default_currency: ISO 4217 currency code.
    """

    id: str
    name: str
    type: models.OrganizationType | str
    default_currency: str
    fiscal_year_start_month: int
    country_code: str | None = None
    created_at: dt.datetime | None = None
    slug: str | None = None

    @property
    def type_(self) -> models.OrganizationType | str:
        """The generator's name for ``type``"""
        return self.type
