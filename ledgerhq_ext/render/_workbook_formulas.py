"""The formulas of a workbook: totals and changes, so that an accountant can go on with it.

A formula stands only where it gives exactly the amount that the document says. Where a statement
does not add up, its own total stays to be seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from ledgerhq_ext.render._document import Column, Row, Value
from ledgerhq_ext.render._percents import percent_of_change

_UTILITY: Any = import_module("xlsxwriter.utility")  # it has no types


class Formulas:
    """The formulas of one table. ``top`` is the sheet's row, from 0, of its first row; ``digits``
    are those of the currency's minor unit.
    """

    def __init__(self, columns: Sequence[Column], top: int, digits: int) -> None:
        self._columns = columns
        self._top = top
        self._digits = digits
        self._rows: list[tuple[Value, ...]] = []

    def of(self, row: Row) -> list[str]:
        """Return the formula of every cell of the next row; empty for a cell that has none."""
        self._rows.append(row.cells)
        return [self._formula(row, at, column) for at, column in enumerate(self._columns)]

    def _formula(self, row: Row, at: int, column: Column) -> str:
        value = row.cells[at]
        # Words such as "n.m." stay words.
        if not isinstance(value, int):
            return ""
        if column.kind == "cents" and self._sums_up(row, at):
            return f"={self._exact(self._sum(row, at))}"
        if column.difference is not None and self._differs_by(row, column.difference, value):
            now, before = (self._place(len(self._rows) - 1, place) for place in column.difference)
            return f"={self._exact(f'{now}-{before}')}"
        if column.change is not None and self._changes_by(row, column.change, value):
            now, before = (self._place(len(self._rows) - 1, place) for place in column.change)
            return f"=ROUND({self._exact(f'{now}-{before}')}/ABS({before}),3)"
        return ""

    def _exact(self, formula: str) -> str:
        """Return a formula whose result is a whole number of the currency's minor units.

        A spreadsheet calculates in binary: 0.1 + 0.2 - 0.3 leaves a rest there, which is no zero,
        and half a tenth of a percent may come out as less.
        """
        return f"ROUND({formula},{self._digits})"

    def _sums_up(self, row: Row, at: int) -> bool:
        if not row.terms:
            return False
        return row.cells[at] == sum(
            sign * _amount(self._rows[index][at]) for sign, index in row.terms
        )

    def _sum(self, row: Row, at: int) -> str:
        """Return the sum of a total: one range, if nothing else has an amount between its rows."""
        places = {index for sign, index in row.terms if sign > 0}
        first = min(places, default=0)
        last = max(places, default=0)
        others = set(range(first, last + 1)) - places
        is_range = len(places) == len(row.terms) and all(
            self._rows[index][at] is None for index in others
        )
        if is_range:
            return f"SUM({self._place(first, at)}:{self._place(last, at)})"
        pieces = [
            f"{'+' if sign > 0 else '-'}{self._place(index, at)}" for sign, index in row.terms
        ]
        return "".join(pieces).removeprefix("+")

    def _differs_by(self, row: Row, places: tuple[int, int], value: int) -> bool:
        now, before = (_amount(row.cells[place]) for place in places)
        return now - before == value

    def _changes_by(self, row: Row, places: tuple[int, int], value: int) -> bool:
        now, before = (_amount(row.cells[place]) for place in places)
        return percent_of_change(before, now) == value

    def _place(self, index: int, at: int) -> str:
        """Return the name of a cell: ``C7``."""
        name: str = _UTILITY.xl_rowcol_to_cell(self._top + index, at)
        return name


def _amount(value: Value) -> int:
    return value if isinstance(value, int) else 0
