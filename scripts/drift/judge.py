"""The judgment of drift as rows of the table of misfits, so that regenerating calls the same
breaking for the layer.
"""

from collections.abc import Iterable, Iterator, Sequence

from ..contract.detours import Detour
from ..contract.layout import Layout
from ..contract.routes import shape
from ..contract.seam import Misfit, Need
from ..contract.source import Fetched
from .compare import compare
from .documents import read_document
from .findings import BREAKING, Finding
from .locate import located
from .use import uses


def judge(
    fetched: Fetched, layout: Layout, needs: Sequence[Need], known: Iterable[Misfit]
) -> tuple[list[Misfit], list[Detour]]:
    """Return the rows for what breaks on the way from the vendored contract to another, beside the
    rows that are known, and the detours that heal what else would break.

    What follows from a known row of the same call is not told again.
    """
    if not needs or not layout.contract.exists():
        return [], []
    vendored = Fetched(layout.contract.read_bytes(), "the vendored contract")
    if vendored.content == fetched.content:
        return [], []
    old = read_document(vendored, layout, needs)
    new = read_document(fetched, layout, needs)
    drift = located(compare(old, new, uses(needs), needs), old, new)

    calls = {_call(row) for row in known}
    # Each row once, in the order of the findings.
    rows: dict[Misfit, None] = {}
    for finding in drift.findings:
        if finding.level == BREAKING:
            rows.update(dict.fromkeys(_rows(finding, needs)))
    return [row for row in rows if _call(row) not in calls], drift.detours


def _call(row: Misfit) -> tuple[str, str]:
    return row.operation, shape(row.route)


def _rows(finding: Finding, needs: Sequence[Need]) -> Iterator[Misfit]:
    """Yield one row for each call of the layer that a finding touches."""
    routes = {shape(route) for route in finding.routes}
    what = f"{finding.rule}: {finding.after or 'nothing'}"

    for need in needs:
        if need.operation not in finding.touches:
            continue

        ways = (need, *need.instead)
        names = [f"{way.method} {way.path}" for way in ways]
        # A finding without routes is of every one.
        hit = [name for name in names if not routes or shape(name) in routes]
        if hit:
            yield Misfit(need.operation, hit[0], finding.pointer, finding.before, what)
