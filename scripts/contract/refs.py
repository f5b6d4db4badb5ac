"""References inside one document: where they lead."""

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote

from .errors import StepError
from .pointers import Object, join, resolve

COMPONENT = "#/components/schemas/"


def circles(document: Object) -> dict[str, list[str]]:
    """Return the components that are, by references and combinations alone, a part of themselves,
    and the way round.
    """
    trails: dict[str, list[str]] = {}
    for name in document.get("components", {}).get("schemas", {}):
        trail = _way_round(document, to_component(name)["$ref"])
        if trail:
            trails[name] = trail
    return trails


def _way_round(document: Object, start: str) -> list[str]:
    """Return the references that lead from a place to itself; none when there is no such way."""
    visited: set[str] = set()
    todo = [[start]]
    while todo:
        trail = todo.pop()

        for ref in _at_once(_target_or_none(document, trail[-1])):
            if ref == start:
                return [*trail, ref]
            if ref not in visited:
                visited.add(ref)
                todo.append([*trail, ref])
    return []


def _target_or_none(document: Object, ref: str) -> Any:
    try:
        return target(document, ref)
    except (KeyError, ValueError):
        return None


def _at_once(schema: Any) -> Iterator[str]:
    """Yield the references of a schema that speak of the same value as the schema itself."""
    if not isinstance(schema, dict):
        return
    if isinstance(schema.get("$ref"), str):
        yield schema["$ref"]

    for key in ("allOf", "anyOf", "oneOf"):
        parts = schema.get(key)
        if not isinstance(parts, list):
            continue
        for part in parts:
            yield from _at_once(part)


def target(document: Object, ref: str) -> Any:
    """Return what a reference points at. Raises KeyError or ValueError when there is nothing."""
    if not ref.startswith("#"):
        raise ValueError(f"{ref} is outside the document")
    return resolve(document, unquote(ref[1:]))


def existing(document: Object, ref: str) -> Any:
    """Return what a reference points at; a `StepError` when that is nothing."""
    try:
        return target(document, ref)
    except (KeyError, ValueError):
        raise StepError("normalise", f"a reference leads nowhere in the document: {ref}") from None


def follow(document: Object, value: Any) -> Any:
    """Return `value`, or what it refers to, with anything said beside the reference laid on top."""
    trail: list[str] = []
    while isinstance(value, dict) and isinstance(value.get("$ref"), str):
        beside = dict(value)
        ref = beside.pop("$ref")
        if ref in trail:
            way = " -> ".join([*trail, ref])
            raise StepError("normalise", f"references form a cycle: {way}")
        trail.append(ref)

        value = existing(document, ref)
        if isinstance(value, dict) and beside:
            value = {**value, **beside}
    return value


def leads_to(document: Object) -> set[str]:
    """Return the schema components that some operation leads to, in the document as it is."""
    reached: set[str] = set()
    places: set[str] = set()
    todo: list[Any] = [document.get("paths")]
    while todo:
        value = todo.pop()
        if isinstance(value, list):
            todo += value
        elif isinstance(value, dict):
            todo += value.values()

            ref = value.get("$ref")
            if isinstance(ref, str) and ref not in places:
                places.add(ref)
                todo.append(_target_or_none(document, ref))
                # Also a place inside a component belongs to it.
                name = component("/".join(ref.split("/")[:4]))
                reached |= {name} if name is not None else set()
    return reached


def component(ref: str) -> str | None:
    """Return the name of the schema component that a reference points at, if it is one."""
    name = unquote(ref.removeprefix(COMPONENT))
    if not ref.startswith(COMPONENT) or "/" in name:
        return None
    return name.replace("~1", "/").replace("~0", "~")


def to_component(name: str) -> Object:
    """Return a reference to a schema component."""
    return {"$ref": join("#/components/schemas", name)}


def refs_in(value: Any) -> list[str]:
    """Return every reference to a schema component in `value`."""
    refs: list[str] = []
    items: Iterable[Any] = ()
    if isinstance(value, list):
        items = value
    elif isinstance(value, dict):
        items = value.values()
        ref = value.get("$ref")
        if isinstance(ref, str) and ref.startswith(COMPONENT):
            refs.append(ref)
    for item in items:
        refs += refs_in(item)
    return refs
