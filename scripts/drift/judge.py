"""What drift calls breaking for the layer, as rows of the table of misfits, so that regenerating
says the same.
"""

from collections.abc import Iterable, Sequence

from ..contract.layout import Layout
from ..contract.routes import shape
from ..contract.seam import Misfit, Need
from ..contract.source import Fetched
from .compare import compare
from .documents import read_document
from .findings import BREAKING, Finding
from .locate import located
from .use import uses


def broken(
    fetched: Fetched, layout: Layout, needs: Sequence[Need], known: Iterable[Misfit]
) -> list[Misfit]:
    """The rows for what breaks on the way from the vendored contract to another, beside the rows
    that are known.

    What follows from a known row of the same call is not told again.
    """
    if not needs or not layout.contract.exists():
        return []
    vendored = Fetched(layout.contract.read_bytes(), "the vendored contract")
    if vendored.content == fetched.content:
        return []
    old, new = read_document(vendored, layout, needs), read_document(fetched, layout, needs)
    drift = located(compare(old, new, uses(needs), needs), old, new)
    told = {(row.operation, shape(row.route)) for row in known}
    rows = [
        row
        for finding in drift.findings
        if finding.level == BREAKING
        for row in _rows(finding, needs)
    ]
    return [row for row in dict.fromkeys(rows) if (row.operation, shape(row.route)) not in told]


def _rows(finding: Finding, needs: Sequence[Need]) -> list[Misfit]:
    """One row for each call of the layer that a finding touches."""
    calls = [need for need in needs if need.operation in finding.touches]
    found = f"{finding.rule}: {finding.after or 'nothing'}"
    return [
        Misfit(need.operation, f"{need.method} {need.path}", finding.pointer, finding.before, found)
        for need in calls
        if not finding.routes or shape(f"{need.method} {need.path}") in map(shape, finding.routes)
    ]
