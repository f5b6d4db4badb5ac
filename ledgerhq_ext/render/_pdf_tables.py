"""Tables as typst reads them: written cells, columns that are wide enough for their longest figure,
rows in groups.
"""

from __future__ import annotations

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
"""What stands left and right of a cell's text, in points."""
_GAP = 10.0
_NAME = 20
"""A column of at least this share takes what the figures leave."""
_NAME_POINTS = 3.7
"""What it needs at least, in points, for each of its shares."""
_SHORT = 14
"""Letters of codes, types and dates that are not wrapped."""
_TITLE = 0.84
"""The size of a column's title against that of its figures."""
_ROOM = {"a4": 493.0, "us-letter": 510.0}


def pdf_tables(
    tables: Sequence[Table], figures: Figures, paper: Paper, *, small: bool = False
) -> list[dict[str, Any]]:
    """Return tables of the same columns as typst reads them, all in the same widths.

    ``rows`` are a style, how many rows stay together from there on, and the cells.
    """
    written_rows = [list(_rows(table, figures)) for table in tables]
    columns = tables[0].columns if tables else ()
    widths = [
        max(_width(column, place, rows) for rows in written_rows)
        for place, column in enumerate(columns)
    ]
    names = sum(column.width for column, width in zip(columns, widths, strict=True) if not width)
    size = _size(widths, _ROOM[paper] - names * _NAME_POINTS, _SMALL_SIZES if small else _SIZES)
    shown = _columns(columns, widths, size)
    return [
        {"id": table.id, "caption": table.caption, "size": size, "columns": shown, "rows": rows}
        for table, rows in zip(tables, written_rows, strict=True)
    ]


def _columns(columns: Sequence[Column], widths: list[float], size: float) -> list[dict[str, Any]]:
    shown = []
    after_number = False
    for column, width in zip(columns, widths, strict=True):
        # Between a figure and a text that begins there is more room than beside a figure that ends.
        gap = _GAP if after_number and not column.is_number else 0
        shown.append(
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
    return shown


def _rows(table: Table, figures: Figures) -> Iterator[list[Any]]:
    writers = [_writer(column, figures) for column in table.columns]
    for group in groups(table.rows):
        together = len(group)
        for row in group:
            cells = [write(value) for write, value in zip(writers, row.cells, strict=True)]
            yield [row.style, together, *cells]
            together = 0


def _writer(column: Column, figures: Figures) -> Callable[[Value], str]:
    if column.kind == "date":
        brief: Callable[[Any], str] = figures.brief
        return lambda value: brief(value) if value else ""
    if column.kind == "cents":
        cents, quiet = figures.cents, column.quiet
        return lambda value: (
            "" if value is None or (quiet and not value) else cents(int(str(value)))
        )
    if column.kind == "text":
        return lambda value: breakable(str(value)) if value else ""
    return lambda value: written(value, column.kind, figures)


def _width(column: Column, place: int, rows: _Rows) -> float:
    """Return how wide a column has to be, in ems; zero for one that takes what is left."""
    if column.kind == "text" and column.width >= _NAME:
        return 0
    texts = {row[place + 2] for row in rows}
    longest = max(
        (_ems(text) for text in texts if column.kind != "text" or len(text) <= _SHORT), default=0
    )
    title = max(_ems(column.title), _ems(column.detail)) * _TITLE
    return max(longest, title)


def _ems(text: str) -> float:
    return sum(_EMS.get(character, _LETTER) for character in text)


def _size(widths: list[float], room: float, sizes: tuple[float, ...]) -> float:
    """Return the largest size of letters at which the figures stand side by side in the room."""
    for size in sizes:
        if sum(width * size + _INSET for width in widths if width) <= room:
            return size
    return sizes[-1]
