"""The other request bodies: bank review, accounts, and the OAuth messages."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from ledgerhq_ext import checks
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.money import Cents
from ledgerhq_ext.wire import wire

if TYPE_CHECKING:
    from attrs import Attribute


def _bill_or_invoice(_: object, attribute: Attribute[Any], value: object) -> None:
    if value not in ("bill", "invoice"):
        raise InputError(f"{attribute.name} is 'bill' or 'invoice', not {value!r}.")


@frozen(kw_only=True)
class Reclassify:
    """``POST /api/v1/bank-transactions/{id}/reclassify``."""

    account_id: str = field(validator=checks.an_id)
    journal_line_id: str | None = field(default=None, validator=checks.maybe_id)
    contact_id: str | None = field(default=None, validator=checks.maybe_id)
    tax_rate_id: str | None = field(default=None, validator=checks.maybe_id)
    reason: str | None = field(default=None, validator=checks.maybe_text)


@frozen(kw_only=True)
class MatchTo:
    """``POST /api/v1/bank-transactions/{id}/match``."""

    match_type: str
    invoice_id: str | None = field(default=None, validator=checks.maybe_id)
    bill_id: str | None = field(default=None, validator=checks.maybe_id)
    payment_id: str | None = field(default=None, validator=checks.maybe_id)
    journal_entry_id: str | None = field(default=None, validator=checks.maybe_id)
    amount: Cents | None = field(default=None, validator=checks.maybe_positive_cents)
    date: dt.date | None = None
    method: str | None = field(default=None, validator=checks.maybe_text)


@frozen(kw_only=True)
class DocumentShare:
    """The part of a row that pays one bill (money out) or invoice (money in); ``amount`` in cents."""

    document_type: str = field(validator=_bill_or_invoice)
    document_id: str = field(validator=checks.an_id)
    amount: Cents = field(validator=checks.positive_cents)


@frozen(kw_only=True)
class AccountShare:
    """The part of a row that belongs to one account; ``amount`` in cents, more than zero either way."""

    account_id: str = field(validator=checks.an_id)
    amount: Cents = field(validator=checks.positive_cents)
    tax_rate_id: str | None = field(default=None, validator=checks.maybe_id)
    memo: str | None = field(default=None, validator=checks.maybe_text)


@frozen(kw_only=True)
class SplitDocuments:
    """``POST /api/v1/bank-transactions/{id}/split``."""

    allocations: tuple[DocumentShare, ...]
    date: dt.date
    method: str | None = field(default=None, validator=checks.maybe_text)


@frozen(kw_only=True)
class SplitAccounts:
    """``POST /api/v1/bank-transactions/{id}/split-account``."""

    allocations: tuple[AccountShare, ...]


@frozen(kw_only=True)
class Reconcile:
    """``POST /api/v1/bank-transactions/{id}/reconcile``."""

    reconciliation_id: str | None = field(default=None, validator=checks.maybe_id)
    journal_entry_id: str | None = field(default=None, validator=checks.maybe_id)


@frozen(kw_only=True)
class VoidEntry:
    """``POST /api/v1/entries/{id}/void``."""

    reason: str | None = field(default=None, validator=checks.maybe_text)


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
