"""Posting: one source transaction, one entry, however often it is sent; and draft entries."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

from attrs import evolve

from ledgerhq_ext import operations
from ledgerhq_ext.bodies import VoidEntry
from ledgerhq_ext.calls import call, perform, result_of
from ledgerhq_ext.checks import check_id, to_date
from ledgerhq_ext.errors import ContractError, InputError
from ledgerhq_ext.flow import Flow, Response
from ledgerhq_ext.idempotency import canonical_json, check_key, idempotency_key
from ledgerhq_ext.models import Entry, Receipt
from ledgerhq_ext.operations import Operation
from ledgerhq_ext.pages import PAGE_SIZE, Listing
from ledgerhq_ext.posting import DraftEntry, Posting
from ledgerhq_ext.scope import Record, Scope, fetch, id_of, listing
from ledgerhq_ext.settling import itself, settle
from ledgerhq_ext.wire import Reading, to_wire


def post(
    scope: Scope, request: Posting, *, source: tuple[str, str] | None = None, key: str | None = None
) -> Flow[Receipt]:
    """Post a purchase, deposit, transfer, bill payment or journal entry; returns its receipt.

    ``source`` is (source system, source id) of the transaction this comes from: the idempotency key is made of
    it, so posting the same source transaction again, from any process, gives the first receipt (``replayed``).
    ``key`` overrides it. Routes: ``POST /api/v1/purchases`` and so on.

    Raises ``InputError`` before anything is sent; ``IdempotencyConflictError`` when the key stands for another
    payload; ``PeriodLockedError``, ``ValidationError`` and other ``APIError``; ``TransportError``,
    ``ContractError``. Look at ``outcome``: after ``unknown``, post again with the same source.
    """
    content = content_of(request)
    chosen = check_key(key) if key is not None else key_of(scope, request, source)
    return (yield from post_content(scope, request.resource, content, key=chosen))


def content_of(request: Posting) -> bytes:
    """The bytes that ``post`` sends for a request. ``InputError`` for anything but the five requests."""
    if type(request) not in operations.POSTINGS:
        known = ", ".join(kind.__name__ for kind in operations.POSTINGS)
        raise InputError(f"post takes one of {known}, not {request!r}.")
    return canonical_json(to_wire(request))


def post_content(scope: Scope, resource: str, content: bytes, *, key: str) -> Flow[Receipt]:
    """``post`` for bytes that were written down earlier (``content_of``): these are sent, byte for byte."""
    kind = next((kind for kind in operations.POSTINGS if kind.resource == resource), None)
    if kind is None:
        raise InputError(f"{resource!r} is no resource that can be posted.")
    operation = operations.POSTINGS[kind]
    made = call(
        operation,
        organization_id=scope.id,
        body=json.loads(content),
        key=key,
        reader=lambda response: _receipt(operation, response, scope.id, resource, key),
    )
    exact = evolve(made, request=evolve(made.request, content=content))
    receipt: Receipt = yield from perform(scope._session, exact)
    return receipt


def key_of(scope: Scope, request: Posting, source: tuple[str, str] | None) -> str:
    """The idempotency key of a source transaction in this organization."""
    if not isinstance(source, tuple) or len(source) != 2:
        raise InputError("give source=(source system, source id), or key=.")
    return idempotency_key(scope.id, request.resource, *source)


def _receipt(
    operation: Operation[Receipt], response: Response, organization_id: str, resource: str, key: str
) -> Receipt:
    reading = Reading(organization_id=organization_id)
    receipt: Receipt = result_of(operation, response.json(), reading)
    if receipt.idempotency_key != key:
        raise ContractError("the receipt is that of another key", pointer="/data/idempotencyKey")
    if _letters(receipt.resource_type) != _letters(resource):
        raise ContractError(f"the receipt is that of a {receipt.resource_type}", pointer="/data/resourceType")
    return evolve(receipt, replayed=response.status == 200)


def _letters(word: str) -> str:
    # How the contract spells two words (bill_payment, billPayment, bill-payment) is an assumption.
    return re.sub("[^a-z]", "", word.lower())


def entries(
    scope: Scope,
    *,
    status: str | None = None,
    start: dt.date | str | None = None,
    end: dt.date | str | None = None,
    page_size: int = PAGE_SIZE,
) -> Listing[Entry]:
    """Journal entries, newest first (``GET /api/v1/entries``). ``status``: draft, posted, void."""
    return listing(
        scope,
        operations.ENTRIES,
        page_size,
        status=status,
        startDate=None if start is None else to_date(start),
        endDate=None if end is None else to_date(end),
    )


def entry(scope: Scope, entry_id: str) -> Flow[Entry]:
    """One journal entry (``GET /api/v1/entries/{id}``), in cents."""
    return (yield from fetch(scope, operations.ENTRY, id=check_id(entry_id, "entry id")))


def create_entry(scope: Scope, draft: DraftEntry) -> Flow[Entry]:
    """Make a draft entry (``POST /api/v1/entries``). Not idempotent: sent once, ``unknown`` when no answer comes."""
    if not isinstance(draft, DraftEntry):
        raise InputError(f"create_entry takes a DraftEntry, not {draft!r}.")
    return (yield from fetch(scope, operations.CREATE_ENTRY, body=draft))


def post_entry(scope: Scope, entry: str | Record) -> Flow[Entry]:
    """Post a draft entry; one that is posted already is given back. ``ConflictError`` for a void one."""
    return (yield from _turn_entry(scope, entry, operations.POST_ENTRY, "draft", "posted"))


def void_entry(scope: Scope, entry: str | Record, *, reason: str | None = None) -> Flow[Entry]:
    """Void a posted entry; one that is void already is given back. ``ConflictError`` for a draft."""
    return (yield from _turn_entry(scope, entry, operations.VOID_ENTRY, "posted", "void", VoidEntry(reason=reason)))


def _turn_entry(
    scope: Scope, record: str | Record, operation: Operation[Entry], before: str, after: str, body: Any = None
) -> Flow[Entry]:
    entry_id = id_of(scope, record, "entry")
    return (
        yield from settle(
            scope,
            what=f"entry {entry_id}",
            read=lambda within: fetch(within, operations.ENTRY, id=entry_id),
            send=lambda within, _: fetch(within, operation, id=entry_id, body=body),
            before=before,
            after=after,
            same=itself,
        )
    )
