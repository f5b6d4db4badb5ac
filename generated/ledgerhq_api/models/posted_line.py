from __future__ import annotations

import datetime as dt

from ..records import CompanyAnswer, frozen


@frozen(kw_only=True, repr=False)
class PostedLine(CompanyAnswer):
    """A line of a posted entry, with its entry. Money as decimal strings. All fields are assumed.

    Attributes:
        credit_amount: Decimal string in major units, such as "12.50".
        currency_code: ISO 4217 currency code.
        debit_amount: Decimal string in major units, such as "12.50".
    """

    account_id: str | None = None
    credit_amount: str | None = None
    currency_code: str | None = None
    date: dt.date | None = None
    debit_amount: str | None = None
    description: str | None = None
    entry_number: int | None = None
    id: str | None = None
    journal_entry_id: str | None = None
