"""The contract as the sandbox reads it: operations by their paths."""

from __future__ import annotations

import importlib.resources
import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from ledgerhq_ext.sandbox._nodes import Document, Node

_SUCCESS = re.compile("2[0-9]{2}")
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def vendored_contract() -> dict[str, Any]:
    """Return the contract that came with this package, or with this checkout."""
    packaged = importlib.resources.files("ledgerhq_ext.sandbox") / "openapi.json"
    checkout = Path(__file__).parents[2] / "openapi" / "openapi.json"
    # Whatever its encoding is: it is kept as it was fetched.
    content = (packaged if packaged.is_file() else checkout).read_bytes()
    document: dict[str, Any] = json.loads(content)
    return document


def normal_path(path: str) -> str:
    """Return a path template without its parameters' names and a slash at its end: what a route is
    known by.
    """
    return re.sub(r"\{[^/}]*\}", "{}", path).rstrip("/") or "/"


@dataclass(frozen=True, eq=False)
class Parameter:
    """A parameter of an operation."""

    name: str
    place: str
    required: bool
    schema: Node | None
    """None where it is spelled by a media type: then it is taken as it comes."""

    @cached_property
    def kinds(self) -> set[str]:
        """The JSON types that its schema names."""
        if self.schema is None or not isinstance(self.schema.value, dict):
            return set()
        kinds = self.schema.value.get("type", [])
        return {kinds} if isinstance(kinds, str) else set(kinds)


@dataclass(frozen=True, eq=False)
class Operation:
    """One operation of the contract."""

    method: str
    path: str
    node: Node
    parameters: tuple[Parameter, ...]
    body_required: bool
    bodies: dict[str, Node]
    responses: dict[str, Node]
    secured: bool
    takes_token: bool

    @cached_property
    def key(self) -> tuple[str, str]:
        """The method and path by which a handler is found."""
        return self.method, normal_path(self.path)

    def answer(self, status: int) -> tuple[int, Node] | None:
        """Return the declared response for a status, and the status that it is declared for.

        It is that of the status itself, or of its class. A success that the contract declares under
        another status takes that one. The default comes last: it tends to describe an error.
        """
        for name in (str(status), f"{status // 100}XX"):
            if name in self.responses:
                return status, self.responses[name]

        successes = filter(_SUCCESS.fullmatch, self.responses)
        other_success = next(successes, None)
        if other_success is not None and status // 100 == 2:
            return int(other_success), self.responses[other_success]

        if "default" in self.responses:
            return status, self.responses["default"]
        return None


@dataclass
class Match:
    """The operation of a request, or the methods of its path when only its own is wrong."""

    operation: Operation | None = None
    values: tuple[str, ...] = ()
    allowed: list[str] = field(default_factory=list)


class Contract:
    """All operations of a document."""

    def __init__(self, content: dict[str, Any] | None = None) -> None:
        self.document = Document(content if content is not None else vendored_contract())
        self.operations: list[Operation] = []
        for item in _path_items(self.document):
            self.operations += _operations(item)

        self._by_length: dict[int, list[tuple[list[str], Operation]]] = {}
        for operation in sorted(self.operations, key=_parameters_last):
            steps = operation.path.removeprefix("/").split("/")
            self._by_length.setdefault(len(steps), []).append((steps, operation))

    def match(self, method: str, raw_path: str) -> Match:
        """Find the operation of a request by its still quoted path."""
        segments = raw_path.removeprefix("/").split("/")
        allowed = []
        for steps, operation in self._by_length.get(len(segments), []):
            values = _values(steps, segments)
            if values is None:
                continue
            if operation.method == method:
                return Match(operation, values)
            allowed.append(operation.method)
        return Match(allowed=allowed)


def _parameters_last(operation: Operation) -> str:
    # Fixed segments come before parameters, so that /bank-feeds/health is not read as an id.
    return normal_path(operation.path).replace("{}", "\uffff")


