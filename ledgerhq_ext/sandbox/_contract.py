"""The contract as the sandbox reads it: its operations, found by path, with their schemas compiled."""

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
    """The contract that came with this package, or with this checkout."""
    packaged = importlib.resources.files("ledgerhq_ext.sandbox") / "openapi.json"
    checkout = Path(__file__).parents[2] / "openapi" / "openapi.json"
    text = (packaged if packaged.is_file() else checkout).read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


def normal_path(path: str) -> str:
    """A path template without its parameters' names: what a route is known by."""
    return re.sub(r"\{[^/}]*\}", "{}", path)


class Document:
    """An OpenAPI document, with its references resolvable and its schemas compilable."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.content = as_json_schema(content)
        self._nodes: dict[tuple[str, ...], Node | None] = {}
        resources = [(_ROOT, self.content)]
        self.registry = jsonschema_rs.Registry(resources, draft=jsonschema_rs.Draft202012)

    def at(self, pointer: tuple[str, ...]) -> Node | None:
        """What stands at a place, seen through references; always the same node, with its compiled schema."""
        if pointer not in self._nodes:
            self._nodes[pointer] = self._look_up(pointer)
        return self._nodes[pointer]

    def _look_up(self, pointer: tuple[str, ...]) -> Node | None:
        value: Any = self.content
        for step in pointer:
            if isinstance(value, list) and step.isdigit() and int(step) < len(value):
                value = value[int(step)]
            elif isinstance(value, dict) and step in value:
                value = value[step]
            else:
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
        """What stands below, seen through references on the way."""
        node: Node | None = self
        for step in steps:
            node = node.document.at((*node.pointer, step)) if node else None
        return node

    def each(self) -> list[Node]:
        """The members of a list, or the values of an object."""
        keys = range(len(self.value)) if isinstance(self.value, list) else self.value
        return [node for key in keys if (node := self.get(str(key)))]

    @cached_property
    def validator(self) -> jsonschema_rs.Validator:
        """The schema that stands here, compiled."""
        place = "/".join(quote(step.replace("~", "~0").replace("/", "~1"), safe="~") for step in self.pointer)
        return jsonschema_rs.Draft202012Validator(
            {"$ref": f"{_ROOT}#/{place}"}, registry=self.document.registry, validate_formats=True
        )


def _steps(reference: str) -> tuple[str, ...]:
    return tuple(unquote(step).replace("~1", "/").replace("~0", "~") for step in reference[2:].split("/"))


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
        """What a handler is found by."""
        return self.method, normal_path(self.path)

    def response(self, status: int) -> Node | None:
        """The contract's response for a status."""
        return (
            self.responses.get(str(status)) or self.responses.get(f"{status // 100}XX") or self.responses.get("default")
        )


@dataclass
class Match:
    """Which operation a request is for; `allowed` when only its method is wrong."""

    operation: Operation | None = None
    values: tuple[str, ...] = ()
    allowed: list[str] = field(default_factory=list)


class Contract:
    """All operations of a document."""

    def __init__(self, content: dict[str, Any] | None = None) -> None:
        self.document = Document(content if content is not None else vendored_contract())
        self.operations = [operation for node in _path_items(self.document) for operation in _operations(node)]
        self._by_length: dict[int, list[tuple[list[str], Operation]]] = {}
        # Fixed segments come before parameters, so /bank-feeds/health is not taken for an id.
        for operation in sorted(self.operations, key=lambda o: normal_path(o.path).replace("{}", "\uffff")):
            steps = operation.path.strip("/").split("/")
            self._by_length.setdefault(len(steps), []).append((steps, operation))

    def match(self, method: str, raw_path: str) -> Match:
        """Find the operation of a request by its still quoted path."""
        given = raw_path.removeprefix("/").split("/")
        match = Match()
        for steps, operation in self._by_length.get(len(given), []):
            values = _values(steps, given)
            if values is not None and operation.method == method:
                return Match(operation, values)
            if values is not None:
                match.allowed.append(operation.method)
        return match


def load(source: str | Path | dict[str, Any] | None) -> Contract:
    """The contract from a document, a file, or (None) the vendored one."""
    if not isinstance(source, str | Path):
        return Contract(source)
    try:
        content = json.loads(Path(source).read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"cannot use {source} as the contract: it is not JSON in UTF-8 ({error})") from error
    if not isinstance(content, dict) or not isinstance(content.get("paths"), dict):
        raise ValueError(f"cannot use {source} as the contract: it is not an OpenAPI document with paths")
    try:
        return Contract(content)
    except (AttributeError, KeyError, TypeError, RecursionError) as error:
        kind = type(error).__name__
        raise ValueError(f"cannot use {source} as the contract: it is no OpenAPI document ({kind}: {error})") from error


def _values(steps: list[str], given: list[str]) -> tuple[str, ...] | None:
    values = []
    for step, actual in zip(steps, given, strict=True):
        if step.startswith("{") and actual:
            values.append(unquote(actual))
        elif step != actual:
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
    found = ((method, item.get(method)) for method in METHODS)
    return [_operation(method, prefix + item.value["x-path"], item, node) for method, node in found if node]


def _operation(method: str, path: str, item: Node, node: Node) -> Operation:
    shared, own = item.get("parameters"), node.get("parameters")
    parameters = {}
    for place in [*(shared.each() if shared else []), *(own.each() if own else [])]:
        parameter = _parameter(place)
        parameters[parameter.place, parameter.name.lower()] = parameter
    body = node.get("requestBody")
    responses = node.get("responses")
    security = node.value.get("security", node.document.content.get("security", []))
    return Operation(
        method=method.upper(),
        path=path,
        parameters=tuple(parameters.values()),
        body_required=bool(body and body.value.get("required")),
        bodies=_contents(body) if body else {},
        responses={k: r for k in responses.value if (r := responses.get(k))} if responses else {},
        secured=bool(security) and {} not in security,
    )


def _parameter(node: Node) -> Parameter:
    schema = node.get("schema") or Node(node.document, (*node.pointer, "schema"), {})
    required = bool(node.value.get("required")) or node.value["in"] == "path"
    return Parameter(node.value["name"], node.value["in"], required, schema)


def _contents(node: Node) -> dict[str, Node]:
    content = node.get("content")
    kinds = content.value if content else {}
    found = ((kind, node.get("content", kind, "schema")) for kind in kinds)
    return {kind.split(";")[0].strip().lower(): schema for kind, schema in found if schema}
