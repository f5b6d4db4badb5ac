"""Step `seam`: the contract held against what the hand-written layer leans on."""

import importlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .errors import StepError
from .fitting import MAY_BE_MISSING, NO_SUCH_PROPERTY, Gap, Shape, request_gaps, response_gaps
from .near_route import near_route
from .omissions import why_left_out
from .pointers import Object
from .required import says_required
from .routes import shape
from .statuses import answering
from .values import value_gaps

Route = tuple[str, str]
"""Method and shape of the path: what a route is known by."""
LAYER = "ledgerhq_ext"
_NEEDS = "scripts.contract.needs"
_MANY = 3
# A property that an answer as a whole should have.
_TOP = re.compile(r"/responses/[^/]+/properties/[^/]+")


@dataclass(frozen=True)
class Need:
    """A need of one operation of the layer; of the path, the names of parameters do not matter."""

    method: str
    path: str
    # What a user calls, such as `Organization.accounts`.
    operation: str
    # What is sent beside the path and the body: (in, name on the wire).
    parameters: tuple[tuple[str, str], ...] = ()
    request: Shape | None = None
    request_media: str = "application/json"
    response: Shape | None = None
    # The statuses of success that are read.
    statuses: tuple[int, ...] = (200,)
    # Whether a success says more than that: of a posting, 200 that it was there before. Where it
    # does not, one success is read as any other.
    tells_replays: bool = False
    # What does as well: the same operation on another route, or its answer in another envelope.
    instead: tuple["Need", ...] = ()
    # Whether the route does for some of the calls only, so that it cannot stand for another one.
    is_partial: bool = False
    # Why the layer does not go by this route, whatever the contract says of it.
    refusal: str = ""
    # Whether a contract may lack it altogether: one that is there has to fit all the same.
    is_optional: bool = False


@dataclass(frozen=True)
class Misfit:
    """One thing the layer needs and the contract does not have."""

    operation: str
    route: str
    where: str
    expected: str
    found: str
    # What is there that may be meant.
    near: str = ""


def load_needs(module: str = _NEEDS) -> Sequence[Need] | None:
    """Return what the layer needs, or None when there is no such module, or no layer, yet.

    Raises `StepError` for one that cannot be imported.
    """
    try:
        layer = importlib.import_module(module)
    except ModuleNotFoundError as error:
        # A module that the layer itself lacks is another fault.
        missing = error.name or ""
        if missing == LAYER or f"{module}.".startswith(f"{missing}."):
            return None
        raise _broken(error) from error
    except Exception as error:
        raise _broken(error) from error
    needs: Sequence[Need] = layer.needs()
    return needs


def _broken(error: Exception) -> StepError:
    return StepError("seam", f"{LAYER} cannot be imported", why=f"{type(error).__name__}: {error}")


def misfits(normalised: Object, needs: Sequence[Need]) -> list[Misfit]:
    """Return everything that the needs name and the normalised contract does not have, in the order
    of the needs.

    Of two routes that do the same, one that fits is enough.
    """
    rows: list[Misfit] = []
    for need, shortfalls in each_route(normalised, needs):
        is_absent = need.is_optional and not shortfalls
        if not is_absent and fitting(need, shortfalls) is None:
            whole = [lacks for key, lacks in shortfalls.items() if key not in _partial(need)]
            rows += whole[0] if whole else _rows(need, {}, normalised)
    return _without_required(rows, normalised)


def absent(normalised: Object, needs: Sequence[Need]) -> list[Need]:
    """Return the optional needs for which the contract has no route."""
    optional = [need for need in needs if need.is_optional]
    return [need for need, shortfalls in each_route(normalised, optional) if not shortfalls]


def fitting(need: Need, shortfalls: Mapping[Route, Sequence[Misfit]]) -> Route | None:
    """Return the first route that lacks nothing and does for every call, None where none does."""
    for key, lacks in shortfalls.items():
        if not lacks and key not in _partial(need):
            return key
    return None


def _partial(need: Need) -> set[Route]:
    return {key_of(way) for way in (need, *need.instead) if way.is_partial}


def each_route(
    normalised: Object, needs: Sequence[Need]
) -> Iterator[tuple[Need, dict[Route, list[Misfit]]]]:
    """Yield each need with the routes that the contract has for it, the preferred one first, and
    with what each of them lacks.
    """
    routes = _routes(normalised)
    for need in needs:
        by_route: dict[Route, list[list[Misfit]]] = {}
        for way in (need, *need.instead):
            if key_of(way) in routes:
                ways = by_route.setdefault(key_of(way), [])
                ways.append(_rows(way, routes, normalised))
        yield need, {key: min(ways, key=_distance) for key, ways in by_route.items()}


def _routes(normalised: Object) -> dict[Route, Object]:
    routes: dict[Route, Object] = {}
    # Where a path stands with a slash at its end and without one, it is the one without.
    for path, item in sorted(normalised["paths"].items(), reverse=True):
        for method, operation in item.items():
            routes[method, shape(path)] = operation
    return routes


def _distance(rows: Sequence[Misfit]) -> tuple[bool, int]:
    """Return how far a way to meet a need is off: farthest without the envelope, where nobody
    looked at what is inside.
    """
    missing = [row.where for row in rows if row.found == NO_SUCH_PROPERTY]
    return any(_TOP.fullmatch(where) for where in missing), len(rows)


