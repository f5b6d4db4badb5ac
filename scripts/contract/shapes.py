"""The hash of a shape: the same for a schema, a renamed one and an inlined copy."""

from typing import Any

from .pointers import Object, canonical_json, digest
from .refs import component, refs_in
from .schemas import is_node, map_children

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
        """The hash of an object, an enum, or a reference to one."""
        name = component(schema.get("$ref", ""))
        if name is None:
            return digest(self._seen(schema, levels))
        if (name, levels) not in self._known:
            self._known[name, levels] = digest(self._seen(self._components[name], levels))
        return self._known[name, levels]

    def _seen(self, schema: Object, levels: int) -> Object:
        """The schema with each object and enum inside replaced by its hash."""
        kept = {key: value for key, value in schema.items() if key not in _SAID}
        new = map_children(kept, lambda child, _: self._child(child, levels))
        for key in ("anyOf", "oneOf"):
            if key in new:
                new[key] = sorted(new[key], key=canonical_json)
        return new

    def _child(self, child: Any, levels: int) -> Any:
        if not isinstance(child, dict):
            return child
        if "$ref" not in child and not is_node(child):
            return self._seen(child, levels)
        if self._endless.isdisjoint(map(component, refs_in(child))):
            # It has an end, however deep it is.
            return {"shape": self.of(child)}
        return {"shape": self.of(child, levels - 1)} if levels else {}


def _endless(components: dict[str, Object]) -> set[str | None]:
    """The components that lead to one that leads to itself."""
    leads = {
        name: {component(ref) for ref in refs_in(schema)} for name, schema in components.items()
    }
    # Take away, again and again, what leads only to what has an end.
    waiting = {name: {inner for inner in leads[name] if inner in components} for name in components}
    users: dict[str | None, list[str]] = {}
    for name, inners in waiting.items():
        for inner in inners:
            users.setdefault(inner, []).append(name)
    todo = [name for name, inners in waiting.items() if not inners]
    while todo:
        ended = todo.pop()
        del waiting[ended]
        for user in users.get(ended, []):
            waiting[user].discard(ended)
            if not waiting[user]:
                todo.append(user)
    return set(waiting)
