"""How a table fits on a screen: wide columns for long figures, and on phones a card for each row
instead of a table.
"""

from __future__ import annotations

from collections.abc import Callable

from attrs import frozen

from ledgerhq_ext.render._document import Column, Table
from ledgerhq_ext.render._figures import Figures

_DESK = 112
"""Digits that stand side by side on a laptop or on paper."""
_PHONE = 20
"""Digits beside a code and a name on the narrowest phone, 320 pixels wide."""
_WORDS, _MORE_WORDS = 2, 10
"""Columns of words that have room there; how many digits each further one takes."""
_PHONE_THIRD, _PHONE_HALF = 12, 18
_GAP = 2
_DAY = 10
_LEAST_TEXT = 22.0
"""The share that is left for words, in percent, however long the figures are."""


@frozen
class Look:
    """The classes and column widths of a table; whether its cells carry labels; what stands above
    it on every page.
    """

    css: str
    shares: tuple[float, ...]
    has_labels: bool
    name: str


def look_of(table: Table, figures: Figures, css: str, name: str) -> Look:
    """Return how a table looks, by its longest figures."""
    lengths = figure_lengths(table, figures)
    longest = max(lengths, default=0)
    shares = _shares(table.columns, lengths)
    if css == "ledger":
        return Look("ledger long" if longest > _PHONE_THIRD else "ledger", shares, False, name)

    words = sum(not column.is_number for column in table.columns)
    room = _PHONE - _MORE_WORDS * max(words - _WORDS, 0)
    if sum(length + _GAP for length in lengths if length) <= room:
        return Look(css, shares, False, name)
    return Look(
        f"{css} cards long" if longest > _PHONE_HALF else f"{css} cards", shares, True, name
    )


def figure_lengths(table: Table, figures: Figures) -> list[int]:
    """Return how long the longest figure of each column is; zero for words."""
    places = [place for place, column in enumerate(table.columns) if column.is_number]
    least, most = [0] * len(table.columns), [0] * len(table.columns)
    for row in table.rows:
        for place in places:
            value = row.cells[place]
            if not isinstance(value, int):
                continue
            if value < least[place]:
                least[place] = value
            elif value > most[place]:
                most[place] = value

    lengths = [
        _DAY if column.kind == "date" and not column.header else 0 for column in table.columns
    ]
    write: dict[str, Callable[[int], str]] = {
        "cents": figures.cents,
        "count": figures.count,
        "tenths": figures.tenths,
    }
    for place in places:
        writer = write[table.columns[place].kind]
        lengths[place] = max(len(writer(least[place])), len(writer(most[place])))
    return lengths


def _shares(columns: tuple[Column, ...], lengths: list[int]) -> tuple[float, ...]:
    """Return the widths in percent: figures have the room they need, words what is left."""
    whole = sum(column.width for column in columns)
    shares = [100 * column.width / whole for column in columns]
    figures = [place for place, column in enumerate(columns) if column.is_number]
    words = [place for place, column in enumerate(columns) if not column.is_number]
    for place in figures:
        shares[place] = max(shares[place], 100 * (lengths[place] + _GAP) / _DESK)

    left = max(100 - sum(shares[place] for place in figures), _LEAST_TEXT)
    room = sum(shares[place] for place in words)
    for place in words:
        shares[place] *= left / room
    return tuple(shares)
