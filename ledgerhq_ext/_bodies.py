"""The other request bodies: bank review, accounts, and the OAuth messages."""

from __future__ import annotations

import datetime as dt

from attrs import field, frozen
from attrs.validators import optional

from ledgerhq_ext import _checks as checks
from ledgerhq_ext import _references as references
from ledgerhq_ext._wire import wire
from ledgerhq_ext.money import Cents
from ledgerhq_ext.postings import AccountAllocation, DocumentAllocation


@frozen(kw_only=True)
class Reclassify(references.Referring):
    """``POST /api/v1/bank-transactions/{id}/reclassify``."""

    account_id: str = field(converter=references.to_account_id, validator=references.ACCOUNT.check)
    journal_line_id: str | None = field(
        default=None,
        converter=references.optional_entry_line_id,
        validator=references.ENTRY_LINE.check,
    )
    contact_id: str | None = field(
        default=None,
        converter=references.optional_contact_id,
        validator=references.CONTACT.check,
    )
    tax_rate_id: str | None = field(
        default=None,
        converter=references.optional_tax_rate_id,
        validator=references.TAX_RATE.check,
    )
    reason: str | None = checks.optional_text_field()


@frozen(kw_only=True)
class MatchTo(references.Referring):
    """``POST /api/v1/bank-transactions/{id}/match``."""

    match_type: str
    invoice_id: str | None = field(
        default=None,
        converter=references.optional_invoice_id,
        validator=references.INVOICE.check,
    )
    bill_id: str | None = field(
        default=None,
        converter=references.optional_bill_id,
        validator=references.BILL.check,
    )
    payment_id: str | None = field(
        default=None,
        converter=references.optional_payment_id,
        validator=references.PAYMENT.check,
    )
    journal_entry_id: str | None = field(
        default=None,
        converter=references.optional_entry_id,
        validator=references.ENTRY.check,
    )
    amount: Cents | None = field(default=None, validator=optional(checks.positive_cents))
    date: dt.date | None = None
    method: str | None = checks.optional_text_field()


@frozen(kw_only=True)
class SplitDocuments:
    """``POST /api/v1/bank-transactions/{id}/split``."""

    allocations: tuple[DocumentAllocation, ...]
    date: dt.date
    method: str | None = checks.optional_text_field()


@frozen(kw_only=True)
class SplitAccounts:
    """``POST /api/v1/bank-transactions/{id}/split-account``."""

    allocations: tuple[AccountAllocation, ...]


@frozen(kw_only=True)
class Reconcile(references.Referring):
    """``POST /api/v1/bank-transactions/{id}/reconcile``."""

    reconciliation_id: str | None = field(
        default=None,
        converter=references.optional_reconciliation_id,
        validator=references.RECONCILIATION.check,
    )
    journal_entry_id: str | None = field(
        default=None,
        converter=references.optional_entry_id,
        validator=references.ENTRY.check,
    )


@frozen(kw_only=True)
class VoidEntry:
    """``POST /api/v1/entries/{id}/void``."""

    reason: str | None = checks.optional_text_field()


@frozen(kw_only=True)
class AccountCreate(references.Referring):
    """``POST /api/v1/accounts``."""

    code: str = field(converter=checks.to_text, validator=checks.some_text)
    name: str = field(converter=checks.to_text, validator=checks.some_text)
    type: str = field(validator=checks.some_text)
    sub_type: str | None = checks.optional_text_field()
    parent_id: str | None = field(
        default=None,
        converter=references.optional_account_id,
        validator=references.ACCOUNT.check,
    )
    currency_code: str | None = field(default=None, validator=optional(checks.currency_code))
    description: str | None = checks.optional_text_field()


@frozen(kw_only=True)
class ContactCreate:
    """``POST /api/v1/contacts``."""

    name: str = field(converter=checks.to_text, validator=checks.some_text)
    type: str = field(validator=checks.some_text)
    email: str | None = checks.optional_text_field()
    phone: str | None = checks.optional_text_field()
    tax_number: str | None = checks.optional_text_field()
    payment_terms_days: int | None = field(default=None, validator=optional(checks.whole_days))
    currency_code: str | None = field(default=None, validator=optional(checks.currency_code))


@frozen(kw_only=True)
class ClientRegistrationRequest:
    """``POST /api/oauth/register``."""

    redirect_uris: tuple[str, ...] = wire("redirect_uris")
    client_name: str | None = wire("client_name", default=None)


@frozen(kw_only=True)
class TokenRequest:
    """``POST /api/oauth/token``, form encoded; ``repr`` shows no secret."""

    grant_type: str = wire("grant_type")
    client_id: str = wire("client_id")
    code: str | None = wire("code", default=None, repr=False)
    redirect_uri: str | None = wire("redirect_uri", default=None)
    code_verifier: str | None = wire("code_verifier", default=None, repr=False)
    refresh_token: str | None = wire("refresh_token", default=None, repr=False)
