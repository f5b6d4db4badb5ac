"""A document in the words of its reader: every message in it, wherever it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import evolve, fields, frozen, has

from ledgerhq_ext._message import Message
from ledgerhq_ext.render._catalogs import Words
from ledgerhq_ext.render._document import Document, Row, Table


def translated(document: Document, words: Words) -> Document:
    """Return a document with its messages in a language; other texts stay as they are."""
    document = _translated(document, words)
    return evolve(document, words=words)


def _translated(value: Any, words: Words) -> Any:
    if isinstance(value, Message):
        return words.text(value)
    # Not of a row, which is a tuple by another name: a table walks over its rows.
    if type(value) is tuple:
        return tuple(_translated(each, words) for each in value)
    if not has(type(value)) or isinstance(value, Words):
        return value

    names = [field.name for field in fields(type(value))]
    changes = {name: _translated(getattr(value, name), words) for name in names}
    if isinstance(value, Table):
        changes["rows"] = _Rows(value.rows, words)
    return evolve(value, **changes)


@frozen
class _Rows:
    """The rows of a table in a language: made anew each time they are walked over."""

    rows: Iterable[Row]
    words: Words

    def __iter__(self) -> Iterator[Row]:
        for row in self.rows:
            # Few rows have messages, and a ledger has many rows.
            if Message in map(type, row.cells):
                cells = tuple(self.words.text(cell) for cell in row.cells)  # type: ignore[arg-type]
                yield row._replace(cells=cells)
            else:
                yield row
