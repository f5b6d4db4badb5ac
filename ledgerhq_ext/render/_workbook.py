"""A document as a workbook: a sheet a statement, amounts as numbers, nothing that could be a
formula.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from importlib import import_module
from typing import Any

from ledgerhq_ext._files import temporary_folder
from ledgerhq_ext._plain import brief
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.money import to_decimal
from ledgerhq_ext.render import _colours as colours
from ledgerhq_ext.render._document import Column, Document, Row, Section, Style, Table, Value
from ledgerhq_ext.render._figures import Figures
from ledgerhq_ext.render._html_looks import figure_lengths
from ledgerhq_ext.render._html_tables import written
from ledgerhq_ext.render._labels import when
from ledgerhq_ext.render._options import Options

_LIBRARY: Any = import_module("xlsxwriter")  # it has no types
CELL, ROWS = 32_767, 1_048_000
"""What a cell and a sheet can hold."""
FIRST_DAY = dt.date(1900, 3, 1)
"""Excel has a 29th of February in 1900; LibreOffice counts the days before it in another way."""
_TEN_CHARACTERS = 10
_MARGIN = 3
_HEAD_POINTS = 31
"""Two lines: not every program makes room by itself."""
_BORDERS: dict[Style, dict[str, Any]] = {
    "line": {},
    "heading": {"bold": True},
    "subtotal": {"bold": True, "top": 1},
    "total": {"bold": True, "top": 1, "bottom": 6},
    "differs": {"bold": True, "font_color": "#a3171b"},
}


class _Sheets:
    """Writes tables into a workbook, one after the other, each row once: the library may forget it
    at once.
    """

    def __init__(self, book: Any, document: Document, options: Options) -> None:
        self._book, self._document = book, document
        self._figures = Figures(options.locale, document.currency)
        self._colour = colours.readable(options.colour, colours.PAPER)
        self._paper = 9 if options.page == "a4" else 1
        self._formats: dict[tuple[Any, ...], Any] = {}

    def format(self, **wanted: Any) -> Any:
        """A format, made once."""
        key = tuple(sorted(wanted.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(
                {"font_name": "Calibri", "font_size": 11, **wanted}
            )
        return self._formats[key]

    def cover(self) -> None:
        """The first sheet: whose it is, what does not tie, key figures, the seal."""
        document, figures = self._document, self._figures
        sheet = self._sheet("Summary")
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 70)
        lines: list[tuple[str, str, Any]] = [
            (document.title, document.organization, self.format(bold=True)),
            ("Period", f"{figures.day(document.start)} to {figures.day(document.end)}", None),
            ("Amounts in", f"{figures.currency_name} ({document.currency})", None),
        ]
        if document.checked:
            lines.append(("Checks", document.checked, None))
        if document.compared:
            before, until = document.compared
            lines.append(("Compared with", f"{figures.day(before)} to {figures.day(until)}", None))
        lines += [("Note", note, None) for note in document.notes]
        alarm = self.format(bold=True, font_color="#a3171b")
        lines += [("DOES NOT TIE", problem, alarm) for problem in document.problems]
        lines += [("Warning", warning, alarm) for warning in document.warnings]
        for fact in document.figures:
            lines.append((fact.label, written(fact.value, fact.kind, figures), None))
            if fact.before is not None:
                prior = written(fact.before, fact.kind, figures)
                lines.append((f"{fact.label}, {fact.before_label}", prior, None))
        lines += [("Figures as of", document.generated_at.isoformat(" ", "seconds"), None)]
        lines += [("Packet, sha256", document.seal.sha256, None)]
        if document.seal.compared_sha256:
            lines += [("Prior packet, sha256", document.seal.compared_sha256, None)]
        for row, (label, value, shown) in enumerate(lines):
            sheet.write_string(row, 0, label, shown or self.format(font_color="#5b6470"))
            sheet.write_string(row, 1, _fit(value), shown or self.format())

    def section(self, section: Section) -> None:
        """A statement on its sheet; the accounts of the ledger one below the other."""
        sheet, row = self._sheet(section.title), 0
        for problem in section.problems:
            sheet.write_string(
                row, 0, f"Does not tie: {problem}", self.format(bold=True, font_color="#a3171b")
            )
            row += 1
        if section.missing:
            sheet.write_string(row, 0, f"Incomplete: {section.missing}", self.format(bold=True))
            row += 1
        if section.when == "read":
            sheet.write_string(
                row, 0, when(section, self._document, self._figures), self.format(italic=True)
            )
            row += 1
        if section.parts:
            self._ledger(sheet, section, row)
            for table in section.tables:
                self._beside(table)
            return

        self._widen(sheet, section.tables)
        for table in section.tables:
            row = self._table(sheet, table, row, title=len(section.tables) > 1) + 1

    def _beside(self, table: Table) -> None:
        """A sheet for what belongs to the ledger and is none of its lines."""
        sheet = self._sheet(table.id.replace("-", " ").capitalize())
        self._widen(sheet, [table])
        self._table(sheet, table, 0, title=False)

    def _sheet(self, name: str) -> Any:
        sheet = self._book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_paper(self._paper)
        sheet.fit_to_pages(1, 0)
        broken = '&C&"Calibri,Bold"DOES NOT TIE' if self._document.problems else ""
        days = (
            f"{self._figures.day(self._document.start)} to {self._figures.day(self._document.end)}"
        )
        right = _header(f"{name}, {days}, {self._document.currency}")
        sheet.set_header(f"&L{_header(self._document.organization)}{broken}&R{right}")
        sheet.set_footer("&R&P / &N")
        return sheet

    def _table(self, sheet: Any, table: Table, row: int, *, title: bool) -> int:
        if title:
            sheet.write_string(
                row, 0, table.caption, self.format(bold=True, font_color=self._colour)
            )
            row += 1
        self._columns(sheet, table.columns, row)
        return self._rows(sheet, table.columns, table.rows, row + 1)

    def _ledger(self, sheet: Any, section: Section, row: int) -> None:
        """One table with the account in front, so that it can be filtered and summed."""
        needed = sum(part.table.size for part in section.parts)
        if needed > ROWS:
            raise InputError(
                f"the ledger has {needed} rows, a sheet holds {ROWS}: write it as CSV."
            )
        columns = (Column("Account", width=26, header=True), *section.parts[0].table.columns)
        sheet.set_column(0, 0, columns[0].width * 1.1)
        self._widen(sheet, [part.table for part in section.parts], 1)
        self._columns(sheet, columns, row)
        sheet.freeze_panes(row + 1, 0)
        sheet.repeat_rows(row)
        top, row = row, row + 1
        for part in section.parts:
            # Openings and totals are no lines: a column sums to what it says.
            rows = (
                Row((part.label, *found.cells))
                for found in part.table.rows
                if found.style == "line"
            )
            row = self._rows(sheet, columns, rows, row)
        sheet.autofilter(top, 0, row - 1, len(columns) - 1)

    def _widen(self, sheet: Any, tables: Sequence[Table], first: int = 0) -> None:
        """Give every column the width that its tables need: a figure without room would be a row of
        #.
        """
        widths: dict[int, float] = {}
        for table in tables:
            lengths = figure_lengths(table, self._figures)
            for at, (column, length) in enumerate(zip(table.columns, lengths, strict=True), first):
                width = max(_TEN_CHARACTERS, column.width * 1.1, length + _MARGIN)
                widths[at] = max(width, widths.get(at, 0))
        for at, width in widths.items():
            sheet.set_column(at, at, width)

    def _columns(self, sheet: Any, columns: tuple[Column, ...], row: int) -> None:
        sheet.set_row(row, _HEAD_POINTS)
        for at, column in enumerate(columns):
            align = "right" if column.is_number else "left"
            shown = self.format(
                bold=True,
                font_color="#ffffff",
                bg_color=self._colour,
                align=align,
                valign="top",
                text_wrap=True,
            )
            sheet.write_string(row, at, column.heading, shown)

    def _rows(self, sheet: Any, columns: tuple[Column, ...], rows: Iterable[Row], row: int) -> int:
        after_number = [False, *(column.is_number for column in columns)]
        writers = {
            style: [
                self._writer(sheet, column, style, apart=apart and not column.is_number)
                for column, apart in zip(columns, after_number, strict=False)
            ]
            for style in _BORDERS
        }
        for row, found in enumerate(rows, row):  # noqa: B020 - the row goes on from where it was
            for at, (write, value) in enumerate(
                zip(writers[found.style], found.cells, strict=True)
            ):
                if value is not None and value != "":
                    write(row, at, value)
        return row + 1

    def _writer(
        self, sheet: Any, column: Column, style: Style, *, apart: bool
    ) -> Callable[[int, int, Value], None]:
        """How the cells of a column are written: strings as strings, whatever they begin with.

        ``apart`` keeps words away from the figure on their left.
        """
        currency = self._document.currency
        look = {**_BORDERS[style], "indent": 1} if apart else _BORDERS[style]
        text = self.format(**look, text_wrap=column.width > 30)
        if column.kind == "cents":
            shown = self.format(**look, num_format=self._figures.excel_format)
            return lambda row, at, value: sheet.write_number(row, at, exact(value, currency), shown)
        if column.kind == "count":
            shown = self.format(**look, num_format="#,##0")
            return lambda row, at, value: sheet.write_number(row, at, value, shown)
        if column.kind == "tenths":
            shown = self.format(**look, num_format="0.0%_);(0.0%)", align="right")
            return lambda row, at, value: _write_tenths(sheet, row, at, value, shown)
        if column.kind == "date":
            shown = self.format(**look, num_format="yyyy-mm-dd", align="left")
            return lambda row, at, value: _write_day(sheet, row, at, value, shown)
        return lambda row, at, value: sheet.write_string(row, at, _fit(str(value)), text)


def exact(value: Value, currency: str) -> float:
    """The number a sheet holds; ``InputError`` where that would not be the amount (beyond 15
    digits).
    """
    assert isinstance(value, int)
    amount = to_decimal(value, currency)
    number = float(amount)
    if Decimal(f"{number:.15g}") != amount:
        raise InputError(
            f"{amount} {currency} has more digits than a spreadsheet keeps: write it as CSV."
        )
    return number


def _write_tenths(sheet: Any, row: int, at: int, value: Value, shown: Any) -> None:
    if isinstance(value, int):
        sheet.write_number(row, at, value / 1000, shown)
        return
    sheet.write_string(row, at, str(value), shown)


def _write_day(sheet: Any, row: int, at: int, value: Value, shown: Any) -> None:
    """Write a day: as text where spreadsheets have no day, or do not agree on which one a number
    means.
    """
    assert isinstance(value, dt.date)
    if value < FIRST_DAY:
        sheet.write_string(row, at, value.isoformat(), shown)
        return
    sheet.write_datetime(row, at, dt.datetime(value.year, value.month, value.day), shown)  # noqa: DTZ001 - no moment


def _fit(text: str) -> str:
    return brief(text, CELL)


def _header(text: str) -> str:
    """Text in a page header, where an ampersand begins a command, and 255 characters are all there
    is.
    """
    return brief(text, 80).replace("&", "&&")


def xlsx(document: Document, options: Options) -> bytes:
    """The workbook: the same bytes for the same document, made of a ledger line at a time."""
    target = io.BytesIO()
    with temporary_folder() as folder, _system_errors():
        settings = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            # Else the library would leave its own files behind where it fails.
            "tmpdir": str(folder),
        }
        with _LIBRARY.Workbook(target, settings) as book:
            _fill(book, document, options)
    return target.getvalue()


@contextmanager
def _system_errors() -> Iterator[None]:
    """Raise the system's error for the library's own, which is outside of every tree."""
    try:
        yield
    except _LIBRARY.exceptions.FileCreateError as error:
        problem = error.args[0] if error.args else None
        raise problem if isinstance(problem, OSError) else OSError(str(error)) from None


def _fill(book: Any, document: Document, options: Options) -> None:
    book.set_properties(
        {"title": document.title, "created": document.generated_at.replace(tzinfo=None)}
    )
    book.set_custom_property("ledgerhq:packet", document.seal.sha256, "text")
    if document.seal.compared_sha256:
        book.set_custom_property("ledgerhq:compared", document.seal.compared_sha256, "text")
    for at, piece in enumerate(_pieces(document.seal.options)):
        book.set_custom_property(f"ledgerhq:options:{at}", piece, "text")
    sheets = _Sheets(book, document, options)
    sheets.cover()
    for section in document.sections:
        sheets.section(section)


def _pieces(text: str, size: int = 250) -> list[str]:
    """A custom property holds 255 characters."""
    return [text[at : at + size] for at in range(0, len(text), size)]
