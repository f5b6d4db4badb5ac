"""Places in an OpenAPI document: references resolved, schemas compiled."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote, unquote

import jsonschema_rs

from ledgerhq_ext.sandbox._dialect import as_json_schema

_ROOT = "contract:///openapi.json"


class Document:
    """An OpenAPI document, with its references resolvable and its schemas compilable."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.original = content
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

    def place(self, pointer: tuple[str, ...]) -> str:
        """Return a JSON pointer from the root of the document as it was given.

        What stands only in the rewritten schemas is named by the place that it was made from.
        """
        value: Any = self.original
        place = "#"
        for step in pointer:
            try:
                value = _member(value, step)
            except LookupError:
                break
            place += "/" + _escaped(step)
        return place


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

    @property
    def place(self) -> str:
        """The JSON pointer of this place from the root of the document."""
        return self.document.place(self.pointer)

    @cached_property
    def contents(self) -> dict[str, Node]:
        """The schemas of a body or response, by media type without its parameters."""
        content = self.get("content")
        if content is None:
            return {}
        contents: dict[str, Node] = {}
        for kind in content.value:
            schema = content.get(kind, "schema")
            # A media type without a schema takes anything.
            if schema is not None:
                contents[kind.split(";")[0].strip().lower()] = schema
        return contents

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
    if isinstance(value, dict):
        return value[step]

    is_index = isinstance(value, list) and step.isdigit()
    if not is_index:
        raise LookupError(step)
    return value[int(step)]


def _reference(pointer: tuple[str, ...]) -> str:
    # A JSON pointer inside a URI is escaped twice: once as a pointer, once as a fragment.
    steps = [quote(_escaped(step), safe="~") for step in pointer]
    return f"{_ROOT}#/{'/'.join(steps)}"


def _escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")


def _steps(reference: str) -> tuple[str, ...]:
    steps = reference.removeprefix("#/").split("/")
    return tuple(unquote(step).replace("~1", "/").replace("~0", "~") for step in steps)
