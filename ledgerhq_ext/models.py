"""What the service answers, as immutable values. Money is integer cents, whatever the wire spells.

Words such as ``status`` are plain strings: the sets are open, the known values are listed. ``None`` is what the
service left out. ``organization_id`` says which client company a record was read from.

Every record can be written down (``to_dict``, ``to_json``) and read back (``from_dict``, ``from_json``).
"""

from __future__ import annotations

import datetime as dt

from attrs import frozen

from ledgerhq_ext._wire import Record, local, stamped, wire
from ledgerhq_ext.money import Cents


@frozen(kw_only=True, repr=False)
class Health(Record):
    """``GET /api/health``. ``status`` is ``ok`` when the service answers."""

    status: str


@frozen(kw_only=True, repr=False)
class OrganizationRecord(Record):
    """One organization of the firm (``GET /api/v1/organizations``). ``type``: firm, client."""

    id: str
    name: str
    type: str
    default_currency: str
    fiscal_year_start_month: int
    slug: str | None = None
    country_code: str | None = None
    created_at: dt.datetime | None = None


@frozen(kw_only=True, repr=False)
class Account(Record):
    """An account of the chart of accounts. ``type``: asset, liability, equity, revenue, expense."""

    id: str
    code: str
    name: str
    type: str
    currency_code: str
    is_active: bool
    sub_type: str | None = None
    parent_id: str | None = None
    description: str | None = None
    default_tax_rate_id: str | None = None
    is_system: bool | None = None
    created_at: dt.datetime | None = None
    organization_id: str = stamped("organization_id")


@frozen(kw_only=True, repr=False)
class BankAccount(Record):
    """A bank account; ``balance`` in cents, ``chart_account_id`` its general-ledger account.

    ``account_type``: checking, savings, credit_card, cash, loan, investment, other.
    """

    id: str
    account_name: str
    account_type: str
    currency_code: str
    balance: Cents
    is_active: bool
    account_number: str | None = None
    bank_name: str | None = None
    country_code: str | None = None
    color: str | None = None
    chart_account_id: str | None = None
    created_at: dt.datetime | None = None
    organization_id: str = stamped("organization_id")


@frozen(kw_only=True, repr=False)
class Contact(Record):
    """A customer or supplier. ``type``: customer, supplier, both."""

    id: str
    name: str
    type: str
    email: str | None = None
    phone: str | None = None
    tax_number: str | None = None
    payment_terms_days: int | None = None
    currency_code: str | None = None
    created_at: dt.datetime | None = None
    organization_id: str = stamped("organization_id")


@frozen(kw_only=True, repr=False)
class TaxRate(Record):
    """A tax rate; ``rate`` in basis points (1000 is 10.00 %). ``type``: sales, purchase, both."""

    id: str
    name: str
    rate: int
    type: str
    is_active: bool
    kind: str | None = None
    recoverable_percent: int | None = None
    is_default: bool | None = None
    organization_id: str = stamped("organization_id")


@frozen(kw_only=True, repr=False)
class Bill(Record):
    """A supplier's bill; amounts in cents. ``status``: draft, received, partial, paid, overdue, void."""

    id: str
    contact_id: str
    bill_number: str
    status: str
    issue_date: dt.date
    due_date: dt.date
    total: Cents
    amount_paid: Cents
    amount_due: Cents
    currency_code: str
    created_at: dt.datetime | None = None
    organization_id: str = stamped("organization_id")


@frozen(kw_only=True, repr=False)
class Receipt(Record):
    """What a posting made. Store it against the source transaction.

    ``replayed`` is true when the service answered with the receipt of an earlier time (status 200, not 201).
    """

    id: str
    resource_type: str
    journal_entry_id: str
    bank_transaction_ids: tuple[str, ...]
    status: str
    posted_at: dt.datetime
    idempotency_key: str
    replayed: bool = local(default=False)
    organization_id: str = stamped("organization_id")


@frozen(kw_only=True, repr=False)
class EntryLine(Record):
    """A line of a journal entry, in cents: one side is zero."""

    id: str
    account_id: str
    debit_amount: Cents
    credit_amount: Cents
    description: str | None = None
    currency_code: str | None = None


@frozen(kw_only=True, repr=False)
class Entry(Record):
    """A journal entry. ``status``: draft, posted, void."""

    id: str
    entry_number: int
    date: dt.date
    description: str
    status: str
    lines: tuple[EntryLine, ...]
    reference: str | None = None
    source_type: str | None = None
    source_id: str | None = None
    posted_at: dt.datetime | None = None
    voided_at: dt.datetime | None = None
    void_reason: str | None = None
    created_at: dt.datetime | None = None
    organization_id: str = stamped("organization_id")


