from __future__ import annotations

import datetime as dt

from .. import models
from ..records import CompanyAnswer, frozen


@frozen(kw_only=True, repr=False)
class Contact(CompanyAnswer):
    """A customer or supplier. ``type``: customer, supplier, both.

    Attributes:
        currency_code: ISO 4217 currency code.
    """

    id: str
    name: str
    type: models.ContactType | str
    created_at: dt.datetime | None = None
    currency_code: str | None = None
    email: str | None = None
    payment_terms_days: int | None = None
    phone: str | None = None
    tax_number: str | None = None

    @property
    def type_(self) -> models.ContactType | str:
        """The generator's name for ``type``"""
        return self.type
