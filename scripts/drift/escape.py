"""The contract's text made harmless: for a terminal, for Markdown, for workflow commands."""

import re


def plain(text: str) -> str:
    """One line in which everything shows: no control characters, no escapes for a terminal, no
    hidden direction.
    """
    return "".join(letter if letter.isprintable() else _named(letter) for letter in text)


def _named(letter: str) -> str:
    return " " if letter in "\n\r\t" else f"\\u{ord(letter):04x}"


def code(text: str) -> str:
    """A Markdown code span: in there nothing is HTML, a link, a mention or an emphasis."""
    text = plain(text)
    if not text.strip():
        return "nothing"
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    space = " " if text[0] in "` " or text[-1] in "` " else ""
    return f"{fence}{space}{text}{space}{fence}"


def command_text(text: str) -> str:
    """The text of a workflow command: it cannot end the command or begin another."""
    return plain(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def command_property(text: str) -> str:
    """A property of a workflow command."""
    return command_text(text).replace(":", "%3A").replace(",", "%2C")
