"""JSON pointers and canonical JSON."""

import hashlib
import json
from typing import Any

Object = dict[str, Any]
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def join(pointer: str, *parts: str | int) -> str:
    """Return `pointer` with `parts` added, escaped as RFC 6901 wants."""
    for part in parts:
        text = str(part).replace("~", "~0").replace("/", "~1")
        pointer = f"{pointer}/{text}"
    return pointer


def split(pointer: str) -> list[str]:
    """Return the parts of a pointer. Raises ValueError when it does not start with a slash."""
    if not pointer:
        return []

    if not pointer.startswith("/"):
        raise ValueError(f"{pointer!r} is not a JSON pointer")

    return [_unescaped(part) for part in pointer[1:].split("/")]


def _unescaped(part: str) -> str:
    # RFC 6901, section 4: in this order, or "~01" would become a slash.
    return part.replace("~1", "/").replace("~0", "~")


def step(value: Any, part: str) -> Any:
    """Return the value one step down. Raises KeyError when there is nothing."""
    if isinstance(value, dict):
        return value[part]
    if not isinstance(value, list) or not part.isdecimal():
        raise KeyError(part)

    # A list, by its index.
    index = int(part)
    if index >= len(value):
        raise KeyError(part)
    return value[index]


def resolve(document: Any, pointer: str) -> Any:
    """Return what `pointer` points at. Raises KeyError when there is nothing."""
    for part in split(pointer):
        document = step(document, part)
    return document


def canonical_json(value: Any) -> str:
    """Return the same text for the same value, whatever the order of its keys."""

    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(value: Any) -> str:
    """Return a hash of a JSON value that does not depend on the order of its keys."""
    return hashlib.sha256(canonical_json(value).encode("utf-8", "surrogatepass")).hexdigest()


def pretty(value: Any, *, in_order: bool = False) -> bytes:
    """Return a JSON file for people and for diffs: indented, sorted unless `in_order`, with a
    newline at the end.
    """
    return (json.dumps(value, indent=2, sort_keys=not in_order) + "\n").encode()
