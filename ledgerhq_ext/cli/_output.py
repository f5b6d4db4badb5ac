"""The output of a command: tables for people, JSON for scripts, progress on a terminal."""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Literal, TextIO

from attrs import frozen

from ledgerhq_ext import format_cents
from ledgerhq_ext._plain import plain

Row = Mapping[str, Any]
"""A record for people and scripts alike: its names are those of the JSON, amounts are cents."""

_WIDE = 10_000
"""Columns of a table that goes into a pipe: nothing is cut there."""

_NARROW = 12
"""Columns that are left of a name where the terminal is narrow."""

_GAP = 3
"""Columns between two cells."""


@frozen
class Column:
    """A column of a table: its heading, and how its text is made from a row."""

    heading: str
    text: Callable[[Row], str]
    right: bool = False
    flexible: bool = False
    """True for names, which are cut where the terminal is narrow."""


def column(heading: str, name: str, *, flexible: bool = False) -> Column:
    """Return a column with one field of the rows; None is empty."""

    def text(row: Row) -> str:
        """Return the field of a row."""
        value = row[name]
        if isinstance(value, bool):
            return "yes" if value else "no"
        return "" if value is None else plain(str(value))

    return Column(heading, text, flexible=flexible)


def count(heading: str, name: str) -> Column:
    """Return a column with a number."""
    return Column(heading, lambda row: str(row[name]), right=True)


def money(heading: str, name: str) -> Column:
    """Return a column with an amount of cents, in the ``currency`` of its row."""

    def text(row: Row) -> str:
        """Return the amount of a row, with its currency."""
        cents = row[name]
        return "" if cents is None else format_cents(cents, row["currency"])

    return Column(heading, text, right=True)


def to_json(value: object) -> str:
    """Return one JSON document: ASCII, days and moments as ISO 8601."""
    return json.dumps(value, default=_iso, indent=2)


def _iso(value: object) -> str:
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="seconds")
    return str(value)


def print_json(value: object) -> None:
    """Print one JSON document."""
    write(to_json(value))


def plain_text(text: str) -> str:
    """Return a name of strangers as one line, with nothing hidden in it."""
    return plain(text)


def table_text(columns: Sequence[Column], rows: Iterable[Row], *, empty: str) -> str:
    """Return a table, or the sentence ``empty`` where there are no rows."""
    lines = [[one.text(row) for one in columns] for row in rows]
    if not lines:
        return empty

    # Here: half of the commands never print a table, and rich takes its time.
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    widths = _widths(columns, lines, console.width if console.is_terminal else _WIDE)
    # Names are cut where the terminal is narrow, and ids and amounts never.
    console.width = max(console.width, sum(widths) + _GAP * len(widths))
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold cyan")
    for one, width in zip(columns, widths, strict=True):
        justify: Literal["left", "right"] = "right" if one.right else "left"
        table.add_column(one.heading, justify=justify, no_wrap=True, width=width)
    for line in lines:
        # As text: brackets of a name are no markup.
        table.add_row(*(Text(cell) for cell in line))
    with console.capture() as capture:
        console.print(table)
    return "\n".join(line.rstrip() for line in capture.get().splitlines() if line.strip())


def _widths(columns: Sequence[Column], lines: list[list[str]], room: int) -> list[int]:
    """Return how wide every column is: as its longest cell, but for names that find no room."""
    from rich.cells import cell_len

    widths: list[int] = []
    for at, one in enumerate(columns):
        widths.append(max(cell_len(text) for text in (one.heading, *(line[at] for line in lines))))

    excess = sum(widths) + _GAP * len(widths) - room
    for at, one in enumerate(columns):
        if one.flexible and excess > 0:
            cut = min(excess, max(widths[at] - _NARROW, 0))
            widths[at] -= cut
            excess -= cut
    return widths


def write(text: str) -> None:
    """Print a text that is the result of a command."""
    sys.stdout.write(f"{text}\n")


def discard(stream: TextIO) -> None:
    """Send what is left of a stream to nowhere: nobody reads it, and the interpreter would fail on
    it when it ends.
    """
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def say(text: str) -> None:
    """Print a note for people to standard error, where it does not disturb a pipe.

    It may hold words of strangers, which a terminal would obey.
    """
    lines = "\n".join(plain(line) for line in text.split("\n"))
    try:
        sys.stderr.write(f"{lines}\n")
    except OSError:
        # Nobody can be told; the exit status still says how the command ended.
        discard(sys.stderr)


def say_at_once(text: str) -> None:
    """Print a note in a handler of a signal, which may have come in the middle of another one."""
    content = f"{text}\n".encode(errors="backslashreplace")
    try:
        # Past the stream, which refuses to be written to while it is written to.
        os.write(sys.stderr.fileno(), content)
    except (OSError, ValueError):
        # It is none of the system's.
        say(text)


def shows_progress() -> bool:
    """Return whether somebody looks at a progress bar."""
    return sys.stderr.isatty()


@contextmanager
def progress(label: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """Give a function that moves a progress bar to a number; there is none without a terminal."""
    if not shows_progress():
        yield _no_bar
        return

    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=total)

        def move(done: int) -> None:
            """Show how many are done."""
            bar.update(task, completed=done)

        yield move


def _no_bar(done: int) -> None:
    """Show nothing."""
