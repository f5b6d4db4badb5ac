from __future__ import annotations

import datetime as dt

from .. import models
from ..records import CompanyAnswer, frozen
from ..types import Cents


@frozen(kw_only=True, repr=False)
class BankTransaction(CompanyAnswer):
    """A row of the bank register; ``amount`` in cents, negative is money out. ``status``: unreconciled,
    reconciled, excluded. Rows from a feed carry ``source_type`` plaid_bank_feed.

    Attributes:
        amount: Integer cents; negative is money out.
        source_type: Synced rows carry plaid_bank_feed.
        balance: Integer cents (minor units of the currency).
    """

    id: str
    bank_account_id: str
    date: dt.date
    description: str
    amount: Cents
    status: models.BankTransactionStatus | str
    source_type: str
    pending: bool
    account_code: str | None = None
    account_id: str | None = None
    account_name: str | None = None
    balance: Cents | None = None
    contact_id: str | None = None
    counterparty: str | None = None
    created_at: dt.datetime | None = None
    currency_code: str | None = None
    external_transaction_id: str | None = None
    journal_entry_id: str | None = None
    payee: str | None = None
    posted_date: dt.date | None = None
    reconciliation_id: str | None = None
    reference: str | None = None
    tax_rate_id: str | None = None
