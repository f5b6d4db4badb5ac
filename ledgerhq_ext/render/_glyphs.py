"""Letters that no font has: a PDF would show boxes for them.

Typst itself is asked, so that there is no table of ours to go stale.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from typing import Any

import typst

from ledgerhq_ext._plain import brief, plain
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.render._scripts import script_of

# Every character in a paragraph of its own: what is set together may be shaped into something else.
_PROBE = (
    b"#set page(height: auto)\n"
    b"#for character in json(bytes(sys.inputs.characters)) { par(character) }"
)
# This standard is the one that forbids boxes; what it makes is thrown away.
_STANDARD: Any = ["a-2b"]
_MOST_NAMED = 8
"""So many characters are named; a text in a script that no font has would name hundreds."""
_TEXT_LENGTH = 60
_FONTS = {"Han": "Noto Sans CJK", "Emoji": "Noto Color Emoji"}


def check(data: dict[str, Any], text: str, fonts: typst.Fonts) -> None:
    """Raise ``InputError`` unless the fonts have every character of the data.

    ``text`` is the same as JSON. The error names characters, a place, and fonts that may help.
    """
    foreign = "".join(sorted(character for character in set(text) if not character.isascii()))
    missing = _missing(foreign, fonts, _MOST_NAMED)
    if not missing:
        return

    place, words = _place(data, missing)
    excerpt = brief(plain(words), _TEXT_LENGTH)
    in_order = sorted(missing, key=text.index)
    characters = " ".join(_name(character) for character in in_order)
    scripts = sorted({script_of(character) for character in in_order})
    advice = " and ".join(_FONTS.get(script, f"Noto Sans {script}") for script in scripts)
    raise InputError(
        f"The PDF would show boxes: its fonts have no {characters}, as in {place}: '{excerpt}'. "
        f"Put the files of a font that has them, such as {advice}, in a folder and pass "
        "Options(fonts=folder), or write HTML instead."
    )


def _name(character: str) -> str:
    """Return a character with its code; the code alone where it would not show by itself."""
    code = f"U+{ord(character):04X}"
    if character.isprintable() and not unicodedata.combining(character):
        return f"{character} ({code})"
    return code


def _missing(characters: str, fonts: typst.Fonts, most: int) -> str:
    """Return the first characters that the fonts lack, ``most`` or so of them.

    A half that can be set need not be looked into.
    """
    if not characters or _can_be_set(characters, fonts):
        return ""
    if len(characters) == 1:
        return characters

    middle = len(characters) // 2
    missing = _missing(characters[:middle], fonts, most)
    if len(missing) >= most:
        return missing
    return missing + _missing(characters[middle:], fonts, most - len(missing))


def _can_be_set(characters: str, fonts: typst.Fonts) -> bool:
    inputs = {"characters": json.dumps(list(characters))}
    try:
        typst.Compiler(_PROBE, font_paths=fonts, sys_inputs=inputs).compile(
            format="pdf", pdf_standards=_STANDARD
        )
    except typst.TypstError:
        return False
    return True


def _place(data: dict[str, Any], missing: str) -> tuple[str, str]:
    """Return the first text that holds one of the characters, after the name of its place."""
    for place, text in _texts(data, ""):
        if any(character in text for character in missing):
            return place, text
    raise AssertionError("every character comes from the data")


def _texts(value: Any, place: str) -> Iterator[tuple[str, str]]:
    """Yield every text within a value, after the name of the field at the top that holds it."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(inner, place or name)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner, place)
