"""A document as a workbook: a sheet a statement, amounts as numbers, totals as formulas.

Nothing that a stranger wrote can be a formula.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from ledgerhq_ext._files import temporary_folder
from ledgerhq_ext._message import message as _
from ledgerhq_ext._plain import brief
from ledgerhq_ext._spreadsheets import fitting
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.render import _colors as colors
from ledgerhq_ext.render._document import Column, Document, Fact, Row, Section, Style, Table
from ledgerhq_ext.render._figures import Figures
from ledgerhq_ext.render._html_looks import figure_lengths
from ledgerhq_ext.render._labels import dates, when
from ledgerhq_ext.render._ledger import lines_with_account
from ledgerhq_ext.render._options import Options
from ledgerhq_ext.render._workbook_cells import STYLES, CellWriter, CellWriters, Formats
from ledgerhq_ext.render._workbook_charts import insert_chart
from ledgerhq_ext.render._workbook_formulas import Formulas

_LIBRARY: Any = import_module("xlsxwriter")  # it has no types
ROWS = 1_048_000
"""The rows that a sheet can hold."""
_TEN_CHARACTERS = 10
_NAME = 31
"""The characters that the name of a sheet can have."""
_HEADER = 80
"""The units of UTF-16 that one of the texts of a page header may take."""
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
_MARGIN = 3
_HEAD_POINTS = 31
"""Two lines: not every program makes room by itself."""
_ALARM = {"bold": True, "font_color": "#a3171b"}
_A4 = 9
_LETTER = 1
"""Papers, as Excel numbers them."""


class _Sheets:
    """Writes tables into a workbook, one after the other.

    Each row is written once, so that the library can forget it at once.
    """

    def __init__(self, book: Any, document: Document, options: Options) -> None:
        self._book = book
        self._document = document
        self._words = document.words
        self._names: set[str] = set()
        self._figures = Figures(options.locale, document.currency)
        self._formats = Formats(book)
        self._color = colors.readable(options.color, colors.PAPER)
        self._paper = _A4 if options.page == "a4" else _LETTER

    def cover(self) -> None:
        """Write the first sheet: the company, what does not tie, key figures, the seal."""
        sheet = self._sheet(self._words.text(_("Summary")))
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 70)

        row = 0
        for label, value, format in self._cover_lines():
            sheet.write_string(
                row, 0, self._words.text(label), format or self._format(font_color="#5b6470")
            )
            self._cover_value(sheet, row, value, format)
            row += 1
        sheet.print_area(0, 0, row - 1, 1)

    def _cover_value(self, sheet: Any, row: int, value: str | Fact, format: Any) -> None:
        """Write the right cell of a line: a text, or a key figure as a number to go on with."""
        if isinstance(value, str):
            sheet.write_string(row, 1, fitting(value), format or self._format())
        elif isinstance(value.value, int):
            # Left, as the texts are; the currency's own digits.
            column = Column(value.label, value.kind)
            writers = CellWriters(sheet, self._formats, self._figures)
            writers.of(column, "line", apart=False, align="left")(row, 1, value.value, "")

    def _cover_lines(self) -> Iterator[tuple[str, str | Fact, Any]]:
        """Yield the label, the value and the format of every line; None for the usual format."""
        document = self._document
        figures = self._figures
        yield document.title, document.organization, self._format(bold=True)
        yield _("Period"), self._span(document.start, document.end), None
        currency_name = figures.currency_name(self._words.language)
        yield _("Amounts in"), f"{currency_name} ({document.currency})", None
        if document.checked:
            yield _("Checks"), document.checked, None
        if document.compared:
            yield _("Compared with"), self._span(*document.compared), None
        yield from self._firm_words()

        alarm = self._format(**_ALARM)
        for problem in document.problems:
            yield _("DOES NOT TIE"), problem, alarm
        for warning in document.warnings:
            yield _("Warning"), warning, alarm

        for fact in document.figures:
            yield fact.label, fact, None
            if fact.before is not None:
                prior = Fact(fact.label, fact.before, fact.kind)
                yield f"{fact.label}, {fact.before_label}", prior, None

        yield _("Figures as of"), document.generated_at.isoformat(" ", "seconds"), None
        yield _("Packet, sha256"), document.seal.sha256, None
        if document.seal.compared_sha256:
            yield _("Prior packet, sha256"), document.seal.compared_sha256, None

    def _firm_words(self) -> Iterator[tuple[str, str, Any]]:
        """Yield the lines of notes, and of the firm's words."""
        document = self._document
        for note in document.notes:
            yield _("Note"), note, None
        for mark in document.marks:
            yield _("Status"), mark, None
        for signer in document.signers:
            yield signer.role, signer.name, None
        for paragraph in (*document.letter, *document.assurance):
            yield "", paragraph, None

    def _span(self, start: dt.date, end: dt.date) -> str:
        return self._words.text(dates(start, end, self._figures))

    def _format(self, **properties: Any) -> Any:
        return self._formats.format(**properties)

    def section(self, section: Section) -> None:
        """Write a statement on its sheet; the accounts of the ledger one below the other."""
        sheet = self._sheet(section.title)
        row = 0
        for text, format in self._remarks(section):
            sheet.write_string(row, 0, text, format)
            row += 1
        if section.is_ledger:
            if section.parts:
                self._ledger(sheet, section, row)
            for table in section.tables:
                self._beside(table)
            return

        self._widen(sheet, section.tables)
        has_titles = len(section.tables) > 1
        for table in section.tables:
            if not has_titles:
                sheet.freeze_panes(row + 1, 0)
                sheet.repeat_rows(row)
            top = row
            row = self._table(sheet, table, row, title=has_titles) + 1
            if table.lines:
                row += insert_chart(self._book, sheet, table, top, tone=self._color)
        columns = max((len(table.columns) for table in section.tables), default=1)
        sheet.print_area(0, 0, max(row - 2, 0), columns - 1)

    def _remarks(self, section: Section) -> Iterator[tuple[str, Any]]:
        """Yield the lines above the tables of a section, with their formats."""
        for problem in section.problems:
            text = self._words.text(_("Does not tie: {problem}", problem=problem))
            yield text, self._format(**_ALARM)
        for paragraph in section.note:
            yield fitting(paragraph), self._format()
        if section.missing:
            text = self._words.text(_("Incomplete: {gap}", gap=section.missing))
            yield text, self._format(bold=True)

        if section.when == "read":
            yield when(section, self._document, self._figures), self._format(italic=True)

    def _beside(self, table: Table) -> None:
        """Write a sheet for what belongs to the ledger and is not among its lines."""
        sheet = self._sheet(self._words.text(_("Accounts without lines")))
        self._widen(sheet, [table])
        self._table(sheet, table, 0, title=False)

    def _sheet(self, name: str) -> Any:
        """Return a new sheet: one page wide, with a header and page numbers."""
        document = self._document
        sheet = self._book.add_worksheet(sheet_name(name, self._names))
        if self._words.is_rtl:
            sheet.right_to_left()
        # On the screen and on paper.
        sheet.hide_gridlines(2)
        sheet.set_paper(self._paper)
        # One page wide, and as many long as it takes.
        sheet.fit_to_pages(1, 0)
        # &L, &C and &R begin what stands left, in the center, and right.
        alarm = self._words.text(_("DOES NOT TIE"))
        words = [alarm] if document.problems else []
        marks = "   ".join([*words, *document.marks])
        center = f'&C&"Calibri,Bold"{marks}' if marks else ""
        days = self._span(document.start, document.end)
        right = _header(f"{name}, {days}, {document.currency}")
        sheet.set_header(f"&L{_header(document.organization)}{center}&R{right}")
        sheet.set_footer("&R&P / &N")
        return sheet

    def _table(self, sheet: Any, table: Table, row: int, *, title: bool) -> int:
        """Write a table from a row on, and return the row below it."""
        if title:
            format = self._format(bold=True, font_color=self._color)
            sheet.write_string(row, 0, table.caption, format)
            row += 1
        self._columns(sheet, table.columns, row)
        formulas = Formulas(table.columns, row + 1, self._figures.places)
        return self._rows(sheet, table.columns, table.rows, row + 1, formulas)

    def _ledger(self, sheet: Any, section: Section, row: int) -> None:
        """Write one table with the account in front, so that it can be filtered and summed."""
        needed = sum(part.table.size for part in section.parts)
        if needed > ROWS:
            raise InputError(
                f"The ledger has {needed} rows, but a sheet can hold only {ROWS}. Write it as CSV."
            )
        account = self._words.text(_("Account"))
        columns = (Column(account, width=26, header=True), *section.parts[0].table.columns)
        sheet.set_column(0, 0, columns[0].width * 1.1)
        tables = [part.table for part in section.parts]
        self._widen(sheet, tables, 1)
        self._columns(sheet, columns, row)
        sheet.freeze_panes(row + 1, 0)
        sheet.repeat_rows(row)
        end = self._rows(sheet, columns, lines_with_account(tables), row + 1)
        sheet.autofilter(row, 0, end - 1, len(columns) - 1)

    def _widen(self, sheet: Any, tables: Sequence[Table], first: int = 0) -> None:
        """Give every column the width that its tables need.

        A figure without room would be a row of #.
        """
        widths: dict[int, float] = {}
        for table in tables:
            lengths = figure_lengths(table, self._figures)
            columns = zip(table.columns, lengths, strict=True)
            for at, (column, length) in enumerate(columns, first):
                width = max(_TEN_CHARACTERS, column.width * 1.1, length + _MARGIN)
                widths[at] = max(width, widths.get(at, 0))
        for at, width in widths.items():
            sheet.set_column(at, at, width)

    def _columns(self, sheet: Any, columns: tuple[Column, ...], row: int) -> None:
        sheet.set_row(row, _HEAD_POINTS)
        for at, column in enumerate(columns):
            format = self._format(
                bold=True,
                font_color="#ffffff",
                bg_color=self._color,
                align="right" if column.is_number else "left",
                valign="top",
                text_wrap=True,
            )
            sheet.write_string(row, at, column.heading, format)

    def _rows(
        self,
        sheet: Any,
        columns: tuple[Column, ...],
        rows: Iterable[Row],
        row: int,
        formulas: Formulas | None = None,
    ) -> int:
        """Write rows from a row on, and return the row below them."""
        no_formulas = [""] * len(columns)
        writers = {style: self._writers(sheet, columns, style) for style in STYLES}
        below = row
        for content in rows:
            of_row = formulas.of(content) if formulas else no_formulas
            cells = zip(writers[content.style], content.cells, of_row, strict=True)
            for at, (write, value, formula) in enumerate(cells):
                if value is not None and value != "":
                    write(below, at, value, formula)
            below += 1
        # A table without rows has a blank one.
        return max(below, row + 1)

    def _writers(self, sheet: Any, columns: tuple[Column, ...], style: Style) -> list[CellWriter]:
        cells = CellWriters(sheet, self._formats, self._figures)
        writers: list[CellWriter] = []
        after_number = False
        for column in columns:
            apart = after_number and not column.is_number
            writers.append(cells.of(column, style, apart=apart))
            after_number = column.is_number
        return writers


