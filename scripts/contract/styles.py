"""Styles of OpenAPI: how a parameter or form field is sent that may be a list or an object."""

from collections.abc import Callable
from typing import Any

from .pointers import Object
from .schemas import variants

# In an operation of the view: by place ("query", "form") and wire name, the style and whether it is
# exploded.
STYLES = "x-styles"
# In a parameter of a normalised path whose style writes its name: what the vendor calls it.
SENT_NAME = "x-sent-name"
JSON_TEXT = "json"
_SCALARS = frozenset({"string", "integer", "number", "boolean", "null"})
_PLAIN = {"query": ("form", True), "cookie": ("form", True), "path": ("simple", False)}
_PLAIN["header"] = _PLAIN["path"]

Opened = Callable[[Object], Object]


def styles(operation: Object, form: Object, parts: Object, opened: Opened) -> Object:
    """Return the styles of the parameters of an operation, and of the fields of its form.

    ``form`` is the media type of that form, ``parts`` that of a form with files; empty where it
    sends none. ``opened`` leads from a reference to its schema.
    """
    by_place: Object = {}
    for parameter in operation["parameters"]:
        style = _style(parameter, opened)
        if style is not None:
            by_place.setdefault(parameter["in"], {})[parameter["name"]] = style
    fields = {**_of_form(form, opened), **_said(parts)}
    return {**by_place, "form": fields} if fields else by_place


def _said(form: Object) -> Object:
    """Return the styles that a document gives fields of a form, by their names."""
    fields: Object = {}
    for name, encoding in form.get("encoding", {}).items():
        style = encoding.get("style", "form")
        if "style" in encoding or "explode" in encoding:
            fields[name] = [style, bool(encoding.get("explode", style == "form"))]
    return fields


def _of_form(form: Object, opened: Opened) -> Object:
    """Return the styles of the fields of a form that are more than single values.

    What OpenAPI says where the document does not: an object is JSON, the items of a list are sent
    one by one.
    """
    said = _said(form)
    fields: Object = {}
    for name, schema in opened(form.get("schema", {})).get("properties", {}).items():
        if name in said:
            fields[name] = said[name]
            continue
        if _is_plain(schema, opened, listed=True):
            continue

        is_list = {each.get("type") for each in variants(opened(schema))} == {"array"}
        fields[name] = ["form", True] if is_list else [JSON_TEXT, False]
    return fields


def _style(parameter: Object, opened: Opened) -> list[Any] | None:
    """Return the style of a parameter, None for a plain text and a list that is sent one by one."""
    if "content" in parameter:
        is_json = any("json" in kind for kind in parameter["content"])
        return [JSON_TEXT, False] if is_json else None

    name = parameter["style"]
    style = [name, parameter["explode"]]
    is_repeated = style == ["form", True] and parameter["in"] == "query"
    is_plain = _is_plain(parameter.get("schema", {}), opened, listed=is_repeated)
    if is_plain and name in ("form", "simple"):
        return None
    # The matrix style writes the name into the path itself.
    if SENT_NAME in parameter:
        style.append(parameter[SENT_NAME])
    return style


def _is_plain(schema: Any, opened: Opened, *, listed: bool) -> bool:
    """Return whether a schema allows nothing but single values, or, where ``listed``, lists of
    them.
    """
    values: list[Any] = []
    for variant in variants(opened(schema)):
        if listed and variant.get("type") == "array":
            values += variants(opened(variant.get("items", {})))
        else:
            values.append(variant)
    return all(each.get("type") in _SCALARS for each in values)
