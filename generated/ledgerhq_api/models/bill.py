from __future__ import annotations

import datetime as dt

from .. import models
from ..records import CompanyAnswer, frozen
from ..types import Cents


@frozen(kw_only=True, repr=False)
class Bill(CompanyAnswer):
    """A supplier's bill; amounts in cents. ``status``: draft, received, partial, paid, overdue, void.

    Attributes:
        total: Integer cents (minor units of the currency).
        amount_paid: Integer cents (minor units of the currency).
        amount_due: Integer cents (minor units of the currency).
        currency_code: ISO 4217 currency code.
    """

    id: str
    contact_id: str
    bill_number: str
    status: models.BillStatus | str
    issue_date: dt.date
    due_date: dt.date
    total: Cents
    amount_paid: Cents
    amount_due: Cents
    currency_code: str
    created_at: dt.datetime | None = None