def sheet_name(title: str, others: set[str]) -> str:
    """Return a title as the name of a sheet, and add it to the ``others`` of the workbook.

    A name has at most 31 characters, none of a few, no apostrophe at its ends, and is no other's in
    capitals or small letters.
    """
    base = _NOT_IN_NAMES.sub(" ", title).strip(" '")[:_NAME].rstrip(" '") or "-"
    name = base
    number = 2
    while name.casefold() in others:
        ending = f" {number}"
        name = base[: _NAME - len(ending)] + ending
        number += 1
    others.add(name.casefold())
    return name


def _header(text: str) -> str:
    """Return a text for a page header, which holds 255 units of UTF-16.

    An ampersand begins a command there, two of them are one.
    """
    length = _HEADER
    written = _escaped(text, length)
    while _units(written) > _HEADER:
        length -= 1
        written = _escaped(text, length)
    return written


def _escaped(text: str, length: int) -> str:
    return brief(text, length).replace("&", "&&")


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def xlsx(document: Document, options: Options) -> bytes:
    """Return the workbook: the same bytes for the same document.

    It is made of one ledger line at a time. Raises ``InputError`` for an amount or a ledger that a
    sheet cannot hold.
    """
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
        # It wraps that of the system.
        for problem in error.args:
            if isinstance(problem, OSError):
                raise problem from None
        raise OSError(str(error)) from None


def _fill(book: Any, document: Document, options: Options) -> None:
    """Write everything: the seal as properties, a cover, a sheet for each section."""
    book.set_properties({"title": document.title, "created": document.read_at.replace(tzinfo=None)})
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
    """Return a text in pieces: a custom property holds 255 characters."""
    return [text[at : at + size] for at in range(0, len(text), size)]
