"""References inside one document: where they lead."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from .errors import StepError
from .pointers import Object, join, resolve

COMPONENT = "#/components/schemas/"


def circles(document: Object) -> dict[str, list[str]]:
    """The components that are, by references and combinations alone, a part of themselves, and the
    way round.
    """
    schemas = document.get("components", {}).get("schemas", {})
    return {
        name: trail
        for name in schemas
        if (trail := _way_round(document, to_component(name)["$ref"]))
    }


def _way_round(document: Object, start: str) -> list[str]:
    """The references that lead from a place to itself; none when there is no such way."""
    seen: set[str] = set()
    todo = [[start]]
    while todo:
        trail = todo.pop()
        for ref in _at_once(_target_or_none(document, trail[-1])):
            if ref == start:
                return [*trail, ref]
            if ref not in seen:
                seen.add(ref)
                todo.append([*trail, ref])
    return []


def _target_or_none(document: Object, ref: str) -> Any:
    try:
        return target(document, ref)
    except (KeyError, ValueError):
        return None


def _at_once(schema: Any) -> Iterator[str]:
    """The references of a schema that speak of the same value as the schema itself."""
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"]
        for key in ("allOf", "anyOf", "oneOf"):
            for each in schema.get(key, []) if isinstance(schema.get(key), list) else []:
                yield from _at_once(each)


def target(document: Object, ref: str) -> Any:
    """What a reference points at. Raises KeyError or ValueError when there is nothing."""
    if not ref.startswith("#"):
        raise ValueError(f"{ref} is outside the document")
    return resolve(document, unquote(ref[1:]))


def existing(document: Object, ref: str) -> Any:
    """What a reference points at; a `StepError` when that is nothing."""
    try:
        return target(document, ref)
    except (KeyError, ValueError):
        raise StepError("normalise", f"a reference leads nowhere in the document: {ref}") from None


def follow(document: Object, value: Any) -> Any:
    """`value`, or what it refers to, with anything said beside the reference laid on top."""
    seen: list[str] = []
    while isinstance(value, dict) and isinstance(value.get("$ref"), str):
        ref = value["$ref"]
        if ref in seen:
            raise StepError(
                "normalise", f"references go round in a circle: {' -> '.join([*seen, ref])}"
            )
        seen.append(ref)
        beside = {key: item for key, item in value.items() if key != "$ref"}
        found = existing(document, ref)
        value = {**found, **beside} if isinstance(found, dict) and beside else found
    return value


def leads_to(document: Object) -> set[str]:
    """The schema components that some operation leads to, in the document as it is."""
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
    """The name of the schema component that a reference points at, if it is one."""
    name = unquote(ref.removeprefix(COMPONENT))
    if not ref.startswith(COMPONENT) or "/" in name:
        return None
    return name.replace("~1", "/").replace("~0", "~")


def to_component(name: str) -> Object:
    """A reference to a schema component."""
    return {"$ref": join("#/components/schemas", name)}


def refs_in(value: Any) -> list[str]:
    """Every reference to a schema component in `value`."""
    if isinstance(value, list):
        return [ref for item in value for ref in refs_in(item)]
    if not isinstance(value, dict):
        return []
    own = (
        [value["$ref"]]
        if isinstance(value.get("$ref"), str) and value["$ref"].startswith(COMPONENT)
        else []
    )
    return own + [ref for item in value.values() for ref in refs_in(item)]
