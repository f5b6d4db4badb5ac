from __future__ import annotations

from .. import models
from ..records import Body, define
from ..types import UNSET, Unset


@define
class AccountCreate(Body):
    """AccountCreate of the contract.

    Attributes:
        currency_code: ISO 4217 currency code.
    """

    code: str
    name: str
    type_: models.AccountType | str
    currency_code: str | Unset = UNSET
    default_tax_rate_id: str | None | Unset = UNSET
    description: str | None | Unset = UNSET
    parent_id: str | None | Unset = UNSET
    sub_type: str | None | Unset = UNSET
