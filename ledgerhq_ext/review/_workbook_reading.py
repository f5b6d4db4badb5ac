"""The lines of a reviewed workbook, as a spreadsheet saves it. Needs the extra ``review``."""

from __future__ import annotations

import datetime as dt
import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from attrs import evolve, frozen

from ledgerhq_ext.errors import InputError
from ledgerhq_ext.review._columns import NEEDED, Line, cells_problem, check_length, names_of
from ledgerhq_ext.review._workbook_library import LIBRARY

SHEET = "Review"
"""The sheet that is read where no sheet has the columns of decisions; the first one, without it."""
UNPACKED = 100 << 20
"""Bytes: a small archive may hold gigabytes."""
WIDEST = 100
"""Columns: more has no list of decisions."""
_ABOVE = 10
"""So many rows are looked at for the one that names the columns."""
_SAVE_AS = "Save it as an Excel workbook (.xlsx) or as CSV UTF-8."
_MIDNIGHT = dt.time()
_CODE = re.compile("_x(005F|000D)_")
"""An underscore that begins no code, and the end of a line that was pasted on Windows."""
_MERGE = re.compile(rb'mergeCell\s+ref="[A-Z]+([0-9]+):[A-Z]+([0-9]+)"')


@frozen
class _SheetRow:
    """A row of the sheet: its number, the texts of its cells, and what is wrong with it."""

    number: int
    texts: tuple[str, ...]
    problem: str = ""


def workbook_lines(content: bytes, name: str) -> Iterator[Line]:
    """Yield the lines below the row that names the columns; ``name`` is that of the file.

    Raises ``InputError`` for what is no workbook, or a larger one than anybody decides about, and
    for columns that nobody knows.
    """
    _check_size(content, name)
    rows = _read_rows(content, name)
    heading = _heading(rows)
    names = names_of(heading.texts if heading else ())
    for row in rows:
        if heading and row.number > heading.number:
            yield _line(row, names)


def _check_size(content: bytes, name: str) -> None:
    """Raise ``InputError`` for an archive that unpacks to more than a list of decisions needs."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            # Nothing is unpacked beyond the size that the archive names.
            size = sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise _unreadable(name, error) from error
    if size > UNPACKED:
        raise InputError(
            f"{name} cannot be read: unpacked, a workbook of decisions can have at most "
            f"{UNPACKED >> 20} MiB."
        )


def _read_rows(content: bytes, name: str) -> list[_SheetRow]:
    """Return the rows of the sheet that are not empty."""
    try:
        with warnings.catch_warnings():
            # What it does not know (drop-down lists of newer programs) does not matter here.
            warnings.simplefilter("ignore")
            return list(_sheet_rows(content))
    except InputError:
        raise
    except Exception as error:
        # A damaged part of the archive ends in any of a dozen exceptions.
        raise _unreadable(name, error) from error


def _unreadable(name: str, error: Exception) -> InputError:
    return InputError(
        f"{name} cannot be read: it is no workbook, or a damaged one "
        f"({type(error).__name__}). {_SAVE_AS}"
    )


def _sheet_rows(content: bytes) -> Iterator[_SheetRow]:
    # Read twice: a formula is known by the one reading, and its result by the other.
    results = _sheet(_book(content, results=True))
    formulas = _book(content, results=False)[results.title]
    merges = _merges_of(content, formulas)
    both = zip(_rows_of(formulas), _rows_of(results), strict=True)
    count = 0
    for number, (cells, values) in enumerate(both, 1):
        row = _sheet_row(number, cells, values)
        if any(first <= number <= last for first, last in merges):
            row = evolve(row, problem="its cells are merged with those of other rows. Unmerge them")
        if row.problem or any(row.texts):
            count += 1
            check_length(count)
            yield row


def _book(content: bytes, *, results: bool) -> Any:
    """Return the workbook; ``results`` reads the stored results of formulas."""
    return LIBRARY.load_workbook(io.BytesIO(content), read_only=True, data_only=results)


def _sheet(book: Any) -> Any:
    """Return the sheet with the decisions.

    Raises ``InputError`` where there are several: those of one of them would not be carried out.
    """
    with_decisions = [sheet for sheet in book.worksheets if _has_decisions(sheet)]
    if len(with_decisions) > 1:
        titles = " and ".join(repr(sheet.title) for sheet in with_decisions)
        raise InputError(f"The sheets {titles} have decisions. Keep one of them in the file.")
    if with_decisions:
        return with_decisions[0]
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    return sheets.get(SHEET) or book.worksheets[0]


def _has_decisions(sheet: Any) -> bool:
    """Return whether one of the first rows names the columns that decisions must have."""
    count = 0
    for cells in _rows_of(sheet):
        texts = {_text(cell.value).lower() for cell in cells[:WIDEST]}
        if texts.issuperset(NEEDED):
            return True
        if any(texts):
            count += 1
        if count == _ABOVE:
            break
    return False


def _merges_of(content: bytes, sheet: Any) -> list[tuple[int, int]]:
    """Return the first and the last row of all cells that are merged over several rows.

    What is chosen there stands in the first row only, and would be decided about no other one.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        # Reading row by row, the library leaves merged cells out.
        spans = _MERGE.findall(archive.read(sheet._worksheet_path))
    rows = [(int(first), int(last)) for first, last in spans]
    return [(first, last) for first, last in rows if first < last]


def _rows_of(sheet: Any) -> Iterator[Sequence[Any]]:
    # Programs write wrong ones.
    sheet.reset_dimensions()
    yield from sheet.iter_rows()


def _sheet_row(number: int, cells: Sequence[Any], values: Sequence[Any]) -> _SheetRow:
    """Return a row, from its cells and from the cells with the results of their formulas."""
    if len(cells) > WIDEST:
        raise InputError(f"Row {number} has more than {WIDEST} columns.")
    texts: list[str] = []
    problem = ""
    for cell, result in zip(cells, values, strict=True):
        texts.append(_text(result.value))
        is_formula = cell.data_type == "f"
        # An empty text is a result; a missing one would be a cell that says nothing, whatever the
        # formula says.
        if is_formula and result.value is None and result.data_type != "str":
            problem = (
                f"{cell.coordinate} has a formula without a result. Open the file in a "
                "spreadsheet and save it"
            )
    return _SheetRow(number, tuple(texts), problem)


def _text(value: object) -> str:
    """Return the value of a cell as CSV would have it: ISO dates, numbers with a point."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        is_day = value.time() == _MIDNIGHT
        return (value.date() if is_day else value).isoformat()
    if isinstance(value, float):
        # Sheets keep 15 digits; beyond them stands what is left over from binary fractions.
        return f"{Decimal(f'{value:.15g}').normalize():f}"
    return _CODE.sub(lambda match: chr(int(match[1], 16)), str(value)).strip()


def _heading(rows: Sequence[_SheetRow]) -> _SheetRow | None:
    """Return the row that names the columns: among the first ones, or else the very first."""
    for row in rows[:_ABOVE]:
        if "transaction_id" in (text.lower() for text in row.texts):
            return row
    return rows[0] if rows else None


def _line(row: _SheetRow, names: list[str]) -> Line:
    cells = row.texts
    problem = row.problem
    if any(cells[len(names) :]):
        # What stands beside the columns is a decision in the wrong place, or none at all.
        problem = cells_problem(names, cells)
    # A row ends with its last cell that is not empty.
    missing = len(names) - len(cells)
    texts = (*cells, *[""] * missing)
    return Line(
        number=row.number,
        cells=dict(zip(names, texts, strict=False)),
        has_commas=True,
        is_typed=True,
        problem=problem,
    )
