"""The contract as the sandbox reads it: operations by their paths, schemas compiled."""

from __future__ import annotations

import importlib.resources
import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import jsonschema_rs

from ledgerhq_ext.sandbox._dialect import as_json_schema

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_ROOT = "contract:///openapi.json"


def vendored_contract() -> dict[str, Any]:
    """Return the contract that came with this package, or with this checkout."""
    packaged = importlib.resources.files("ledgerhq_ext.sandbox") / "openapi.json"
    checkout = Path(__file__).parents[2] / "openapi" / "openapi.json"
    text = (packaged if packaged.is_file() else checkout).read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


def normal_path(path: str) -> str:
    """Return a path template without its parameters' names: what a route is known by."""
    return re.sub(r"\{[^/}]*\}", "{}", path)


class Document:
    """An OpenAPI document, with its references resolvable and its schemas compilable."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.content = as_json_schema(content)
        self._nodes: dict[tuple[str, ...], Node | None] = {}
        resources = [(_ROOT, self.content)]
        self.registry = jsonschema_rs.Registry(resources, draft=jsonschema_rs.Draft202012)

    def at(self, pointer: tuple[str, ...]) -> Node | None:
        """Return the node at a place, seen through references; None where there is none.

        It is always the same node, so that its schema is compiled once.
        """
        if pointer not in self._nodes:
            self._nodes[pointer] = self._look_up(pointer)
        return self._nodes[pointer]

    def _look_up(self, pointer: tuple[str, ...]) -> Node | None:
        value: Any = self.content
        for step in pointer:
            try:
                value = _member(value, step)
            except LookupError:
                return None

        if isinstance(value, dict) and str(value.get("$ref", "")).startswith("#/"):
            return self.at(_steps(value["$ref"]))
        return Node(self, pointer, value)


@dataclass(frozen=True, eq=False)
class Node:
    """A place in the document."""

    document: Document
    pointer: tuple[str, ...]
    value: Any

    def get(self, *steps: str) -> Node | None:
        """Return the node below, seen through references on the way; None where there is none."""
        node: Node = self
        for step in steps:
            below = self.document.at((*node.pointer, step))
            if below is None:
                return None
            node = below
        return node

    def each(self) -> list[Node]:
        """Return the members of a list, or the values of an object."""
        keys = range(len(self.value)) if isinstance(self.value, list) else self.value
        nodes = [self.get(str(key)) for key in keys]
        return [node for node in nodes if node]

    @cached_property
    def validator(self) -> jsonschema_rs.Validator:
        """The schema that stands here, compiled."""
        return jsonschema_rs.Draft202012Validator(
            {"$ref": _reference(self.pointer)},
            registry=self.document.registry,
            validate_formats=True,
        )


def _member(value: Any, step: str) -> Any:
    """Return a member of an array or object; LookupError where there is none."""
    if isinstance(value, list) and step.isdigit():
        return value[int(step)]
    if isinstance(value, dict):
        return value[step]
    raise LookupError(step)


def _reference(pointer: tuple[str, ...]) -> str:
    # A JSON pointer inside a URI is escaped twice: once as a pointer, once as a fragment.
    steps = [quote(step.replace("~", "~0").replace("/", "~1"), safe="~") for step in pointer]
    return f"{_ROOT}#/{'/'.join(steps)}"


def _steps(reference: str) -> tuple[str, ...]:
    steps = reference.removeprefix("#/").split("/")
    return tuple(unquote(step).replace("~1", "/").replace("~0", "~") for step in steps)


@dataclass(frozen=True, eq=False)
class Parameter:
    """A parameter of an operation."""

    name: str
    place: str
    required: bool
    schema: Node

    @cached_property
    def kinds(self) -> set[str]:
        """The JSON types that its schema names."""
        kinds = self.schema.value.get("type", [])
        return {kinds} if isinstance(kinds, str) else set(kinds)


@dataclass(frozen=True, eq=False)
class Operation:
    """One operation of the contract."""

    method: str
    path: str
    parameters: tuple[Parameter, ...]
    body_required: bool
    bodies: dict[str, Node]
    responses: dict[str, Node]
    secured: bool

    @cached_property
    def key(self) -> tuple[str, str]:
        """The method and path by which a handler is found."""
        return self.method, normal_path(self.path)

    def response(self, status: int) -> Node | None:
        """Return the response for a status: its own, that of its class, or the default."""
        for name in (str(status), f"{status // 100}XX", "default"):
            if name in self.responses:
                return self.responses[name]
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
            steps = operation.path.strip("/").split("/")
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

    ValueError where it is not an OpenAPI document in JSON.
    """
    if not isinstance(source, str | Path):
        return Contract(source)

    refusal = f"cannot use {source} as the contract"
    try:
        content = json.loads(Path(source).read_text(encoding="utf-8"))
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
    values = []
    for step, segment in zip(steps, segments, strict=True):
        if step.startswith("{") and segment:
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
    servers = item.document.content.get("servers") or [{"url": ""}]
    prefix = urlsplit(servers[0].get("url", "")).path.rstrip("/")
    path = prefix + item.value["x-path"]
    operations = []
    for method in METHODS:
        node = item.get(method)
        if node:
            operations.append(_operation(method, path, item, node))
    return operations


def _operation(method: str, path: str, item: Node, node: Node) -> Operation:
    # An operation's own parameter replaces the one of its path with the same name and place.
    parameters = {}
    for place in [*_members(item, "parameters"), *_members(node, "parameters")]:
        parameter = _parameter(place)
        parameters[parameter.place, parameter.name.lower()] = parameter

    body = node.get("requestBody")
    security = node.value.get("security", node.document.content.get("security", []))
    return Operation(
        method=method.upper(),
        path=path,
        parameters=tuple(parameters.values()),
        body_required=bool(body and body.value.get("required")),
        bodies=_contents(body) if body else {},
        responses=_responses(node),
        # An empty requirement in the list means that no token will do as well.
        secured=bool(security) and {} not in security,
    )


def _members(node: Node, name: str) -> list[Node]:
    below = node.get(name)
    return below.each() if below else []


def _responses(operation: Node) -> dict[str, Node]:
    node = operation.get("responses")
    responses = {}
    for status in node.value if node else ():
        response = operation.get("responses", status)
        if response:
            responses[status] = response
    return responses


def _parameter(node: Node) -> Parameter:
    schema = node.get("schema") or Node(node.document, (*node.pointer, "schema"), {})
    required = bool(node.value.get("required")) or node.value["in"] == "path"
    return Parameter(node.value["name"], node.value["in"], required, schema)


def _contents(node: Node) -> dict[str, Node]:
    """Return the schemas of a body, by media type without its parameters."""
    content = node.get("content")
    contents = {}
    for kind in content.value if content else ():
        schema = node.get("content", kind, "schema")
        if schema:
            contents[kind.split(";")[0].strip().lower()] = schema
    return contents
