"""Alternatives of a schema, and which old one is which new one: by content, not by position."""

from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from ..contract.fitting import kind
from ..contract.merge import only_presence
from ..contract.pointers import Object, join
from ..contract.refs import component, to_component
from ..contract.schemas import NULL, bare, drop
from .fingerprints import Fingerprints


@dataclass(frozen=True)
class Place:
    """A schema, and where it stands in its document."""

    schema: Any
    pointer: str

    def child(self, *steps: str | int) -> "Place":
        """Return what stands below."""
        value = self.schema
        for step in steps:
            value = value[step]
        return Place(value, join(self.pointer, *steps))


class Schemas:
    """The schemas of one document of a pair: opened, and told apart by content."""

    def __init__(self, components: Object, fingerprints: Fingerprints, side: int) -> None:
        self._components = components
        self._fingerprints = fingerprints
        self._side = side

    def opened(self, place: Place) -> Place:
        """Return what a reference leads to, with what is said beside the reference."""
        while isinstance(place.schema, dict) and "$ref" in place.schema:
            target = self._target(place.schema)
            if target is None:
                return Place({}, place.pointer)
            place = target

        if not isinstance(place.schema, dict):
            return Place({}, place.pointer)
        return place

    def _target(self, reference: Object) -> Place | None:
        """Return the component that a reference leads to, None where it leads to none."""
        name = component(reference["$ref"])
        if name is None or name not in self._components:
            return None

        schema = {**self._components[name], **drop(reference, "$ref")}
        return Place(schema, join("/components/schemas", name))

    def options(self, place: Place) -> list[Place]:
        """Return the alternatives of a schema, opened."""
        place = self.opened(place)
        children = [] if "type" in place.schema else list(_alternatives(place))
        # Alternatives that only say which properties are there are no other types.
        if not children or any(only_presence(child.schema) for child in children):
            return [place]

        # An alternative may be a union itself.
        options: list[Place] = []
        for child in children:
            options += self.options(child)
        if "anyOf" in place.schema:
            options = _without_idle(options)
        return options

    def fingerprint(self, schema: Any) -> str:
        """Return the same for schemas that mean the same to a client."""
        return self._fingerprints.of(schema, self._side)


def _alternatives(place: Place) -> Iterator[Place]:
    for key in ("anyOf", "oneOf"):
        for index in range(len(place.schema.get(key, []))):
            yield place.child(key, index)


def _without_idle(options: list[Place]) -> list[Place]:
    """Return alternatives without those that one of the others takes as well: of any text and the
    words of an enum, any text.
    """
    whole = {option.schema["type"] for option in options if _is_whole_type(option)}
    # What is inside an array or an object is compared with what it was.
    whole -= {"array", "object"}
    return [
        option
        for option in options
        if option.schema.get("type") not in whole or _is_whole_type(option)
    ]


def _is_whole_type(option: Place) -> bool:
    return set(bare(option.schema)) == {"type"}


def both_schemas(old: Object, new: Object) -> tuple[Schemas, Schemas]:
    """Return the schemas of two documents, for comparing."""
    fingerprints = Fingerprints(old, new)
    return Schemas(old, fingerprints, 0), Schemas(new, fingerprints, 1)


def split_null(options: list[Place]) -> tuple[list[Place], bool]:
    """Return the alternatives that are not null, and whether one is."""
    rest = [option for option in options if bare(option.schema) != NULL]
    return rest, len(rest) < len(options)


@dataclass
class Matching:
    """Pairs of an old and a new alternative, and what is left on either side."""

    pairs: list[tuple[Place, Place]]
    gone: list[Place]
    fresh: list[Place]


def match(
    old: list[Place], new: list[Place], old_schemas: Schemas, new_schemas: Schemas
) -> Matching:
    """Return which alternative is which: first those that are equal, then those that are most
    alike.
    """
    matching = Matching([], list(old), list(new))
    for one in old:
        mark = old_schemas.fingerprint(_reference(one))
        for other in matching.fresh:
            if new_schemas.fingerprint(_reference(other)) == mark:
                _take(matching, one, other)
                break
    taken: set[int] = set()
    for one, other in _alike(matching):
        if taken.isdisjoint((id(one), id(other))):
            taken |= {id(one), id(other)}
            _take(matching, one, other)
    return matching


def _alike(matching: Matching) -> list[tuple[Place, Place]]:
    """Return the pairs of the alternatives left that have anything in common, those that are most
    alike first.
    """
    pairs = [
        (_likeness(one.schema, other.schema), one, other)
        for one in matching.gone
        for other in matching.fresh
    ]
    pairs.sort(key=itemgetter(0), reverse=True)
    return [(one, other) for likeness, one, other in pairs if likeness > 0]


def _reference(option: Place) -> Any:
    """Return an option as a reference where it is a component: its fingerprint is known already."""
    name = component(f"#{option.pointer}")
    return option.schema if name is None else to_component(name)


def _take(matching: Matching, one: Place, other: Place) -> None:
    matching.pairs.append((one, other))
    matching.gone.remove(one)
    matching.fresh.remove(other)


def _likeness(old: Object, new: Object) -> float:
    """Return how much of two alternatives is common: from 0, for what cannot be the same, to 1."""
    if kind(old) != kind(new):
        return 0
    olds = old.get("properties", {})
    news = new.get("properties", {})
    common = olds.keys() & news.keys()
    if any(_tells_apart(olds[name], news[name]) for name in common):
        return 0

    every = olds.keys() | news.keys()
    return len(common) / len(every) if every else 1


def _tells_apart(old: Any, new: Any) -> bool:
    """Return whether a property is a constant that differs: it says which alternative is meant."""
    was = _constant(old)
    now = _constant(new)
    return was is not None and now is not None and was != now


def _constant(schema: Any) -> Any:
    """Return the only value of a schema, in a list; None where it is not a constant."""
    values = schema.get("enum") if isinstance(schema, dict) else None
    return values if values is not None and len(values) == 1 else None
