"""What the generator gets to see: the normalised contract, less what it cannot use or would use
wrongly.
"""

from typing import Any

from .canonical import reachable
from .media_types import BYTES, JSON
from .merge import ConflictError, fold_all_of, tidy_union
from .pointers import Object
from .refs import component
from .sayable import not_null, sayable, writable
from .schemas import NULL, bare, is_node, map_children, operations_in, variants
from .styles import STYLES, styles
from .text import shows

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
# Ids stay text. What is a day or a moment the records read (see `marks`): a value that does not fit
# costs nothing there, and whether the vendor writes a `format` or not may change any day. Only
# the files of forms need theirs: in JSON they are text.
FILE = "binary"
DAYS = frozenset({"date", "date-time"})
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
    """Return the document for the generator: operations with their success answers, and the schemas
    these need.
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
    """Return the media types of the forms with files that the operations of a document send."""
    forms: list[Any] = []
    for operation in operations_in(document):
        content = operation.get("requestBody", {}).get("content", {})
        if MULTIPART in content:
            forms.append(content[MULTIPART])
    return forms


class _View:
    def __init__(self, components: Object) -> None:
        self._components = components

    def operation(self, operation: Object) -> Object:
        """Return what the generator reads of an operation, and the styles of what is sent."""
        words = ("operationId", "tags", "summary", "description", "security")
        new = {key: operation[key] for key in words if key in operation}
        new["parameters"] = [self._parameter(parameter) for parameter in operation["parameters"]]

        content = operation.get("requestBody", {}).get("content")
        form = self._form(content or {}, FORM)
        parts = self._form(content or {}, MULTIPART)
        sent = styles(operation, form, parts, self._opened)
        if sent:
            new[STYLES] = sent
        if content:
            required = operation["requestBody"]["required"]
            new["requestBody"] = {"required": required, "content": self._body(content)}
        new["responses"] = self._responses(operation["responses"])
        return new

    def schema(self, schema: Any, *, files: bool = False) -> Any:
        """Return the structure of a schema, without what the generator would stumble over.

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

        inner = map_children(new, lambda child, _: self.schema(child, files=files))
        union = tidy_union(fold_all_of(inner, _closed))
        return sayable(union)

    def _reference(self, schema: Object) -> Object:
        target = self._opened(schema)
        if is_node(target):
            return {"$ref": schema["$ref"]}
        # A list or a union that contains itself has no class to refer to.
        if target.get("type") == "array":
            return {"type": "array", "items": {}}
        return {}

    def _parameter(self, parameter: Object) -> Object:
        new: Object = {key: parameter[key] for key in _OF_PARAMETER if key in parameter}
        return {**new, "schema": self._sendable(parameter)}

    def _sendable(self, parameter: Object) -> Object:
        """Return the schema of a parameter as the generator can send it."""
        if "content" in parameter:
            is_json = any("json" in kind for kind in parameter["content"])
            return {} if is_json else _TEXT
        if parameter["style"] == "deepObject":
            # An object in square brackets: whoever sends it takes any.
            return {}

        schema = not_null(self.schema(parameter.get("schema", _TEXT)))
        if parameter["in"] == "query":
            return schema

        # A path, a header and a cookie have no spelling for null, and none for what has no type.
        kinds = {variant.get("type") for variant in variants(self._opened(schema))}
        return _TEXT if kinds & {None, "null"} else schema

    def _opened(self, schema: Object) -> Object:
        name = component(schema.get("$ref", ""))
        return schema if name is None else dict(self._components[name])

    def _form(self, content: Object, kind: str) -> Object:
        """Return the media type of the form of a kind that is sent, empty where none is."""
        media_type = _preferred(content, _BODIES) if content else ""
        form: Object = content[media_type] if media_type == kind else {}
        return form

    def _body(self, content: Object) -> Object:
        """Return one of the ways to send a body: the generator's code is simpler, and the operation
        is the same.
        """
        media_type = _preferred(content, _BODIES)
        if _is_json(media_type) or media_type in (FORM, MULTIPART):
            schema = content[media_type].get("schema", {})
            files = media_type == MULTIPART
            return {media_type: {"schema": writable(self.schema(schema, files=files))}}
        # Whatever else it is, it is sent as bytes.
        return {media_type: {"schema": _FILE}}

    def _responses(self, responses: Object) -> Object:
        """Return the answers that a caller reads: those of success, or else the redirects."""
        new: Object = {}
        for status, response in responses.items():
            if status.startswith("2"):
                new[status] = self._response(response)

        if new:
            return new

        # A redirect is success as well, and nobody reads its body.
        redirects = [status for status in responses if status.startswith("3")]
        return {status: self._response({}) for status in redirects}

    def _response(self, response: Object) -> Object:
        new: Object = {"description": response.get("description", "")}
        content = response.get("content")
        if not content:
            return new

        media_type = _preferred(content, (JSON,))
        if media_type.startswith("text/") and not _is_json(media_type):
            # Any text type would do here; the overrides in generator.yml leave this one alone.
            return {**new, "content": {"text/html": {"schema": _TEXT}}}
        if not _is_json(media_type):
            return {**new, "content": {BYTES: {"schema": _FILE}}}

        schema = self.schema(content[media_type].get("schema", {}))
        if bare(schema) == NULL:
            # A generated reader of nothing but null is no Python; without content it gives None as
            # well.
            return new
        return {**new, "content": {JSON: {"schema": schema}}}


def _closed(schema: Object) -> Object:
    """Return a schema without a reference; `ConflictError` for one.

    The normaliser has folded what it could through references; here only what lost its bounds can
    fold.
    """
    if "$ref" in schema:
        raise ConflictError
    return schema


def _preferred(content: Object, order: tuple[str, ...]) -> str:
    """Return the media type to take: any JSON, else the first in `order`, else any."""
    names = sorted(content)
    for name in names:
        if _is_json(name):
            return name

    for plain in order:
        for name in names:
            if _plain(name) == plain:
                return name

    return names[0]


def _plain(media_type: str) -> str:
    return media_type.partition(";")[0].strip()


def _is_json(media_type: str) -> bool:
    return _plain(media_type) == JSON or _plain(media_type).endswith("+json")
