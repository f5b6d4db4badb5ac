"""The operations of the generated client: they build requests, and read responses.

This is the only module that imports operations of ``ledgerhq_api``.
"""

from __future__ import annotations

import enum
import inspect
import typing
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeAlias

from ledgerhq_api.detours import DETOURS
from ledgerhq_api.fields import fields

from ledgerhq_ext._carriers import COMPANY_ARGUMENT, HEADER_ARGUMENT, Location, header_location
from ledgerhq_ext._checks import check_running
from ledgerhq_ext._encoding import cookie_header, from_keywords, path_text
from ledgerhq_ext._http.messages import Request, UnreadableResponse
from ledgerhq_ext._query import query_pairs, query_texts
from ledgerhq_ext.errors import ContractError, InputError

if TYPE_CHECKING:
    from ledgerhq_api.operations import Operation

_API = "ledgerhq_api.api"

Generated: TypeAlias = "Operation[Any]"
"""An operation of the generated client."""


class Body:
    """A body as generated request builders take one: they ask it for ``to_dict()``."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.to_dict = document.copy


@cache
def is_generated(name: str) -> bool:
    """Return True when the generated client's ``api`` package has a module; imports none."""
    try:
        return find_spec(f"{_API}.{name}") is not None
    except ModuleNotFoundError:
        # Nothing of its package either.
        return False


def is_detoured(location: Location) -> bool:
    """Return True for a route that the layer does not fit, while it fits the operation's other one
    (``make regenerate`` finds out).
    """
    return str(location) in DETOURS


@cache
def operation_module(name: str) -> ModuleType:
    """Return a module of the generated client's ``api`` package, imported on first use.

    Raises ``InputError`` for one that the contract has no route for.
    """
    check_running()
    if not is_generated(name):
        raise missing_route(header_location(name))
    return import_module(f"{_API}.{name}")


def generated(name: str) -> Generated:
    """Return the operation of a module of the generated client, imported on first use."""
    operation: Generated = operation_module(name).OPERATION
    return operation


def missing_route(
    *locations: Location, operation: str = "this operation", alternative: str | None = None
) -> InputError:
    """Return the error of an operation that the contract has in none of these places;
    ``alternative`` says what to do instead.
    """
    routes = " or ".join(str(location) for location in locations)
    advice = alternative or "Call an equivalent route with request()"
    return InputError(
        f"{operation}: the contract that this client was generated from has no {routes}. {advice}, "
        "or install a release whose contract has this one."
    )


@cache
def declared_envelope(name: str, envelope: str) -> str:
    """Return the envelope of an answer as the contract declares it: the usual one, or ``data``."""
    names = [field.wire for field in fields(_answer_type(name))]
    if envelope not in names and "data" in names:
        return "data"
    return envelope


@cache
def result_of(name: str, envelope: str | None) -> Any:
    """Return the type of an operation's result: inside its envelope, and inside its list."""
    hint = _answer_type(name)
    if envelope is not None:
        hints = {field.wire: field.hint for field in fields(hint)}
        hint = hints[envelope]
    # Of `X | None` and of `tuple[X, ...]` it is X.
    for option in typing.get_args(hint):
        if option not in (type(None), ...):
            return option
    return hint


def _answer_type(name: str) -> Any:
    # An operation declares its success first.
    _, hint = next(iter(generated(name).answers.values()))
    return hint


def from_generated(module: ModuleType, arguments: Mapping[str, Any]) -> Request:
    """Return the request that a generated operation builds; plain strings are taken for enums.

    Raises ``InputError`` for a path parameter that is not an id, and ``TypeError`` for arguments
    that are not the operation's.
    """
    values = dict(arguments)
    for name, parameter in _parameters(module).items():
        if name not in values:
            if parameter.default is parameter.empty:
                raise TypeError(f"missing a required argument: {name!r}")
            continue
        if name in module.OPERATION.path:
            # Quoting leaves "" and ".." what they are.
            values[name] = path_text(values[name], name)
        elif name == "body":
            _check_body(module, values[name])
        else:
            _set_parameter(values, parameter)

    # As httpx's keywords: the body may be content, data, files or json.
    request = module.OPERATION.request(**values)
    headers: dict[str, str] = {}
    for header, value in request.get("headers", {}).items():
        headers[str(header)] = _header_text(header, value)
    content, media_type = from_keywords(request, headers.pop("Content-Type", None))
    if media_type is not None:
        headers["Content-Type"] = media_type
    cookies = cookie_header(request.get("cookies"))
    if cookies is not None:
        headers["Cookie"] = cookies
    return Request(
        method=request["method"].upper(),
        path=request["url"],
        query=query_pairs(request.get("params", {})),
        headers=headers,
        content=content,
        organization=values.get(HEADER_ARGUMENT) or values.get(COMPANY_ARGUMENT),
    )


