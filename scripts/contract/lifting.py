"""Components without a class of their own (scalars, lists, unions), and the classes inside."""

from typing import Any

from .pointers import Object
from .refs import component
from .schemas import is_node, map_children

# Stands for "$ref" where the component of that name is the object inside the vendor's component of
# the same name.
LIFTED = "$lifted"


def lift(components: dict[str, Object]) -> tuple[dict[str, Object], dict[str, Object]]:
    """Return the components that are classes, and those that are to be written where they are used.

    An object inside one of the latter ("this or null", "a list of these") becomes a component, so
    that it keeps the vendor's name and may refer to what it stands in.
    """
    nodes = {name: schema for name, schema in components.items() if is_node(schema)}
    lifting = _Lifting(nodes, set(components))
    inline = {
        name: lifting.lifted(name, schema)
        for name, schema in sorted(components.items())
        if name not in nodes
    }
    endless = {name for name in inline if name in _leads_to(inline, name)}
    return nodes, {name: schema for name, schema in inline.items() if name not in endless}


class _Lifting:
    def __init__(self, nodes: dict[str, Object], names: set[str]) -> None:
        self._nodes = nodes
        self._names = names

    def lifted(self, name: str, schema: Object) -> Object:
        """Return a component with each object and enum in it replaced by a reference to a component
        of its own.
        """

        def change(child: Any, _: tuple[str, ...]) -> Any:
            """Replace an object inside by a reference to a component of its own."""
            if not isinstance(child, dict):
                return child
            if not is_node(child):
                return map_children(child, change)
            new = self._fresh(name)
            self._nodes[new] = child
            return {LIFTED: new}

        return map_children(schema, change)

    def _fresh(self, name: str) -> str:
        """Return the name that a lifted object goes by: its component's, which is free, or one
        with a number.
        """
        if name not in self._nodes:
            return name
        number = 2
        while f"{name}{number}" in self._nodes.keys() | self._names:
            number += 1
        return f"{name}{number}"


def _leads_to(inline: dict[str, Object], start: str) -> set[str]:
    """Return the components that have to be written out when `start` is."""
    reached: set[str] = set()
    todo = [start]
    while todo:
        fresh = {name for name in _refs(inline[todo.pop()]) if name in inline} - reached
        reached |= fresh
        todo += fresh
    return reached


def _refs(schema: Any) -> list[str]:
    """Return the components that a schema, or a schema inside it, refers to."""
    if not isinstance(schema, dict):
        return []
    names: list[str] = []
    name = component(schema.get("$ref", ""))
    if name is not None:
        names.append(name)

    def visit(child: Any, _: tuple[str, ...]) -> Any:
        """Add what a schema inside refers to."""
        names.extend(_refs(child))
        return child

    map_children(schema, visit)
    return names
