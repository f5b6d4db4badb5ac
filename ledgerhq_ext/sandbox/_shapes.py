"""What a schema says of an object, together with the schemas that it is made of."""

from __future__ import annotations

from dataclasses import dataclass

from ledgerhq_ext.sandbox._nodes import Node

_DEEPEST = 20


@dataclass(frozen=True)
class Shape:
    """The properties of an object."""

    declared: dict[str, Node]
    required: list[str]
    allowed: set[str] | None
    """The only names that there may be; None where there may be others."""


def shape_of(schema: Node) -> Shape:
    """Return the shape that a schema gives an object."""
    declared: dict[str, Node] = {}
    required: list[str] = []
    allowed: set[str] | None = None
    for part in _parts(schema, 0):
        own = set(part.value.get("properties", ()))
        for name in own:
            node = part.get("properties", name)
            if node is not None:
                declared.setdefault(name, node)
        required += [name for name in part.value.get("required", ()) if name not in required]
        if _is_closed(part):
            allowed = own if allowed is None else allowed & own
    return Shape(declared, required, allowed)


def members(schema: Node, keyword: str) -> list[Node]:
    """Return the schemas that a keyword such as `oneOf` lists."""
    # A schema may be a boolean as well: anything, or nothing.
    if not isinstance(schema.value, dict):
        return []
    node = schema.get(keyword)
    return node.each() if node else []


def _is_closed(part: Node) -> bool:
    is_open = part.value.get("additionalProperties") is not False
    return not is_open and "patternProperties" not in part.value


def _parts(schema: Node, depth: int) -> list[Node]:
    """Return the schema, the members of its `allOf`, and the first objects of its unions."""
    if depth > _DEEPEST or not isinstance(schema.value, dict):
        return []

    parts = [schema]
    for member in members(schema, "allOf"):
        parts += _parts(member, depth + 1)
    for keyword in ("oneOf", "anyOf"):
        parts += _first_object(members(schema, keyword), depth + 1)
    return parts


def _first_object(choices: list[Node], depth: int) -> list[Node]:
    """Return the parts of the first choice that is an object; the others may be null or a text."""
    for choice in choices:
        parts = _parts(choice, depth)
        if _has_properties(parts):
            return parts

    return []


def _has_properties(parts: list[Node]) -> bool:
    return any("properties" in part.value for part in parts)
