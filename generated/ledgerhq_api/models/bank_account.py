from __future__ import annotations

import datetime as dt

from .. import models
from ..records import CompanyAnswer, frozen
from ..types import Cents


@frozen(kw_only=True, repr=False)
class BankAccount(CompanyAnswer):
    """A bank account; ``balance`` in cents, ``chart_account_id`` its general-ledger account. ``account_type``:
    checking, savings, credit_card, cash, loan, investment, other.

    Attributes:
        currency_code: ISO 4217 currency code.
        balance: Integer cents (minor units of the currency).
        account_number: Masked.
        chart_account_id: The general-ledger account.
    """

    id: str
    account_name: str
    account_type: models.BankAccountType | str
    currency_code: str
    balance: Cents
    is_active: bool
    account_number: str | None = None
    bank_name: str | None = None
    chart_account_id: str | None = None
    color: str | None = None
    country_code: str | None = None
    created_at: dt.datetime | None = None
