"""Calls of the table in ``_seam``: what an operation sends, and how its answer is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from operator import attrgetter
from typing import Any, TypeVar
from urllib.parse import quote

from ledgerhq_ext._carriers import COMPANY_ARGUMENT, HEADER_ARGUMENT
from ledgerhq_ext._checks import check_id
from ledgerhq_ext._comparison import Expectations, Names, compare, compare_each, expectations
from ledgerhq_ext._continuation import check_whole_list
from ledgerhq_ext._generated import Body, from_generated, operation_module, python_name
from ledgerhq_ext._http.call import Call
from ledgerhq_ext._http.documents import is_exact
from ledgerhq_ext._http.messages import Request, Response
from ledgerhq_ext._idempotency import check_key
from ledgerhq_ext._operations import AnyOperation, ListOperation, Operation
from ledgerhq_ext._plain import brief
from ledgerhq_ext._wire import Reading, read, read_many, to_wire
from ledgerhq_ext.errors import ContractError, InputError, LedgerHQError, add_facts

T = TypeVar("T")
R = TypeVar("R")
E = TypeVar("E", bound=LedgerHQError)

_id_of = attrgetter("id")

# The routes below the company call it so.
_ENVELOPE_NAMES: Names = (
    ("organizationId", "organization"),
    ("organization/id", "organization"),
    ("companyId", "organization"),
    ("company/id", "organization"),
)
_SHOWN = 200
_PLACE = "the-place-of-an-id"
"""Stands in the path of a request that is made once for all the ids it is going to have."""


def build(
    operation: AnyOperation[Any],
    *,
    organization_id: str | None = None,
    id: str | None = None,
    query: Mapping[str, Any] | None = None,
    body: object | None = None,
    key: str | None = None,
) -> Request:
    """Return the request of an operation. Query names are the wire's; None leaves one out."""
    if query is None and operation.body is None and not operation.keyed:
        return _plain_request(operation, organization_id, id)
    return _built(operation, organization_id, id, query, body, key)


def _plain_request(
    operation: AnyOperation[Any], organization_id: str | None, id: str | None
) -> Request:
    """Return a request that is the same every time, but for the id in its path."""
    company = organization_id if operation.scoped else None
    if id is None:
        return _blank(operation, company, None)

    blank = _blank(operation, company, _PLACE)
    head, _, tail = blank.path.rpartition(_PLACE)
    return Request(
        method=blank.method,
        path=f"{head}{quote(check_id(id), safe='')}{tail}",
        headers=blank.headers,
        organization=blank.organization,
    )


@lru_cache(maxsize=1_000)
def _blank(operation: AnyOperation[Any], organization_id: str | None, id: str | None) -> Request:
    return _built(operation, organization_id, id, None, None, None)


def _built(
    operation: AnyOperation[Any],
    organization_id: str | None,
    id: str | None,
    query: Mapping[str, Any] | None,
    body: object | None,
    key: str | None,
) -> Request:
    module = operation_module(operation.module)
    arguments: dict[str, Any] = {}
    if operation.scoped:
        carrier = COMPANY_ARGUMENT if COMPANY_ARGUMENT in module.OPERATION.path else HEADER_ARGUMENT
        arguments[carrier] = check_id(organization_id, "organization id")
    if operation.keyed:
        arguments["idempotency_key"] = check_key(key)
    if id is not None:
        arguments["id"] = check_id(id)
    if operation.body is not None:
        arguments["body"] = Body(to_wire(body, organization_id))

    for name, value in (query or {}).items():
        assert name in operation.query, f"{operation.name} is not declared to send {name}"
        if value is None or (name, value) in operation.constants:
            continue
        # Left out silently, it would give every row instead of some.
        if name not in module.OPERATION.query.values():
            raise InputError(
                f"{operation.name}: {operation.method} {operation.path} has no filter {name}. "
                "Leave it out."
            )
        arguments[python_name(module, name)] = value
    return from_generated(module, arguments)


def call(
    operation: Operation[T],
    *,
    organization_id: str | None = None,
    id: str | None = None,
    query: Mapping[str, Any] | None = None,
    body: object | None = None,
    key: str | None = None,
    currency: str | None = None,
) -> Call[T]:
    """Return the call of an operation that gives one result.

    What it reads raises ``ContractError`` where it does not fit, or is not what was asked for.
    """
    request = build(
        operation, organization_id=organization_id, id=id, query=query, body=body, key=key
    )
    reading = Reading(operation.money, currency, organization_id or "")
    question = _question(organization_id, id, query, key)

    def read_result(response: Response) -> T:
        """Return the record of a success."""
        return answer(operation, response, reading, question)

    return _call(operation, request, read_result)


