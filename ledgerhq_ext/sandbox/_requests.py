"""The requests that a contract declares: what of an example its clients would send."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ledgerhq_ext.sandbox._contract import Operation
from ledgerhq_ext.sandbox._examples import Example
from ledgerhq_ext.sandbox._nodes import Node
from ledgerhq_ext.sandbox._routes import JSON
from ledgerhq_ext.sandbox._shapes import members

_DEEPEST = 20


def as_declared(operation: Operation, example: Example) -> tuple[Example, list[str]]:
    """Return an example whose body has only what an operation declares, and the names and places of
    what it does not: `payeeName in #/components/schemas/PurchaseRequest`.

    Every parameter is one that handlers can do without.
    """
    if not example.body:
        return example, []
    schema = next(iter(operation.bodies.values()), None)
    if schema is None:
        return replace(example, body=None), [f"a body in {operation.node.place}"]

    missing: list[str] = []
    body = _declared_part(schema, example.body, missing)
    return replace(example, body=body), missing


def _declared_part(schema: Node, value: Any, missing: list[str]) -> Any:
    """Return a value without the properties that its schema does not declare, at any depth."""
    if isinstance(value, list):
        items = schema.get("items")
        return value if items is None else [_declared_part(items, one, missing) for one in value]
    if not isinstance(value, dict):
        return value

    declared, is_open = _properties(schema)
    if is_open:
        return value
    part: JSON = {}
    for name, inner in value.items():
        if name in declared:
            part[name] = _declared_part(declared[name], inner, missing)
        else:
            missing.append(f"{name} in {schema.place}")
    return part


def _properties(schema: Node, depth: int = 0) -> tuple[dict[str, Node], bool]:
    """Return the properties that a schema declares in any of its parts, and whether it says that
    there may be any others.
    """
    # A schema may be a boolean as well: anything, or nothing.
    if not isinstance(schema.value, dict) or depth > _DEEPEST:
        return {}, True
    parts = [each for word in ("allOf", "oneOf", "anyOf") for each in members(schema, word)]
    own = schema.get("properties")
    is_open = bool(schema.value.get("additionalProperties")) or (own is None and not parts)
    declared: dict[str, Node] = {}
    for name in own.value if own is not None else ():
        node = schema.get("properties", name)
        if node is not None:
            declared[name] = node
    for part in parts:
        more, is_any = _properties(part, depth + 1)
        # A part that only says what is required, or null, opens nothing.
        is_open = is_open or (is_any and bool(part.value.get("additionalProperties")))
        declared = {**more, **declared}
    return declared, is_open
