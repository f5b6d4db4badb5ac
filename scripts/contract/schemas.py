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
_HOLDERS = frozenset([*LISTS, *MAPS, *SINGLES])
NULL: Object = {"type": "null"}
NOTHING: Object = {"not": {}}
"""The schema of no value: a property of it may not be there."""
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
        "$schema",
        "$id",
        "$anchor",
    }
)

Change = Callable[[Any, tuple[str, ...]], Any]


def map_children(schema: Object, change: Change) -> Object:
    """Return `schema` with each schema directly inside it replaced by `change(child, where)`."""
    new = dict(schema)
    if _HOLDERS.isdisjoint(schema):
        # Most schemas are leaves, and looking for each keyword takes long.
        return new

    for key in LISTS:
        items = schema.get(key)
        if isinstance(items, list):
            new[key] = [change(item, (key, str(index))) for index, item in enumerate(items)]

    for key in MAPS:
        items = schema.get(key)
        if isinstance(items, dict):
            # Sorted: the order of properties means nothing, and must not show in what is written.
            new[key] = {name: change(item, (key, name)) for name, item in sorted(items.items())}

    for key in SINGLES:
        item = schema.get(key)
        if isinstance(item, (dict, bool)):
            new[key] = change(item, (key,))
    return new


def is_annotation(key: str) -> bool:
    """Return whether a keyword only says something to people."""
    return key in ANNOTATIONS or key.startswith("x-")


def bare(schema: Object) -> Object:
    """Return the schema without what is only said to people."""
    return {key: value for key, value in schema.items() if not is_annotation(key)}


def annotations(schema: Object) -> Object:
    """Return what a schema says to people alone."""
    return {key: value for key, value in schema.items() if is_annotation(key)}


def drop(schema: Object, *keywords: str) -> Object:
    """Return a schema without some of its keywords."""
    return {key: value for key, value in schema.items() if key not in keywords}


def is_node(schema: Any) -> bool:
    """Return whether a schema gives a class of its own: an object or an enum."""

    return isinstance(schema, dict) and (schema.get("type") == "object" or is_enum(schema))


def is_enum(schema: Any) -> bool:
    """Return whether a schema is an enum of strings or of integers."""
    if not isinstance(schema, dict) or "enum" not in schema:
        return False
    # Python has enums of these two whose members are values of the type.
    return schema.get("type") in ("string", "integer")


def alternatives(schema: Object) -> list[Any]:
    """Return the alternatives of a schema, `anyOf` before `oneOf`; none where it has none."""
    return [*schema.get("anyOf", []), *schema.get("oneOf", [])]


def variants(schema: Object) -> list[Any]:
    """Return the alternatives of a union; a schema that is no union is its own only one."""
    return alternatives(schema) or [schema]


def operations_in(document: Object) -> Iterator[Object]:
    """Yield the operations of a normalised document, path by path."""
    for item in document["paths"].values():
        yield from item.values()


def operation_schemas(operation: Object) -> Iterator[tuple[str, Any]]:
    """Yield every schema of an operation of the generator's view, with its place."""
    for parameter in operation["parameters"]:
        yield join("/parameters", parameter["name"]), parameter["schema"]
    holders = {"/requestBody": operation.get("requestBody", {})}
    holders |= {
        join("/responses", status): response for status, response in operation["responses"].items()
    }
    for place, holder in holders.items():
        for media in holder.get("content", {}).values():
            yield place, media["schema"]
