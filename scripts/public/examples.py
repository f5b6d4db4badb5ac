"""Example values of schemas: what a caller could send, the same in every run."""

import math
from collections.abc import Mapping
from typing import Any

from scripts.contract.pointers import Object
from scripts.contract.refs import follow

BYTES = "$bytes"
"""The key of what stands for a file: ``{"$bytes": "its content"}``."""

CONTENT = "hello"

# Letters that an address, a form and JSON have to escape, each in its own way.
TEXT = "a b/ü+&="
PLAIN = "v-1"
# From this depth on only what is required is written, and deeper than that nothing is.
_ALL_PROPERTIES = 3
_DEEPEST = 7
_FORMATS = {
    "date": "2026-01-31",
    "date-time": "2026-01-31T12:30:00+00:00",
    "uuid": "0f8fad5b-d9cb-469f-a165-70867728950e",
    "email": "jo@example.com",
    "uri": "https://example.com/a?b=c",
    "ipv4": "192.0.2.1",
    "byte": "aGVsbG8=",
}


class Endless(Exception):  # noqa: N818 - no error: the caller leaves the property out
    """A schema that only an endless value fits."""


class Examples:
    """Values for the schemas of one document. ``text`` is what a plain string is, ``hidden`` the
    word for what is left out: what is only read is never sent.
    """

    def __init__(
        self, document: Object, text: str = TEXT, *, files: bool = False, hidden: str = "readOnly"
    ) -> None:
        self._document = document
        self._hidden = hidden
        self._text = text
        self._files = files

    def of(self, schema: Any, depth: int = 0) -> Any:
        """Return a value. Raises ``Endless``."""
        if depth > _DEEPEST:
            raise Endless
        schema = self._whole(schema)
        if "const" in schema:
            return schema["const"]
        words = [word for word in schema.get("enum") or [] if word is not None]
        kind = _kind(schema)
        if words:
            # Some documents list numbers as the words of a text.
            return str(words[0]) if schema.get("type") == "string" else words[0]
        if kind == "object":
            return self._object(schema, depth)
        if kind == "array":
            return self._array(schema, depth)
        if kind in ("integer", "number"):
            return _number(schema, kind)
        if kind == "boolean":
            return True
        if kind == "null":
            return None
        return self._string(schema)

    def _whole(self, raw: Any) -> Object:
        """Return a schema without references, the parts of ``allOf`` and the first alternative in
        it.
        """
        if not isinstance(raw, Mapping):
            return {}
        # What stands beside a reference says nothing in OpenAPI 3.0.
        reference = {"$ref": raw["$ref"]} if "$ref" in raw else dict(raw)
        schema: Object = dict(follow(self._document, reference))
        for part in schema.pop("allOf", []):
            schema = _joined(schema, self._whole(part))
        # Any alternative fits.
        for keyword in ("oneOf", "anyOf"):
            options = [self._named(option, schema) for option in schema.pop(keyword, [])]
            options = [option for option in options if not _is_null(option)]
            if options:
                schema = _joined(schema, options[0])
        return schema

    def _named(self, option: Any, union: Object) -> Object:
        """Return an alternative of a union; with the word that its discriminator has for it."""
        schema = self._whole(option)
        rule = union.get("discriminator")
        reference = option.get("$ref") if isinstance(option, Mapping) else None
        if not isinstance(rule, Mapping) or not reference or "propertyName" not in rule:
            return schema

        # OpenAPI: without a mapping, the word is the name of the schema.
        short = reference.rpartition("/")[2]
        mapping = rule.get("mapping") or {}
        word = next((key for key, to in mapping.items() if to in (reference, short)), short)
        properties = {**schema.get("properties", {}), rule["propertyName"]: {"enum": [word]}}
        return {**schema, "properties": properties}

    def _object(self, schema: Object, depth: int) -> Object:
        required = schema.get("required")
        needed = set(required) if isinstance(required, list) else set()

        value: Object = {}
        # Sorted, as the fields of generated classes are: lists of keys and values compare by order.
        for name, inner in sorted((schema.get("properties") or {}).items()):
            if depth >= _ALL_PROPERTIES and name not in needed:
                continue
            if isinstance(inner, Mapping) and inner.get(self._hidden) is True:
                continue
            try:
                value[name] = self.of(inner, depth + 1)
            except Endless:
                if name in needed:
                    raise

        # A map, such as of names to amounts: one pair shows how it is sent.
        more = schema.get("additionalProperties")
        if not value and isinstance(more, Mapping) and depth < _ALL_PROPERTIES:
            value["key"] = self.of(more, depth + 1)
        return value

    def _array(self, schema: Object, depth: int) -> list[Any]:
        places = schema.get("prefixItems")
        if isinstance(places, list):
            return [self.of(place, depth + 1) for place in places]
        items = schema.get("items", {})
        try:
            first = self.of(items, depth + 1)
        except Endless:
            return []

        words = [word for word in self._whole(items).get("enum") or [] if word is not None]
        if words:
            return [first, words[-1]]
        # Two, and not the same, so that it shows in which order and how apart they are sent.
        return [first, f"{first} 2" if first == self._text else first]

    def _string(self, schema: Object) -> Any:
        if self._files and (schema.get("format") == "binary" or "contentMediaType" in schema):
            return {BYTES: CONTENT}
        return _FORMATS.get(str(schema.get("format")), self._text)


def _kind(schema: Object) -> str:
    """Return the type of a schema, as far as it says or shows one; else it is a text."""
    kind = schema.get("type")
    if isinstance(kind, list):
        # OpenAPI 3.1: a type and null.
        kind = next((each for each in kind if each != "null"), "string")
    if isinstance(kind, str):
        return kind

    if "properties" in schema or "additionalProperties" in schema:
        return "object"
    return "array" if "items" in schema else "string"


def _number(schema: Object, kind: str) -> int | float:
    """Return a number within the bounds of a schema: 3 or the nearest to it."""
    number = 3
    least = schema.get("minimum")
    if isinstance(least, int | float):
        number = max(number, math.ceil(least))
    most = schema.get("maximum")
    if isinstance(most, int | float):
        number = min(number, math.floor(most))

    return number if kind == "integer" else number + 0.5


def _is_null(schema: Object) -> bool:
    return schema.get("type") == "null" or schema.get("enum") == [None]


def _joined(left: Object, right: Object) -> Object:
    """Return what fits both schemas, as far as their properties go."""
    joined = {**right, **left}
    if "properties" in left and "properties" in right:
        joined["properties"] = {**right["properties"], **left["properties"]}

    required = [left.get("required"), right.get("required")]
    if all(isinstance(names, list) for names in required):
        joined["required"] = [*left["required"], *right["required"]]

    return joined
