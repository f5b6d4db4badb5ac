"""Values for required response fields that this sandbox does not know of: those of a newer contract.

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
    """The value with what its schema asks for and it lacks, and the places that were filled."""
    if isinstance(value, list):
        return _fill_list(schema, value, place)
    if not isinstance(value, dict):
        return value, []
    filled, places = dict(value), []
    for part in _parts(schema, value):
        filled, more = _fill_object(part, filled, place)
        places += more
    return filled, places


def sample(schema: Node, depth: int = 0) -> Any:
    """The plainest value that fits a schema."""
    content = schema.value if isinstance(schema.value, dict) else {}
    for given in (content.get("const"), content.get("default"), *content.get("enum", [])):
        if given is not None:
            return given
    if schema.validator.is_valid(None) or depth > 20:
        return None
    for choices in ("oneOf", "anyOf"):
        for choice in _members(schema, choices):
            if schema.validator.is_valid(value := sample(choice, depth + 1)):
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
        return [sample(items, depth + 1) for _ in range(content.get("minItems", 0))] if items else []
    if kind == "string":
        text = "x" * content.get("minLength", 0)
        return next((s for s in (text, *_STRINGS) if s and schema.validator.is_valid(s)), text)
    return fill(schema, {})[0]


def _fill_list(schema: Node, value: list[Any], place: str) -> tuple[list[Any], list[str]]:
    items = schema.get("items")
    if items is None:
        return value, []
    pairs = [fill(items, item, f"{place}/{index}") for index, item in enumerate(value)]
    return [item for item, _ in pairs], [where for _, places in pairs for where in places]


def _fill_object(schema: Node, value: dict[str, Any], place: str) -> tuple[dict[str, Any], list[str]]:
    filled, places = dict(value), []
    for name in schema.value.get("required", []):
        if name in filled:
            continue
        places.append(f"{place}/{name}")
        wanted = schema.get("properties", name)
        old = _old_name(schema, wanted, name, filled)
        if old is not None:
            filled[name] = filled.pop(old)
        else:
            filled[name] = sample(wanted) if wanted else ""
    for name in list(filled):
        below = schema.get("properties", name)
        if below and isinstance(below.value, dict):
            filled[name], more = fill(below, filled[name], f"{place}/{name}")
            places += more
    return filled, places


def _old_name(schema: Node, wanted: Node | None, name: str, value: dict[str, Any]) -> str | None:
    """The property that a missing one was called before: one that the contract does not know, and that fits."""
    if wanted is None:
        return None
    known = schema.value.get("properties", {})
    unknown = [each for each in value if each not in known]
    fitting = [each for each in unknown if wanted.validator.is_valid(fill(wanted, value[each])[0])]
    like = difflib.get_close_matches(name, fitting, n=1)
    if like:
        return like[0]
    # Of another name altogether, only a list or an object tells what it is.
    whole = [each for each in fitting if isinstance(value[each], list | dict)]
    return whole[0] if len(whole) == 1 else None


def _parts(schema: Node, value: Any) -> list[Node]:
    """The object schemas that apply to a value: the schema itself, and those it is made of."""
    parts = [schema]
    for member in _members(schema, "allOf"):
        parts += _parts(member, value)
    for choices in ("oneOf", "anyOf"):
        objects = [m for m in _members(schema, choices) if "properties" in m.value]
        if objects and isinstance(value, dict):
            parts += _parts(objects[0], value)
    return parts


def _members(schema: Node, keyword: str) -> list[Node]:
    node = schema.get(keyword) if isinstance(schema.value, dict) else None
    return node.each() if node else []
