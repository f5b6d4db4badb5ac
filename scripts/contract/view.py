"""What the generator gets to see: the normalised contract, less what it cannot use or would use
wrongly.
"""

from typing import Any

from .canonical import reachable
from .media_types import BYTES, JSON
from .merge import ConflictError, fold_all_of, only_presence, tidy_union
from .pointers import Object
from .refs import component
from .schemas import NULL, bare, is_enum, is_node, map_children, variants
from .styles import STYLES, styles
from .text import shows

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
# Ids stay text. What is a day or a moment the records read (see `marks`): a value that does not fit
# costs nothing there, and whether the vendor writes a `format` or not may change any day. Only
# the files of forms need theirs: in JSON they are text.
FILE = "binary"
DAYS = frozenset({"date", "date-time"})
MOST_LISTS = 5
_KEPT = frozenset(
    {
        "$ref",
        "additionalProperties",
        "allOf",
        "anyOf",
        "description",
        "enum",
        "format",
        "items",
        "oneOf",
    }
    | {"prefixItems", "properties", "required", "type"}
)
_BODIES = (JSON, FORM, MULTIPART, BYTES)
_OF_PARAMETER = ("name", "in", "required", "description")
_TEXT: Object = {"type": "string"}
_FILE: Object = {"type": "string", "format": FILE}


def generator_view(document: Object) -> Object:
    """The document for the generator: operations with their success answers, and the schemas these
    need.
    """
    components = document["components"]["schemas"]
    uploads = reachable(_forms(document), components)
    view = _View(components)
    paths = {
        path: {method: view.operation(operation) for method, operation in item.items()}
        for path, item in document["paths"].items()
    }
    schemas = {
        name: view.schema(schema, files=name in uploads) for name, schema in components.items()
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "LedgerHQ", "version": "1"},
        "paths": paths,
        "components": {"schemas": reachable(paths, schemas)},
    }


def _forms(document: Object) -> list[Any]:
    """The media types of the forms with files that the operations of a document send."""
    operations = [operation for item in document["paths"].values() for operation in item.values()]
    contents = [operation.get("requestBody", {}).get("content", {}) for operation in operations]
    return [content[MULTIPART] for content in contents if MULTIPART in content]


class _View:
    def __init__(self, components: Object) -> None:
        self._components = components

    def operation(self, operation: Object) -> Object:
        kept = ("operationId", "tags", "summary", "description", "security")
        new = {key: operation[key] for key in kept if key in operation}
        new["parameters"] = [self._parameter(parameter) for parameter in operation["parameters"]]
        content = operation.get("requestBody", {}).get("content")
        sent = styles(operation, self._form(content or {}), self._opened)
        if sent:
            new[STYLES] = sent
        if content:
            required = operation["requestBody"]["required"]
            new["requestBody"] = {"required": required, "content": self._body(content)}
        new["responses"] = self._responses(operation["responses"])
        return new

    def schema(self, schema: Any, *, files: bool = False) -> Any:
        """A schema with its structure only, and without what the generator would stumble over.

        ``files``: whether there may be files in it, as there may in a form.
        """
        if not isinstance(schema, dict):
            return schema
        if "$ref" in schema:
            return self._reference(schema)
        new = {key: value for key, value in schema.items() if key in _KEPT}
        if new.get("format") in DAYS:
            new["x-format"] = new["format"]
        if not files or new.get("format") != FILE:
            new.pop("format", None)
        if "properties" in new:
            new["properties"] = {
                name: each for name, each in new["properties"].items() if shows(name)
            }
        new = tidy_union(
            fold_all_of(
                map_children(new, lambda child, _: self.schema(child, files=files)), _closed
            )
        )
        return _shallow(_countable(_enumerable(_sayable(_without_presence(new)))))

    def _reference(self, schema: Object) -> Object:
        target = self._opened(schema)
        if is_node(target):
            return {"$ref": schema["$ref"]}
        # A list or a union that contains itself has no class to refer to.
        return {"type": "array", "items": {}} if target.get("type") == "array" else {}

    def _parameter(self, parameter: Object) -> Object:
        new: Object = {key: parameter[key] for key in _OF_PARAMETER if key in parameter}
        return {**new, "schema": self._sendable(parameter)}

    def _sendable(self, parameter: Object) -> Object:
        """The schema of a parameter as the generator can send it."""
        schema = _not_null(self.schema(parameter.get("schema", _TEXT)))
        if "content" in parameter:
            is_json = any("json" in kind for kind in parameter["content"])
            return {} if is_json else _TEXT
        if parameter["style"] == "deepObject":
            # An object in square brackets: whoever sends it takes any.
            return {}
        kinds = {variant.get("type") for variant in variants(self._opened(schema))}
        unsendable = parameter["in"] != "query" and kinds & {None, "null"}
        return _TEXT if unsendable else schema

    def _opened(self, schema: Object) -> Object:
        name = component(schema.get("$ref", ""))
        return schema if name is None else dict(self._components[name])

    def _form(self, content: Object) -> Object:
        """The media type of the form that is sent, empty where none is."""
        media_type = _preferred(content, _BODIES) if content else ""
        form: Object = content[media_type] if media_type == FORM else {}
        return form

    def _body(self, content: Object) -> Object:
        """One of the ways to send a body: the generator's code is simpler, and the operation is the
        same.
        """
        media_type = _preferred(content, _BODIES)
        if _is_json(media_type) or media_type in (FORM, MULTIPART):
            schema = content[media_type].get("schema", {})
            files = media_type == MULTIPART
            return {media_type: {"schema": _writable(self.schema(schema, files=files))}}
        return {media_type: {"schema": _FILE}}

    def _responses(self, responses: Object) -> Object:
        good = {
            status: response for status, response in responses.items() if status.startswith("2")
        }
        if not good:
            good = {status: {} for status in responses if status.startswith("3")}
        return {status: self._response(response) for status, response in good.items()}

    def _response(self, response: Object) -> Object:
        new: Object = {"description": response.get("description", "")}
        content = response.get("content")
        if not content:
            return new
        media_type = _preferred(content, (JSON,))
        if _is_json(media_type):
            schema = self.schema(content[media_type].get("schema", {}))
            # A generated reader of nothing but null is no Python; without content it gives None as
            # well.
            return new if bare(schema) == NULL else {**new, "content": {JSON: {"schema": schema}}}
        # Any text type would do here; the overrides in generator.yml leave this one alone.
        kind = ("text/html", _TEXT) if media_type.startswith("text/") else (BYTES, _FILE)
        return {**new, "content": {kind[0]: {"schema": kind[1]}}}


