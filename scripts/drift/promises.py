"""The promise of the layer's records (`openapi/public.json`), held against a new contract.

The rules of the comparison speak of the contract. A promise may be broken all the same: by a record
that no operation of the layer reads, or in a way that no rule knows.
"""

from collections.abc import Iterator
from dataclasses import replace

from ..contract.errors import reason
from ..contract.layout import Layout
from ..contract.pipeline import promised
from ..contract.pointers import join
from ..contract.promise import Change, changes, read_promise
from .compare import Drift
from .documents import Document
from .findings import BREAKING, WARNING, Finding, Level, merged

_SCHEMAS = "/components/schemas"


def with_promises(drift: Drift, new: Document, layout: Layout) -> Drift:
    """Return the drift with a finding for each promise that is broken and of which none speaks."""
    covered: set[str] = set()
    for each in drift.findings:
        if each.level == BREAKING:
            covered.update(each.touches)

    # What a finding has told of already is no second finding.
    more = [each for each in _findings(new, layout) if not _is_known(each, covered)]
    return replace(drift, findings=merged([*drift.findings, *more]))


def _is_known(finding: Finding, covered: set[str]) -> bool:
    return finding.level == BREAKING and covered.issuperset(finding.touches)


def _findings(new: Document, layout: Layout) -> Iterator[Finding]:
    promise = read_promise(layout)
    if promise is None:
        return
    try:
        differences = changes(promise, promised(new.normalised, layout))
    except Exception as error:
        # No records can be made of it, and that is no reason to keep the other findings back.
        yield _finding(WARNING, "promise-not-compared", _SCHEMAS, "", reason(error))
        return

    for change in differences:
        if change.is_broken:
            yield _of(change)


def _of(change: Change) -> Finding:
    record, _, attribute = change.place.partition(".")
    pointer = join(_SCHEMAS, record, "properties", attribute) if attribute else _SCHEMAS
    return _finding(BREAKING, "promise-broken", pointer, change.before, change.after, change.place)


def _finding(
    level: Level, rule: str, pointer: str, before: str, after: str, *touches: str
) -> Finding:
    return Finding(level, rule, (), pointer, before, after, touches)
