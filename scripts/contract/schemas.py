"""One schema at a time: which keywords hold schemas, and a walk over them."""

from collections.abc import Callable, Iterator
from typing import Any

from .pointers import Object, join

LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
MAPS = ("properties", "patternProperties", "dependentSchemas", "$defs")
SINGLES = (
    "items", "additionalProperties", "not", "contains", "propertyNames", "if", "then", "else",
    "unevaluatedProperties", "unevaluatedItems",
)  # fmt: skip
NULL: Object = {"type": "null"}
ANNOTATIONS = frozenset(
    {
        "title",
        "description",
        "default",
        "example",
        "examples",
        "deprecated",
        "externalDocs",
        "xml",
        "$comment",
    }
)

Change = Callable[[Any, tuple[str, ...]], Any]


def map_children(schema: Object, change: Change) -> Object:
    """`schema` with each schema directly inside it replaced by `change(child, where)`."""
    new = dict(schema)
    for key in LISTS:
        if isinstance(schema.get(key), list):
            new[key] = [change(item, (key, str(index))) for index, item in enumerate(schema[key])]
    for key in MAPS:
        if isinstance(schema.get(key), dict):
            new[key] = {
                name: change(item, (key, name)) for name, item in sorted(schema[key].items())
            }
    for key in SINGLES:
        if isinstance(schema.get(key), (dict, bool)):
            new[key] = change(schema[key], (key,))
    return new


def is_annotation(key: str) -> bool:
    """Return whether a keyword only says something to people."""
    return key in ANNOTATIONS or key.startswith("x-")


def bare(schema: Object) -> Object:
    """The schema without what is only said to people."""
    return {key: value for key, value in schema.items() if not is_annotation(key)}


def is_node(schema: Any) -> bool:
    """Return whether a schema gives a class of its own: an object or an enum."""
    return isinstance(schema, dict) and (schema.get("type") == "object" or is_enum(schema))


def is_enum(schema: Any) -> bool:
    """Return whether a schema is an enum of strings or of integers."""
    return (
        isinstance(schema, dict)
        and "enum" in schema
        and schema.get("type") in ("string", "integer")
    )


def variants(schema: Object) -> list[Any]:
    """The alternatives of a union; a schema that is no union is its own only one."""
    return [*schema.get("anyOf", []), *schema.get("oneOf", [])] or [schema]


def operation_schemas(operation: Object) -> Iterator[tuple[str, Any]]:
    """Every schema of an operation of the generator's view, with its place."""
    for parameter in operation["parameters"]:
        yield join("/parameters", parameter["name"]), parameter["schema"]
    holders = {"/requestBody": operation.get("requestBody", {})}
    holders |= {
        join("/responses", status): response for status, response in operation["responses"].items()
    }
    for place, holder in holders.items():
        for media in holder.get("content", {}).values():
            yield place, media["schema"]
