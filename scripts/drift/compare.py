"""Two contracts compared: everything that a client of the vendored one would notice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..contract.omissions import LEFT_OUT
from ..contract.pointers import canonical_json, join
from ..contract.routes import shape
from ..contract.seam import Misfit, Need, key_of, misfits
from .documents import Document, Operation
from .findings import BREAKING, HEALED, INFO, WARNING, Finding, Level, merged, noting
from .operations import Comparisons, OperationComparison
from .pairing import Pairing, pair
from .security import Schemes, compare_flows
from .unions import both_schemas
from .use import Route, Use, Used
from .webhooks import compare_webhooks

_DIALECT = "jsonSchemaDialect"


@dataclass(frozen=True)
class Drift:
    """The findings, the worst first, and where the layer would not fit the new contract."""

    findings: list[Finding]
    misfits: list[Misfit]
    # Those that the old contract did not have.
    fresh: list[Misfit] = field(default_factory=list)

    @property
    def level(self) -> Level:
        """That of the worst finding."""
        return max((finding.level for finding in self.findings), default=Level.SAME)


def compare(
    old: Document, new: Document, uses: Mapping[Route, Used], needs: Sequence[Need] = ()
) -> Drift:
    """What has changed from the vendored contract to the new one."""
    found: list[Finding] = []
    pairing = pair(old.operations, new.operations)
    healed = _healed(new, needs)
    _routes(pairing, uses, healed, found)
    comparisons = Comparisons(both_schemas(old.schemas, new.schemas))
    schemes = _schemes(old), _schemes(new)
    for one, other in (*pairing.same, *_comparable(pairing, healed)):
        used, note = uses.get(one.key), noting(found, one.route)
        try:
            OperationComparison(one, other, comparisons, used, note).run(
                schemes, moved=one.key != other.key
            )
        except Exception as error:
            # A fault of ours, or a part that has not the form that OpenAPI wants: the other
            # operations go on.
            why = f"drift could not compare it: {type(error).__name__}: {error}"
            itself = used.itself if used else None
            note(WARNING, "not-compared", _at(one.path, one.method), None, why, itself, lost=True)
    _document(old, new, schemes, found)
    compare_webhooks(old, new, found)
    _left_out(old, new, found)
    fitting = misfits(new.normalised, needs)
    known = set(misfits(old.normalised, needs))
    fresh = [row for row in fitting if row not in known]
    _seam(fresh, found)
    return Drift(merged(found), fitting, fresh)


def _left_out(old: Document, new: Document, found: list[Finding]) -> None:
    """What can be read no more, or only as any value."""
    known = old.normalised.get(LEFT_OUT, {})
    for place, why in new.normalised.get(LEFT_OUT, {}).items():
        if place not in known:
            noting(found, "")(WARNING, "cannot-be-read", place, None, why, None)


def _healed(new: Document, needs: Sequence[Need]) -> Mapping[Route, Sequence[Need]]:
    """The routes that the layer can do without, each with the needs that one of the others meets."""
    healed: dict[Route, Sequence[Need]] = {}
    for need in needs:
        alternatives = (need, *need.instead)
        routes = {key_of(each) for each in alternatives}
        if len(routes) > 1 and not misfits(new.normalised, [need]):
            healed.update(dict.fromkeys(routes, alternatives))
    return healed


def _comparable(
    pairing: Pairing, healed: Mapping[Route, Sequence[Need]]
) -> list[tuple[Operation, Operation]]:
    """The operations that have moved, without what only the one carrier of the company sends.

    Where the layer takes another route anyway, it does not matter what is where the operation has
    moved to.
    """
    pairs: list[tuple[Operation, Operation]] = []
    for one, other in pairing.moved:
        sent = {key_of(need): need.parameters for need in healed.get(one.key, ())}
        if not sent:
            pairs.append((one, other))
        elif other.key in sent:
            dropped = {
                (place, name.lower()) for place, name in set(sent[one.key]) - set(sent[other.key])
            }
            pairs.append((_belonging_to_the_route(one, dropped), other))
    return pairs


def _belonging_to_the_route(operation: Operation, parameters: set[Route]) -> Operation:
    """The operation, some of its parameters taken for parts of its route: these are not compared."""
    # Taking them out would lead the pointers to the others astray.
    marked = [
        {**each, "in": "path"} if (each["in"], each["name"].lower()) in parameters else each
        for each in operation.value["parameters"]
    ]
    return replace(operation, value={**operation.value, "parameters": marked})


def _routes(
    pairing: Pairing,
    uses: Mapping[Route, Used],
    healed: Mapping[Route, Sequence[Need]],
    found: list[Finding],
) -> None:
    for one, other in pairing.same:
        if one.path.endswith("/") != other.path.endswith("/"):
            use = uses[one.key].itself if one.key in uses else None
            note = noting(found, one.route)
            note(WARNING, "path-respelled", _at(one.path, one.method), one.route, other.route, use)
    for one, other in pairing.moved:
        use = uses[one.key].itself if one.key in uses else None
        level = HEALED if use and one.key in healed else BREAKING
        noting(found, one.route)(
            level, "operation-moved", _at(one.path, one.method), one.route, other.route, use
        )
    for one in pairing.gone:
        use = uses[one.key].itself if one.key in uses else None
        level = HEALED if use and one.key in healed else BREAKING
        noting(found, one.route)(
            level, "operation-removed", _at(one.path, one.method), one.route, None, use
        )
    for other in pairing.fresh:
        noting(found, other.route)(
            INFO, "operation-added", _at(other.path, other.method), None, other.route, None
        )


def _at(path: str, method: str) -> str:
    return join("/paths", path, method)


def _schemes(document: Document) -> Schemes:
    return Schemes(document.normalised["components"]["securitySchemes"])


def _document(
    old: Document, new: Document, schemes: tuple[Schemes, Schemes], found: list[Finding]
) -> None:
    note = noting(found, "")
    compare_flows(schemes, note)
    was, now = (document.normalised["servers"] for document in (old, new))
    if was != now:
        note(WARNING, "server-changed", "/servers", was, now, None)
    before, after = old.raw.get(_DIALECT), new.raw.get(_DIALECT)
    if canonical_json(before) != canonical_json(after):
        note(WARNING, "jsonschemadialect-changed", join("", _DIALECT), before, after, None)


def _seam(rows: Sequence[Misfit], found: list[Finding]) -> None:
    """What the layer leans on and the new contract does not have is breaking, whichever rule saw
    it.
    """
    told = {
        (touch, route)
        for each in found
        if each.level == BREAKING
        for touch in each.touches
        for route in each.routes
    }
    told = {(touch, shape(route)) for touch, route in told}
    for row in rows:
        if (row.operation, shape(row.route)) not in told:
            method, _, path = row.route.partition(" ")
            note = noting(found, row.route)
            note(
                BREAKING,
                "seam-misfit",
                _at(path, method.lower()),
                f"{row.where} {row.expected}",
                row.found,
                Use(row.operation),
            )