@frozen(kw_only=True, repr=False)
class BankFeed(Record):
    """A feed that syncs inside LedgerHQ."""

    id: str
    institution_name: str
    status: str
    provider: str | None = None
    bank_account_id: str | None = None
    last_synced_at: dt.datetime | None = None
    organization_id: str = stamped("organization_id")


@frozen(kw_only=True, repr=False)
class BankFeedAccountHealth(Record):
    """Health of one bank account of a connection."""

    bank_account_id: str
    status: str
    account_name: str | None = None
    last_synced_at: dt.datetime | None = None
    error: str | None = None


@frozen(kw_only=True, repr=False)
class BankFeedHealth(Record):
    """Health of one connection and of its accounts (``GET /api/v1/bank-feeds/health``)."""

    id: str
    institution_name: str
    status: str
    accounts: tuple[BankFeedAccountHealth, ...]
    last_synced_at: dt.datetime | None = None
    error: str | None = None
    organization_id: str = stamped("organization_id")


@frozen(kw_only=True, repr=False)
class BankTransaction(Record):
    """A row of the bank register; ``amount`` in cents, negative is money out.

    ``status``: unreconciled, reconciled, excluded. Rows from a feed carry ``source_type`` plaid_bank_feed.
    """

    id: str
    bank_account_id: str
    date: dt.date
    description: str
    amount: Cents
    status: str
    source_type: str
    pending: bool
    reference: str | None = None
    balance: Cents | None = None
    reconciliation_id: str | None = None
    journal_entry_id: str | None = None
    external_transaction_id: str | None = None
    payee: str | None = None
    counterparty: str | None = None
    currency_code: str | None = None
    posted_date: dt.date | None = None
    account_id: str | None = None
    contact_id: str | None = None
    tax_rate_id: str | None = None
    account_code: str | None = None
    account_name: str | None = None
    created_at: dt.datetime | None = None
    organization_id: str = stamped("organization_id")


@frozen(kw_only=True, repr=False)
class Reclassification(Record):
    """What ``reclassify`` did: the row, and the entry and line that were moved, where one is linked."""

    transaction: BankTransaction
    journal_entry_id: str | None = None
    journal_line_id: str | None = None


@frozen(kw_only=True, repr=False)
class Payment(Record):
    """A payment that matching or splitting made."""

    id: str
    payment_number: str


@frozen(kw_only=True, repr=False)
class Match(Record):
    """What ``match`` did: the entry or payment that existed, or the new ``payment``."""

    match_type: str | None = None
    payment_id: str | None = None
    journal_entry_id: str | None = None
    payment: Payment | None = None
    invoice_status: str | None = None
    bill_status: str | None = None


@frozen(kw_only=True, repr=False)
class DocumentSplit(Record):
    """What splitting over documents did."""

    transaction: BankTransaction
    payments: tuple[Payment, ...] | None = None


@frozen(kw_only=True, repr=False)
class AccountSplit(Record):
    """What splitting over accounts did: one balanced entry."""

    journal_entry_id: str


@frozen(kw_only=True, repr=False)
class BankConnection(Record):
    """One answer to "is the bank connected?": bank account, feed, health and last sync, joined."""

    bank_account: BankAccount
    feed: BankFeed | None
    status: str
    last_synced_at: dt.datetime | None
    error: str | None

    @property
    def is_connected(self) -> bool:
        """Whether a feed syncs this account without complaint."""
        return self.feed is not None and self.error is None and self.status in ("active", "healthy", "ok")


@frozen(kw_only=True, repr=False)
class ClientRegistration(Record):
    """A registered OAuth client (``POST /api/oauth/register``)."""

    client_id: str = wire("client_id")
    redirect_uris: tuple[str, ...] = wire("redirect_uris")
    client_name: str | None = wire("client_name", default=None)


@frozen(kw_only=True)
class TokenResponse:
    """The answer of ``POST /api/oauth/token``.

    It is no ``Record``: nothing shows its tokens, and nothing writes them down. An answer cannot be
    asked for twice, so it is read by ``_auth/answers.py``, which takes whatever can be used.
    """

    access_token: str = wire("access_token", repr=False)
    expires_in: int | None = wire("expires_in", default=None)
    token_type: str | None = wire("token_type", default=None)
    refresh_token: str | None = wire("refresh_token", default=None, repr=False)
    scope: str | None = wire("scope", default=None)
