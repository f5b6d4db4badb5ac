"""The spelling of texts: free ones are normalized, identifiers refused, names compared.

A memo may change its spelling as long as it says the same, once, before its bytes are fixed. An
identifier never changes: it is refused where somebody could write it in another way without anybody
seeing it, since the two spellings of one source transaction would be two entries.
"""

from __future__ import annotations

import re
import unicodedata

from ledgerhq_ext.errors import InputError

_LINE_END = re.compile("\r\n?")

_TYPOGRAPHIC = frozenset(
    [
        "<noBreak>",
        "<wide>",
        "<small>",
        "<font>",
        "<vertical>",
        "<isolated>",
        "<initial>",
        "<medial>",
        "<final>",
    ]
)
"""Unicode's marks of a character that is another one in another width, size, face or place."""

_HYPHEN = "\N{HYPHEN}"
"""Drawn as "-" is, and no typographic form of it in Unicode's tables."""

_DRAWN_ALIKE = frozenset(
    [
        0xB5,
        *range(0x132, 0x134),
        *range(0x1C4, 0x1CD),
        *range(0x1F1, 0x1F4),
        *range(0x2024, 0x2027),
        *range(0x2160, 0x2180),
        *range(0x2F00, 0x2FD6),
        *range(0xFB00, 0xFB07),
        *range(0xFB13, 0xFB18),
    ]
)
"""The micro sign, digraphs, dots, Roman numerals, radicals and ligatures: drawn as what Unicode's
tables take them apart into, under the mark <compat>, which others have that are letters of their
own.
"""

_ADVICE = " Identifiers are never corrected: use one spelling where they enter your system."

# Unicode's default ignorables that are no format characters (Cf), and signs that are drawn as
# nothing.
_NOT_DRAWN = frozenset(
    [
        0x034F,
        0x115F,
        0x1160,
        0x17B4,
        0x17B5,
        *range(0x180B, 0x1810),
        0x2065,
        0x2800,
        0x3164,
        *range(0xFE00, 0xFE10),
        0xFFA0,
        *range(0xFFF0, 0xFFF9),
        0x16FE4,
        0x1D159,
        *range(0xE0000, 0xE1000),
    ]
)


def normalized(text: str) -> str:
    """Return a free text with line feeds as line ends, in Unicode normal form C."""
    return unicodedata.normalize("NFC", _LINE_END.sub("\n", text))


def comparable(text: str | None) -> str:
    """Return a name in the form that look-ups compare: case, blanks and invisible characters aside.

    None is as good as no text.
    """
    if not text:
        return ""
    if text.isascii():
        return " ".join(text.split()).lower()

    visible = [char for char in text if not _is_invisible(char)]
    blanks_collapsed = " ".join("".join(visible).split())
    folded = unicodedata.normalize("NFC", blanks_collapsed).casefold()
    # Again: folding may leave the normal form.
    return unicodedata.normalize("NFC", folded)


def described(text: str, at: int) -> str:
    """Return a character's Unicode name, its code, and where it stands, counted from one."""
    char = text[at]
    name = unicodedata.name(char, "a character without a name")
    return f"{name} (U+{ord(char):04X}) as character {at + 1}"


def check_spelling(text: str, what: str) -> None:
    """Raise ``InputError`` for a text that another one looks like; the message names the character.

    Refused are blanks at the ends, blanks other than the space, control and invisible characters,
    byte-order marks, typographic forms of another character (a full-width digit, a non-breaking
    hyphen, a Roman numeral that is one character), and what is not in Unicode normal form C.
    Letters and digits of any script may stand.
    """
    is_plain = text.isascii() and text.isprintable()
    if not is_plain:
        _check_characters(text, what)
        _check_normal_form(text, what)

    for at in (0, len(text) - 1):
        if text[at] == " ":
            end = "end" if at else "beginning"
            flaw = f"{described(text, at)}, a space at its {end}"
            raise InputError(f"{what} contains {flaw}: {text!r}.{_ADVICE}")


def _check_characters(text: str, what: str) -> None:
    for at, char in enumerate(text):
        flaw = _flaw(char)
        if flaw:
            raise InputError(f"{what} contains {described(text, at)}, {flaw}: {text!r}.{_ADVICE}")


def _check_normal_form(text: str, what: str) -> None:
    if unicodedata.is_normalized("NFC", text):
        return
    # The first character with which the text leaves the normal form.
    at = 0
    while unicodedata.is_normalized("NFC", text[: at + 1]):
        at += 1
    flaw = f"{described(text, at)}, which is not in Unicode normal form C"
    raise InputError(f"{what} contains {flaw}: {text!r}.{_ADVICE}")


def _flaw(char: str) -> str:
    """Return what is wrong with a character of an identifier, or nothing."""
    if char == "\N{ZERO WIDTH NO-BREAK SPACE}":
        return "a byte-order mark (read the file with the encoding utf-8-sig)"
    category = unicodedata.category(char)
    if category == "Cc":
        return "a control character"
    if category == "Cs":
        return "half of a surrogate pair"
    if category in ("Zs", "Zl", "Zp"):
        return "" if char == " " else "a space other than the plain one"
    if _is_invisible(char):
        return "which is invisible"
    if char == _HYPHEN:
        return "which looks like '-'"
    kind, _, codes = unicodedata.decomposition(char).partition(" ")
    if kind in _TYPOGRAPHIC or ord(char) in _DRAWN_ALIKE:
        plain = "".join(chr(int(code, 16)) for code in codes.split())
        return f"which looks like {plain!r}"
    return ""


def _is_invisible(char: str) -> bool:
    """Return True for a character that is drawn as nothing, and for a code of no character."""
    code = ord(char)
    # Unicode, section 23.7: the last two codes of every plane, and these 32, are no characters.
    # U+FFFE is a byte-order mark turned round.
    is_end_of_plane = code & 0xFFFE == 0xFFFE
    if is_end_of_plane or 0xFDD0 <= code <= 0xFDEF:
        return True
    return code in _NOT_DRAWN or unicodedata.category(char) == "Cf"


def separator_of(header: str) -> str:
    """Return what separates the columns that a line of a CSV file names.

    It is what the line has most of: a comma, or a semicolon or tab, which spreadsheets write where
    the comma is the decimal mark. A line with none of them names one column.
    """
    return max(",;\t", key=header.count)
