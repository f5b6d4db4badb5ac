"""Tables as HTML, row by row: nothing is held but the row that is being written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from html import escape
from itertools import count

from ledgerhq_ext._message import message as _
from ledgerhq_ext.render._catalogs import Words
from ledgerhq_ext.render._document import Column, Row, Table, Value
from ledgerhq_ext.render._figures import NOTHING, Figures
from ledgerhq_ext.render._groups import groups
from ledgerhq_ext.render._html_looks import Look, look_of

CHUNK = 250
"""Rows of one table; a browser lays out only the tables in sight."""

_SENTENCE = 20
"""A column of words of at least this share takes the full width of a card."""

_EMPTY = "<td></td>"

_Writer = Callable[[Value], str]


def written(value: Value, kind: str, figures: Figures) -> str:
    """Return a value as plain text, by its kind."""
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return figures.day(value)
    if isinstance(value, int):
        writers = {"cents": figures.cents, "count": figures.count, "tenths": figures.tenths}
        return writers[kind](value)
    return value


def fact_text(value: Value, kind: str, figures: Figures) -> str:
    """Return the value of a key figure as plain text: amounts have the currency's symbol."""
    if kind == "cents" and isinstance(value, int):
        return figures.money(value)
    return written(value, kind, figures)


def language_mark(text: str, figures: Figures) -> str:
    """Return the attribute by which a browser takes the shapes of the text's language.

    Empty for most texts.
    """
    language = figures.language(text)
    return f' lang="{language}"' if language else ""


def _writer(column: Column, figures: Figures, look: Look) -> _Writer:
    """Return a function that writes the cells of a column."""
    # A code stands before its name, which says enough.
    is_labeled = look.has_labels and not column.code
    title = column.heading.removesuffix(f", {figures.currency}")
    label = f' data-label="{escape(title)}"' if is_labeled else ""

    if column.header:
        return _name_writer(figures)
    if column.kind == "cents":
        return _cents_writer(column, figures, label)
    if column.kind == "date":
        return _date_writer(figures, label)
    if column.kind == "text":
        wide = ' class="w"' if is_labeled and column.width >= _SENTENCE else ""
        return _text_writer(figures, wide, label)

    narrow = " c" if look.has_labels and column.kind == "count" else ""
    return _number_writer(column, figures, narrow, label)


# Closures, and nothing in them that can be done once for a column: a ledger has 150,000 cells.


def _name_writer(figures: Figures) -> _Writer:
    def name(value: Value) -> str:
        """Return the cell that names the row."""
        if not value:
            return _EMPTY
        words = str(value)
        return f'<th scope="row"{language_mark(words, figures)}>{escape(words)}</th>'

    return name


def _text_writer(figures: Figures, css: str, label: str) -> _Writer:
    def text(value: Value) -> str:
        """Return a cell of words."""
        if not value:
            return _EMPTY
        words = str(value)
        return f"<td{css}{language_mark(words, figures)}{label}>{escape(words)}</td>"

    return text


def _cents_writer(column: Column, figures: Figures, label: str) -> _Writer:
    amount = figures.amount
    zero = _EMPTY if column.quiet else f'<td class="n"{label}>{NOTHING}</td>'

    def cents(value: Value) -> str:
        """Return a cell of an amount; a negative one stands in brackets."""
        if value is None:
            return _EMPTY
        assert isinstance(value, int)

        if value > 0:
            return f'<td class="n"{label}>{amount(value)}</td>'
        if value < 0:
            return f'<td class="m"{label}>({amount(value)})</td>'
        return zero

    return cents


def _number_writer(column: Column, figures: Figures, narrow: str, label: str) -> _Writer:
    def number(value: Value) -> str:
        """Return a cell of a number that is no amount."""
        figure = written(value, column.kind, figures)
        if not figure:
            return _EMPTY
        css = "m" if figure.endswith(")") else "n"
        return f'<td class="{css}{narrow}"{label}>{figure}</td>'

    return number