def key_of(need: Need) -> Route:
    """Return method and shape of the route of a need."""
    return need.method.lower(), shape(need.path)


def _rows(need: Need, routes: Mapping[Route, Object], normalised: Object) -> list[Misfit]:
    """Return what the contract has not of one way to meet a need."""
    route = f"{need.method.upper()} {need.path}"
    operation = routes.get(key_of(need))
    gaps = [_route_gap(need, normalised)]
    if need.refusal and operation is not None:
        gaps = [Gap("", "the route", need.refusal)]
    elif operation is not None:
        gaps = _operation_gaps(need, operation, normalised["components"]["schemas"])

    return [
        Misfit(need.operation, route, gap.where, gap.expected, gap.found, gap.near) for gap in gaps
    ]


def _without_required(rows: list[Misfit], normalised: Object) -> list[Misfit]:
    """Return the rows, with one for all that "may be missing" where a document never says what is
    always there.
    """
    doubtful: list[Misfit] = []
    rest: list[Misfit] = []
    for row in rows:
        if row.found == MAY_BE_MISSING:
            doubtful.append(row)
        else:
            rest.append(row)
    if len(doubtful) < _MANY or says_required(normalised):
        return rows

    calls = len({row.operation for row in doubtful})
    what = f"no response has `required`, so that all of these may be missing, in {calls} calls"
    return [Misfit("every call", "", "/paths", "properties that are always there", what), *rest]


def _route_gap(need: Need, normalised: Object) -> Gap:
    why = why_left_out(normalised, need.method.lower(), need.path)
    if why is not None:
        return Gap("", "the route", f"it cannot be generated: {why}")
    return Gap("", "the route", "no such route", near=near_route(*key_of(need), normalised))


def _operation_gaps(need: Need, operation: Object, components: Object) -> list[Gap]:
    return [
        *_parameter_gaps(need, operation),
        *value_gaps(need.operation, _sent_parameters(need, operation), components),
        *_request_gaps(need, operation.get("requestBody"), components),
        *_response_gaps(need, operation["responses"], components),
    ]


def _sent_parameters(need: Need, operation: Object) -> dict[tuple[str, str], Object]:
    """Return the parameters that are sent, with the names by which the layer knows them."""
    parameters = {_key(each["in"], each["name"]): each for each in operation["parameters"]}
    sent: dict[tuple[str, str], Object] = {}
    for place, name in need.parameters:
        key = _key(place, name)
        if key in parameters:
            sent[key] = {**parameters[key], "name": name}
    return sent


def _parameter_gaps(need: Need, operation: Object) -> Iterator[Gap]:
    is_required = {
        _key(each["in"], each["name"]): each["required"]
        for each in operation["parameters"]
        if each["in"] != "path"
    }
    sent = {_key(place, name): name for place, name in need.parameters}
    for key, name in sent.items():
        if key in is_required:
            continue
        place, spelling = key
        elsewhere = sorted(where for where, each in is_required if each == spelling)
        what = f"it is in the {elsewhere[0]}" if elsewhere else "no such parameter"
        yield Gap(f"/parameters/{place}/{name}", f"{place} parameter {name}", what)

    for key in sorted(is_required.keys() - sent.keys()):
        if is_required[key]:
            place, name = key
            what = f"required {place} parameter {name}"
            yield Gap(f"/parameters/{place}/{name}", "nothing else required", what)


def _key(place: str, name: str) -> tuple[str, str]:
    return place, name.lower() if place == "header" else name


def _request_gaps(need: Need, body: Object | None, components: Object) -> list[Gap]:
    if need.request is None:
        if body is None or not body["required"]:
            return []
        return [Gap("/requestBody", "no body", "a required body")]
    if body is None:
        return [Gap("/requestBody", f"a body of {need.request_media}", "no body")]

    schema = _schema(body["content"], need.request_media)
    if schema is None:
        return [Gap("/requestBody", need.request_media, _listed(body["content"]))]
    # A posting is what its user makes it; other requests are put together by the layer.
    is_any_sent = need.tells_replays
    where = "/requestBody"
    return request_gaps(need.request, schema, components, where, is_any_sent=is_any_sent)


def _response_gaps(need: Need, responses: Object, components: Object) -> Iterator[Gap]:
    for status in need.statuses:
        where = f"/responses/{status}"
        there = answering(str(status), responses, tells_replays=need.tells_replays)
        if there is None:
            yield Gap(where, f"status {status}", f"statuses {_listed(responses)}")
        elif need.response is not None:
            content = responses[there].get("content", {})
            yield from _answer_gaps(need.response, content, components, f"/responses/{there}")


def _answer_gaps(expected: Shape, content: Object, components: Object, where: str) -> list[Gap]:
    schema = _schema(content, "application/json")
    if schema is None:
        return [Gap(where, "application/json", _listed(content) or "no body")]
    return response_gaps(expected, schema, components, where)


def _schema(content: Object, media_type: str) -> Object | None:
    """Return the schema of a body of a media type, `application/problem+json` being JSON too."""
    for name, media in sorted(content.items()):
        plain = name.partition(";")[0].strip()
        if plain.endswith("+json"):
            plain = "application/json"
        if plain == media_type:
            schema: Object = media.get("schema", {})
            return schema
    return None


def _listed(names: Mapping[str, object]) -> str:
    return ", ".join(sorted(names))
