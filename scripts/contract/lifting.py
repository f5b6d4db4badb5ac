"""Components without a class of their own (scalars, lists, unions), and the classes inside."""

from typing import Any

from .pointers import Object
from .refs import component
from .schemas import is_node, map_children

# Stands for "$ref" where the component of that name is the object inside the vendor's component of
# the same name.
LIFTED = "$lifted"


def lift(found: dict[str, Object]) -> tuple[dict[str, Object], dict[str, Object]]:
    """The components that are classes, and those that are to be written where they are used.

    An object inside one of the latter ("this or null", "a list of these") becomes a component, so
    that it keeps the vendor's name and may refer to what it stands in.
    """
    nodes = {name: schema for name, schema in found.items() if is_node(schema)}
    lifting = _Lifting(nodes, set(found))
    inline = {
        name: lifting.lifted(name, schema)
        for name, schema in sorted(found.items())
        if name not in nodes
    }
    endless = {name for name in inline if name in _leads_to(inline, name)}
    return nodes, {name: schema for name, schema in inline.items() if name not in endless}


class _Lifting:
    def __init__(self, nodes: dict[str, Object], taken: set[str]) -> None:
        self._nodes = nodes
        self._taken = taken

    def lifted(self, name: str, schema: Object) -> Object:
        """A component with each object and enum in it replaced by a reference to a component of its
        own.
        """

        def change(child: Any, _: tuple[str, ...]) -> Any:
            if not isinstance(child, dict):
                return child
            if not is_node(child):
                return map_children(child, change)
            new = self._fresh(name)
            self._nodes[new] = child
            return {LIFTED: new}

        return map_children(schema, change)

    def _fresh(self, name: str) -> str:
        number = 1
        new = name
        while new in self._nodes or (new in self._taken and new != name):
            number += 1
            new = f"{name}{number}"
        return new


def _leads_to(inline: dict[str, Object], start: str) -> set[str]:
    """The components that have to be written out when `start` is."""
    found: set[str] = set()
    todo = [start]
    while todo:
        for name in _refs(inline[todo.pop()]):
            if name in inline and name not in found:
                found.add(name)
                todo.append(name)
    return found


def _refs(schema: Any) -> list[str]:
    names: list[str] = []

    def visit(child: Any, _: tuple[str, ...]) -> Any:
        names.extend(_refs(child))
        return child

    if isinstance(schema, dict):
        name = component(schema.get("$ref", ""))
        names += [name] if name is not None else []
        map_children(schema, visit)
    return names
