"""The route of a contract that may be meant by one that it lacks."""

import difflib

from .pointers import Object
from .routes import shape


def near_route(method: str, route: str, normalised: Object) -> str:
    """Return the route that may be meant by the shape of a path: the only one that ends in the same
    way, or one that is spelled in nearly the same one; nothing where there is none.
    """
    paths = {shape(path): path for path, item in normalised["paths"].items() if method in item}
    near = [each for each in paths if _end_alike(each, route)]
    if len(near) != 1:
        near = difflib.get_close_matches(route, paths, 1, cutoff=0.85)
    if not near:
        return ""
    return f"{method.upper()} {paths[near[0]]}"


def _end_alike(one: str, other: str) -> bool:
    """Return whether a route is the end of another one, as where a prefix came or went."""
    return one.endswith(other) or other.endswith(one)
