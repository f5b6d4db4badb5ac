"""OpenAPI 3.0 schemas as JSON Schema, which is what 3.1 uses."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

# Of these, null is a value.
_VALUES = frozenset({"default", "const", "example", "value"})


def as_json_schema(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with `nullable`, boolean exclusive bounds and references rewritten, and
    without keywords that are null: some tools write so what is not there.
    """
    rewritten: dict[str, Any] = _rewrite(document)
    return rewritten


def _rewrite(value: Any) -> Any:
    if isinstance(value, list):
        return [_rewrite(item) for item in value]
    if isinstance(value, str):
        # Half a character, such as of an emoji where a text was cut, cannot be written down.
        return value.encode("utf-8", errors="replace").decode("utf-8")
    if not isinstance(value, dict):
        return value

    schema: dict[str, Any] = {}
    for key, item in value.items():
        if item is not None or key in _VALUES:
            schema[key] = _rewrite(item)
    if isinstance(schema.get("$ref"), str):
        # Components may be called `Page[Account]`, which is no part of a URI.
        schema["$ref"] = quote(schema["$ref"], safe="#/%~!$&'()*+,;=:@?")
    return _nullable(_bounds(schema))


def _bounds(schema: dict[str, Any]) -> dict[str, Any]:
    for bound in ("minimum", "maximum"):
        exclusive = f"exclusive{bound.capitalize()}"
        # In 3.0 it is a flag of the bound beside it; in JSON Schema it is the bound itself.
        flag = schema.get(exclusive)
        if flag is True and bound in schema:
            schema[exclusive] = schema.pop(bound)
        elif flag is False:
            del schema[exclusive]
    return schema


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    # A property may be called "nullable" too: then its schema stands here.
    if not isinstance(schema.get("nullable"), bool):
        return schema
    if not schema.pop("nullable"):
        return schema

    if "type" not in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    schema["type"] = [*kinds, "null"]
    if "enum" in schema:
        schema["enum"] = [*schema["enum"], None]
    return schema
