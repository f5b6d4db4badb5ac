"""What the generator can say of one schema: the rest is left out, or is any value."""

from typing import Any

from .merge import only_presence
from .pointers import Object
from .schemas import NULL, bare, drop, is_enum, variants
from .text import shows

MOST_LISTS = 5


def sayable(schema: Object) -> Object:
    """Return a schema without what no generated class can say."""
    return _shallow(_countable(_enumerable(_without_contradictions(_without_presence(schema)))))


def writable(schema: Object) -> Object:
    """Return a body; the generator cannot write one that is left out or one of several plain
    values.
    """
    options = variants(schema)
    if len(options) == 1:
        return schema

    # An object or a list can be told from what is left out.
    is_told_apart = any("$ref" in each or "items" in each for each in options)
    return schema if is_told_apart else {}


def not_null(schema: Object) -> Object:
    """Return a schema without null as one of its alternatives.

    Null cannot be sent in a query or a header; leaving the parameter out says the same.
    """
    union = schema.get("anyOf", [])
    options = [option for option in union if bare(option) != NULL]
    if not options or options == union:
        return schema
    if len(options) > 1:
        return {**schema, "anyOf": options}

    words = drop(schema, "anyOf")
    return {**words, **options[0]}


def _without_presence(schema: Object) -> Object:
    """Return an object without alternatives that only say which properties must be there."""
    if "type" not in schema:
        return schema
    idle = [key for key in ("anyOf", "oneOf") if _presence(schema.get(key, []))]
    return drop(schema, *idle)


def _presence(options: list[Any]) -> bool:
    # The view has dropped `not`, so an alternative may have nothing left to say.
    return any(only_presence(option) or not bare(option) for option in options)


def _without_contradictions(schema: Object) -> Object:
    """Return a schema with any value for what no class can say: parts that contradict each other,
    alternatives that are no objects.
    """
    if "allOf" not in schema:
        return drop(schema, "anyOf", "oneOf") if "type" in schema else schema

    # An allOf that is still there could not be folded. Its description says more than nothing.
    described = {"description"} & schema.keys()
    return {key: schema[key] for key in described}


def _shallow(schema: Object) -> Object:
    """Return a list of lists of lists … that ends at some depth: it is a loop in a loop in the
    generated code, and Python refuses too many.
    """
    inner: Any = schema
    for _ in range(MOST_LISTS):
        if not isinstance(inner, dict):
            return schema
        inner = inner.get("items")

    if isinstance(inner, dict) and "items" in inner:
        return {**schema, "items": {}}
    return schema


def _countable(schema: Object) -> Object:
    """Return a list with a type for its items, any value where the contract has none."""
    if schema.get("type") != "array":
        return schema
    if "items" in schema or "prefixItems" in schema:
        return schema

    return {**schema, "items": {}}


def _enumerable(schema: Object) -> Object:
    """Return a schema whose enum, if it has one, can be an enum in Python.

    Where it cannot, it is any value of its type, or a constant that is marked.
    """
    words = schema.get("enum")
    if words is None:
        return schema
    if schema.get("type") == "boolean" and len(words) == 1:
        schema = {**schema, "x-constant": words[0]}

    if is_enum(schema) and all(_fits(word, schema["type"]) for word in words):
        return schema

    return drop(schema, "enum")


def _fits(value: Any, kind: str) -> bool:
    """Return whether a word of an enum can be a member of one of its type."""
    if kind == "string":
        return isinstance(value, str) and shows(value)
    # True is an int in Python, and no integer in JSON.
    return isinstance(value, int) and not isinstance(value, bool)
