"""What cannot be read or generated is left out by name, and the rest goes on."""

from collections.abc import Iterator, Mapping

from .canonical import reachable
from .pointers import Object, split
from .routes import shape

# In a normalised document: the places that are left out (JSON pointers), each with the reason. An
# operation among them is not there; a schema among them is any value.
LEFT_OUT = "x-left-out"


def without(document: Object, places: Mapping[str, str]) -> Object:
    """Return the document without some operations and schema components, and with the reasons under
    `LEFT_OUT`.
    """
    paths = {path: dict(item) for path, item in document["paths"].items()}
    schemas = dict(document["components"]["schemas"])
    for place in places:
        parts = split(place)
        if parts[0] == "paths":
            paths.get(parts[1], {}).pop(parts[2], None)
        else:
            schemas[parts[2]] = {}
    paths = {path: item for path, item in paths.items() if item}
    components = {**document["components"], "schemas": reachable(paths, schemas)}
    left_out = {**document.get(LEFT_OUT, {}), **places}
    return {**document, "paths": paths, "components": components, LEFT_OUT: left_out}


def left_out_operations(document: Object) -> Iterator[tuple[str, str, str]]:
    """(method, path, reason) of every operation that is left out."""
    for place, why in document.get(LEFT_OUT, {}).items():
        parts = split(place)
        if parts[0] == "paths" and len(parts) == 3:
            yield parts[2], parts[1], why


def why_left_out(document: Object, method: str, path: str) -> str | None:
    """Return why a route is left out; None when it is not. A path may lack what the server's
    address begins with.
    """
    for other, raw, why in left_out_operations(document):
        if other == method and shape(path).endswith(shape(raw)):
            return why
    return None
