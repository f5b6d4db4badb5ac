"""One way of saying each thing: 3.0 spellings, type lists and constants become one canonical
spelling.
"""

from typing import Any

from .pointers import Object, canonical_json
from .schemas import NULL, annotations, bare, drop

_BELONGS = {
    "string": {
        "minLength", "maxLength", "pattern", "format", "contentEncoding", "contentMediaType",
    },
    "number": {
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "format",
    },
    "array": {
        "items", "prefixItems", "contains", "minItems", "maxItems", "uniqueItems",
        "unevaluatedItems",
    },
    "object": {
        "properties", "required", "additionalProperties", "patternProperties", "propertyNames",
        "minProperties", "maxProperties", "dependentSchemas", "dependentRequired",
        "unevaluatedProperties",
    },
}  # fmt: skip
_BELONGS["integer"] = _BELONGS["number"]
_BOUND_TO_A_TYPE = frozenset().union(*_BELONGS.values())
_TELLS = (
    ("properties", "object"),
    ("additionalProperties", "object"),
    ("items", "array"),
    ("prefixItems", "array"),
)
# What tools write of a size that has no limit.
_NO_LIMIT = 2**31 - 1
_IDLE: dict[str, tuple[Any, ...]] = {
    "additionalProperties": (True, {}), "properties": ({},), "required": ([],), "allOf": ([],),
    "deprecated": (False,), "readOnly": (False,), "writeOnly": (False,), "uniqueItems": (False,),
    "minLength": (0,), "minItems": (0,), "minProperties": (0,),
    "maxLength": (_NO_LIMIT,), "maxItems": (_NO_LIMIT,), "maxProperties": (_NO_LIMIT,),
}  # fmt: skip
_NUMBERS = (
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength",
    "maxLength", "minItems", "maxItems", "minProperties", "maxProperties",
)  # fmt: skip
_TYPES: dict[type, str] = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    type(None): "null",
}


def spell(schema: Object) -> Object:
    """Return the canonical spelling of one schema; what is inside it is left for its own turn."""
    schema = _bounds(_examples(dict(schema)))
    if isinstance(schema.get("type"), list) and len(schema["type"]) == 1:
        [schema["type"]] = schema["type"]
    if "const" in schema:
        schema["enum"] = [schema.pop("const")]
    # OpenAPI 3.0 writes null as a keyword, 3.1 as one of several types; both write it as a word
    # of an enum.
    is_nullable = schema.pop("nullable", False) is True
    schema = _whole(_typed(_file(schema)))

    types = schema.get("type")
    if isinstance(types, list):
        is_nullable = is_nullable or "null" in types
        schema = _split([name for name in types if name != "null"], schema)

    if None in schema.get("enum", ()) and schema.get("type") != "null":
        is_nullable = True
        schema["enum"] = [value for value in schema["enum"] if value is not None]
    if is_nullable and schema.get("enum") == []:
        # Of the words of an enum, null is the only one.
        schema = {**annotations(schema), **NULL}

    schema = _sorted(_with_words_of_its_type(schema))
    return or_null(schema) if is_nullable else schema


def _with_words_of_its_type(schema: Object) -> Object:
    """Return a schema whose enum has values of its type alone: no value can be one of the others.

    Where none is left, the type alone is what can be read.
    """
    kind = schema.get("type")
    values = schema.get("enum")
    if not isinstance(kind, str) or not isinstance(values, list):
        return schema

    kinds = {kind}
    if kind in ("integer", "number"):
        # 1 and 1.0 are the same number, whichever of the two the vendor's tool writes.
        kinds = {"integer", "number"}
    words = [value for value in values if json_type(value) in kinds]
    if words == values:
        return schema

    plain = drop(schema, "enum")
    if not words:
        return plain
    return {**plain, "enum": words}


def or_null(schema: Object) -> Object:
    """Return the schema, or null; what is said to people stays outside."""
    words = annotations(schema)
    if bare(schema) in (NULL, {"enum": []}):
        return {**words, **NULL}
    return {**words, "anyOf": [bare(schema), NULL]}


def _examples(schema: Object) -> Object:
    if "example" in schema:
        schema.setdefault("examples", [schema.pop("example")])
        schema.pop("example", None)
    return schema


def _bounds(schema: Object) -> Object:
    """Return a schema with exclusive bounds as 3.1 writes them (a number, not a flag beside one),
    and 100.0 as 100.
    """
    for exclusive, plain in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        flag = schema.get(exclusive)
        if not isinstance(flag, bool):
            continue

        del schema[exclusive]
        if flag and plain in schema:
            schema[exclusive] = schema.pop(plain)

    for key in _NUMBERS:
        value = schema.get(key)
        if isinstance(value, float) and value.is_integer():
            schema[key] = int(value)
    return schema


