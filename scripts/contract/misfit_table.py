"""The misfits as a table for people: one row for each cause, with what is there instead and what to
edit.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from .seam import Misfit

MOST_CALLS = 3
_HEAD = ["operation", "route", "where", "expected", "found", "instead", "to edit"]
# The columns that are there whatever the rows say.
_ALWAYS = frozenset(_HEAD[:5])


@dataclass
class Row:
    """One cause, and the calls that it hits."""

    first: Misfit
    edit: str
    calls: dict[str, None] = field(default_factory=dict)
    routes: dict[str, None] = field(default_factory=dict)


def folded(rows: Sequence[Misfit], edit: Callable[[Misfit], str]) -> list[Row]:
    """Return the misfits with those of one cause in one row: the same part of the same thing,
    whoever uses it.
    """
    by_cause: dict[tuple[str, ...], Row] = {}
    for each in rows:
        place = edit(each)
        # What ends in the same property of the same class is one thing, however a call gets there.
        where = each.where.rpartition("/")[2] if place else f"{each.route} {each.where}"
        cause = (place, where, each.expected, each.found)
        row = by_cause.setdefault(cause, Row(each, place))
        row.calls[each.operation] = None
        row.routes[each.route] = None
    return list(by_cause.values())


def no_edit(_: Misfit) -> str:
    """Return nothing: of two contracts of others, nobody knows what to edit."""
    return ""


def table(rows: Sequence[Misfit], edit: Callable[[Misfit], str] = no_edit) -> str:
    """Return the misfits as a table. `edit` says what to change for one: a class and its file."""
    lines = [_HEAD, *(_cells(row) for row in folded(rows, edit))]
    columns = [column for column in zip(*lines, strict=True) if _is_shown(column)]
    ruled = [_ruled(column) for column in columns]
    return "\n".join("  ".join(line).rstrip() for line in zip(*ruled, strict=True))


def _ruled(column: Sequence[str]) -> list[str]:
    """Return the cells of a column at one width, with a rule below the head."""
    width = max(map(len, column))
    head, *cells = [cell.ljust(width) for cell in column]
    return [head, "-" * width, *cells]


def _cells(row: Row) -> list[str]:
    one = row.first
    calls = _listed(row.calls, MOST_CALLS)
    routes = _listed(row.routes, 1)
    return [calls, routes, one.where, one.expected, one.found, one.near, row.edit]


def _is_shown(column: Sequence[str]) -> bool:
    """Return whether a column is written: what no row has to say needs none."""
    head, *cells = column
    return head in _ALWAYS or any(cells)


def _listed(names: dict[str, None], most: int) -> str:
    text = ", ".join(list(names)[:most])
    more = len(names) - most
    return f"{text} and {more} more" if more > 0 else text
