"""Bank activity, and what a reviewer does with it: reclassify, match, split, reconcile, exclude, include."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from ledgerhq_ext import operations
from ledgerhq_ext.bodies import (
    AccountShare,
    DocumentShare,
    MatchTo,
    Reclassify,
    Reconcile,
    SplitAccounts,
    SplitDocuments,
)
from ledgerhq_ext.checks import to_date
from ledgerhq_ext.errors import InputError, LedgerHQError
from ledgerhq_ext.flow import Flow
from ledgerhq_ext.models import AccountSplit, BankTransaction, DocumentSplit, Entry, Match, Reclassification
from ledgerhq_ext.pages import PAGE_SIZE, Listing
from ledgerhq_ext.scope import Record, Scope, fetch, id_of, listing
from ledgerhq_ext.settling import itself, settle, watch

R = TypeVar("R")
_as_it_is: Callable[[Scope, BankTransaction], Flow[BankTransaction | None]] = itself


def bank_transactions(
    scope: Scope,
    *,
    status: str | None = None,
    bank_account: str | Record | None = None,
    start: dt.date | str | None = None,
    end: dt.date | str | None = None,
    source_type: str | None = None,
    page_size: int = PAGE_SIZE,
) -> Listing[BankTransaction]:
    """Rows of the bank register, newest first (``GET /api/v1/bank-transactions``); amounts in cents.

    ``status``: unreconciled, reconciled, excluded. Safe to change rows while walking over them.
    """
    return listing(
        scope,
        operations.BANK_TRANSACTIONS,
        page_size,
        status=status,
        bankAccountId=None if bank_account is None else id_of(scope, bank_account, "bank account"),
        startDate=None if start is None else to_date(start),
        endDate=None if end is None else to_date(end),
        sourceType=source_type,
    )


def bank_account_transactions(
    scope: Scope, bank_account: str | Record, *, status: str | None = None, page_size: int = PAGE_SIZE
) -> Listing[BankTransaction]:
    """The register of one bank account (``GET /api/v1/bank-accounts/{id}/transactions``), newest first."""
    account_id = id_of(scope, bank_account, "bank account")
    return listing(scope, operations.BANK_ACCOUNT_TRANSACTIONS, page_size, id=account_id, status=status)


def bank_transaction(scope: Scope, transaction: str | Record) -> Flow[BankTransaction]:
    """One row as it is now (``GET /api/v1/bank-transactions/{id}``)."""
    return (yield from fetch(scope, operations.BANK_TRANSACTION, id=id_of(scope, transaction, "transaction")))


def reclassify(
    scope: Scope,
    transaction: str | Record,
    account: str | Record,
    *,
    journal_line_id: str | None = None,
    contact: str | Record | None = None,
    tax_rate: str | Record | None = None,
    reason: str | None = None,
) -> Flow[Reclassification]:
    """Move a row, and the non-bank line of its entry where one is linked, to another account.

    ``journal_line_id`` is needed when the linked entry has several such lines (``ValidationError`` without it).
    Raises ``PeriodLockedError`` in a locked period. Sent once; after no answer the row and its entry are read,
    and count when they show what was asked for. Route: ``POST /api/v1/bank-transactions/{id}/reclassify``.
    """
    row_id = id_of(scope, transaction, "transaction")
    body = Reclassify(
        account_id=id_of(scope, account, "account"),
        journal_line_id=journal_line_id,
        contact_id=None if contact is None else id_of(scope, contact, "contact"),
        tax_rate_id=None if tax_rate is None else id_of(scope, tax_rate, "tax rate"),
        reason=reason,
    )
    deadline = scope._session.clock.monotonic() + scope._session.options.deadline

    def look(within: Scope) -> Flow[tuple[bool, Reclassification | None]]:
        shown = yield from _reclassified(within, row_id, body)
        return shown is not None, shown

    try:
        return (yield from fetch(scope, operations.RECLASSIFY, id=row_id, body=body))
    except LedgerHQError as error:
        shown = (yield from watch(scope, deadline, look)) if error.outcome == "unknown" else None
        if shown is None:
            raise
        return shown


def _reclassified(scope: Scope, row_id: str, wanted: Reclassify) -> Flow[Reclassification | None]:
    """The reclassification, when the row and its entry show it."""
    row: BankTransaction = yield from fetch(scope, operations.BANK_TRANSACTION, id=row_id)
    entry: Entry | None = None
    if row.journal_entry_id:
        entry = yield from fetch(scope, operations.ENTRY, id=row.journal_entry_id)
    same = row.account_id == wanted.account_id
    same &= wanted.contact_id in (None, row.contact_id) and wanted.tax_rate_id in (None, row.tax_rate_id)
    lines = [line for line in entry.lines if line.account_id == wanted.account_id] if entry else []
    moved = [line for line in lines if wanted.journal_line_id in (None, line.id)]
    if not same or (entry and not moved):
        return None
    line_id = moved[0].id if len(moved) == 1 else wanted.journal_line_id
    return Reclassification(transaction=row, journal_entry_id=row.journal_entry_id, journal_line_id=line_id)


def _change(
    scope: Scope,
    transaction: str | Record,
    send: Callable[[Scope, str, BankTransaction], Flow[R]],
    same: Callable[[Scope, BankTransaction], Flow[R | None]],
    *,
    before: str,
    after: str,
) -> Flow[R]:
    row_id = id_of(scope, transaction, "transaction")
    return (
        yield from settle(
            scope,
            what=f"bank transaction {row_id}",
            read=lambda within: fetch(within, operations.BANK_TRANSACTION, id=row_id),
            send=lambda within, row: send(within, row_id, row),
            before=before,
            after=after,
            same=same,
        )
    )


def _toggle(scope: Scope, row_id: str, _: BankTransaction) -> Flow[BankTransaction]:
    return (yield from fetch(scope, operations.EXCLUDE, id=row_id))


def exclude(scope: Scope, transaction: str | Record) -> Flow[BankTransaction]:
    """Exclude a row; an excluded one is given back as it is. ``ConflictError`` for a reconciled one.

    The service toggles, so the row is read first and at most one request is sent.
    Route: ``POST /api/v1/bank-transactions/{id}/exclude``.
    """
    row: BankTransaction = yield from _change(
        scope, transaction, _toggle, _as_it_is, before="unreconciled", after="excluded"
    )
    return row


def include(scope: Scope, transaction: str | Record) -> Flow[BankTransaction]:
    """Take an excluded row back in; an unreconciled one is given back as it is. Otherwise as ``exclude``."""
    row: BankTransaction = yield from _change(
        scope, transaction, _toggle, _as_it_is, before="excluded", after="unreconciled"
    )
    return row


def reconcile(
    scope: Scope,
    transaction: str | Record,
    *,
    journal_entry: str | Record | None = None,
    reconciliation_id: str | None = None,
) -> Flow[BankTransaction]:
    """Mark a row reconciled, with its entry (the linked one unless another is given).

    A row that is already reconciled with the same entry is given back; with another one: ``ConflictError``.
    Route: ``POST /api/v1/bank-transactions/{id}/reconcile``.
    """
    asked = None if journal_entry is None else id_of(scope, journal_entry, "journal entry")
    sent: list[str | None] = []

    def send(within: Scope, row_id: str, row: BankTransaction) -> Flow[BankTransaction]:
        # Without the known entry the service would clear the row's link to it.
        sent.append(asked or row.journal_entry_id)
        body = Reconcile(reconciliation_id=reconciliation_id, journal_entry_id=sent[0])
        return (yield from fetch(within, operations.RECONCILE, id=row_id, body=body))

    def same(_: Scope, row: BankTransaction) -> Flow[BankTransaction | None]:
        entries = sent or ([asked] if asked else [row.journal_entry_id])
        agrees = row.journal_entry_id in entries and reconciliation_id in (None, row.reconciliation_id)
        return row if agrees else None
        yield

    return (yield from _change(scope, transaction, send, same, before="unreconciled", after="reconciled"))


def match(
    scope: Scope,
    transaction: str | Record,
    *,
    journal_entry: str | Record | None = None,
    payment: str | None = None,
    bill: str | Record | None = None,
    invoice: str | None = None,
    amount: int | None = None,
    date: dt.date | str | None = None,
    method: str | None = None,
) -> Flow[Match]:
    """Match a row with exactly one entry, payment, bill or invoice; ``amount`` (cents) and ``date`` for a new payment.

    A row that is reconciled with the same entry counts as done; anything else that was matched before is a
    ``ConflictError``. Route: ``POST /api/v1/bank-transactions/{id}/match``.
    """
    entry_id = None if journal_entry is None else id_of(scope, journal_entry, "journal entry")
    bill_id = None if bill is None else id_of(scope, bill, "bill")
    targets = {"existing_journal": entry_id, "existing_payment": payment, "bill": bill_id, "invoice": invoice}
    kinds = [kind for kind, target in targets.items() if target is not None]
    if len(kinds) != 1:
        raise InputError("match a row with exactly one of journal_entry, payment, bill, invoice.")
    body = MatchTo(
        match_type=kinds[0],
        journal_entry_id=entry_id,
        payment_id=payment,
        bill_id=bill_id,
        invoice_id=invoice,
        amount=amount,
        date=None if date is None else to_date(date),
        method=method,
    )

    def same(_: Scope, row: BankTransaction) -> Flow[Match | None]:
        found = entry_id is not None and row.journal_entry_id == entry_id
        return Match(match_type="existing_journal", journal_entry_id=entry_id) if found else None
        yield

    def send(within: Scope, row_id: str, _: BankTransaction) -> Flow[Match]:
        return (yield from fetch(within, operations.MATCH, id=row_id, body=body))

    return (yield from _change(scope, transaction, send, same, before="unreconciled", after="reconciled"))


def split(
    scope: Scope,
    transaction: str | Record,
    shares: Sequence[AccountShare] | Sequence[DocumentShare],
    *,
    date: dt.date | str | None = None,
    method: str | None = None,
) -> Flow[AccountSplit | DocumentSplit]:
    """Split a row over accounts (``AccountShare``, together the row's magnitude) or documents (``DocumentShare``).

    ``date`` (the row's own, unless given) and ``method`` are for payments of documents. A row that was already
    split over the same accounts and amounts counts as done; one split over documents cannot be read back:
    ``ConflictError``. Routes: ``POST /api/v1/bank-transactions/{id}/split-account`` and ``…/split``.
    """
    parts = tuple(shares)
    if parts and all(isinstance(part, AccountShare) for part in parts):
        if date is not None or method is not None:
            raise InputError("date and method belong to payments of documents, not to a split over accounts.")
        return (yield from _split_accounts(scope, transaction, parts))
    if parts and all(isinstance(part, DocumentShare) for part in parts):
        day = None if date is None else to_date(date)
        return (yield from _split_documents(scope, transaction, parts, day, method))
    raise InputError("shares must be one AccountShare or more, or one DocumentShare or more, not a mixture.")


def _split_accounts(scope: Scope, transaction: str | Record, shares: tuple[Any, ...]) -> Flow[AccountSplit]:
    def send(within: Scope, row_id: str, row: BankTransaction) -> Flow[AccountSplit]:
        total = sum(share.amount for share in shares)
        if total != abs(row.amount):
            raise InputError(f"the shares sum to {total} cents, the row is {abs(row.amount)} cents.")
        return (yield from fetch(within, operations.SPLIT_ACCOUNTS, id=row_id, body=SplitAccounts(allocations=shares)))

    def same(within: Scope, row: BankTransaction) -> Flow[AccountSplit | None]:
        if row.journal_entry_id is None:
            return None
        entry: Entry = yield from fetch(within, operations.ENTRY, id=row.journal_entry_id)
        side = "debit_amount" if row.amount < 0 else "credit_amount"
        lines = sorted((line.account_id, getattr(line, side)) for line in entry.lines if getattr(line, side))
        asked = sorted((share.account_id, share.amount) for share in shares)
        return AccountSplit(journal_entry_id=entry.id) if lines == asked else None

    return (yield from _change(scope, transaction, send, same, before="unreconciled", after="reconciled"))


def _split_documents(
    scope: Scope, transaction: str | Record, shares: tuple[Any, ...], day: dt.date | None, method: str | None
) -> Flow[DocumentSplit]:
    def send(within: Scope, row_id: str, row: BankTransaction) -> Flow[DocumentSplit]:
        total = sum(share.amount for share in shares)
        if total > abs(row.amount):
            raise InputError(f"the shares sum to {total} cents, more than the row's {abs(row.amount)} cents.")
        body = SplitDocuments(allocations=shares, date=day or row.date, method=method)
        return (yield from fetch(within, operations.SPLIT_DOCUMENTS, id=row_id, body=body))

    def same(_: Scope, __: BankTransaction) -> Flow[DocumentSplit | None]:
        # Which documents a reconciled row paid cannot be read back.
        return None
        yield

    return (yield from _change(scope, transaction, send, same, before="unreconciled", after="reconciled"))
