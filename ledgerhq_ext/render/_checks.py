"""The checks of a packet as a section: what differs first, then what is not checkable, then what
ties.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ledgerhq_ext._plain import plain
from ledgerhq_ext.render._document import Column, Fact, Row, Section, Style, Table
from ledgerhq_ext.reports.check import Check

SHOWN = 100
"""How many checks of one rule that differ are shown one by one."""
LISTED = 12
"""How many problems are listed above the figures."""
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
    undone = sum(1 for check in checks if check.verdict == "not checkable")
    different = sum(1 for check in checks if check.verdict == "differs")
    parts = ["1 check made" if count == 1 else f"{count} checks made"]
    if different:
        parts.append(f"{different} differ" if different > 1 else "1 differs")
    elif count:
        parts.append("all tie")
    if undone:
        parts.append(f"{undone} not checkable")
    if prior is not None:
        parts.append(f"prior period, {prior_period}: {summary(prior)}")
    return "; ".join(parts)


def number(checks: Iterable[Check]) -> int:
    """Return how many comparisons were made."""
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
        shown: dict[str, int] = {}
        for check in checks:
            if check.verdict != verdict:
                continue
            shown[check.rule] = shown.get(check.rule, 0) + 1
            if shown[check.rule] <= SHOWN:
                yield _row(check)
        for rule, count in shown.items():
            if count > SHOWN:
                yield Row((rule, "others", None, None, count - SHOWN, verdict), _style(verdict))


def _row(check: Check) -> Row:
    money = check.unit == "cents"
    figures = (check.figure, check.counterpart) if money else (None, None)
    number = check.count if check.verdict != "not checkable" else 0
    return Row(
        (check.rule, plain(check.about) or None, *figures, number, plain(_verdict(check))),
        _style(check.verdict),
    )


def _verdict(check: Check) -> str:
    if check.verdict == "not checkable":
        return f"not checkable, because {check.reason}"
    counted = (
        ""
        if check.unit == "cents" or check.figure is None
        else f"{check.figure} and {check.counterpart} rows"
    )
    more = "; ".join(part for part in (counted, check.reason) if part)
    return f"{check.verdict}: {more}" if more else check.verdict


def _style(verdict: str) -> Style:
    return "differs" if verdict == "differs" else "line"
