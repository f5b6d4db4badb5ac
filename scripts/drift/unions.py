"""Alternatives of a schema, and which old one is which new one: by content, not by position."""

from dataclasses import dataclass
from typing import Any

from ..contract.fitting import kind
from ..contract.merge import only_presence
from ..contract.pointers import Object, join
from ..contract.refs import component, to_component
from ..contract.schemas import NULL, bare
from .fingerprints import Fingerprints


@dataclass(frozen=True)
class Place:
    """A schema, and where it stands in its document."""

    schema: Any
    pointer: str

    def child(self, *steps: str | int) -> "Place":
        """What stands below."""
        value = self.schema
        for step in steps:
            value = value[step]
        return Place(value, join(self.pointer, *steps))


class Schemas:
    """The schemas of one document of a pair: opened, and told apart by content."""

    def __init__(self, components: Object, fingerprints: Fingerprints, side: int) -> None:
        self._components, self._fingerprints, self._side = components, fingerprints, side

    def opened(self, place: Place) -> Place:
        """What a reference leads to, with what is said beside the reference."""
        while isinstance(place.schema, dict) and "$ref" in place.schema:
            name = component(place.schema["$ref"])
            if name is None or name not in self._components:
                return Place({}, place.pointer)
            beside = {key: value for key, value in place.schema.items() if key != "$ref"}
            pointer = join("/components/schemas", name)
            place = Place({**self._components[name], **beside}, pointer)
        return place if isinstance(place.schema, dict) else Place({}, place.pointer)

    def options(self, place: Place) -> list[Place]:
        """The alternatives of a schema, opened."""
        place = self.opened(place)
        keys = [key for key in ("anyOf", "oneOf") if key in place.schema]
        if "type" in place.schema or not keys:
            return [place]

        children: list[Place] = []
        for key in keys:
            for index, schema in enumerate(place.schema[key]):
                # Alternatives that only say which properties are there are no other types.
                if only_presence(schema):
                    return [place]
                children.append(place.child(key, index))
        return [option for child in children for option in self.options(child)]

    def fingerprint(self, schema: Any) -> str:
        """The same for schemas that mean the same to a client."""
        return self._fingerprints.of(schema, self._side)


def both_schemas(old: Object, new: Object) -> tuple[Schemas, Schemas]:
    """The components of two documents, for comparing."""
    fingerprints = Fingerprints(old, new)
    return Schemas(old, fingerprints, 0), Schemas(new, fingerprints, 1)


def split_null(options: list[Place]) -> tuple[list[Place], bool]:
    """The alternatives that are not null, and whether one is."""
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
    """Which alternative is which: first those that are equal, then those that are most alike."""
    matching = Matching([], list(old), list(new))
    for one in old:
        mark = old_schemas.fingerprint(_reference(one))
        same = next(
            (o for o in matching.fresh if new_schemas.fingerprint(_reference(o)) == mark), None
        )
        if same is not None:
            _take(matching, one, same)
    while True:
        scores = [
            (_likeness(a.schema, b.schema), a, b) for a in matching.gone for b in matching.fresh
        ]
        best = max(scores, key=lambda score: score[0], default=(0, None, None))
        if best[1] is None or best[2] is None or best[0] <= 0:
            return matching
        _take(matching, best[1], best[2])


def _reference(option: Place) -> Any:
    """The option as a reference where it is a component: its fingerprint is known already."""
    name = component(f"#{option.pointer}")
    return option.schema if name is None else to_component(name)


def _take(matching: Matching, one: Place, other: Place) -> None:
    matching.pairs.append((one, other))
    matching.gone.remove(one)
    matching.fresh.remove(other)


def _likeness(old: Object, new: Object) -> float:
    if kind(old) != kind(new):
        return 0
    mine, others = old.get("properties", {}), new.get("properties", {})
    common = mine.keys() & others.keys()
    if any(_tells_apart(mine[name], others[name]) for name in common):
        return 0
    if not mine and not others:
        return 1
    return len(common) / len(mine.keys() | others.keys())


def _tells_apart(old: Any, new: Any) -> bool:
    """Whether a property is a constant that differs: it says which alternative is meant."""
    values = [schema.get("enum") if isinstance(schema, dict) else None for schema in (old, new)]
    return all(value is not None and len(value) == 1 for value in values) and values[0] != values[1]
