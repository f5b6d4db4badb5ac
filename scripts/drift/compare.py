"""Two contracts compared: everything that a client of the vendored one would notice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..contract.pointers import canonical_json, join
from ..contract.routes import shape
from ..contract.seam import Misfit, Need, misfits
from .documents import Document
from .findings import BREAKING, INFO, WARNING, Finding, Level, merged, noting
from .operations import OperationComparison
from .pairing import Pairing, pair
from .security import Schemes, compare_flows
from .unions import Schemas
from .use import Route, Use, Used


@dataclass(frozen=True)
class Drift:
    """The findings, the worst first, and where the layer would not fit the new contract."""

    findings: list[Finding]
    misfits: list[Misfit]

    @property
    def level(self) -> Level:
        """That of the worst finding."""
        return max((finding.level for finding in self.findings), default=Level.SAME)


def compare(old: Document, new: Document, uses: Mapping[Route, Used], needs: Sequence[Need] = ()) -> Drift:
    """What has changed from the vendored contract to the new one."""
    found: list[Finding] = []
    pairing = pair(old.operations, new.operations)
    _routes(pairing, uses, found)
    schemas = Schemas(old.schemas), Schemas(new.schemas)
    schemes = _schemes(old), _schemes(new)
    for one, other in (*pairing.same, *pairing.moved):
        comparison = OperationComparison(one, other, schemas, uses.get(one.key), noting(found, one.route))
        comparison.run(schemes, moved=one.key != other.key)
    _document(old, new, schemes, found)
    fitting = misfits(new.normalised, needs)
    known = set(misfits(old.normalised, needs))
    _seam([row for row in fitting if row not in known], found)
    return Drift(merged(found), fitting)


def _routes(pairing: Pairing, uses: Mapping[Route, Used], found: list[Finding]) -> None:
    for one, other in pairing.moved:
        use = uses[one.key].itself if one.key in uses else None
        noting(found, one.route)(BREAKING, "operation-moved", _at(one.path, one.method), one.route, other.route, use)
    for one in pairing.gone:
        use = uses[one.key].itself if one.key in uses else None
        noting(found, one.route)(BREAKING, "operation-removed", _at(one.path, one.method), one.route, None, use)
    for other in pairing.fresh:
        noting(found, other.route)(INFO, "operation-added", _at(other.path, other.method), None, other.route, None)


def _at(path: str, method: str) -> str:
    return join("/paths", path, method)


def _schemes(document: Document) -> Schemes:
    return Schemes(document.normalised["components"]["securitySchemes"])


def _document(old: Document, new: Document, schemes: tuple[Schemes, Schemes], found: list[Finding]) -> None:
    note = noting(found, "")
    compare_flows(schemes, note)
    was, now = (document.normalised["servers"] for document in (old, new))
    if was != now:
        note(WARNING, "server-changed", "/servers", was, now, None)
    for key in ("webhooks", "jsonSchemaDialect"):
        before, after = old.raw.get(key), new.raw.get(key)
        if canonical_json(before) != canonical_json(after):
            note(WARNING, f"{key.lower()}-changed", join("", key), before, after, None)


def _seam(rows: Sequence[Misfit], found: list[Finding]) -> None:
    """What the layer leans on and the new contract does not have is breaking, whichever rule saw it."""
    told = {
        (touch, route) for each in found if each.level == BREAKING for touch in each.touches for route in each.routes
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
