"""Posting: one source transaction becomes one entry, no matter how often it is sent."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple, Unpack

from attrs import evolve

import ledgerhq_ext
from ledgerhq_ext import _calls, _seam, models
from ledgerhq_ext._carriers import plain_route
from ledgerhq_ext._http.call import Call, perform
from ledgerhq_ext._http.messages import KEY_HEADER, Carrier, Request, Response
from ledgerhq_ext._http.options import CallOptions
from ledgerhq_ext._idempotency import canonical_json, check_key, key_of_source
from ledgerhq_ext._operations import Operation
from ledgerhq_ext._resources.scope import Scope
from ledgerhq_ext._texts import comparable
from ledgerhq_ext._wire import Reading, to_wire
from ledgerhq_ext.errors import ContractError, InputError


class PostingMethods(Scope):
    """Posting to the books of an organization."""

    async def post(
        self,
        posting: ledgerhq_ext.Posting,
        *,
        source: tuple[str, str] | None = None,
        key: str | None = None,
        **options: Unpack[CallOptions],
    ) -> models.Receipt:
        """Post a purchase, deposit, transfer, bill payment or journal entry; return its receipt.

        ``source`` is the (source system, source id) of the original transaction. The idempotency
        key is derived from it, so posting the same source transaction again, from any process,
        returns the first receipt (``replayed``). ``key`` overrides it.

        Raises ``InputError`` before anything is sent; ``IdempotencyConflictError`` if the key was
        already used for a different payload; ``PeriodLockedError``, ``ValidationError`` and other
        ``APIError``; ``TransportError``, ``ContractError``. Check the error's ``outcome``: after
        ``unknown``, post again with the same source within 20 hours of the first send
        (``repeat_until``). After that, look for the entry in LedgerHQ first, because it is not
        known how long LedgerHQ remembers a key.

        Routes: ``POST /api/v1/purchases``, ``/deposits``, ``/transfers``, ``/bill-payments`` and
        ``/journal-entries``.
        """
        # Without options it is not a step further to the socket.
        books = self._with(options) if options else self
        content = content_of(posting, books.id)
        return await post_content(
            books, posting.resource, content, key=key_of(books.id, posting, source, key)
        )


def content_of(posting: ledgerhq_ext.Posting, organization_id: str | None = None) -> bytes:
    """Return the bytes that ``post`` sends to the books of an organization.

    Raises ``InputError`` for anything but a posting, and for records of another organization.
    """
    check_posting(posting)
    return canonical_json(to_wire(posting, organization_id))


def check_posting(posting: ledgerhq_ext.Posting) -> None:
    """Raise ``InputError`` for anything but a posting."""
    from ledgerhq_ext.postings import POSTINGS

    if type(posting) not in POSTINGS:
        classes = ", ".join(posting_class.__name__ for posting_class in POSTINGS)
        raise InputError(f"A posting must be one of {classes}, not {posting!r}.")


def key_of(
    organization_id: str,
    posting: ledgerhq_ext.Posting,
    source: tuple[str, str] | None,
    key: str | None,
) -> str:
    """Return the idempotency key of a source transaction in an organization: ``key``, where one is
    given.

    A source is checked in any case. Raises ``InputError``.
    """
    if source is None and key is not None:
        return check_key(key)
    if not isinstance(source, tuple) or len(source) != 2:
        raise InputError("Pass source=(source system, source id), or key=.")

    source_system, source_id = source
    own_key = key_of_source(organization_id, posting.resource, source_system, source_id)
    # A key of the caller's own goes first; its source is then only checked.
    if key is not None:
        return check_key(key)
    return own_key


async def post_content(
    scope: Scope, resource: str, content: bytes, *, key: str, route: str | None = None
) -> models.Receipt:
    """Post bytes that were written down earlier (``content_of``): these are sent, byte for byte.

    ``route`` is one of ``routes_of``; without it, it is that of the carrier that the client
    prefers.
    """
    blank = _blank(resource, scope._session.carrier, route, scope.id)
    request = Request(
        method=blank.request.method,
        path=blank.request.path,
        headers={**blank.request.headers, KEY_HEADER: key},
        content=content,
        organization=scope.id,
    )

    def read_receipt(response: Response) -> models.Receipt:
        """Return the receipt, checked against what was posted."""
        question = {"organization": scope.id, "key": key}
        reading = Reading(organization_id=scope.id)
        receipt = _calls.answer(blank.operation, response, reading, question)
        _check_receipt(receipt, resource)
        # As is assumed of the contract: 200 for a key that the service knew, 201 for a new one.
        return evolve(receipt, replayed=True) if response.status == 200 else receipt

    call = Call(operation=blank.operation.name, request=request, kind="keyed", read=read_receipt)
    return await perform(scope._session, call)


class _Blank(NamedTuple):
    """The parts that are the same for every posting of one kind into the books of one company."""

    operation: Operation[models.Receipt]
    request: Request


@lru_cache(maxsize=1_000)
def _blank(resource: str, carrier: Carrier, route: str | None, organization_id: str) -> _Blank:
    """Return the request that the generated operation builds, before it has a key and a body."""
    operation = _operation_on(resource, carrier, route)
    request = _calls.build(operation, organization_id=organization_id, body={}, key="blank")
    headers = {
        name: value for name, value in request.headers.items() if name.lower() != KEY_HEADER.lower()
    }
    return _Blank(operation, evolve(request, headers=headers))


def routes_of(resource: str, carrier: Carrier) -> tuple[str, ...]:
    """Return the routes that a posting of this kind can go to, the preferred one first; none when
    there is none.
    """
    operation = _seam.POSTINGS.get(resource)
    if operation is None:
        return ()
    return tuple(plain_route(offer.path) for offer in operation.offers(carrier))


def header_route_of(resource: str) -> str | None:
    """Return the route with the header, which every earlier release posted to, whether or not there
    still is one.
    """
    operation = _seam.POSTINGS.get(resource)
    return None if operation is None else operation.locations[0].route


def _operation_on(resource: str, carrier: Carrier, route: str | None) -> Operation[models.Receipt]:
    operation = _seam.POSTINGS.get(resource)
    if operation is None:
        raise InputError(f"{resource!r} is not a resource that can be posted.")
    if route is None:
        return operation.on(carrier)
    for offer in operation.offers(carrier):
        if plain_route(offer.path) == route:
            return offer
    raise InputError(f"This release does not post to {route}.")


def _check_receipt(receipt: models.Receipt, resource: str) -> None:
    """Raise ``ContractError`` for what is no receipt of this posting; its key is compared by the
    seam.
    """
    if letters(receipt.resource_type) != letters(resource):
        raise ContractError(
            f"the receipt is for a {receipt.resource_type!r}", pointer="/data/resourceType"
        )

    if receipt.status != "posted":
        raise ContractError(
            f"the receipt's status is {receipt.status!r}, not 'posted'", pointer="/data/status"
        )
    # Without it nobody could find the entry again.
    if not comparable(receipt.journal_entry_id):
        raise ContractError("the receipt names no journal entry", pointer="/data/journalEntryId")


def letters(word: str) -> str:
    """Return a word of the contract in the form that words are compared in: lower case, letters
    only.
    """
    # How the contract spells two words (bill_payment, billPayment, bill-payment) is an assumption.
    return re.sub("[^a-z]", "", word.lower())
