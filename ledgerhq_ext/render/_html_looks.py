"""The fit of a table on a screen.

Long figures have wide columns; on phones each row may be a card instead.
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
_WORDS = 2
"""Columns of words that have room there."""
_MORE_WORDS = 10
"""Digits that each further column of words takes."""
_PHONE_THIRD = 12
"""Digits in a third of a phone's width."""
_PHONE_HALF = 18
"""Digits in half of it."""
_GAP = 2
_DAY = 10
_LEAST_TEXT = 22.0
"""The share of words, in percent, however long the figures are."""


@frozen
class Look:
    """The looks of a table: its classes, and the shares of its columns in percent.

    ``has_labels`` says that cells carry the titles of their columns; ``name`` stands above the
    table on every page.
    """

    css: str
    shares: tuple[float, ...]
    has_labels: bool
    name: str


def look_of(table: Table, figures: Figures, css: str, name: str) -> Look:
    """Return the looks of a table, by its longest figures."""
    lengths = figure_lengths(table, figures)
    longest = max(lengths, default=0)
    shares = _shares(table.columns, lengths)
    if css == "ledger":
        ledger_css = "ledger long" if longest > _PHONE_THIRD else "ledger"
        return Look(ledger_css, shares, False, name)
    if _fits_a_phone(table.columns, lengths):
        return Look(css, shares, False, name)
    cards = f"{css} cards long" if longest > _PHONE_HALF else f"{css} cards"
    return Look(cards, shares, True, name)


def _fits_a_phone(columns: tuple[Column, ...], lengths: list[int]) -> bool:
    words = sum(not column.is_number for column in columns)
    more_words = max(words - _WORDS, 0)
    digits = sum(length + _GAP for length in lengths if length)
    return digits <= _PHONE - _MORE_WORDS * more_words


def figure_lengths(table: Table, figures: Figures) -> list[int]:
    """Return the length of the longest figure of each column, in characters; zero for words."""
    lengths: list[int] = []
    extremes = _extremes(table)
    write: dict[str, Callable[[int], str]] = {
        "cents": figures.cents,
        "count": figures.count,
        "tenths": figures.tenths,
    }
    for column, (least, most) in zip(table.columns, extremes, strict=True):
        if column.is_number:
            writer = write[column.kind]
            lengths.append(max(len(writer(least)), len(writer(most))))
        elif column.kind == "date" and not column.header:
            lengths.append(_DAY)
        else:
            lengths.append(0)
    return lengths


def _extremes(table: Table) -> list[tuple[int, int]]:
    """Return the least and the largest figure of each column, or zero where that is beyond them."""
    least = [0] * len(table.columns)
    most = [0] * len(table.columns)
    places = [place for place, column in enumerate(table.columns) if column.is_number]
    # Compared as integers: a ledger has too many figures to write each of them twice.
    for row in table.rows:
        for place in places:
            value = row.cells[place]
            if not isinstance(value, int):
                continue
            if value < least[place]:
                least[place] = value
            elif value > most[place]:
                most[place] = value
    return list(zip(least, most, strict=True))


def _shares(columns: tuple[Column, ...], lengths: list[int]) -> tuple[float, ...]:
    """Return the widths in percent: figures have the room they need, words the rest."""
    total = sum(column.width for column in columns)
    shares = [100 * column.width / total for column in columns]
    figures = [place for place, column in enumerate(columns) if column.is_number]
    words = [place for place, column in enumerate(columns) if not column.is_number]

    for place in figures:
        needed = 100 * (lengths[place] + _GAP) / _DESK
        shares[place] = max(shares[place], needed)

    rest = max(100 - sum(shares[place] for place in figures), _LEAST_TEXT)
    room = sum(shares[place] for place in words)
    for place in words:
        shares[place] *= rest / room
    return tuple(shares)
