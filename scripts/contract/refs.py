"""References: every one must lead somewhere inside the document."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from .errors import StepError, listed
from .pointers import Object, join, resolve

COMPONENT = "#/components/schemas/"
# What stands under these keys is data, not part of the description: a "$ref" in there is just a word.
_DATA = frozenset({"example", "examples", "default", "enum", "const"})


def check_refs(document: Object) -> None:
    """Raise when a reference leads outside the document or nowhere, naming where it stands."""
    faults = [f"{where}: {ref}" for where, ref in _refs(document, "") if not _leads_somewhere(document, ref)]
    if faults:
        why = "they lead nowhere in the document" + listed(faults)
        todo = "mend the document by a row in openapi/repairs.json"
        raise StepError("normalise", "references that cannot be resolved", why=why, todo=todo)


def check_circles(document: Object) -> None:
    """Raise when a component is, by references and combinations alone, a part of itself."""
    fine: set[str] = set()

    def visit(ref: str, trail: list[str]) -> None:
        if ref in trail:
            raise StepError("normalise", f"references go round in a circle: {' -> '.join([*trail, ref])}")
        if ref not in fine:
            for inner in _at_once(target(document, ref)):
                visit(inner, [*trail, ref])
        fine.add(ref)

    for name in document.get("components", {}).get("schemas", {}):
        visit(to_component(name)["$ref"], [])


def _at_once(schema: Any) -> Iterator[str]:
    """The references of a schema that speak of the same value as the schema itself."""
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"]
        for key in ("allOf", "anyOf", "oneOf"):
            for each in schema.get(key, []):
                yield from _at_once(each)


def _refs(value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _refs(item, join(pointer, index))
    elif isinstance(value, dict):
        yield from _refs_of(value, pointer)


def _refs_of(value: Object, pointer: str) -> Iterator[tuple[str, str]]:
    ref = value.get("$ref")
    if isinstance(ref, str):
        yield pointer, ref
    named = pointer.endswith(("/properties", "/schemas", "/examples"))
    for key, item in value.items():
        if named or (key not in _DATA and not key.startswith("x-")):
            yield from _refs(item, join(pointer, key))


def _leads_somewhere(document: Object, ref: str) -> bool:
    try:
        target(document, ref)
    except (KeyError, ValueError):
        return False
    return True


def target(document: Object, ref: str) -> Any:
    """What a reference points at. Raises KeyError or ValueError when there is nothing."""
    if not ref.startswith("#"):
        raise ValueError(f"{ref} is outside the document")
    return resolve(document, unquote(ref[1:]))


def follow(document: Object, value: Any) -> Any:
    """`value`, or what it refers to, with anything said beside the reference laid on top."""
    seen: list[str] = []
    while isinstance(value, dict) and isinstance(value.get("$ref"), str):
        ref = value["$ref"]
        if ref in seen:
            raise StepError("normalise", f"references go round in a circle: {' -> '.join([*seen, ref])}")
        seen.append(ref)
        beside = {key: item for key, item in value.items() if key != "$ref"}
        found = target(document, ref)
        value = {**found, **beside} if isinstance(found, dict) and beside else found
    return value


def component(ref: str) -> str | None:
    """The name of the schema component that a reference points at, if it is one."""
    name = unquote(ref.removeprefix(COMPONENT))
    if not ref.startswith(COMPONENT) or "/" in name:
        return None
    return name.replace("~1", "/").replace("~0", "~")


def to_component(name: str) -> Object:
    """A reference to a schema component."""
    return {"$ref": join("#/components/schemas", name)}