def _check_body(module: ModuleType, body: object) -> None:
    # The layer's own bodies have it.
    if hasattr(body, "to_dict"):
        return

    kind = _parameters(module)["body"].annotation
    if hasattr(kind, "to_dict"):
        raise InputError(f"body must be ledgerhq_api.models.{kind.__name__}, not {body!r}.")


def _set_parameter(values: dict[str, Any], parameter: inspect.Parameter) -> None:
    """Make of a parameter's value what the generated operation takes; None leaves it out.

    Raises ``InputError``, which names the parameter, for what cannot stand in an address or a
    header.
    """
    name = parameter.name
    value = values[name]
    if value is parameter.default:
        return
    if value is None:
        if parameter.default is parameter.empty:
            raise InputError(f"{name} cannot be left out.")
        del values[name]
        return

    if not _is_object(value, str(parameter.annotation)):
        query_texts(name, value)
    words = _enum_of(parameter.annotation)
    if words is None:
        return
    if isinstance(value, str):
        values[name] = words(value)
    elif not isinstance(value, enum.Enum):
        raise InputError(f"{name} must be one of the values in the contract, not {value!r}.")


def _is_object(value: object, annotation: str) -> bool:
    """Return whether a value is an object where the contract has one: its own style writes it."""
    if isinstance(value, Mapping):
        return "Any" in annotation
    return hasattr(value, "to_dict") and "models." in annotation


def _header_text(name: str, value: object) -> str:
    text = "".join(query_texts(name, value))
    if not (text.isascii() and text.isprintable()):
        raise InputError(f"{name} must be printable ASCII text, not {text!r}.")
    return text


@cache
def _parameters(module: ModuleType) -> Mapping[str, inspect.Parameter]:
    parameters = dict(inspect.signature(module.sync_detailed).parameters)
    del parameters["client"]
    return parameters


def python_name(module: ModuleType, wire_name: str) -> str:
    """Return the generated argument's name for a query parameter of the contract."""
    for argument, name in module.OPERATION.query.items():
        if name == wire_name:
            return str(argument)
    raise InputError(f"{module.__name__} takes no parameter {wire_name}.")


def _enum_of(hint: Any) -> type[enum.Enum] | None:
    """Return the enum in a type hint; None where there is none."""
    # It may stand in a union, with None or with the mark of a value that is left out.
    for option in typing.get_args(hint) or (hint,):
        if isinstance(option, type) and issubclass(option, enum.Enum):
            return option
    return None


def takes(module: ModuleType, argument: str) -> bool:
    """Return True when a generated operation has an argument of that name."""
    return argument in _parameters(module)


def parse_generated(
    module: ModuleType, status: int, headers: Mapping[str, str], content: bytes
) -> Any:
    """Return what the generated client's own reader makes of a success.

    Raises ``ContractError`` where the reader breaks.
    """
    import httpx
    from ledgerhq_api.errors import MisfitError, UnexpectedStatus

    plain_headers = dict(headers)
    # The content was decoded when it arrived.
    plain_headers.pop("content-encoding", None)
    plain_headers.pop("transfer-encoding", None)
    response = httpx.Response(status, headers=plain_headers, content=content)
    try:
        return module.OPERATION.parse(response)
    except UnexpectedStatus:
        problem = ContractError(f"status {status} is not a response of this operation")
    except MisfitError as error:
        problem = ContractError(error.complaint, pointer=error.pointer)
    except (ValueError, RecursionError):
        problem = UnreadableResponse(f"the response (status {status}) is not JSON")
    raise problem
