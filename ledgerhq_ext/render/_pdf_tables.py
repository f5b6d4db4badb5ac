"""Tables as typst reads them: cells of text, columns as wide as their figures, grouped rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ledgerhq_ext._plain import breakable
from ledgerhq_ext.render._document import Column, Table, Value
from ledgerhq_ext.render._figures import Figures
from ledgerhq_ext.render._groups import groups
from ledgerhq_ext.render._html_tables import written
from ledgerhq_ext.render._options import Paper

_Rows = list[list[Any]]
# Widths in ems of typst's own text font, bold; anything else is about as wide as a letter.
_EMS = {
    **dict.fromkeys("0123456789–", 0.54),
    **dict.fromkeys(".,’'", 0.26),
    **dict.fromkeys("()-/", 0.36),
    " ": 0.25,
}
_LETTER = 0.6
_SIZES = (9.5, 8.5, 7.5, 6.5)
_SMALL_SIZES = (8.0, 7.25, 6.5)
_INSET = 8.0
"""The room left and right of a cell's text, in points."""
_GAP = 10.0
_NAME = 20
"""A column of words of at least this share takes the room beside the figures."""
_NAME_POINTS = 3.7
"""The least room of such a column, in points, for each of its shares."""
_TALL = 600
"""Letters of a text that may not fit on the rest of a page."""
_SHORT = 14
"""Letters of codes, types and dates that are not wrapped."""
_TITLE = 0.84
"""The size of a column's title against that of its figures."""
_ROOM = {"a4": 493.0, "us-letter": 510.0}


def pdf_tables(
    tables: Sequence[Table], figures: Figures, paper: Paper, *, small: bool = False
) -> list[dict[str, Any]]:
    """Return tables of the same columns as typst reads them, all in the same widths.

    A row is a list: its style, how many rows stay together from there on, and the cells. A row that
    may be as high as a page, and be cut by its end, stays with -1 rows.
    """
    if not tables:
        return []
    columns = tables[0].columns
    rows_of_tables = [list(_rows(table, figures)) for table in tables]
    widths: list[float] = []
    for place, column in enumerate(columns):
        widths.append(max(_width(column, place, rows) for rows in rows_of_tables))
    names = sum(column.width for column, width in zip(columns, widths, strict=True) if not width)
    room = _ROOM[paper] - names * _NAME_POINTS
    size = _size(widths, room, _SMALL_SIZES if small else _SIZES)
    heads = _heads(columns, widths, size)
    return [
        {
            "id": table.id,
            "caption": table.caption,
            "continued": False,
            "size": size,
            "columns": heads,
            "rows": rows,
        }
        for table, rows in zip(tables, rows_of_tables, strict=True)
    ]


def _heads(columns: Sequence[Column], widths: list[float], size: float) -> list[dict[str, Any]]:
    heads: list[dict[str, Any]] = []
    after_number = False
    for column, width in zip(columns, widths, strict=True):
        # Between a figure and a text that begins there is more room than beside a figure that ends.
        gap = _GAP if after_number and not column.is_number else 0
        heads.append(
            {
                "title": column.title,
                "detail": column.detail,
                "number": column.is_number,
                "points": width * size + _INSET + gap if width else 0,
                "share": column.width,
                "gap": gap,
            }
        )
        after_number = column.is_number
    return heads


def _rows(table: Table, figures: Figures) -> Iterator[list[Any]]:
    writers = [_writer(column, figures) for column in table.columns]

    for group in groups(table.rows):
        # The first row of a group says how many stay together; typst counts on from there.
        together = len(group)
        for row in group:
            cells = [write(value) for write, value in zip(writers, row.cells, strict=True)]
            is_tall = together == 1 and max(map(len, cells)) > _TALL
            yield [row.style, -1 if is_tall else together, *cells]
            together = 0


def _writer(column: Column, figures: Figures) -> Callable[[Value], str]:
    """Return a function that writes the cells of a column as text."""

    def date(value: Value) -> str:
        """Return the text of a day."""
        return figures.brief(value) if isinstance(value, dt.date) else ""

    def cents(value: Value) -> str:
        """Return the text of an amount; of nothing none, in a quiet column."""
        if not isinstance(value, int) or (column.quiet and not value):
            return ""
        return figures.cents(value)

    def text(value: Value) -> str:
        """Return words that may break."""
        return breakable(str(value)) if value else ""

    def number(value: Value) -> str:
        """Return the text of a number that is no amount."""
        return written(value, column.kind, figures)

    writers = {"date": date, "cents": cents, "text": text}
    return writers.get(column.kind, number)


def _width(column: Column, place: int, rows: _Rows) -> float:
    """Return how wide a column has to be, in ems; zero for one that takes the room of the rest."""
    is_text = column.kind == "text"
    if is_text and column.width >= _NAME:
        return 0

    # Before the cells, a row has its style, and how many rows stay together.
    texts: set[str] = {row[place + 2] for row in rows}
    if is_text:
        # A longer text wraps.
        texts = {text for text in texts if len(text) <= _SHORT}
    longest = max(map(_ems, texts), default=0)
    title = max(_ems(column.title), _ems(column.detail)) * _TITLE
    return max(longest, title)


def _ems(text: str) -> float:
    return sum(_EMS.get(character, _LETTER) for character in text)


def _size(widths: list[float], room: float, sizes: tuple[float, ...]) -> float:
    """Return the largest size of letters at which the figures stand side by side in the room."""
    fixed = [width for width in widths if width]
    for size in sizes:
        points = sum(width * size + _INSET for width in fixed)
        if points <= room:
            return size

    # The smallest that can be read on paper, even where it does not fit.
    return sizes[-1]
