"""The file that a reviewer fills in, as any spreadsheet saves it: its encoding, its separators, its
columns.
"""

from __future__ import annotations

import codecs
import csv
import io
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import IO, Any

from attrs import frozen

from ledgerhq_ext._files import read_file
from ledgerhq_ext._paths import shown, to_path
from ledgerhq_ext._texts import separator_of
from ledgerhq_ext.errors import InputError

DecisionFile = str | os.PathLike[str] | IO[str] | IO[bytes] | io.TextIOBase
"""A path, or a stream of text or bytes."""

COLUMNS = (
    "transaction_id",
    "date",
    "bank_account",
    "payee",
    "memo",
    "amount",
    "currency",
    "pending",
    "entry",
    "candidates",
    "likely",
    "action",
    "account",
    "target",
    "shares",
    "reason",
    "status",
)
"""Only ``transaction_id`` and ``action`` must be there; a row without an action is left alone.

The last column is never empty: some spreadsheets leave the separators of empty last columns out.
"""
LARGEST = 8 << 20
"""Bytes."""
LONGEST = 50_000
"""Lines."""
_NEEDED = ("transaction_id", "action")
_SURROGATE = re.compile("[\ud800-\udfff]")
_HEADER = re.compile("[^\r\n]*")
_SAVE_AS = "Save it as CSV UTF-8."


@frozen
class Line:
    """A line that is not empty: its cells by column, and whether its amounts may have decimal
    commas.
    """

    number: int
    cells: Mapping[str, str]
    has_commas: bool
    problem: str = ""


def read_lines(file: DecisionFile) -> Iterator[Line]:
    """Yield the lines below the header.

    The header tells the separator (``separator_of``). Raises ``InputError`` for what cannot be
    read, and for columns that nobody knows.
    """
    text = _text(file)
    header = _HEADER.match(text)
    assert header is not None
    separator = separator_of(header[0])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        names = _names(next(reader, []))
        for count, cells in enumerate(reader):
            # A file that is no list of decisions is refused before it fills the memory.
            if count >= LONGEST:
                raise InputError(f"A decision file can have at most {LONGEST} lines.")
            if any(cell.strip() for cell in cells):
                yield _line(reader.line_num, names, cells, has_commas=separator != ",")
    except csv.Error as error:
        raise InputError(f"Line {reader.line_num} is not CSV: {error}.") from error


def _names(header: list[str]) -> list[str]:
    """Return the names of the columns; ``InputError`` where one is missing, unknown or repeated."""
    names = [name.strip().lower() for name in header]
    # Spreadsheets save columns that somebody once clicked on.
    while names[-1:] == [""]:
        names.pop()
    _check_names(names)
    return names


def _check_names(names: list[str]) -> None:
    """Raise ``InputError`` for columns that are missing, there twice, or of no known name."""
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        raise InputError(f"The first line must name the columns. Missing: {', '.join(missing)}.")

    repeated = [name for name, count in Counter(names).items() if count > 1]
    if repeated:
        raise _unclear_columns(sorted(repeated))

    unknown = [name for name in names if name not in COLUMNS]
    if unknown:
        # Not ignored: it may be a column that is needed, misspelled.
        raise _unclear_columns(unknown)


def _unclear_columns(names: list[str]) -> InputError:
    listed = ", ".join(map(repr, names))
    return InputError(
        f"columns {listed} are unknown or repeated. Use each of these at most once: "
        f"{', '.join(COLUMNS)}."
    )


def _line(number: int, names: list[str], cells: list[str], *, has_commas: bool) -> Line:
    texts = [cell.strip() for cell in cells]
    has_cells_beyond = any(texts[len(names) :])
    problem = ""
    if has_cells_beyond or len(cells) < len(names):
        # Somebody's separator stands in a text: which cell is which is a guess.
        problem = f"{len(cells)} cells for {len(names)} columns"
    return Line(number, dict(zip(names, texts, strict=False)), has_commas, problem)


def _text(file: object) -> str:
    """Return the whole text of a file or a stream, without the byte-order mark."""
    if hasattr(file, "read"):
        name = "the stream of decisions"
        content = _streamed(file, name)
    else:
        place = to_path(file, "file")  # type: ignore[arg-type]
        name = shown(place)
        content = read_file(place, limit=LARGEST)

    if len(content) > LARGEST:
        raise InputError(
            f"{name} cannot be read: a decision file can have at most {LARGEST >> 20} MiB."
        )
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
