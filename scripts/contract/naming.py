"""Step `name`: every object and enum gets a class name that survives what vendors do to their
documents.
"""

from collections import deque
from collections.abc import Iterator
from typing import Any

from .members import with_members
from .merge import tidy_union
from .names import Choices, Names, Site, module_name
from .operation_names import with_pinned_operations
from .pointers import Object
from .refs import component, to_component
from .routes import pascal
from .schemas import is_node, map_children, operation_schemas, operations_in
from .shapes import Shapes

_MOST_ROUNDS = 5
_INNER = {"items": "Item", "additionalProperties": "Value", "prefixItems": "Item"}


def assign_names(view: Object, lock: Names) -> tuple[Object, Names]:
    """Return the view with every object and enum as a named component, and the names to commit.

    A shape that the lock knows keeps its name, whatever the vendor calls it and wherever he writes
    it. A new shape takes the name of the place it stands in when the old shape there is gone, else
    the vendor's, else one made of the route.
    """
    view, routes = with_pinned_operations(view, lock.routes)
    document, names = _Namer(view, lock).run()
    names.routes = routes
    # With names in the lock, a choice among equal shapes may fall differently once; it must not the
    # next time.
    for _ in range(_MOST_ROUNDS):
        if names == lock:
            break
        lock = names
        document, names = _Namer(view, lock).run()
        names.routes = routes
    return document, names


class _Namer:
    def __init__(self, view: Object, lock: Names) -> None:
        self._view = view
        self._raw: dict[str, Object] = view["components"]["schemas"]
        self._shapes = Shapes(self._raw)
        self._components: dict[str, Object] = {}
        self._todo: deque[tuple[str, Object]] = deque()
        vendor = {
            name: self._shapes.of(schema) for name, schema in self._raw.items() if is_node(schema)
        }
        present = {self._shapes.of(node) for schema in _schemas(view) for node in _nodes(schema)}
        self._choices = Choices(lock, vendor, present)

    def run(self) -> tuple[Object, Names]:
        """Name what stands in the operations first, then what stands in that, parameters last."""
        paths = {
            path: {method: dict(op) for method, op in item.items()}
            for path, item in self._view["paths"].items()
        }
        operations = sorted(
            (op for item in paths.values() for op in item.values()),
            key=lambda op: op["operationId"],
        )
        for operation in operations:
            self._answers(operation)
            self._request(operation)
        self._drain()
        for operation in operations:
            operation["parameters"] = [
                self._parameter(operation, parameter) for parameter in operation["parameters"]
            ]
        self._drain()
        document = {**self._view, "paths": paths, "components": {"schemas": self._components}}
        return document, self._choices.given

    def _drain(self) -> None:
        while self._todo:
            name, schema = self._todo.popleft()
            self._components[name] = with_members(self._inside(schema, name, name))

    def _answers(self, operation: Object) -> None:
        new = {}
        for number, status in enumerate(sorted(operation["responses"])):
            response = operation["responses"][status]
            extra = status if number else ""
            new[status] = self._content(
                response, operation["operationId"], f"Response{extra}", f"response {status}"
            )
        operation["responses"] = new

    def _request(self, operation: Object) -> None:
        if "requestBody" in operation:
            body = operation["requestBody"]
            operation["requestBody"] = self._content(
                body, operation["operationId"], "Request", "request"
            )

    def _content(self, holder: Object, operation: str, word: str, where: str) -> Object:
        if "content" not in holder:
            return holder
        [(media_type, media)] = holder["content"].items()
        schema = self._named(media["schema"], f"{operation} {where}", f"{pascal(operation)}{word}")
        return {**holder, "content": {media_type: {"schema": schema}}}

    def _parameter(self, operation: Object, parameter: Object) -> Object:
        place = f"{operation['operationId']} {parameter['in']} {parameter['name']}"
        hint = f"{pascal(operation['operationId'])}{pascal(parameter['name'])}"
        return {**parameter, "schema": self._named(parameter["schema"], place, hint)}

    def _named(self, schema: Any, place: str, hint: str) -> Any:
        if not isinstance(schema, dict):
            return schema
        vendor = component(schema.get("$ref", ""))
        node = schema if vendor is None else self._raw[vendor]
        if not is_node(node):
            return self._inside(node, place, hint)
        avoid = frozenset(map(module_name, node.get("properties", {})))
        name, new = self._choices.choose(self._shapes.of(node), Site(place, hint, vendor, avoid))
        if new:
            self._todo.append((name, node))
        return to_component(name)

    def _inside(self, schema: Object, place: str, hint: str) -> Object:
        def change(child: Any, where: tuple[str, ...]) -> Any:
            """Name a schema inside, by the place where it stands."""
            word = pascal(where[1]) if where[0] == "properties" else _INNER.get(where[0], "")
            deeper = place if where[0] in ("anyOf", "oneOf") else "/".join((place, *where))
            return self._named(child, deeper, hint + word)

        return tidy_union(map_children(schema, change))


def _schemas(view: Object) -> Iterator[Any]:
    """Yield every schema of a view: of its components, bodies, answers and parameters."""
    yield from view["components"]["schemas"].values()
    for operation in operations_in(view):
        yield from (schema for _, schema in operation_schemas(operation))


def _nodes(schema: Any) -> list[Object]:
    """Return the objects and enums written in a schema, itself included."""
    if not isinstance(schema, dict):
        return []
    nodes = [schema] if is_node(schema) else []

    def visit(child: Any, _: tuple[str, ...]) -> Any:
        """Add the objects and enums of a schema inside."""
        nodes.extend(_nodes(child))
        return child

    map_children(schema, visit)
    return nodes
