"""Text of the contract that may stand in code."""

import unicodedata

_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})


def shows(text: str) -> bool:
    """Return whether every character of a text can be seen, so that code can hold it as it is."""
    return not any(unicodedata.category(character) in _HIDDEN for character in text)
