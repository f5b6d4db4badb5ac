"""Headers that a document asks for in its words alone: "send X-Organization-Id with every call"."""

from collections.abc import Callable, Sequence
from typing import Any

from .pointers import Object
from .routes import shape
from .seam import Need
from .text import counted

_HEADER: Object = {
    "in": "header",
    "required": True,
    "style": "simple",
    "explode": False,
    "schema": {"type": "string"},
}


def with_headers_of_prose(
    normalised: Object,
    raw: Object,
    needs: Sequence[Need],
    say: Callable[[str], None] = lambda _: None,
) -> Object:
    """Return the document with the headers that the layer sends, and of which it speaks only in its
    words, as parameters.

    Each is added to the operations where the layer sends it, when the words of that operation, of
    its tag or of the whole document name it.
    """
    headers = {
        (need.method.lower(), shape(need.path)): [
            name for place, name in need.parameters if place == "header"
        ]
        for need in needs
    }
    everywhere = _words(raw.get("info")) + _words(raw.get("tags")) + _words(raw.get("externalDocs"))
    paths: dict[str, Object] = {}
    added: list[str] = []
    for path, item in normalised["paths"].items():
        paths[path] = dict(item)
        for method, operation in item.items():
            there = {
                each["name"].lower() for each in operation["parameters"] if each["in"] == "header"
            }
            words = everywhere + _words(
                {key: operation.get(key) for key in ("summary", "description")}
            )
            names = [name.lower() for name in headers.get((method, shape(path)), [])]
            missing = [name for name in names if name not in there and name in words]
            if missing:
                new = [{"name": name, **_HEADER} for name in missing]
                parameters = sorted(
                    [*operation["parameters"], *new], key=lambda each: (each["in"], each["name"])
                )
                paths[path][method] = {**operation, "parameters": parameters}
                added.append(f"{method.upper()} {path}: {', '.join(missing)}")
    if not added:
        return normalised
    number = counted(len(added), "operation asks", "operations ask")
    say(f"prose      {number} for a header only in words, such as {added[0]}")
    return {**normalised, "paths": paths}


def _words(value: Any) -> str:
    """Return every text in a value, in lower case."""
    if isinstance(value, str):
        return f"{value.lower()}\n"
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return "".join(map(_words, value))
    return ""
