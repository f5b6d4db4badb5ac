"""Tables as HTML, row by row: nothing is held but the row that is being written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from html import escape

from ledgerhq_ext.render._document import Column, Row, Table, Value
from ledgerhq_ext.render._figures import Figures
from ledgerhq_ext.render._groups import groups
from ledgerhq_ext.render._html_looks import Look, look_of

CHUNK = 250
"""Rows of one table; a browser lays out only the tables in sight."""

_SENTENCE = 20
"""A column of words of at least this share takes the whole width of a card."""

_Writer = Callable[[Value], str]


def written(value: Value, kind: str, figures: Figures) -> str:
    """A value as plain text, by its kind."""
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return figures.day(value)
    if isinstance(value, int):
        return {"cents": figures.cents, "count": figures.count, "tenths": figures.tenths}[kind](
            value
        )
    return value


def language_mark(text: str, figures: Figures) -> str:
    """Return the attribute by which a browser takes the shapes of the text's language; empty for
    most texts.
    """
    language = figures.language(text)
    return f' lang="{language}"' if language else ""


def _writer(column: Column, figures: Figures, look: Look) -> _Writer:
    """How the cells of a column are written."""
    # A code stands before its name, which says enough.
    is_labelled = look.has_labels and column.title != "Code"
    words = column.heading.removesuffix(f", {figures.currency}")
    label = f' data-label="{escape(words)}"' if is_labelled else ""
    narrow = " c" if look.has_labels and column.kind == "count" else ""
    wide = ' class="w"' if is_labelled and column.width >= _SENTENCE else ""
    amount, brief = figures.amount, figures.brief
    nothing = "<td></td>" if column.quiet else f'<td class="n"{label}>–</td>'

    def text(value: Value) -> str:
        words = str(value)
        return (
            f"<td{wide}{language_mark(words, figures)}{label}>{escape(words)}</td>"
            if value
            else "<td></td>"
        )

    def name(value: Value) -> str:
        words = str(value)
        return (
            f'<th scope="row"{language_mark(words, figures)}>{escape(words)}</th>'
            if value
            else "<td></td>"
        )

    def cents(value: Value) -> str:
        if value is None:
            return "<td></td>"
        assert isinstance(value, int)
        if value > 0:
            return f'<td class="n"{label}>{amount(value)}</td>'
        return f'<td class="m"{label}>({amount(value)})</td>' if value else nothing

    def number(value: Value) -> str:
        figure = written(value, column.kind, figures)
        css = "m" if figure.endswith(")") else "n"
        return f'<td class="{css}{narrow}"{label}>{figure}</td>' if figure else "<td></td>"

    def date(value: Value) -> str:
        return (
            f"<td{label}>{escape(brief(value))}</td>" if isinstance(value, dt.date) else "<td></td>"
        )

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


def _row(row: Row, writers: list[_Writer]) -> str:
    cells = "".join([write(value) for write, value in zip(writers, row.cells, strict=True)])
    if row.style == "heading" and cells.startswith(_LEADING):
        cells = f'<th scope="row" colspan="2"{cells.removeprefix(_LEADING)}'
    return f"{_OPEN[row.style]}{cells}</tr>\n"


def _pieces(table: Table, writers: list[_Writer]) -> Iterator[tuple[str, int]]:
    """The rows of a table with how many they are; those that stay on one page as a body of their
    own.
    """
    for group in groups(table.rows):
        body = "".join([_row(row, writers) for row in group])
        yield (
            (body, 1)
            if len(group) == 1
            else (f'</tbody><tbody class="whole">{body}</tbody><tbody>\n', len(group))
        )


def _head(table: Table, look: Look, part: int) -> str:
    """The opening of a table: caption, widths, on paper its name again, column headings."""
    share = 100 / sum(look.shares)
    widths = "".join(f'<col width="{width * share:.1f}%">' for width in look.shares)
    titles = "".join(_title(column) for column in table.columns)
    caption, name = escape(table.caption), f"{table.id}{'' if part == 1 else f'-{part}'}"
    more = f", part {part}" if part > 1 else ""
    again = ""
    if look.name:
        again = f'<tr class="again"><th colspan="{len(table.columns)}" scope="colgroup">{escape(look.name)}</th></tr>'
    return (
        f'<table id="{name}" class="{look.css}"><caption class="unseen">{caption}{more}</caption>'
        f"<colgroup>{widths}</colgroup><thead>{again}<tr>{titles}</tr></thead><tbody>\n"
    )


def _title(column: Column) -> str:
    css = " class=n" if column.is_number else ""
    detail = f" <small>{escape(column.detail)}</small>" if column.detail else ""
    return f'<th scope="col"{css}>{escape(column.title)}{detail}</th>'


def table(table: Table, figures: Figures, css: str = "statement", name: str = "") -> Iterator[str]:
    """A whole table, in a box that scrolls where the page is too narrow; a long one in several
    tables.

    ``name`` stands above its columns on every printed page.
    """
    yield f'<div class="box" role="group" aria-label="{escape(table.caption)}" tabindex="0">\n'
    look = look_of(table, figures, css, name)
    writers = [_writer(column, figures, look) for column in table.columns]
    left, part = _pieces(table, writers), 1
    first = next(left, ("", 0))
    while first[0] or part == 1:
        body, size = first
        yield f'<div class="chunk">{_head(table, look, part)}{body}'
        while size < CHUNK and (piece := next(left, None)):
            yield piece[0]
            size += piece[1]
        yield "</tbody></table></div>\n"
        part, first = part + 1, next(left, ("", 0))
    yield "</div>\n"
