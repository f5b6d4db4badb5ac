from __future__ import annotations

from .. import models
from ..records import Body, define
from ..types import UNSET, Unset


@define
class ContactCreate(Body):
    """ContactCreate of the contract.

    Attributes:
        currency_code: ISO 4217 currency code.
        payment_terms_days: Days until a bill or an invoice is due.
    """

    name: str
    currency_code: str | Unset = UNSET
    email: str | None | Unset = UNSET
    payment_terms_days: int | Unset = UNSET
    phone: str | None | Unset = UNSET
    tax_number: str | None | Unset = UNSET
    type_: models.ContactType | str | Unset = UNSET