def answer(
    operation: Operation[T], response: Response, reading: Reading, question: Mapping[str, object]
) -> T:
    """Return what a success holds. Raises ``ContractError`` where it does not fit, or is not what
    was asked for.
    """
    document = response.document()
    _check_envelope(document, reading.organization_id)
    content, pointer = _content(operation, document)
    result = read(operation.result, content, reading, pointer=pointer)
    compare(expectations(operation.names, question), content, pointer=pointer)
    return result


def list_call(
    operation: ListOperation[T],
    make: Callable[[tuple[T, ...], dict[str, Any]], R],
    *,
    organization_id: str | None = None,
    id: str | None = None,
    query: Mapping[str, Any] | None = None,
) -> Call[R]:
    """Return the call of an operation that lists; ``make`` takes the items and the document they
    stand in.

    What it reads raises ``ContractError``, as that of ``call``.
    """
    request = build(operation, organization_id=organization_id, id=id, query=query)
    reading = Reading(operation.money, None, organization_id or "")
    question = _question(organization_id, id, query)

    def read_list(response: Response) -> R:
        """Return the records of a success, as the caller wants them."""
        rough = response._rough_document()
        if rough is not None:
            # In what is not odd, there is no number that could be inexact.
            try:
                return read_document(rough, reading._replace(odd=_check_exact))
            except ContractError:
                pass  # An error tells of numbers as they stand in the text.
        return read_document(response._exact_document(), reading)

    def read_document(document: Any, reading: Reading) -> R:
        """Return what is in a document; what is beside the records is odd too."""
        _check_envelope(document, reading.organization_id)
        content, pointer = _content(operation, document)
        if reading.odd is not None and isinstance(document, dict):
            reading.odd([value for value in document.values() if value is not content])
        items = read_many(operation.result, content, reading, pointer=pointer)
        if operation.listing == "whole":
            items = _each_once(items)
            check_whole_list(document, len(items))
        compare_each(expectations(operation.names, question), content, pointer=pointer)
        return make(items, document)

    return _call(operation, request, read_list)


def _check_envelope(document: Any, organization_id: str | None) -> None:
    """Raise ``ContractError`` for a success that contains an error, or another company's answer."""
    if not isinstance(document, dict):
        return
    for name in ("error", "errors"):
        error = document.get(name)
        if error:
            raise ContractError(
                f"the response contains an error: {brief(repr(error), _SHOWN)}", pointer=f"/{name}"
            )
    if document.get("success") is False:
        raise ContractError("the response says that it is no success", pointer="/success")
    compare(_envelope_expectations(organization_id), document, pointer="")


@lru_cache(maxsize=1_000)
def _envelope_expectations(organization_id: str | None) -> Expectations:
    return expectations(_ENVELOPE_NAMES, {"organization": organization_id or None})


def _check_exact(document: Any) -> None:
    """Raise ``ContractError`` for a rough document with numbers that may not be exact."""
    if not is_exact(document):
        raise ContractError("the numbers of this document are not exact")


def _each_once(records: tuple[T, ...]) -> tuple[T, ...]:
    """Return each of some records once: a chart with one twice has no account that its code names.

    Two that differ under one id are for the caller to tell apart.
    """
    ids = set(map(_id_of, records))
    return records if len(ids) == len(records) else tuple(dict.fromkeys(records))


def _call(operation: AnyOperation[Any], request: Request, read: Callable[[Response], R]) -> Call[R]:
    return Call(
        operation=operation.name,
        request=request,
        kind=operation.kind,
        read=read,
        public=operation.public,
    )


def explain(
    error: E,
    operation: AnyOperation[Any],
    *,
    organization_id: str | None,
    id: str | None = None,
    has_outcome: bool = False,
) -> E:
    """Return an error that was made beside a call, with what there is to say of that call."""
    path = operation.path.replace("{company_id}", quote(organization_id or "", safe=""))
    add_facts(
        error,
        method=operation.method,
        path=path.replace("{id}", quote(id or "", safe="")),
        organization=organization_id,
        has_outcome=has_outcome,
    )
    return error


def _question(
    organization_id: str | None,
    id: str | None,
    query: Mapping[str, Any] | None,
    key: str | None = None,
) -> dict[str, object]:
    return {**(query or {}), "organization": organization_id, "id": id, "key": key}


def _content(operation: AnyOperation[Any], document: Any) -> tuple[Any, str]:
    """Return what an answer holds, and where it stands."""
    envelope = operation.declared_envelope
    if envelope is None:
        return document, ""
    if not isinstance(document, dict):
        return None, f"/{envelope}"

    # Which of two envelopes a company path uses is a guess. The other one is read where nothing
    # stands beside it that could speak of more pages.
    other = operation.envelope if envelope == "data" else "data"
    if envelope not in document and document.keys() == {other}:
        envelope = other
    return document.get(envelope), f"/{envelope}"
