"""The cells of a workbook: their formats, and numbers that a spreadsheet keeps exactly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from ledgerhq_ext._spreadsheets import FIRST_DAY, exact, fitting
from ledgerhq_ext.render._document import Column, Style, Value
from ledgerhq_ext.render._figures import Figures

_WIDE = 30
"""Words in a wider column wrap."""
_LOOKS: dict[Style, dict[str, Any]] = {
    "line": {},
    "heading": {"bold": True},
    "subtotal": {"bold": True, "top": 1},
    "total": {"bold": True, "top": 1, "bottom": 6},
    "differs": {"bold": True, "font_color": "#a3171b"},
}
STYLES = tuple(_LOOKS)

CellWriter = Callable[[int, int, Value, str], None]
"""Writes a value into the cell of a row and a column, behind a formula unless that is empty."""


class Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._formats: dict[tuple[Any, ...], Any] = {}

    def format(self, **properties: Any) -> Any:
        """Return the format with these properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            font = {"font_name": "Calibri", "font_size": 11}
            self._formats[key] = self._book.add_format({**font, **properties})
        return self._formats[key]


class CellWriters:
    """Writes the cells of a sheet, each by the kind of its column."""

    def __init__(self, sheet: Any, formats: Formats, figures: Figures) -> None:
        self._sheet = sheet
        self._formats = formats
        self._figures = figures

    def of(self, column: Column, style: Style, *, apart: bool, align: str = "") -> CellWriter:
        """Return a function that writes the cells of a column, in rows of a style.

        Strings are written as strings, whatever they begin with. ``apart`` keeps words away from
        the figure on their left.
        """
        look = dict(_LOOKS[style])
        if apart:
            look["indent"] = 1
        if align:
            look["align"] = align
        if column.kind == "cents":
            return self._cents(look)
        if column.kind == "count":
            return self._count(look)
        if column.kind == "tenths":
            return self._tenths(look)
        if column.kind == "date":
            return self._date(look)
        return self._text(look, wraps=column.width > _WIDE)

    def _cents(self, look: dict[str, Any]) -> CellWriter:
        currency = self._figures.currency
        format = self._formats.format(**look, num_format=self._figures.excel_format)

        def write(row: int, at: int, value: Value, formula: str) -> None:
            """Write an amount as the sheet's own number."""
            assert isinstance(value, int)
            number = exact(value, currency)
            if formula:
                # With its result, which programs show that do not calculate.
                self._sheet.write_formula(row, at, formula, format, number)
            else:
                self._sheet.write_number(row, at, number, format)

        return write

    def _count(self, look: dict[str, Any]) -> CellWriter:
        format = self._formats.format(**look, num_format="#,##0")

        def write(row: int, at: int, value: Value, _: str) -> None:
            """Write a number of things."""
            self._sheet.write_number(row, at, value, format)

        return write

    def _tenths(self, look: dict[str, Any]) -> CellWriter:
        format = self._formats.format(**look, num_format="0.0%_);(0.0%)", align="right")

        def write(row: int, at: int, value: Value, formula: str) -> None:
            """Write tenths of a percent as a percentage."""
            if isinstance(value, int) and formula:
                self._sheet.write_formula(row, at, formula, format, value / 1000)
            elif isinstance(value, int):
                self._sheet.write_number(row, at, value / 1000, format)
            else:
                # Such as "n.m.".
                self._sheet.write_string(row, at, str(value), format)

        return write

    def _date(self, look: dict[str, Any]) -> CellWriter:
        format = self._formats.format(**look, num_format="yyyy-mm-dd", align="left")

        def write(row: int, at: int, value: Value, _: str) -> None:
            """Write a day as the sheet's own date."""
            assert isinstance(value, dt.date)
            if value < FIRST_DAY:
                # Spreadsheets have no such day, or do not agree on its number.
                self._sheet.write_string(row, at, value.isoformat(), format)
                return
            midnight = dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001 - no moment
            self._sheet.write_datetime(row, at, midnight, format)

        return write

    def _text(self, look: dict[str, Any], *, wraps: bool) -> CellWriter:
        format = self._formats.format(**look, text_wrap=wraps)

        def write(row: int, at: int, value: Value, _: str) -> None:
            """Write words, as far as a cell can hold them."""
            self._sheet.write_string(row, at, fitting(str(value)), format)

        return write
