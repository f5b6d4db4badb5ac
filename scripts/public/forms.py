"""What OpenAPI says of forms and deep objects, where the foreign tool does something else."""

from typing import Any

from scripts.contract.pointers import Object

from .examples import BYTES

FORM = "application/x-www-form-urlencoded"
DEEP = "deepObject"
_STYLE = ("style", "explode", "allowReserved")


def with_defaults(kind: str, media: Object, body: Any, version: str) -> Object:
    """Return the media type of a form with what OpenAPI says of it without being asked.

    Items of lists are sent one by one, objects as JSON; and in OpenAPI 3.0 the parts of a form with
    files have no style.
    """
    is_multipart = kind.startswith("multipart/")
    if not (is_multipart or kind == FORM) or not isinstance(body, dict):
        return media
    defaults: Object = {}
    for name, value in body.items():
        if isinstance(value, list):
            defaults[name] = {"style": "form", "explode": True}
        elif isinstance(value, dict) and BYTES not in value and is_multipart:
            defaults[name] = {"contentType": "application/json"}
    said = media.get("encoding") or {}
    if is_multipart and version.startswith("3.0"):
        said = {name: _without_style(each) for name, each in said.items()}
    names = defaults.keys() | said.keys()
    encoding = {name: said.get(name) or defaults.get(name, {}) for name in names}
    return {**media, "encoding": encoding}


def _without_style(encoding: Object) -> Object:
    return {key: value for key, value in encoding.items() if key not in _STYLE}


def undefined_in(media: Object, body: Any) -> list[str]:
    """Return the names in a form whose spelling OpenAPI leaves open."""
    if not isinstance(body, dict):
        return []
    encoding = media.get("encoding") or {}
    deep = [name for name, each in encoding.items() if each.get("style") == DEEP]
    return [each for name in deep for each in inside(name, body.get(name))]


def undefined_of(parameter: Object, value: Any) -> list[str]:
    """Return the names in a query whose spelling OpenAPI leaves open: lists and objects in an
    object.
    """
    name, style = str(parameter["name"]), parameter.get("style", "form")
    if style == DEEP:
        return inside(name, value)
    is_exploded = parameter["in"] == "query" and parameter.get("explode", style == "form")
    if not is_exploded or not isinstance(value, dict):
        return []
    return [key for key, each in value.items() if isinstance(each, dict | list)]


def inside(name: str, value: Any) -> list[str]:
    """Return the names of what is in a deep object and no single value."""
    if not isinstance(value, dict):
        return []
    return [f"{name}[{key}]" for key, each in value.items() if isinstance(each, dict | list)]
