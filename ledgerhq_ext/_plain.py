"""Texts of strangers (names, memos, payees), with what hides or reverses made visible."""

from __future__ import annotations

import re
from functools import cache

SHOWN = "\N{REPLACEMENT CHARACTER}"
"""Stands where a character was that a reader could not see, and that changes how the rest reads."""

_BLANKS = {ord(blank): " " for blank in "\t\n\v\f\r\x85\u2028\u2029"}
_CONTROLS = [*range(0x20), *range(0x7F, 0xA0)]
_DIRECTIONS = [0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
_INVISIBLE = [
    0xAD,
    0x180E,
    0x200B,
    *range(0x2060, 0x2065),
    *range(0x206A, 0x2070),
    0xFEFF,
    *range(0xFFF9, 0xFFFC),
]
_NOT_TEXT = [*range(0xD800, 0xE000), *range(0xFDD0, 0xFDF0), 0xFFFE, 0xFFFF]
_RUN = re.compile(r"\S{25,}")
_PIECE = 12
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")


def plain(text: str) -> str:
    """Return one line of text: blanks are spaces.

    Controls, bidi overrides and invisible characters are visible.
    """
    # Nearly every text is plain, and searching is faster than translating.
    if not _suspect().search(text):
        return text
    return text.translate(_table())


@cache
def _table() -> dict[int, str]:
    return dict.fromkeys([*_CONTROLS, *_DIRECTIONS, *_INVISIBLE, *_NOT_TEXT], SHOWN) | _BLANKS


@cache
def _suspect() -> re.Pattern[str]:
    # Thousands of characters: too many to compile for a program that prints none of them.
    return re.compile("[" + "".join(re.escape(chr(code)) for code in sorted(_table())) + "]")


def brief(text: str, length: int) -> str:
    """Return the text, or its beginning and "…" where it has more than ``length`` characters."""
    if len(text) <= length:
        return text
    # No blank in front of the dots.
    beginning = text[: length - 1].rstrip()
    return f"{beginning}…"


def counted(count: int, one: str, more: str = "") -> str:
    """Return a number with its words: ``1 row``, ``2 rows``. ``more`` is by default ``one`` and
    "s".
    """
    return f"{count} {one if count == 1 else more or f'{one}s'}"


def breakable(text: str) -> str:
    """Return the text with places where long words may break: typst breaks words nowhere else."""

    def with_breaks(match: re.Match[str]) -> str:
        """Return a word with places where it may break."""
        word = match[0]
        pieces = [word[at : at + _PIECE] for at in range(0, len(word), _PIECE)]
        return "\u200b".join(pieces)

    return _RUN.sub(with_breaks, text)


def no_formula(text: str) -> str:
    """Return the text, with an apostrophe in front of what a spreadsheet takes for a formula."""
    # Spreadsheets look past blanks at the beginning.
    if text.lstrip().startswith(_FORMULA):
        return f"'{text}"
    return text
