"""One way of saying each thing: 3.0 spellings, type lists and constants become one canonical
spelling.
"""

from typing import Any

from .pointers import Object, canonical_json
from .schemas import NULL, bare, is_annotation

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
_IDLE: dict[str, tuple[Any, ...]] = {
    "additionalProperties": (True, {}), "properties": ({},), "required": ([],), "allOf": ([],),
    "deprecated": (False,), "readOnly": (False,), "writeOnly": (False,), "uniqueItems": (False,),
}  # fmt: skip
_TYPES: dict[type, str] = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    type(None): "null",
}


def spell(schema: Object) -> Object:
    """The canonical spelling of one schema; what is inside it is left for its own turn."""
    schema = _bounds(_examples(dict(schema)))
    nullable = schema.pop("nullable", False) is True
    if "const" in schema:
        schema["enum"] = [schema.pop("const")]
    schema = _whole(_typed(_file(schema)))
    types = schema.get("type")
    if isinstance(types, list):
        nullable, schema = (
            nullable or "null" in types,
            _split([t for t in types if t != "null"], schema),
        )
    if None in schema.get("enum", ()) and schema.get("type") != "null":
        nullable = True
        schema["enum"] = [value for value in schema["enum"] if value is not None]
    if nullable and schema.get("enum") == []:
        # Of the words of an enum, null is the only one.
        schema = {key: value for key, value in schema.items() if is_annotation(key)} | NULL
    schema = _sorted(_with_words_of_its_type(schema))
    return or_null(schema) if nullable else schema


def _with_words_of_its_type(schema: Object) -> Object:
    """Return a schema whose enum has values of its type alone: no value can be one of the others.

    Where none is left, the type alone is what can be read.
    """
    kind = schema.get("type")
    values = schema.get("enum")
    if not isinstance(kind, str) or not isinstance(values, list):
        return schema
    kinds = {"integer", "number"} if kind in ("integer", "number") else {kind}
    words = [value for value in values if json_type(value) in kinds]
    if words == values:
        return schema
    rest = {key: value for key, value in schema.items() if key != "enum"}
    return {**rest, "enum": words} if words else rest


def or_null(schema: Object) -> Object:
    """Return the schema, or null; what is said to people stays outside."""
    said = {key: value for key, value in schema.items() if is_annotation(key)}
    if bare(schema) in (NULL, {"enum": []}):
        return {**said, **NULL}
    return {**said, "anyOf": [bare(schema), NULL]}


def _examples(schema: Object) -> Object:
    if "example" in schema:
        schema.setdefault("examples", [schema.pop("example")])
        schema.pop("example", None)
    return schema


def _bounds(schema: Object) -> Object:
    for exclusive, plain in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        flag = schema.get(exclusive)
        if isinstance(flag, bool):
            del schema[exclusive]
            if flag and plain in schema:
                schema[exclusive] = schema.pop(plain)
    return schema


def _typed(schema: Object) -> Object:
    """Say the type where the rest of the schema leaves no doubt about it."""
    if "type" in schema or "$ref" in schema:
        return schema
    is_union = "anyOf" in schema or "oneOf" in schema
    for key, name in _TELLS:
        # What says nothing tells nothing where alternatives say the type.
        if key in schema and not (is_union and schema[key] in _IDLE.get(key, ())):
            return {**schema, "type": name}
    types = {json_type(value) for value in schema.get("enum", [])} - {"null"}
    if len(types) != 1:
        return schema
    return {**schema, "type": types.pop()}


def _file(schema: Object) -> Object:
    """Return a schema with bytes as OpenAPI 3.0 says them: `format: binary` for what goes as it is,
    `byte` for what goes in base64.
    """
    if schema.get("type", "string") != "string" or "format" in schema:
        return schema
    media_type = str(schema.get("contentMediaType", ""))
    encoding = schema.get("contentEncoding")
    is_text = not media_type or media_type.startswith("text/") or media_type.endswith("json")
    if encoding not in (None, "base64", "binary") or (encoding is None and is_text):
        return schema
    file = {**schema, "type": "string", "format": "byte" if encoding == "base64" else "binary"}
    file.pop("contentMediaType", None)
    file.pop("contentEncoding", None)
    return file


def _whole(schema: Object) -> Object:
    """Return a number that can only be whole as an integer.

    A width of 64 bits means nothing in Python.
    """
    if schema.get("type") == "number" and _is_whole(schema):
        schema = {**schema, "type": "integer"}
    if schema.get("type") != "integer":
        return schema
    idle = {"format": "int64", "multipleOf": 1}
    return {key: value for key, value in schema.items() if value != idle.get(key)}


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
    return {json_type(value) for value in values} - {"null"} == {"integer"}


def json_type(value: Any) -> str:
    """Return the JSON Schema name of a value's type."""
    return _TYPES.get(type(value), "object" if isinstance(value, dict) else "array")


def _split(types: list[str], schema: Object) -> Object:
    if len(types) == 1:
        return {**schema, "type": types[0]}
    said = {key: value for key, value in schema.items() if is_annotation(key)}
    if not types:
        return {**said, **NULL}
    return {**said, "anyOf": [_only(name, bare(schema)) for name in types]}


def _only(name: str, schema: Object) -> Object:
    """Return the part of a schema of several types that speaks of one of them."""
    strange = _BOUND_TO_A_TYPE - _BELONGS.get(name, set())
    part: Object = {}
    for key, value in schema.items():
        if key == "enum":
            value = [word for word in value if json_type(word) == name]
        if key not in strange and value != []:
            part[key] = value
    return {**part, "type": name}


def _sorted(schema: Object) -> Object:
    """Lists whose order means nothing are sorted, words that say nothing are left out."""
    if "required" in schema:
        # As a word of a property itself (`required: true`) it belongs to older dialects, and says
        # nothing.
        names = schema["required"] if isinstance(schema["required"], list) else []
        schema = {**schema, "required": sorted({name for name in names if isinstance(name, str)})}
    if isinstance(schema.get("enum"), list):
        schema = {**schema, "enum": _unique(schema["enum"])}
    return {key: value for key, value in schema.items() if value not in _IDLE.get(key, ())}


def _unique(values: list[Any]) -> list[Any]:
    by_text = {canonical_json(value): value for value in values}
    return [by_text[text] for text in sorted(by_text)]
