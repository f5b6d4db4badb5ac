"""The generated client: requests that its operation modules build, and what its readers make of a response.

This is the only module that touches ``ledgerhq_api``.
"""

from __future__ import annotations

import enum
import inspect
import json
import re
import typing
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any
from urllib.parse import urlencode

from ledgerhq_ext._checks import check_id
from ledgerhq_ext._http.messages import Request, UnreadableResponse
from ledgerhq_ext._idempotency import canonical_json
from ledgerhq_ext.errors import ContractError


class Body:
    """What a generated request builder expects of a body."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.to_dict = document.copy


def operation_module(name: str) -> ModuleType:
    """Return a module of the generated client's ``api`` package, imported on first use."""
    return import_module(f"ledgerhq_api.api.{name}")


def from_generated(module: ModuleType, arguments: Mapping[str, Any]) -> Request:
    """Return the request that a generated operation builds; plain strings are taken for enums.

    Raises ``InputError`` for a path parameter that is not an id.
    """
    enums = _enums(module)
    values = dict(arguments)
    for name, value in arguments.items():
        if name in enums and isinstance(value, str):
            values[name] = enums[name](value)
    for name, parameter in _parameters(module).items():
        if parameter.kind is parameter.POSITIONAL_OR_KEYWORD and name in values:
            # These stand in the path; quoting leaves "" and ".." what they are.
            check_id(values[name], name)

    request = module._get_kwargs(**values)
    headers = {str(name): str(value) for name, value in request.get("headers", {}).items()}
    content = None
    if "json" in request:
        content = canonical_json(request["json"])
        headers["Content-Type"] = "application/json"
    elif "data" in request:
        form = {name: value for name, value in request["data"].items() if value is not None}
        content = urlencode(form).encode()
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    return Request(
        method=request["method"].upper(),
        path=request["url"],
        query=_query(request.get("params", {})),
        headers=headers,
        content=content,
    )


def _query(parameters: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    pairs: list[tuple[str, str]] = []
    for name, value in parameters.items():
        values: Sequence[Any] = value if isinstance(value, list | tuple) else (value,)
        pairs += [(name, query_text(item)) for item in values]
    return tuple(pairs)


def query_text(value: Any) -> str:
    """Return a query value as text: booleans as JSON spells them."""
    return str(value).lower() if isinstance(value, bool) else str(value)


@cache
def _parameters(module: ModuleType) -> Mapping[str, inspect.Parameter]:
    return inspect.signature(module._get_kwargs).parameters


def python_name(module: ModuleType, wire_name: str) -> str:
    """Return the generated argument's name for a query parameter of the contract."""
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", wire_name).lower()
    return name if takes(module, name) else f"{name}_"


@cache
def _enums(module: ModuleType) -> dict[str, type[enum.Enum]]:
    hints = typing.get_type_hints(module._get_kwargs)
    enums: dict[str, type[enum.Enum]] = {}
    for name, hint in hints.items():
        for option in typing.get_args(hint) or (hint,):
            if isinstance(option, type) and issubclass(option, enum.Enum):
                enums.setdefault(name, option)
    return enums


def takes(module: ModuleType, argument: str) -> bool:
    """Return whether a generated operation has an argument of that name."""
    return argument in _parameters(module)


def parse_generated(module: ModuleType, status: int, headers: Mapping[str, str], content: bytes, base_url: str) -> Any:
    """Return what the generated client's own reader makes of a success.

    Raises ``ContractError`` where the reader breaks.
    """
    import httpx
    from ledgerhq_api.client import Client
    from ledgerhq_api.errors import UnexpectedStatus

    plain_headers = dict(headers)
    # The content was decoded when it arrived.
    plain_headers.pop("content-encoding", None)
    plain_headers.pop("transfer-encoding", None)
    response = httpx.Response(status, headers=plain_headers, content=content)
    try:
        return module._parse_response(client=Client(base_url=base_url), response=response)
    except UnexpectedStatus:
        problem = ContractError(f"status {status} is not a response of this operation")
    except json.JSONDecodeError:
        problem = UnreadableResponse(f"the response (status {status}) is not JSON")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        problem = ContractError(f"the response does not fit the operation: {type(error).__name__}: {error}")
    raise problem