def load(source: str | Path | dict[str, Any] | None) -> Contract:
    """Read the contract from a document, a file, or (None) the vendored one.

    ValueError where it cannot be read, or is not an OpenAPI document in JSON.
    """
    if not isinstance(source, str | Path):
        return Contract(source)

    refusal = f"cannot use {source} as the contract"
    try:
        content = json.loads(Path(source).read_bytes())
    except OSError as error:
        raise ValueError(f"{refusal}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{refusal}: it is not JSON in UTF-8 ({error})") from error
    if not isinstance(content, dict) or not isinstance(content.get("paths"), dict):
        raise ValueError(f"{refusal}: it is not an OpenAPI document with paths")
    try:
        return Contract(content)
    except (AttributeError, KeyError, TypeError, RecursionError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise ValueError(f"{refusal}: it is not a valid OpenAPI document ({reason})") from error


def _values(steps: list[str], segments: list[str]) -> tuple[str, ...] | None:
    """Return the values of a template's parameters in a path; None where the path is another's."""
    values: list[str] = []
    for step, segment in zip(steps, segments, strict=True):
        # An empty segment is no value: /accounts/ is not the account without an id.
        is_value = step.startswith("{") and segment != ""
        if is_value:
            values.append(unquote(segment))
        elif step != segment:
            return None
    return tuple(values)


def _path_items(document: Document) -> list[Node]:
    items = []
    for path in document.content.get("paths", {}):
        node = document.at(("paths", path))
        if node:
            items.append(Node(document, node.pointer, {**node.value, "x-path": path}))
    return items


def _operations(item: Node) -> list[Operation]:
    operations = []
    for method in METHODS:
        node = item.get(method)
        if node:
            path = _prefix(node, item) + item.value["x-path"]
            operations.append(_operation(method, path, item, node))
    return operations


def _prefix(operation: Node, item: Node) -> str:
    """Return the path of the servers of an operation: of several, the one that most of them have,
    or the shortest.
    """
    holders = (operation.value, item.value, item.document.content)
    lists = (holder.get("servers") for holder in holders)
    servers: list[dict[str, Any]] = next(filter(None, lists), [])
    prefixes = [urlsplit(_address(server)).path.rstrip("/") for server in servers]
    return min(prefixes, key=lambda each: (-prefixes.count(each), len(each), each), default="")


def _address(server: dict[str, Any]) -> str:
    url = str(server.get("url", ""))
    for name, variable in server.get("variables", {}).items():
        url = url.replace("{" + name + "}", str(variable.get("default", "")))
    return url


def _operation(method: str, path: str, item: Node, node: Node) -> Operation:
    # An operation's own parameter replaces the one of its path with the same name and place.
    parameters = {}
    for declaration in [*_declarations(item), *_declarations(node)]:
        parameter = _parameter(declaration)
        parameters[parameter.place, parameter.name.lower()] = parameter

    body = node.get("requestBody")
    security = node.value.get("security", node.document.content.get("security", []))
    return Operation(
        method=method.upper(),
        path=path,
        node=node,
        parameters=tuple(parameters.values()),
        body_required=bool(body and body.value.get("required")),
        bodies=body.contents if body else {},
        responses=_responses(node),
        # An empty requirement in the list means that no token will do as well.
        secured=bool(security) and {} not in security,
        takes_token=any(security),
    )


def _declarations(node: Node) -> list[Node]:
    """Return the parameters that a path or an operation declares."""
    parameters = node.get("parameters")
    return parameters.each() if parameters else []


def _responses(operation: Node) -> dict[str, Node]:
    node = operation.get("responses")
    if node is None:
        return {}
    responses: dict[str, Node] = {}
    for status in node.value:
        response = node.get(status)
        # A reference that leads nowhere declares nothing.
        if response is not None:
            responses[status.replace("x", "X")] = response
    return responses


def _parameter(node: Node) -> Parameter:
    required = bool(node.value.get("required")) or node.value["in"] == "path"
    return Parameter(node.value["name"], node.value["in"], required, node.get("schema"))
