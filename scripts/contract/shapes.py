"""The hash of a shape: the same for a schema, a renamed one and an inlined copy."""

from typing import Any

from .pointers import Object, canonical_json, digest
from .refs import component, refs_in
from .schemas import drop, is_node, map_children

# The shape of what leads back to itself is what one sees when its references are followed this far.
LEVELS = 32
_SAID = frozenset({"description", "x-enum-varnames", "x-format"})


class Shapes:
    """The hashes of the objects and enums of one document."""

    def __init__(self, components: dict[str, Object]) -> None:
        self._components = components
        self._known: dict[tuple[str, int], str] = {}
        self._endless = _endless(components)

    def of(self, schema: Object, levels: int = LEVELS) -> str:
        """Return the hash of an object, an enum, or a reference to one."""
        name = component(schema.get("$ref", ""))
        if name is None:
            return digest(self._seen(schema, levels))
        if (name, levels) not in self._known:
            self._known[name, levels] = digest(self._seen(self._components[name], levels))
        return self._known[name, levels]

    def _seen(self, schema: Object, levels: int) -> Object:
        """Return the schema with each object and enum inside replaced by its hash."""
        structure = drop(schema, *_SAID)
        new = map_children(structure, lambda child, _: self._child(child, levels))
        for key in ("anyOf", "oneOf"):
            if key in new:
                new[key] = sorted(new[key], key=canonical_json)
        return new

    def _child(self, child: Any, levels: int) -> Any:
        if not isinstance(child, dict):
            return child
        if "$ref" not in child and not is_node(child):
            return self._seen(child, levels)

        is_finite = self._endless.isdisjoint(map(component, refs_in(child)))
        if is_finite:
            return {"shape": self.of(child)}
        # What contains itself is looked at to some depth only.
        if levels:
            return {"shape": self.of(child, levels - 1)}
        return {}


def _endless(components: dict[str, Object]) -> set[str | None]:
    """Return the components that lead to one that leads to itself."""
    waiting: dict[str | None, set[str | None]] = {}
    users: dict[str | None, list[str]] = {}
    for name, schema in components.items():
        inners = {component(ref) for ref in refs_in(schema)} & components.keys()
        waiting[name] = inners
        for inner in inners:
            users.setdefault(inner, []).append(name)

    # Take away, again and again, what leads only to what has an end.
    todo = [name for name, inners in waiting.items() if not inners]
    while todo:
        finite = todo.pop()
        del waiting[finite]
        for user in users.get(finite, []):
            waiting[user].discard(finite)
            if not waiting[user]:
                todo.append(user)
    return set(waiting)
