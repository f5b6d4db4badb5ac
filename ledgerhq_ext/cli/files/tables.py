"""CSV files, as programs and spreadsheets save them."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TextIO

from ledgerhq_ext import InputError
from ledgerhq_ext._plain import counted
from ledgerhq_ext._texts import separator_of
from ledgerhq_ext.cli.files.amounts import amount_text
from ledgerhq_ext.cli.files.grouping import transactions
from ledgerhq_ext.cli.files.mapping import AMOUNTS, FIELDS, Mapping
from ledgerhq_ext.cli.files.rows import Row
from ledgerhq_ext.cli.files.transactions import Item

_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_NO_VALUE = re.compile(
    r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|ERROR!)|Err:[0-9]+|=\".*\"", re.ASCII
)
"""The error of a formula, and the formula of a text that was to be left alone."""


def read_table(file: Path, mapping: Mapping) -> Iterator[Item]:
    """Yield the transactions of a CSV file, a row at a time.

    Its first line names the columns. The separator is the one that this line has most of, unless
    the mapping says it. Raises ``InputError`` for a file without a column of source ids, and for
    one that is not CSV in its encoding.
    """
    return transactions(partial(_read_rows, file, mapping), mapping)


def _read_rows(file: Path, mapping: Mapping) -> Iterator[Row]:
    try:
        with _opened(file, mapping) as stream:
            header = stream.readline()
            stream.seek(0)
            separator = mapping.separator or separator_of(header)
            yield from _read_table(file, stream, separator, mapping)
    except UnicodeDecodeError as error:
        near = error.object[max(error.start - 20, 0) : error.start + 4]
        raise InputError(
            f"{file.name} is not {error.encoding} at the end of {near!r}. Save it as CSV UTF-8, "
            "or set encoding under [format] in the mapping file."
        ) from None


def _read_table(file: Path, stream: TextIO, separator: str, mapping: Mapping) -> Iterator[Row]:
    reader = csv.reader(stream, delimiter=separator, strict=True)
    try:
        names = [name.strip() for name in next(reader, [])]
        columns = _columns(file, names, mapping)
        yield from _rows(reader, len(names), columns, _decimal(mapping, separator))
    except csv.Error as error:
        raise InputError(
            f"{file.name}, line {reader.line_num}, is not valid CSV: {error}."
        ) from None


def _opened(file: Path, mapping: Mapping) -> TextIO:
    try:
        with file.open("rb") as stream:
            begin = stream.read(4)
        encoding = mapping.encoding or "utf-8-sig"
        for mark, name in _MARKS.items():
            if begin.startswith(mark):
                encoding = name
        return file.open(encoding=encoding, newline="")
    except LookupError:
        raise InputError(f"the encoding {mapping.encoding!r} is not known to Python.") from None
    except OSError as error:
        raise InputError(f"{file.name} cannot be read: {error.strerror}.") from None


def _columns(file: Path, names: list[str], mapping: Mapping) -> dict[str, int]:
    """Return in which column each field stands; several may stand in the same one."""
    lowered = [name.lower() for name in names]
    if not any(names):
        raise InputError(
            f"{file.name} has no line with the names of its columns, so nothing was posted. "
            "`ledgerhq post --example` prints a file that has one."
        )
    columns: dict[str, int] = {}
    for field in FIELDS:
        name = mapping.column(field).lower()
        if lowered.count(name) > 1:
            raise InputError(f"{file.name} has the column {mapping.column(field)!r} twice.")
        if name in lowered:
            columns[field] = lowered.index(name)
        elif field in mapping.columns:
            raise InputError(
                f"{file.name} has no column {mapping.columns[field]!r}. Its columns are "
                f"{', '.join(names)}."
            )
    if "id" not in columns:
        raise InputError(
            f"{file.name} has no column of source ids, which keep a transaction from being posted "
            f"twice. Name it with --id. Its columns are {', '.join(names)}."
        )
    return columns


def _decimal(mapping: Mapping, separator: str) -> str:
    """Return the decimal mark: where the comma is taken, others separate the columns."""
    return mapping.decimal or ("." if separator == "," else ",")


def _rows(
    reader: Iterator[list[str]], width: int, columns: dict[str, int], decimal: str
) -> Iterator[Row]:
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        # The reader counts lines, of which a row in quotes may have several.
        number = reader.line_num  # type: ignore[attr-defined]
        if len(cells) != width:
            yield Row(
                number, {}, f"it has {counted(len(cells), 'cell')} for {counted(width, 'column')}."
            )
            continue

        yield _row(number, {field: cells[at].strip() for field, at in columns.items()}, decimal)


def _row(number: int, fields: dict[str, str], decimal: str) -> Row:
    for name, text in fields.items():
        if _NO_VALUE.fullmatch(text):
            if name == "id":
                # It may be that of its neighbors.
                fields["id"] = ""
            problem = f"its {name} is {text}, a formula and not a value. Export the values."
            return Row(number, fields, problem)
    try:
        for name in AMOUNTS:
            if fields.get(name):
                fields[name] = amount_text(fields[name], decimal)
    except InputError as error:
        return Row(number, fields, str(error))
    return Row(number, fields)
