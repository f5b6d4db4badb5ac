"""Text of the contract that may stand in code."""

import unicodedata

_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})


def counted(count: int, one: str, more: str = "") -> str:
    """Return a number with its words: "1 row", "2 rows". `more` is by default `one` and "s"."""
    return f"{count} {one if count == 1 else more or f'{one}s'}"


def shows(text: str) -> bool:
    """Return whether every character of a text can be seen, so that code can hold it as it is."""
    return not any(unicodedata.category(character) in _HIDDEN for character in text)
