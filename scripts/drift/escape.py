"""The contract's text made harmless: for a terminal, for Markdown, for workflow commands."""

import re


def plain(text: str) -> str:
    """Return one line in which everything shows: no control characters, no escapes for a terminal,
    no hidden direction.
    """
    return "".join(letter if letter.isprintable() else _named(letter) for letter in text)


def _named(letter: str) -> str:
    return " " if letter in "\n\r\t" else f"\\u{ord(letter):04x}"


def code(text: str) -> str:
    """Return a Markdown code span: in there nothing is HTML, a link, a mention or an emphasis."""
    line = plain(text)
    if not line.strip():
        return "nothing"
    # A span ends at the next run of as many backticks.
    longest = max(map(len, re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    needs_space = line[0] in "` " or line[-1] in "` "
    space = " " if needs_space else ""
    return f"{fence}{space}{line}{space}{fence}"


def command_text(text: str) -> str:
    """Return the text of a workflow command: it cannot end the command or begin another."""
    return plain(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def command_property(text: str) -> str:
    """Return a property of a workflow command."""
    return command_text(text).replace(":", "%3A").replace(",", "%2C")
