from __future__ import annotations

from .. import models
from ..records import Body, define
from ..types import UNSET, Unset


@define
class BankAccountCreate(Body):
    """BankAccountCreate of the contract.

    Attributes:
        currency_code: ISO 4217 currency code.
    """

    account_name: str
    account_number: str | None | Unset = UNSET
    account_type: models.BankAccountType | str | Unset = UNSET
    bank_name: str | None | Unset = UNSET
    chart_account_id: str | None | Unset = UNSET
    color: str | Unset = UNSET
    country_code: str | None | Unset = UNSET
    currency_code: str | Unset = UNSET
