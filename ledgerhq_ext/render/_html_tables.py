"""Tables as HTML, row by row: nothing is held but the row that is being written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from html import escape
from itertools import islice

from ledgerhq_ext.render._document import Column, Row, Table, Value
from ledgerhq_ext.render._figures import Figures

CHUNK = 250
"""Rows of one table; a browser lays out only the tables in sight."""

_WIDE = 6

_Writer = Callable[[Value], str]


def written(value: Value, kind: str, figures: Figures) -> str:
    """A value as plain text, by its kind."""
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return figures.day(value)
    if isinstance(value, int):
        return {"cents": figures.cents, "count": figures.count, "tenths": figures.tenths}[kind](value)
    return value


def language_mark(text: str, figures: Figures) -> str:
    """Return the attribute by which a browser takes the shapes of the text's language; empty for most texts."""
    language = figures.language(text)
    return f' lang="{language}"' if language else ""


def _writer(column: Column, figures: Figures) -> _Writer:
    """How the cells of a column are written."""

    def text(value: Value) -> str:
        words = str(value)
        return f"<td{language_mark(words, figures)}>{escape(words)}</td>" if value else "<td></td>"

    def name(value: Value) -> str:
        words = str(value)
        return f'<th scope="row"{language_mark(words, figures)}>{escape(words)}</th>' if value else "<td></td>"

    amount, brief, nothing = figures.amount, figures.brief, "" if column.quiet else '<td class="n">–</td>'
    nothing = nothing or "<td></td>"

    def cents(value: Value) -> str:
        if value is None:
            return "<td></td>"
        assert isinstance(value, int)
        if value > 0:
            return f'<td class="n">{amount(value)}</td>'
        return f'<td class="m">({amount(value)})</td>' if value else nothing

    def number(value: Value) -> str:
        text = written(value, column.kind, figures)
        return f'<td class="{"m" if text.endswith(")") else "n"}">{text}</td>' if text else "<td></td>"

    def date(value: Value) -> str:
        return f"<td>{escape(brief(value))}</td>" if isinstance(value, dt.date) else "<td></td>"

    writers: dict[str, _Writer] = {"cents": cents, "count": number, "tenths": number, "date": date}
    return name if column.header else writers.get(column.kind, text)


_LEADING = '<td></td><th scope="row"'
_OPEN = {
    "line": "<tr>",
    "heading": '<tr class="heading">',
    "subtotal": '<tr class="subtotal">',
    "total": '<tr class="total">',
    "differs": '<tr class="differs">',
}


def rows(table: Table, figures: Figures) -> Iterator[str]:
    """The rows of a table."""
    writers = [_writer(column, figures) for column in table.columns]
    for row in table.rows:
        yield _row(row, writers)


def _row(row: Row, writers: list[_Writer]) -> str:
    cells = "".join([write(value) for write, value in zip(writers, row.cells, strict=True)])
    if row.style == "heading" and cells.startswith(_LEADING):
        cells = f'<th scope="row" colspan="2"{cells.removeprefix(_LEADING)}'
    return f"{_OPEN[row.style]}{cells}</tr>\n"


def _head(table: Table, css: str, part: int) -> str:
    """The opening of a table: caption, widths, column headings."""
    share = 100 / sum(column.width for column in table.columns)
    widths = "".join(f'<col width="{column.width * share:.1f}%">' for column in table.columns)
    titles = "".join(_title(column) for column in table.columns)
    caption, name = escape(table.caption), f"{table.id}{'' if part == 1 else f'-{part}'}"
    more = f", part {part}" if part > 1 else ""
    return (
        f'<table id="{name}" class="{css}"><caption class="unseen">{caption}{more}</caption>'
        f"<colgroup>{widths}</colgroup><thead><tr>{titles}</tr></thead><tbody>\n"
    )


def _title(column: Column) -> str:
    css = " class=n" if column.is_number else ""
    detail = f" <small>{escape(column.detail)}</small>" if column.detail else ""
    return f'<th scope="col"{css}>{escape(column.title)}{detail}</th>'


def table(table: Table, figures: Figures, css: str = "statement") -> Iterator[str]:
    """A whole table, in a box that scrolls where the page is too narrow; a long one in several tables."""
    yield f'<div class="box" role="group" aria-label="{escape(table.caption)}" tabindex="0">\n'
    # Too many figures for one line of a phone: there they stand below their name.
    if css == "statement" and len(table.columns) >= _WIDE:
        css = "statement many" if table.columns[0].header else "statement wide"
    left, part = rows(table, figures), 1
    first = next(left, "")
    while first or part == 1:
        yield f'<div class="chunk">{_head(table, css, part)}{first}'
        yield from islice(left, CHUNK - 1)
        yield "</tbody></table></div>\n"
        part, first = part + 1, next(left, "")
    yield "</div>\n"
