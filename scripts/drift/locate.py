"""Findings point into the normalised contracts; here their pointers are led back into the documents
as fetched.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ..contract.pointers import Object, join, split, step
from ..contract.refs import follow, target
from ..contract.routes import parameters, shape
from .compare import Drift
from .documents import Document


def located(drift: Drift, old: Document, new: Document) -> Drift:
    """The drift with pointers that resolve in the vendored document, or in the new one for what is
    only there.
    """
    found = [
        replace(each, pointer=_pointer(each.pointer, (new, old) if not each.before else (old, new)))
        for each in drift.findings
    ]
    return replace(drift, findings=found)


def _pointer(pointer: str, documents: tuple[Document, Document]) -> str:
    """As deep as the place can be found: what the normaliser has rewritten stands somewhere above."""
    parts = split(pointer)
    for document in documents:
        if _in(document.normalised, parts):
            return _Walk(document).to(parts)
    return pointer


def _in(value: Any, parts: list[str]) -> bool:
    """Whether a place, or at least what it would stand in, is there."""
    for part in parts[:-1]:
        if not _has(value, part):
            return False
        value = step(value, part)
    return True


def _has(value: Any, part: str) -> bool:
    try:
        step(value, part)
    except KeyError:
        return False
    return True


def _leads_somewhere(document: Object, ref: str) -> bool:
    try:
        target(document, ref)
    except (KeyError, ValueError):
        return False
    return True


class _Walk:
    def __init__(self, document: Document) -> None:
        self._document, self._raw = document, document.raw

    def to(self, parts: list[str]) -> str:
        """The pointer in the document as fetched."""
        if parts[:1] != ["paths"]:
            return self._below("", self._raw, parts)
        path = self._path(parts[1])
        if path is None:
            return "/paths"
        item = self._raw["paths"][path]
        if parts[3:4] == ["parameters"] and len(parts) > 4:
            return self._parameter(path, parts)
        return self._below(join("/paths", path), item, parts[2:])

    def _path(self, path: str) -> str | None:
        """The vendor's spelling of a path: with his names, without the server's prefix."""
        fitting = [raw for raw in self._raw["paths"] if shape(path).endswith(shape(raw))]
        return max(fitting, key=len, default=None)

    def _parameter(self, path: str, parts: list[str]) -> str:
        operation = self._document.normalised["paths"][parts[1]][parts[2]]
        wanted = operation["parameters"][int(parts[4])]
        names = dict(zip(parameters(parts[1])[::-1], parameters(path)[::-1], strict=False))
        name = (
            names.get(wanted["name"], wanted["name"]) if wanted["in"] == "path" else wanted["name"]
        )
        for pointer, raw in self._parameters(path, parts[2]):
            given = str(raw.get("name"))
            same = given.lower() == name.lower() if wanted["in"] == "header" else given == name
            if same and raw.get("in") == wanted["in"]:
                return self._below(pointer, raw, parts[5:])
        return join("/paths", path, parts[2])

    def _parameters(self, path: str, method: str) -> Iterator[tuple[str, Object]]:
        at = join("/paths", path)
        item = follow(self._raw, self._raw["paths"][path])
        for pointer, holder in ((join(at, method), item.get(method, {})), (at, item)):
            for index, raw in enumerate(holder.get("parameters", [])):
                yield self._opened(join(pointer, "parameters", index), raw)

    def _below(self, at: str, value: Any, parts: list[str]) -> str:
        return self._deepest(at, value, parts)[1]

    def _deepest(self, at: str, value: Any, parts: list[str], depth: int = 0) -> tuple[int, str]:
        """How many of the parts were found, and where that is."""
        at, value = self._opened(at, value)
        if not parts or not isinstance(value, dict | list):
            return depth, at
        part, *rest = parts
        if part in ("anyOf", "oneOf"):
            # The normaliser puts alternatives in an order of its own.
            return depth, join(at, part) if part in value else at
        found = [(depth, at)]
        if _has(value, part):
            found.append(self._deepest(join(at, part), step(value, part), rest, depth + 1))
        for index, branch in enumerate(value.get("allOf", []) if isinstance(value, dict) else []):
            found.append(self._deepest(join(at, "allOf", index), branch, parts, depth))
        return max(found, key=lambda each: each[0])

    def _opened(self, at: str, value: Any) -> tuple[str, Any]:
        for _ in range(50):
            ref = value.get("$ref") if isinstance(value, dict) else None
            if not isinstance(ref, str) or not _leads_somewhere(self._raw, ref):
                break
            at, value = ref.removeprefix("#"), target(self._raw, ref)
        return at, value
