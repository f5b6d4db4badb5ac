"""Values for required fields that a contract has and this sandbox does not know."""

from __future__ import annotations

from typing import Any

from ledgerhq_ext.sandbox._nodes import Node
from ledgerhq_ext.sandbox._shapes import members, shape_of

_STRINGS = (
    "string",
    "2026-01-01",
    "2026-01-01T00:00:00.000Z",
    "0.00",
    "USD",
    "0",
    "x",
    "https://example.com",
    "nobody@example.com",
    "00000000-0000-4000-8000-000000000000",
)
"""Texts of the usual formats, the plainest first."""
_DEEPEST = 20


class NoValue(Exception):  # noqa: N818
    """A field for which no value is known; `field` is its schema."""

    def __init__(self, field: Node) -> None:
        super().__init__(field.place)
        self.field = field


def sample(field: Node) -> Any:
    """Return the plainest value that fits a schema. NoValue where none is known."""
    return _sample(field, 0)


def _sample(field: Node, depth: int) -> Any:
    # A schema that requires itself has no end, and no value either.
    if depth > _DEEPEST:
        raise NoValue(field)

    for value in _suggestions(field):
        if field.validator.is_valid(value):
            return value
    for choice in [*members(field, "oneOf"), *members(field, "anyOf")]:
        try:
            value = _sample(choice, depth + 1)
        except NoValue:
            continue
        # What fits two members of a `oneOf` does not fit it.
        if field.validator.is_valid(value):
            return value

    value = _of_type(field, depth)
    if not field.validator.is_valid(value):
        raise NoValue(field)
    return value


def _suggestions(field: Node) -> list[Any]:
    """Return the values that the contract itself names, the best first, then null."""
    content = field.value if isinstance(field.value, dict) else {}
    suggestions = [content.get(keyword) for keyword in ("const", "default", "example")]
    for keyword in ("examples", "enum"):
        values = content.get(keyword)
        # "examples" is an object where the contract is of OpenAPI 3.0.
        if isinstance(values, list):
            suggestions += values

    named = [value for value in suggestions if value is not None]
    return [*named, None]


def _of_type(field: Node, depth: int) -> Any:
    content = field.value if isinstance(field.value, dict) else {}
    kinds = content.get("type", "object")
    kind = kinds if isinstance(kinds, str) else kinds[0]
    if kind in ("integer", "number"):
        # An amount that nobody knows is nothing, where that is allowed.
        least = content.get("minimum", content.get("exclusiveMinimum", -1) + 1)
        return max(0, least)
    if kind == "boolean":
        return False
    if kind == "string":
        return _text(field, content)
    if kind == "array":
        items = field.get("items")
        if items is None:
            return []
        return [_sample(items, depth + 1) for _ in range(content.get("minItems", 0))]
    return _object(field, depth)


def _object(field: Node, depth: int) -> dict[str, Any]:
    shape = shape_of(field)
    value: dict[str, Any] = {}
    for name in shape.required:
        below = shape.declared.get(name)
        value[name] = _sample(below, depth + 1) if below else None
    return value


def _text(field: Node, content: dict[str, Any]) -> str:
    shortest: str = "x" * content.get("minLength", 0)
    # An empty text says nothing, where another one fits.
    for text in filter(None, (shortest, *_STRINGS)):
        if field.validator.is_valid(text):
            return text
    raise NoValue(field)