def _typed(schema: Object) -> Object:
    """Say the type where the rest of the schema leaves no doubt about it."""
    if "type" in schema or "$ref" in schema:
        return schema

    for key, name in _TELLS:
        if key in schema and not _is_idle_in_a_union(key, schema):
            return {**schema, "type": name}

    types = {json_type(value) for value in schema.get("enum", [])}
    types.discard("null")
    if len(types) != 1:
        return schema

    return {**schema, "type": types.pop()}


def _is_idle_in_a_union(key: str, schema: Object) -> bool:
    """Return whether a keyword says nothing beside alternatives, which say the type themselves."""
    is_union = "anyOf" in schema or "oneOf" in schema
    return is_union and schema[key] in _IDLE.get(key, ())


def _file(schema: Object) -> Object:
    """Return a schema with bytes as OpenAPI 3.0 says them: `format: binary` for what goes as it is,
    `byte` for what goes in base64.
    """
    if schema.get("type", "string") != "string" or "format" in schema:
        return schema

    encoding = schema.get("contentEncoding")
    if encoding is None:
        if _is_text(str(schema.get("contentMediaType", ""))):
            return schema
    elif encoding not in ("base64", "binary"):
        return schema

    file = drop(schema, "contentMediaType", "contentEncoding")
    file["type"] = "string"
    file["format"] = "byte" if encoding == "base64" else "binary"
    return file


def _is_text(media_type: str) -> bool:
    """Return whether a media type is one of text; a schema without one is text as well."""
    if not media_type or media_type.startswith("text/"):
        return True
    return media_type.endswith("json")


def _whole(schema: Object) -> Object:
    """Return a number that can only be whole as an integer.

    A width of 64 bits means nothing in Python, and neither does a keyword that is null.
    """
    if schema.get("type") == "number" and _is_whole(schema):
        schema = {**schema, "type": "integer"}
    if schema.get("type") != "integer":
        return schema

    idle = {"format": "int64", "multipleOf": 1}
    return _inclusive({key: value for key, value in schema.items() if value != idle.get(key)})


def _inclusive(schema: Object) -> Object:
    """Return an integer with bounds that it may reach: above 0 is at least 1."""
    new = dict(schema)
    floor = new.get("exclusiveMinimum")
    if json_type(floor) == "integer" and "minimum" not in new:
        new["minimum"] = new.pop("exclusiveMinimum") + 1
    ceiling = new.get("exclusiveMaximum")
    if json_type(ceiling) == "integer" and "maximum" not in new:
        new["maximum"] = new.pop("exclusiveMaximum") - 1
    return new


def _is_whole(schema: Object) -> bool:
    """Return whether the numbers of a schema are multiples of a whole number, or whole numbers
    listed.
    """
    step = schema.get("multipleOf")
    if isinstance(step, int | float) and step and step == int(step):
        return True

    values = schema.get("enum")
    if not isinstance(values, list):
        return False

    types = {json_type(value) for value in values}
    types.discard("null")
    return types == {"integer"}


def json_type(value: Any) -> str:
    """Return the JSON Schema name of a value's type."""
    return _TYPES.get(type(value), "object" if isinstance(value, dict) else "array")


def _split(types: list[str], schema: Object) -> Object:
    """Return a schema of several types as alternatives of one type each."""
    if len(types) == 1:
        return {**schema, "type": types[0]}

    words = annotations(schema)
    if not types:
        return {**words, **NULL}
    options = [_only(name, bare(schema)) for name in types]
    return {**words, "anyOf": options}


def _only(name: str, schema: Object) -> Object:
    """Return the part of a schema of several types that speaks of one of them."""
    strange = _BOUND_TO_A_TYPE - _BELONGS.get(name, set())
    part = drop(schema, *strange)
    if "enum" in part:
        part["enum"] = [word for word in part["enum"] if json_type(word) == name]

    # An enum without a word of this type says nothing of it.
    full = {key: value for key, value in part.items() if value != []}
    return {**full, "type": name}


def _sorted(schema: Object) -> Object:
    """Return a schema with lists sorted where their order means nothing, and without words that say
    nothing.
    """
    new = dict(schema)
    if "required" in new:
        new["required"] = _names(new["required"])
    if isinstance(new.get("enum"), list):
        new["enum"] = _unique(new["enum"])

    return {key: value for key, value in new.items() if value not in _IDLE.get(key, ())}


def _names(required: Any) -> list[str]:
    """Return the names in a `required`, sorted.

    As a word of a property itself (`required: true`) it belongs to older dialects, and says
    nothing.
    """
    if not isinstance(required, list):
        return []
    return sorted({name for name in required if isinstance(name, str)})


def _unique(values: list[Any]) -> list[Any]:
    by_text = {canonical_json(value): value for value in values}
    return [by_text[text] for text in sorted(by_text)]
