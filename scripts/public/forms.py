"""What OpenAPI says of forms and deep objects, where the foreign tool does something else."""

from typing import Any

from scripts.contract.pointers import Object
from scripts.contract.schemas import drop

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
    is_form = is_multipart or kind == FORM
    if not is_form or not isinstance(body, dict):
        return media

    encodings = media.get("encoding") or {}
    if is_multipart and version.startswith("3.0"):
        encodings = {name: drop(each, *_STYLE) for name, each in encodings.items()}

    encoding = dict(encodings)
    for name, value in body.items():
        default = _default(value, is_multipart=is_multipart)
        if default and not encoding.get(name):
            encoding[name] = default
    return {**media, "encoding": encoding}


def _default(value: Any, *, is_multipart: bool) -> Object:
    """Return the encoding of a field that has none; empty where a plain value needs none."""
    if isinstance(value, list):
        return {"style": "form", "explode": True}
    is_object = isinstance(value, dict) and BYTES not in value
    return {"contentType": "application/json"} if is_object and is_multipart else {}


def undefined_in(media: Object, body: Any) -> list[str]:
    """Return the names in a form whose spelling OpenAPI leaves open."""
    if not isinstance(body, dict):
        return []

    names: list[str] = []
    encoding = media.get("encoding") or {}
    for name, each in encoding.items():
        if each.get("style") == DEEP:
            names += inside(name, body.get(name))
    return names


def undefined_of(parameter: Object, value: Any) -> list[str]:
    """Return the names in a query whose spelling OpenAPI leaves open: lists and objects in an
    object.
    """
    style = parameter.get("style", "form")
    if style == DEEP:
        return inside(str(parameter["name"]), value)

    # Only an exploded object is sent as one parameter for each of its properties.
    is_exploded = parameter.get("explode", style == "form")
    if parameter["in"] != "query" or not is_exploded:
        return []
    return _structured(value)


def inside(name: str, value: Any) -> list[str]:
    """Return the names of what is in a deep object and no single value."""
    return [f"{name}[{key}]" for key in _structured(value)]


def _structured(value: Any) -> list[str]:
    """Return the keys of an object under which there are lists and objects."""
    if not isinstance(value, dict):
        return []
    return [key for key, each in value.items() if isinstance(each, dict | list)]
