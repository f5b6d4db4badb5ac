"""The checks of a packet as a section.

What differs stands first, then what is not checkable, then what ties.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from ledgerhq_ext._plain import plain
from ledgerhq_ext.render._document import Column, Fact, Row, Section, Style, Table
from ledgerhq_ext.reports.check import Check

SHOWN = 100
"""So many checks of one rule stand one by one."""
LISTED = 12
"""So many problems stand above the figures."""
_COLUMNS = (
    Column("Check", width=29, header=True),
    Column("About", width=15),
    Column("First figure", "cents", 13),
    Column("Second figure", "cents", 13),
    Column("Checks", "count", 8),
    Column("Verdict", width=34),
)
_ORDER = ("differs", "not checkable", "ties")


def summary(
    checks: Sequence[Check], prior: Sequence[Check] | None = None, prior_period: str = ""
) -> str:
    """Return how many checks were made and what they came to."""
    count = number(checks)
    verdicts = Counter(check.verdict for check in checks)
    different = verdicts["differs"]
    not_checkable = verdicts["not checkable"]

    parts = ["1 check made" if count == 1 else f"{count} checks made"]
    if different:
        parts.append(f"{different} differ" if different > 1 else "1 differs")
    elif count:
        parts.append("all tie")
    if not_checkable:
        parts.append(f"{not_checkable} not checkable")
    if prior is not None:
        parts.append(f"prior period, {prior_period}: {summary(prior)}")
    return "; ".join(parts)


def number(checks: Iterable[Check]) -> int:
    """Return how many comparisons were made."""
    # One check may stand for many comparisons that tie.
    return sum(check.count for check in checks if check.verdict != "not checkable")


def listed(problems: Sequence[str], more: str = ": see Checks") -> tuple[str, ...]:
    """Return the problems, a long list of them cut short; ``more`` says where the others are."""
    if len(problems) <= LISTED:
        return tuple(problems)
    return (*problems[:LISTED], f"and {len(problems) - LISTED} more{more}")


def section(checks: Sequence[Check]) -> Section:
    """Return the table of checks."""
    rows = list(_rows(checks))
    headline = (Fact("Made", number(checks), "count"),)
    table = Table("checks-table", "Checks", _COLUMNS, rows, len(rows))
    return Section("checks", "Checks", "period", headline, (), (table,))


def _rows(checks: Sequence[Check]) -> Iterator[Row]:
    for verdict in _ORDER:
        yield from _rows_of(verdict, [check for check in checks if check.verdict == verdict])


def _rows_of(verdict: str, checks: Iterable[Check]) -> Iterator[Row]:
    counts: Counter[str] = Counter()
    for check in checks:
        counts[check.rule] += 1
        if counts[check.rule] <= SHOWN:
            yield _row(check)

    for rule, count in counts.items():
        if count > SHOWN:
            yield Row((rule, "others", None, None, count - SHOWN, verdict), _style(verdict))


def _row(check: Check) -> Row:
    # The columns are of amounts; numbers of rows stand with the verdict.
    figure = None
    counterpart = None
    if check.unit == "cents":
        figure = check.figure
        counterpart = check.counterpart

    about = plain(check.about) or None
    # What was not checked has no number of things that were.
    count = 0 if check.verdict == "not checkable" else check.count
    cells = (check.rule, about, figure, counterpart, count, plain(_verdict(check)))
    return Row(cells, _style(check.verdict))


def _verdict(check: Check) -> str:
    if check.verdict == "not checkable":
        return f"not checkable, because {check.reason}"

    details: list[str] = []
    if check.unit == "rows" and check.figure is not None:
        details.append(f"{check.figure} and {check.counterpart} rows")
    if check.reason:
        details.append(check.reason)
    if not details:
        return check.verdict
    return f"{check.verdict}: {'; '.join(details)}"


def _style(verdict: str) -> Style:
    return "differs" if verdict == "differs" else "line"
