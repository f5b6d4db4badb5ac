"""The misfits as a table for people: one row for each cause, with what is there instead and what to
edit.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from .seam import Misfit

MOST_CALLS = 3


@dataclass
class Row:
    """One cause, and the calls that it hits."""

    first: Misfit
    edit: str
    calls: dict[str, None] = field(default_factory=dict)
    routes: dict[str, None] = field(default_factory=dict)


def folded(rows: Sequence[Misfit], edit: Callable[[Misfit], str]) -> list[Row]:
    """The misfits with those of one cause in one row: the same part of the same thing, whoever uses
    it.
    """
    found: dict[tuple[str, ...], Row] = {}
    for each in rows:
        place = edit(each)
        # What ends in the same property of the same class is one thing, however a call gets there.
        where = each.where.rpartition("/")[2] if place else f"{each.route} {each.where}"
        row = found.setdefault((place, where, each.expected, each.found), Row(each, place))
        row.calls[each.operation] = None
        row.routes[each.route] = None
    return list(found.values())


def table(rows: Sequence[Misfit], edit: Callable[[Misfit], str] = lambda _: "") -> str:
    """The misfits as a table. `edit` says what to change for one: a class and its file."""
    head = ["operation", "route", "where", "expected", "found", "instead", "to edit"]
    cells = [head]
    for row in folded(rows, edit):
        one = row.first
        cells.append(
            [
                _listed(row.calls),
                _listed(row.routes, 1),
                one.where,
                one.expected,
                one.found,
                one.near,
                row.edit,
            ]
        )
    # What no row has to say needs no column.
    shown = [
        column
        for column in range(len(head))
        if column < 5 or any(line[column] for line in cells[1:])
    ]
    cells = [[line[column] for column in shown] for line in cells]
    widths = [max(len(line[column]) for line in cells) for column in range(len(shown))]
    cells.insert(1, ["-" * width for width in widths])
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in cells)


def _listed(names: dict[str, None], most: int = MOST_CALLS) -> str:
    shown = list(names)[:most]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")
