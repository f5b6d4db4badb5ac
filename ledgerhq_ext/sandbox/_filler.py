"""Values for the required response fields of a newer contract, unknown to this sandbox.

A field that the contract has under another name holds what the sandbox has under the old one.
"""

from __future__ import annotations

import difflib
from typing import Any

from ledgerhq_ext.sandbox._contract import Node

_STRINGS = (
    "string",
    "2026-01-01",
    "2026-01-01T00:00:00.000Z",
    "0.00",
    "USD",
    "0",
    "x",
    "https://example.com",
)


def fill(schema: Node, value: Any, place: str = "") -> tuple[Any, list[str]]:
    """Return the value with all fields that its schema requires, and the places of the new ones."""
    if isinstance(value, list):
        return _fill_list(schema, value, place)
    if not isinstance(value, dict):
        return value, []

    complete = dict(value)
    places: list[str] = []
    for part in _parts(schema, value):
        complete, more = _fill_object(part, complete, place)
        places += more
    return complete, places


def sample(schema: Node, depth: int = 0) -> Any:
    """Return the plainest value that fits a schema."""
    content = schema.value if isinstance(schema.value, dict) else {}
    for value in (content.get("const"), content.get("default"), *content.get("enum", [])):
        if value is not None:
            return value
    # A schema that requires itself has no end, and no value either.
    if schema.validator.is_valid(None) or depth > 20:
        return None

    for choice in [*_members(schema, "oneOf"), *_members(schema, "anyOf")]:
        value = sample(choice, depth + 1)
        if schema.validator.is_valid(value):
            return value
    return _of_kind(schema, content, depth)


def _of_kind(schema: Node, content: dict[str, Any], depth: int) -> Any:
    kinds = content.get("type", "object")
    kind = kinds if isinstance(kinds, str) else kinds[0]
    if kind in ("integer", "number"):
        least = content.get("minimum", content.get("exclusiveMinimum", -1) + 1)
        return max(0, least)
    if kind == "boolean":
        return False
    if kind == "array":
        items = schema.get("items")
        if items is None:
            return []
        return [sample(items, depth + 1) for _ in range(content.get("minItems", 0))]
    if kind == "string":
        return _text(schema, content)
    return fill(schema, {})[0]


def _text(schema: Node, content: dict[str, Any]) -> str:
    shortest: str = "x" * content.get("minLength", 0)
    for text in (shortest, *_STRINGS):
        if text and schema.validator.is_valid(text):
            return text
    return shortest


def _fill_list(schema: Node, value: list[Any], place: str) -> tuple[list[Any], list[str]]:
    items = schema.get("items")
    if items is None:
        return value, []

    complete: list[Any] = []
    places: list[str] = []
    for index, item in enumerate(value):
        member, more = fill(items, item, f"{place}/{index}")
        complete.append(member)
        places += more
    return complete, places


def _fill_object(
    schema: Node, value: dict[str, Any], place: str
) -> tuple[dict[str, Any], list[str]]:
    complete = dict(value)
    places: list[str] = []
    for name in schema.value.get("required", []):
        if name in complete:
            continue
        places.append(f"{place}/{name}")
        field = schema.get("properties", name)
        old_name = _old_name(schema, field, name, complete)
        if old_name is not None:
            complete[name] = complete.pop(old_name)
        else:
            complete[name] = sample(field) if field else ""

    for name in list(complete):
        below = schema.get("properties", name)
        if below and isinstance(below.value, dict):
            complete[name], more = fill(below, complete[name], f"{place}/{name}")
            places += more
    return complete, places


def _old_name(schema: Node, field: Node | None, name: str, value: dict[str, Any]) -> str | None:
    """Return the name that a missing field had before: an unknown one whose value fits."""
    if field is None:
        return None
    properties = schema.value.get("properties", {})
    candidates = [
        other for other in value if other not in properties and _fits(field, value[other])
    ]
    similar = difflib.get_close_matches(name, candidates, n=1)
    if similar:
        return similar[0]

    # Of another name altogether, only a list or an object tells what it is.
    composed = [other for other in candidates if isinstance(value[other], list | dict)]
    return composed[0] if len(composed) == 1 else None


def _fits(schema: Node, value: Any) -> bool:
    complete, _ = fill(schema, value)
    return schema.validator.is_valid(complete)


def _parts(schema: Node, value: Any) -> list[Node]:
    """Return the schemas that apply to an object: the schema itself, and those it is made of."""
    parts = [schema]
    for member in _members(schema, "allOf"):
        parts += _parts(member, value)
    for choices in ("oneOf", "anyOf"):
        objects = [member for member in _members(schema, choices) if "properties" in member.value]
        if objects and isinstance(value, dict):
            parts += _parts(objects[0], value)
    return parts


def _members(schema: Node, keyword: str) -> list[Node]:
    # A schema may be a boolean as well: anything, or nothing.
    if not isinstance(schema.value, dict):
        return []
    node = schema.get(keyword)
    return node.each() if node else []