def _closed(schema: Object) -> Object:
    """The normaliser has folded what it could through references; here only what lost its bounds
    can fold.
    """
    if "$ref" in schema:
        raise ConflictError
    return schema


def _preferred(content: Object, order: tuple[str, ...]) -> str:
    json_like = next((name for name in sorted(content) if _is_json(name)), None)
    choices = [
        json_like,
        *(name for wanted in order for name in sorted(content) if _plain(name) == wanted),
    ]
    return next(filter(None, choices), sorted(content)[0])


def _plain(media_type: str) -> str:
    return media_type.partition(";")[0].strip()


def _is_json(media_type: str) -> bool:
    return _plain(media_type) == JSON or _plain(media_type).endswith("+json")


def _writable(schema: Object) -> Object:
    """A body; the generator cannot write one that is left out or one of several plain values."""
    options = variants(schema)
    return (
        {}
        if len(options) > 1 and not any("$ref" in each or "items" in each for each in options)
        else schema
    )


def _not_null(schema: Object) -> Object:
    """Null cannot be sent in a query or a header; leaving the parameter out says the same."""
    options = [option for option in schema.get("anyOf", []) if bare(option) != NULL]
    if not options or len(options) == len(schema["anyOf"]):
        return schema
    rest = {key: value for key, value in schema.items() if key != "anyOf"}
    return {**rest, **options[0]} if len(options) == 1 else {**schema, "anyOf": options}


def _without_presence(schema: Object) -> Object:
    """An object whose alternatives only say which properties must be there is just that object."""
    if "type" not in schema:
        return schema
    return {
        key: value
        for key, value in schema.items()
        if key not in ("anyOf", "oneOf") or not _presence(value)
    }


def _sayable(schema: Object) -> Object:
    """What no class can say is any value: parts that contradict each other, alternatives that are
    no objects.
    """
    if "allOf" in schema:
        return {key: value for key, value in schema.items() if key == "description"}
    if "type" in schema:
        return {key: value for key, value in schema.items() if key not in ("anyOf", "oneOf")}
    return schema


def _shallow(schema: Object) -> Object:
    """A list of lists of lists …, which is a loop in a loop in the generated code, ends at some
    depth.
    """
    inner: Any = schema
    for _ in range(MOST_LISTS):
        inner = inner.get("items") if isinstance(inner, dict) else None
    if not isinstance(inner, dict) or "items" not in inner:
        return schema
    return {**schema, "items": {}}


def _presence(options: list[Any]) -> bool:
    # The view has dropped `not`, so an alternative may have nothing left to say.
    return any(only_presence(option) or not bare(option) for option in options)


def _countable(schema: Object) -> Object:
    if schema.get("type") == "array" and "items" not in schema and "prefixItems" not in schema:
        return {**schema, "items": {}}
    return schema


def _enumerable(schema: Object) -> Object:
    """What cannot be an enum in Python is any value of its type, or a constant that is marked."""
    if schema.get("type") == "boolean" and len(schema.get("enum", [])) == 1:
        schema = {**schema, "x-constant": schema["enum"][0]}
    if "enum" in schema and not (
        is_enum(schema) and all(_fits(value, schema["type"]) for value in schema["enum"])
    ):
        return {key: value for key, value in schema.items() if key != "enum"}
    return schema


def _fits(value: Any, kind: str) -> bool:
    return (
        isinstance(value, str) and shows(value)
        if kind == "string"
        else isinstance(value, int) and not isinstance(value, bool)
    )
