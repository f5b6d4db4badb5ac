"""The names of operations, which stay with their routes."""

from .pointers import Object
from .routes import operation_name, template, unique


def with_pinned_operations(view: Object, lock: dict[str, str]) -> tuple[Object, dict[str, str]]:
    """Return the view with the names of operations as the lock has them, and the names with their
    routes.

    Two routes may give one name. Which of them has it without a number must not change when the
    other one appears.
    """
    pinned = {route: name for name, route in lock.items()}
    names: dict[str, str] = {}
    paths: dict[str, Object] = {}
    # Those of the lock first, then the shorter paths.
    for path, method in sorted(
        _places(view), key=lambda place: (_route(*place) not in pinned, len(place[0]), place)
    ):
        route = _route(path, method)
        name = pinned.get(route) or operation_name(method, path)
        if names.get(name, route) != route:
            name = unique(name, names)
        names[name] = route
        paths.setdefault(path, {})[method] = {**view["paths"][path][method], "operationId": name}
    ordered = {
        path: {method: paths[path][method] for method in item}
        for path, item in view["paths"].items()
    }
    return {**view, "paths": ordered}, names


def _places(view: Object) -> list[tuple[str, str]]:
    return [(path, method) for path, item in view["paths"].items() for method in item]


def _route(path: str, method: str) -> str:
    return f"{method.upper()} {template(path)}"
