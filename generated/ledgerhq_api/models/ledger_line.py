from __future__ import annotations

import datetime as dt

from ..records import Answer, frozen
from ..types import Cents


@frozen(kw_only=True, repr=False)
class LedgerLine(Answer):
    """A line of the ledger, in cents; ``running_balance`` is that of its account.

    Attributes:
        debit: Integer cents (minor units of the currency).
        credit: Integer cents (minor units of the currency).
        running_balance: Integer cents (minor units of the currency).
    """

    date: dt.date
    entry_number: int
    account_id: str
    account_code: str
    account_name: str
    debit: Cents
    credit: Cents
    running_balance: Cents
    description: str | None = None
    reference: str | None = None