def _date_writer(figures: Figures, label: str) -> _Writer:
    brief = figures.brief

    def date(value: Value) -> str:
        """Return a cell of a day."""
        if not isinstance(value, dt.date):
            return _EMPTY
        return f"<td{label}>{escape(brief(value))}</td>"

    return date


_LEADING = '<td></td><th scope="row"'
_OPEN = {
    "line": "<tr>",
    "heading": '<tr class="heading">',
    "subtotal": '<tr class="subtotal">',
    "total": '<tr class="total">',
    "differs": '<tr class="differs">',
}


def _row(row: Row, writers: list[_Writer]) -> str:
    pairs = zip(writers, row.cells, strict=True)
    cells = "".join([write(value) for write, value in pairs])
    if row.style == "heading":
        cells = _over_two_columns(cells)
    return f"{_OPEN[row.style]}{cells}</tr>\n"


def _over_two_columns(cells: str) -> str:
    """Return the cells of a heading; it has no code, and its name takes that column too."""
    if not cells.startswith(_LEADING):
        return cells
    return f'<th scope="row" colspan="2"{cells.removeprefix(_LEADING)}'


def _pieces(table: Table, writers: list[_Writer]) -> Iterator[tuple[str, int]]:
    """Yield the rows of a table in pieces, each with its number of rows.

    Rows that stay on one page are a body of their own.
    """
    for group in groups(table.rows):
        # `join` makes a list of a generator anyway, and more slowly.
        rows = [_row(row, writers) for row in group]
        piece = "".join(rows)
        if len(rows) > 1:
            piece = f'</tbody><tbody class="whole">{piece}</tbody><tbody>\n'
        yield piece, len(rows)


def _head(table: Table, look: Look, words: Words, part: int) -> str:
    """Return the opening of a table: caption, widths, on paper its name again, column headings."""
    id = table.id
    caption = table.caption
    if part > 1:
        id = f"{id}-{part}"
        caption = words.text(_("{caption}, part {number}", caption=caption, number=part))

    share = 100 / sum(look.shares)
    widths = "".join(f'<col width="{width * share:.1f}%">' for width in look.shares)
    titles = "".join(_title(column) for column in table.columns)
    again = ""
    if look.name:
        again = (
            f'<tr class="again"><th colspan="{len(table.columns)}" scope="colgroup">'
            f"{escape(look.name)}</th></tr>"
        )
    return (
        f'<table id="{id}" class="{look.css}"><caption class="unseen">{escape(caption)}</caption>'
        f"<colgroup>{widths}</colgroup><thead>{again}<tr>{titles}</tr></thead><tbody>\n"
    )


def _title(column: Column) -> str:
    css = " class=n" if column.is_number else ""
    detail = f" <small>{escape(column.detail)}</small>" if column.detail else ""
    return f'<th scope="col"{css}>{escape(column.title)}{detail}</th>'


def table(
    table: Table, figures: Figures, words: Words, css: str = "statement", name: str = ""
) -> Iterator[str]:
    """Yield a table, in a box that scrolls where the page is too narrow; a long one in several.

    ``name`` stands above its columns on every printed page.
    """
    look = look_of(table, figures, css, name)
    writers = [_writer(column, figures, look) for column in table.columns]
    pieces = _pieces(table, writers)
    yield f'<div class="box" role="group" aria-label="{escape(table.caption)}" tabindex="0">\n'
    for part in count(1):
        # A table without rows has its headings all the same.
        piece, size = next(pieces, ("", 0))
        if not piece and part > 1:
            break
        yield f'<div class="chunk">{_head(table, look, words, part)}{piece}'
        yield from _more_rows(pieces, CHUNK - size)
        yield "</tbody></table></div>\n"
    yield "</div>\n"


def _more_rows(pieces: Iterator[tuple[str, int]], room: int) -> Iterator[str]:
    """Yield pieces until they have as many rows as there is room for, or a few more."""
    while room > 0:
        piece, size = next(pieces, ("", 0))
        if not piece:
            return
        yield piece
        room -= size
