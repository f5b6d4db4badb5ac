"""The open door: any path and any generated operation, with auth, scope, retries and errors."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any, Generic, TypeVar, Unpack
from urllib.parse import quote, unquote

from attrs import frozen

from ledgerhq_ext._carriers import COMPANY_ARGUMENT, HEADER_ARGUMENT
from ledgerhq_ext._checks import check_id
from ledgerhq_ext._encoding import FileValue, cookie_header, encoded
from ledgerhq_ext._generated import from_generated, parse_generated, takes
from ledgerhq_ext._http.call import Call, perform
from ledgerhq_ext._http.messages import KEY_HEADER, SCOPE_HEADER, Request, Response
from ledgerhq_ext._http.options import CallOptions
from ledgerhq_ext._http.retries import Kind
from ledgerhq_ext._idempotency import check_key
from ledgerhq_ext._query import QueryValue, query_pairs
from ledgerhq_ext._resources.configurable import Configurable
from ledgerhq_ext.errors import InputError

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
# Compiled when a path is first looked at: few programs give one.
_COMPANY_PATH = r"/api/v1/companies/([^/]+)"
_PLACEHOLDER = "{companyId}"
_NEEDS_A_COMPANY = "This operation belongs to a client company. Call it on hq.organization(id)."
_PATH = r"/(?!/)[!-~]*"
# A server may take an encoded slash for one.
_NOT_IN_PATHS = r"(?i)[?#\\]|(/|%2f|%5c)(\.|%2e){1,2}(/|%2f|%5c|$)"
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


@frozen(kw_only=True)
class RawResponse(Generic[T_co]):
    """The ``value`` of a call, with the status, headers (names in lower case) and request id of its
    response.

    If the call sent several requests, these are from the last response.
    """

    value: T_co
    status: int
    headers: Mapping[str, str]
    request_id: str | None = None


class OpenDoorMethods(Configurable):
    """The calls for operations that have no method of their own."""

    def _organization_id(self) -> str | None:
        """Return the organization that requests carry; None for the firm."""
        return None

    async def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, QueryValue] | None = None,
        json: Mapping[str, Any] | Sequence[Any] | None = None,
        form: Mapping[str, QueryValue] | None = None,
        files: Mapping[str, FileValue | Sequence[FileValue]] | None = None,
        content: bytes | None = None,
        content_type: str | None = None,
        cookies: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
        **options: Unpack[CallOptions],
    ) -> Response:
        """Send a request to any path of the service; return status, headers and body (``json()``).

        On an organization, the request is for that organization: it carries a header, or a path
        such as ``/api/v1/companies/{companyId}/journal-lines``, in which ``{companyId}`` is filled
        in and another company's id is refused. In ``query`` and ``form``, None omits a parameter, a
        list repeats it, and a mapping becomes ``filter[a]=1``; booleans are sent as ``true`` and
        ``false``, dates in ISO 8601, an ``Enum`` as its value. The body is ``json``, a ``form``,
        ``files`` (bytes, an open file, or (name, bytes, media type); with or without a ``form``),
        or ``content``, bytes of any ``content_type``. The request is retried as the table of safe
        repeats allows: a POST only with an ``idempotency_key``. Raises ``InputError`` for a path or
        value that cannot be sent, and the errors of any other call.
        """
        headers: dict[str, str] = {}
        path = _check_path(path)
        organization_id = self._organization_id()
        company = re.match(_COMPANY_PATH, path)
        if company is not None:
            organization_id = _company_of(company[1], organization_id)
            segment = quote(organization_id, safe="")
            path = f"{path[: company.start(1)]}{segment}{path[company.end(1) :]}"
        elif organization_id is not None:
            headers[SCOPE_HEADER] = organization_id
        if idempotency_key is not None:
            headers[KEY_HEADER] = check_key(idempotency_key)
        body, media_type = encoded(
            json=json, form=form, files=files, content=content, content_type=content_type
        )
        if media_type is not None:
            headers["Content-Type"] = media_type
        cookie = cookie_header(cookies)
        if cookie is not None:
            headers["Cookie"] = cookie
        request = Request(
            method=_check_method(method),
            path=path,
            query=query_pairs(query),
            headers=headers,
            content=body,
            organization=organization_id,
        )
        kind = _kind(request.method, headers)
        call = Call(
            operation=self._operation("request"), request=request, kind=kind, read=_as_it_is
        )
        return await perform(self._with(options)._session, call)

    async def call(self, operation: ModuleType, /, **arguments: Any) -> RawResponse[Any]:
        """Call any operation of the generated client: ``books.call(get_accounts_by_id, id="…")``.

        ``operation`` is a module of ``ledgerhq_api.api``, and the arguments are those of the
        operation (values as in ``request``'s ``query``), so set the options of the call by
        ``with_options``; the organization is filled in. The ``value`` is what the generated client
        reads from the response. Raises the errors of any other call, ``InputError`` for an argument
        that cannot be sent, and ``ContractError`` if the generated client cannot read the response.
        """
        if not hasattr(operation, "OPERATION"):
            raise InputError(
                f"call() takes an operation module of ledgerhq_api.api, not {operation!r}."
            )
        request = self._generated_request(operation, arguments)

        def read(response: Response) -> RawResponse[Any]:
            """Return what the generated operation reads, with status and headers."""
            value = parse_generated(operation, response.status, response.headers, response.content)
            return raw_response(value, response)

        kind = _kind(request.method, request.headers)
        name = operation.__name__.rpartition(".")[2]
        call = Call(
            operation=self._operation(f"call({name})"), request=request, kind=kind, read=read
        )
        return await perform(self._session, call)

    def _operation(self, name: str) -> str:
        """Return the name by which hooks hear of a call."""
        owner = "LedgerHQ" if self._organization_id() is None else "Organization"
        return f"{owner}.{name}"

    def _generated_request(self, operation: ModuleType, arguments: dict[str, Any]) -> Request:
        # An operation has the one or the other, or neither.
        for carrier in (HEADER_ARGUMENT, COMPANY_ARGUMENT):
            if takes(operation, carrier):
                self._fill_company(arguments, carrier)
        if arguments.get("idempotency_key") is not None:
            check_key(arguments["idempotency_key"])
        try:
            return from_generated(operation, arguments)
        except (TypeError, AttributeError, ValueError) as error:
            name = operation.__name__.rpartition(".")[2]
            raise InputError(f"{name}: {error}") from None

    def _fill_company(self, arguments: dict[str, Any], carrier: str) -> None:
        """Let an argument name this organization; raise ``InputError`` for another one's id."""
        organization_id = self._organization_id()
        if organization_id is None:
            raise InputError(_NEEDS_A_COMPANY)
        _check_same(organization_id, arguments.setdefault(carrier, organization_id))


def raw_response(value: T, response: Response) -> RawResponse[T]:
    """Return a value together with the response it was read from."""
    return RawResponse(
        value=value,
        status=response.status,
        headers=response.headers,
        request_id=response.request_id,
    )


def _as_it_is(response: Response) -> Response:
    return response


def _check_method(method: str) -> str:
    if not isinstance(method, str) or not method.isascii() or method.upper() not in _METHODS:
        raise InputError(f"method must be one of {', '.join(_METHODS)}, not {method!r}.")
    return method.upper()


def _check_path(path: str) -> str:
    is_path = isinstance(path, str) and re.fullmatch(_PATH, path)
    if not is_path or re.search(_NOT_IN_PATHS, path):
        raise InputError(
            "path must begin with a single / and contain no query, fragment or dot segments: "
            f"{path!r}."
        )
    # A server may decode it, merge its slashes, drop parameters and pass over capitals, and would
    # find a company that nobody compared.
    as_read = re.sub("/+", "/", re.sub(";[^/]*", "", unquote(path)))
    leads_to_one = re.match(_COMPANY_PATH, as_read, re.IGNORECASE)
    if leads_to_one and not re.match(_COMPANY_PATH, path):
        raise InputError(
            f"path must name a company as /api/v1/companies/{_PLACEHOLDER}, in small letters and "
            f"without escapes, parameters or double slashes before it: {path!r}."
        )
    return path


def _company_of(segment: str, organization_id: str | None) -> str:
    """Return the company that a segment of a path names; ``InputError`` for another organization's.

    On the firm's client any company may stand in a path, but no placeholder.
    """
    if segment == _PLACEHOLDER:
        if organization_id is None:
            raise InputError(_NEEDS_A_COMPANY)
        return check_id(organization_id, "company id")

    company_id = unquote(segment)
    if organization_id is not None:
        _check_same(organization_id, company_id)
    return check_id(company_id, "company id")


def _check_same(organization_id: str, other: object) -> None:
    if other != organization_id:
        raise InputError(f"This handle is for organization {organization_id}, not {other!r}.")


def _kind(method: str, headers: Mapping[str, str]) -> Kind:
    """Return how a request may be repeated: by its method, and by its key."""
    if method in ("GET", "HEAD"):
        return "read"
    # The contract speaks of keys for POST alone.
    if method != "POST":
        return "mutation"

    names = {name.lower() for name in headers}
    return "keyed" if KEY_HEADER.lower() in names else "mutation"
