"""Pointers of findings led back from the normalised contracts into the documents as fetched."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ..contract.pointers import Object, join, split, step
from ..contract.refs import follow, target
from ..contract.routes import parameters, shape
from .compare import Drift
from .documents import Document
from .findings import Finding, merged

# References may lead in a circle.
_MOST_REFERENCES = 50


def located(drift: Drift, old: Document, new: Document) -> Drift:
    """Return the drift with pointers that resolve in the vendored document, or in the new one for
    what is only there.
    """
    findings: list[Finding] = []
    for each in drift.findings:
        documents = (old, new) if each.before else (new, old)
        findings.append(replace(each, pointer=_pointer(each.pointer, documents)))
    # What operations share, such as a parameter, is one place now.
    return replace(drift, findings=merged(findings))


def _pointer(pointer: str, documents: tuple[Document, Document]) -> str:
    """Return a pointer into the first of the documents that has the place, as deep as it can be
    found: what the normaliser has rewritten stands somewhere above.
    """
    parts = split(pointer)
    for document in documents:
        if _is_in(document.normalised, parts):
            return _Walk(document).to(parts)

    # Of neither: then the place is as the comparison has it.
    return pointer


def _is_in(value: Any, parts: list[str]) -> bool:
    """Return whether a place, or at least what it would stand in, is there."""
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
    """The way from a place in a normalised document to the same one in the document as fetched."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._raw = document.raw

    def to(self, parts: list[str]) -> str:
        """Return the pointer in the document as fetched."""
        if parts[:1] != ["paths"]:
            return self._below("", self._raw, parts)

        path = self._path(parts[1])
        if path is None:
            return "/paths"
        if parts[3:4] == ["parameters"] and len(parts) > 4:
            return self._parameter(path, parts)

        return self._below(join("/paths", path), self._raw["paths"][path], parts[2:])

    def _path(self, path: str) -> str | None:
        """Return the vendor's spelling of a path: with his names, without the server's prefix."""
        spellings = [raw for raw in self._raw["paths"] if shape(path).endswith(shape(raw))]
        return max(spellings, key=len, default=None)

    def _parameter(self, path: str, parts: list[str]) -> str:
        """Return the pointer to a parameter, which may stand at the operation or at its path."""
        operation = self._document.normalised["paths"][parts[1]][parts[2]]
        parameter = operation["parameters"][int(parts[4])]
        place = parameter["in"]
        name = parameter["name"]
        if place == "path":
            # Names in a path are ours; the vendor's stand in the same order.
            names = reversed(parameters(parts[1]))
            vendors = reversed(parameters(path))
            name = dict(zip(names, vendors, strict=False)).get(name, name)
        for pointer, raw in self._parameters(path, parts[2]):
            if raw.get("in") == place and _is_called(raw, name):
                return self._below(pointer, raw, parts[5:])
        return join("/paths", path, parts[2])

    def _parameters(self, path: str, method: str) -> Iterator[tuple[str, Object]]:
        """Return the parameters of an operation and of its path item, each with its pointer."""
        at = join("/paths", path)
        item = follow(self._raw, self._raw["paths"][path])
        for pointer, holder in ((join(at, method), item.get(method, {})), (at, item)):
            for index, raw in enumerate(holder.get("parameters", [])):
                yield self._opened(join(pointer, "parameters", index), raw)

    def _below(self, at: str, value: Any, parts: list[str]) -> str:
        _, pointer = self._deepest(at, value, parts)
        return pointer

    def _deepest(self, at: str, value: Any, parts: list[str], depth: int = 0) -> tuple[int, str]:
        """Return how many of the parts can be found below a value, and where that leads."""
        at, value = self._opened(at, value)
        if not parts or not isinstance(value, dict | list):
            return depth, at
        part, *rest = parts
        if part in ("anyOf", "oneOf"):
            # The normaliser puts alternatives in an order of its own.
            return depth, join(at, part) if part in value else at

        best = (depth, at)
        if _has(value, part):
            inner = self._deepest(join(at, part), step(value, part), rest, depth + 1)
            best = _deeper(best, inner)
        branches = value.get("allOf", []) if isinstance(value, dict) else []
        for index, branch in enumerate(branches):
            inner = self._deepest(join(at, "allOf", index), branch, parts, depth)
            best = _deeper(best, inner)
        return best

    def _opened(self, at: str, value: Any) -> tuple[str, Any]:
        """Return what a reference leads to, and where that is."""
        # Counted, because a vendor's references may go round in a circle.
        for _ in range(_MOST_REFERENCES):
            if not isinstance(value, dict):
                break
            ref = value.get("$ref")
            if not isinstance(ref, str) or not _leads_somewhere(self._raw, ref):
                break

            at = ref.removeprefix("#")
            value = target(self._raw, ref)
        return at, value


def _deeper(one: tuple[int, str], other: tuple[int, str]) -> tuple[int, str]:
    return other if other[0] > one[0] else one


def _is_called(parameter: Object, name: str) -> bool:
    spelling = str(parameter.get("name"))
    if parameter.get("in") == "header":
        return spelling.lower() == name.lower()
    return spelling == name
