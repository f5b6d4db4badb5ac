"""The file that a reviewer fills in, as any spreadsheet saves it: a workbook, or CSV in any
encoding and with any separators.
"""

from __future__ import annotations

import codecs
import csv
import io
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from ledgerhq_ext._files import read_file
from ledgerhq_ext._paths import shown, to_path
from ledgerhq_ext._texts import separator_of
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.review._columns import Line, cells_problem, check_length, names_of

DecisionFile = str | os.PathLike[str] | IO[str] | IO[bytes] | io.TextIOBase
"""A path, or a stream of text or bytes."""

LARGEST = 8 << 20
"""Bytes."""
_SURROGATE = re.compile("[\ud800-\udfff]")
_HEADER = re.compile("[^\r\n]*")
_SAVE_AS = "Save it as CSV UTF-8."
_ARCHIVE = b"PK\x03\x04"
"""What a workbook begins with."""
_OLD_WORKBOOK = bytes.fromhex("d0cf11e0a1b11ae1")
"""What one begins with that Excel saved before 2007, or with a password."""


def read_lines(file: DecisionFile) -> Iterator[Line]:
    """Yield the lines below the header.

    Raises ``InputError`` for what cannot be read, and for columns that nobody knows.
    """
    name, content = _content(file)
    if isinstance(content, bytes) and content.startswith(_OLD_WORKBOOK):
        raise InputError(
            f"{name} cannot be read: it is an old workbook, or one with a password. Save it as "
            ".xlsx without a password."
        )
    if isinstance(content, bytes) and content.startswith(_ARCHIVE):
        from ledgerhq_ext.review._workbook_reading import workbook_lines

        return workbook_lines(content, name)
    return _csv_lines(_text(content, name))


def _csv_lines(text: str) -> Iterator[Line]:
    """Yield the lines of CSV; the header tells the separator (``separator_of``)."""
    header = _HEADER.match(text)
    assert header is not None
    separator = separator_of(header[0])
    # Otherwise a quotation mark that nothing closes would take in all lines below it.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        names = names_of(next(reader, []))
        for count, cells in enumerate(reader, 1):
            check_length(count)
            if any(cell.strip() for cell in cells):
                yield _line(reader.line_num, names, cells, has_commas=separator != ",")
    except csv.Error as error:
        raise InputError(f"Line {reader.line_num} is not CSV: {error}.") from error


def _line(number: int, names: list[str], cells: list[str], *, has_commas: bool) -> Line:
    texts = [cell.strip() for cell in cells]
    has_cells_beyond = any(texts[len(names) :])
    problem = ""
    if has_cells_beyond or len(cells) < len(names):
        # Somebody's separator stands in a text: which cell is which is a guess.
        problem = cells_problem(names, cells)
    return Line(
        number=number,
        cells=dict(zip(names, texts, strict=False)),
        has_commas=has_commas,
        problem=problem,
    )


def _content(file: object) -> tuple[str, str | bytes]:
    """Return the name and the whole content of a file or a stream."""
    if hasattr(file, "read"):
        own_name = getattr(file, "name", None)
        # Those of descriptors are numbers.
        name = shown(Path(own_name)) if isinstance(own_name, str) else "the stream of decisions"
        content = _streamed(file, name)
    else:
        place = to_path(file, "file")  # type: ignore[arg-type]
        name = shown(place)
        content = read_file(place, limit=LARGEST)

    if len(content) > LARGEST:
        raise InputError(
            f"{name} cannot be read: a decision file can have at most {LARGEST >> 20} MiB."
        )
    return name, content


def _text(content: str | bytes, name: str) -> str:
    """Return the text of CSV, without the byte-order mark."""
    text = content if isinstance(content, str) else _decoded(content, name)
    if "\0" in text:
        raise InputError(
            f"{name} cannot be read: it contains NUL characters, so it is not a CSV file. "
            f"{_SAVE_AS}"
        )
    if _SURROGATE.search(text):
        # What a stream makes of bytes that are not in its encoding.
        raise InputError(
            f"{name} cannot be read: it is not in the encoding of the stream. {_SAVE_AS}"
        )
    return text.removeprefix("\ufeff")


def _streamed(stream: Any, name: str) -> str | bytes:
    try:
        return _read_to_the_end(stream)
    except UnicodeDecodeError as error:
        raise InputError(
            f"{name} cannot be read: it is not {error.encoding}. {_SAVE_AS}"
        ) from error
    except (OSError, ValueError, TypeError) as error:
        # Closed, only for writing, or not a stream at all.
        raise InputError(f"{name} cannot be read: {type(error).__name__}: {error}") from error


def _read_to_the_end(stream: Any) -> str | bytes:
    """Return all that a stream gives, and of one that is too long one character more than may be.

    One read of a pipe or a socket may give a part only: half a file must not pass for all of it.
    """
    pieces: list[Any] = []
    left = LARGEST + 1
    while left > 0:
        piece = stream.read(left)
        if not isinstance(piece, str | bytes):
            raise TypeError(f"it returns {type(piece).__name__}, which is neither text nor bytes")
        if not piece:
            break
        pieces.append(piece)
        left -= len(piece)
    if not pieces:
        return ""
    empty = pieces[0][:0]
    return empty.join(pieces)  # type: ignore[no-any-return]


def _decoded(content: bytes, name: str) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        # What spreadsheets call "Unicode text", with tabs between the cells.
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError as error:
            raise InputError(f"{name} cannot be read: it is damaged UTF-16. {_SAVE_AS}") from error
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(f"{name} cannot be read: line {line} is not UTF-8. {_SAVE_AS}") from error
