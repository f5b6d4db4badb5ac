"""JSON pointers and canonical JSON."""

import hashlib
import json
from typing import Any

Object = dict[str, Any]
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def join(pointer: str, *parts: str | int) -> str:
    """`pointer` with `parts` added, escaped as RFC 6901 wants."""
    return pointer + "".join(
        "/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts
    )


def split(pointer: str) -> list[str]:
    """The parts of a pointer, unescaped. Raises ValueError when it does not start with a slash."""
    if not pointer:
        return []
    if not pointer.startswith("/"):
        raise ValueError(f"{pointer!r} is not a JSON pointer")
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer[1:].split("/")]


def step(value: Any, part: str) -> Any:
    """One step down. Raises KeyError when there is nothing."""
    if isinstance(value, dict):
        return value[part]
    if isinstance(value, list) and part.isdecimal() and int(part) < len(value):
        return value[int(part)]
    raise KeyError(part)


def resolve(document: Any, pointer: str) -> Any:
    """What `pointer` points at. Raises KeyError when there is nothing."""
    for part in split(pointer):
        document = step(document, part)
    return document


def canonical_json(value: Any) -> str:
    """The same text for the same value, whatever the order of its keys."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(value: Any) -> str:
    """A hash of a JSON value that does not depend on the order of its keys."""
    return hashlib.sha256(canonical_json(value).encode("utf-8", "surrogatepass")).hexdigest()


def pretty(value: Any, *, in_order: bool = False) -> bytes:
    """A JSON file for people and for diffs: indented, sorted unless `in_order`, with a newline at
    the end.
    """
    return (json.dumps(value, indent=2, sort_keys=not in_order) + "\n").encode()
