"""The open door: any raw path and any generated operation, with auth, scope, retries and errors."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import ModuleType
from typing import Any

from attrs import frozen

from ledgerhq_ext import operations
from ledgerhq_ext.calls import Call, perform
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.firm import Firm
from ledgerhq_ext.flow import Flow, Request, Response
from ledgerhq_ext.idempotency import canonical_json, check_key
from ledgerhq_ext.operations import KEY_HEADER, SCOPE_HEADER
from ledgerhq_ext.retries import Kind
from ledgerhq_ext.scope import Scope

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


@frozen
class Result:
    """What a generated operation gave: its parsed ``value``, and the answer's ``status`` and ``headers``."""

    value: Any
    status: int
    headers: Mapping[str, str]


def _kind(method: str, headers: Mapping[str, str]) -> Kind:
    if method in ("GET", "HEAD"):
        return "read"
    keyed = any(name.lower() == KEY_HEADER.lower() for name in headers)
    return "keyed" if method == "POST" and keyed else "mutation"


def _scope_headers(target: Firm[Any] | Scope) -> dict[str, str]:
    return {SCOPE_HEADER: target.id} if isinstance(target, Scope) else {}


def request(
    target: Firm[Any] | Scope,
    method: str,
    path: str,
    *,
    query: Mapping[str, str | int | bool] | None = None,
    json: Mapping[str, Any] | None = None,
    idempotency_key: str | None = None,
) -> Flow[Response]:
    """Send a request to any path of the service; returns status, headers and body (``json()``).

    From an organization it carries that organization. Repeated as the table of safe repeats says: a POST only
    with an ``idempotency_key``. Raises the errors of any other call.
    """
    if method.upper() not in _METHODS:
        raise InputError(f"method is one of {', '.join(_METHODS)}, not {method!r}.")
    if not re.fullmatch(r"/(?!/)[!-~]*", path, re.ASCII) or re.search(r"[?#\\]|/(\.|%2e){1,2}(/|$)", path, re.I):
        raise InputError(f"path must begin with one / and hold no query, fragment or dots: {path!r}.")
    headers = _scope_headers(target)
    if idempotency_key is not None:
        headers[KEY_HEADER] = check_key(idempotency_key)
    if json is not None:
        headers["Content-Type"] = "application/json"
    made = Request(
        method=method.upper(),
        path=path,
        query=tuple((name, operations.query_text(value)) for name, value in (query or {}).items()),
        headers=headers,
        content=canonical_json(json) if json is not None else None,
    )
    kind = _kind(made.method, headers)
    return (yield from perform(target._session, Call(request=made, kind=kind, read=lambda response: response)))


def call(target: Firm[Any] | Scope, operation: ModuleType, /, **arguments: Any) -> Flow[Result]:
    """Call any operation of the generated client: ``books.call(get_accounts_by_id, id="…").value``.

    ``operation`` is a module of ``ledgerhq_api.api``, the arguments are its own; the organization is filled in.
    Raises the errors of any other call; ``ContractError`` where the generated reader breaks.
    """
    if not hasattr(operation, "_get_kwargs") or not hasattr(operation, "_parse_response"):
        raise InputError(f"call takes an operation module of ledgerhq_api.api, not {operation!r}.")
    if operations.takes(operation, "x_organization_id"):
        if not isinstance(target, Scope):
            raise InputError("this operation belongs to a client company: call it on hq.organization(id).")
        if arguments.setdefault("x_organization_id", target.id) != target.id:
            raise InputError(f"this scope is {target.id}, not {arguments['x_organization_id']!r}.")
    if arguments.get("idempotency_key") is not None:
        check_key(arguments["idempotency_key"])
    try:
        made = operations.from_generated(operation, arguments)
    except (TypeError, AttributeError, ValueError) as error:
        raise InputError(f"{operation.__name__.rpartition('.')[2]}: {error}") from None
    base_url = target._session.base_url

    def read_result(response: Response) -> Result:
        value = operations.parse_generated(operation, response.status, response.headers, response.content, base_url)
        return Result(value, response.status, response.headers)

    kind = _kind(made.method, made.headers)
    return (yield from perform(target._session, Call(request=made, kind=kind, read=read_result)))
