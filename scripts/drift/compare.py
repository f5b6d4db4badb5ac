"""Two contracts compared: everything that a client of the vendored one would notice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..contract.detours import Detour
from ..contract.omissions import LEFT_OUT
from ..contract.pointers import Object, canonical_json, join
from ..contract.routes import shape
from ..contract.seam import Misfit, Need, key_of, misfits
from .contents import Comparisons
from .detours import ByRoute, Detours
from .documents import Document, Operation
from .findings import BREAKING, HEALED, INFO, WARNING, Finding, Level, Notes, merged
from .operations import OperationComparison
from .pairing import Pairing, pair
from .security import Schemes, compare_flows
from .unions import both_schemas
from .use import Route, Use, Used
from .webhooks import compare_webhooks

_DIALECT = "jsonSchemaDialect"
_USUAL_DIALECT = "https://spec.openapis.org/oas/3.1/dialect/base"


@dataclass(frozen=True)
class Drift:
    """The findings, the worst first, and where the layer would not fit the new contract."""

    findings: list[Finding]
    misfits: list[Misfit]
    # Those that the old contract did not have.
    fresh: list[Misfit] = field(default_factory=list)
    # Where the layer would fit one of two routes, and go by that one.
    detours: list[Detour] = field(default_factory=list)

    @property
    def level(self) -> Level:
        """The level of the worst finding."""
        return max((finding.level for finding in self.findings), default=Level.SAME)


def compare(
    old: Document, new: Document, uses: Mapping[Route, Used], needs: Sequence[Need] = ()
) -> Drift:
    """Return what has changed from the vendored contract to the new one."""
    pairing = pair(old.operations, new.operations)
    pairs = [*pairing.same, *_comparable(pairing, new, needs)]
    by_route = _operations(pairs, old, new, uses)
    detours = Detours(new, needs, by_route)
    _routes(pairing, uses, by_route)
    findings = detours.healed(by_route)
    _document(old, new, uses, findings)
    compare_webhooks(old, new, findings)
    _left_out(old, new, findings)

    rows = misfits(new.normalised, needs)
    before = set(misfits(old.normalised, needs)) if rows else set()
    fresh = [row for row in rows if row not in before]
    _seam(fresh, findings, BREAKING)
    _seam(detours.fresh_rows(old, needs, uses), findings, HEALED)
    return Drift(merged(findings), rows, fresh, detours.every)


def _operations(
    pairs: Sequence[tuple[Operation, Operation]],
    old: Document,
    new: Document,
    uses: Mapping[Route, Used],
) -> ByRoute:
    """Return what has changed within the operations that both documents have, by their routes in
    the new one.
    """
    by_route: ByRoute = {}
    comparisons = Comparisons(both_schemas(old.schemas, new.schemas))
    schemes = (_schemes(old), _schemes(new))
    # Where clients of either document send what has no server of its own.
    homes = {server["url"] for each in (old, new) for server in each.normalised["servers"]}
    for one, other in pairs:
        findings = by_route.setdefault(other.key, [])
        comparison = OperationComparison(one, other, comparisons, uses.get(one.key), findings)
        try:
            comparison.run(schemes, homes, moved=one.key != other.key)
        except Exception as error:
            # A fault of ours, or a part that has not the form that OpenAPI wants: the other
            # operations go on.
            comparison.give_up(f"drift could not compare it: {type(error).__name__}: {error}")
    return by_route


def _left_out(old: Document, new: Document, findings: list[Finding]) -> None:
    """Tell what can be read no more, or only as any value."""
    notes = Notes(findings, "")
    before = old.normalised.get(LEFT_OUT, {})
    for place, why in new.normalised.get(LEFT_OUT, {}).items():
        # What could not be read before either is no change.
        if place not in before:
            notes.say(WARNING, "cannot-be-read", place, None, why, None)


def _replaceable(new: Document, needs: Sequence[Need]) -> Mapping[Route, Sequence[Need]]:
    """Return the routes that the layer can do without, each with the needs that one of the others
    meets.
    """
    replaceable: dict[Route, Sequence[Need]] = {}
    for need in needs:
        alternatives = (need, *need.instead)
        routes = {key_of(each) for each in alternatives}
        # A need with one route is not healed by anything.
        has_choice = len(routes) > 1
        if has_choice and not misfits(new.normalised, [need]):
            replaceable.update(dict.fromkeys(routes, alternatives))
    return replaceable


def _comparable(
    pairing: Pairing, new: Document, needs: Sequence[Need]
) -> list[tuple[Operation, Operation]]:
    """Return the operations that have moved, without what only the one carrier of the company
    sends.

    Where the layer takes another route anyway, it does not matter what is where the operation has
    moved to.
    """
    if not pairing.moved:
        return []

    replaceable = _replaceable(new, needs)
    pairs: list[tuple[Operation, Operation]] = []
    for one, other in pairing.moved:
        sent = {key_of(need): need.parameters for need in replaceable.get(one.key, ())}
        if not sent:
            pairs.append((one, other))
        elif other.key in sent:
            needless = set(sent[one.key]) - set(sent[other.key])
            names = {(place, name.lower()) for place, name in needless}
            pairs.append((_with_parameters_of_the_route(one, names), other))
    return pairs


def _with_parameters_of_the_route(operation: Operation, names: set[Route]) -> Operation:
    """Return an operation with some of its parameters taken for parts of its route, which are not
    compared.
    """
    # Taking them out would lead the pointers to the others astray.
    parameters: list[Object] = []
    for each in operation.value["parameters"]:
        is_of_the_route = (each["in"], each["name"].lower()) in names
        parameters.append({**each, "in": "path"} if is_of_the_route else each)
    return replace(operation, value={**operation.value, "parameters": parameters})


def _routes(pairing: Pairing, uses: Mapping[Route, Used], by_route: ByRoute) -> None:
    """Tell which operations have come, gone and moved."""
    for one, other in pairing.same:
        if one.path.endswith("/") != other.path.endswith("/"):
            _tell(WARNING, "path-respelled", one, other.route, uses, by_route)
    # Scripts call an operation by its route.
    for one, other in pairing.moved:
        _tell(BREAKING, "operation-moved", one, other.route, uses, by_route)
    for one in pairing.gone:
        _tell(BREAKING, "operation-removed", one, None, uses, by_route)
    for other in pairing.fresh:
        notes = Notes(by_route.setdefault(other.key, []), other.route)
        notes.say(INFO, "operation-added", other.pointer, None, other.route, None)


def _tell(
    level: Level,
    rule: str,
    operation: Operation,
    after: str | None,
    uses: Mapping[Route, Used],
    by_route: ByRoute,
) -> None:
    used = uses.get(operation.key)
    use = used.itself if used is not None else None
    notes = Notes(by_route.setdefault(operation.key, []), operation.route)
    notes.say(level, rule, operation.pointer, operation.route, after, use)


def _schemes(document: Document) -> Schemes:
    return Schemes(document.normalised["components"]["securitySchemes"])


def _document(
    old: Document, new: Document, uses: Mapping[Route, Used], findings: list[Finding]
) -> None:
    """Tell what has changed for all operations at once."""
    notes = Notes(findings, "")
    connecting = (used.itself for used in uses.values() if used.name == "LedgerHQ.connect")
    compare_flows((_schemes(old), _schemes(new)), notes, next(connecting, None))
    servers = old.normalised["servers"]
    new_servers = new.normalised["servers"]
    if servers != new_servers:
        notes.say(WARNING, "server-changed", "/servers", servers, new_servers, None)
    dialect = old.raw.get(_DIALECT, _USUAL_DIALECT)
    new_dialect = new.raw.get(_DIALECT, _USUAL_DIALECT)
    if canonical_json(dialect) != canonical_json(new_dialect):
        pointer = join("", _DIALECT)
        notes.say(WARNING, "jsonschemadialect-changed", pointer, dialect, new_dialect, None)


def _seam(rows: Sequence[Misfit], findings: list[Finding], level: Level) -> None:
    """Tell what the layer needs and the new contract does not have, whichever rule saw it."""
    covered: set[Route] = set()
    for each in findings:
        if each.level >= level:
            routes = map(shape, each.routes)
            covered.update((touch, route) for route in routes for touch in each.touches)
    for row in rows:
        if (row.operation, shape(row.route)) not in covered:
            method, _, path = row.route.partition(" ")
            notes = Notes(findings, row.route)
            before = f"{row.where} {row.expected}"
            pointer = join("/paths", path, method.lower())
            notes.say(level, "seam-misfit", pointer, before, row.found, Use(row.operation))
