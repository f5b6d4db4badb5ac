"""Source ids: the same text whatever a spreadsheet does to the file, or a refusal."""

from __future__ import annotations

import re

from ledgerhq_ext import InputError

_SHORTENED = re.compile(r"[0-9]+([.,][0-9]+)?[eE]\+[0-9]+", re.ASCII)
_FRACTION = re.compile(r"[0-9]+[.,]0+", re.ASCII)
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.0+)?", re.ASCII)
_CUT = re.compile(r"[0-9]{15}0+", re.ASCII)
"""What a spreadsheet makes of a longer number: it keeps 15 digits."""
_LED_BY_ZERO = re.compile(r"0[0-9]+", re.ASCII)
_DIGITS = re.compile(r"[0-9]+", re.ASCII)


def source_id(text: str, width: int = 0) -> str:
    """Return the id of a source transaction; with a ``width``, filled with zeros up to there.

    An id is what keeps a transaction from being posted twice. One that a spreadsheet has changed,
    or would change when it saves the file, is refused. Raises ``InputError``.
    """
    if not text:
        raise InputError("it has no source id, which would keep it from being posted twice.")
    if _SHORTENED.fullmatch(text):
        raise InputError(
            f"the id {text} is a number that a spreadsheet has shortened. Format the column as "
            "text in the source, and export it again."
        )
    if _FRACTION.fullmatch(text):
        raise InputError(
            f"the id {text} is a whole number that a program has turned into a decimal. Export "
            "the column as text."
        )
    if _GROUPED.fullmatch(text):
        raise InputError(
            f"the id {text} is a number whose thousands a spreadsheet has separated. Export the "
            "column as text."
        )
    if _CUT.fullmatch(text) and width < len(text):
        raise InputError(
            f"the id {text} looks like a longer number of which a spreadsheet has kept 15 digits. "
            "Export the column as text. If the ids do end in zeros, set id_width = "
            f"{len(text)} under [format] in the mapping file."
        )
    if width and _DIGITS.fullmatch(text):
        return text.zfill(width)
    if _LED_BY_ZERO.fullmatch(text):
        raise InputError(
            f"the id {text} begins with a zero, which a spreadsheet drops when it saves the "
            f"file. Set id_width = {len(text)} under [format] in the mapping file."
        )
    return text
