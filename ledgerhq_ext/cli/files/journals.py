"""Journals of double-entry programs: each transaction becomes a journal entry."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ledgerhq_ext import InputError
from ledgerhq_ext.cli.files.mapping import Mapping as FileMapping
from ledgerhq_ext.cli.files.source_ids import source_id
from ledgerhq_ext.cli.files.transactions import Item, Problem, SourceLine, SourceTransaction

Lines = tuple[tuple[SourceLine, ...], str]
"""The lines of an entry, and the one commodity that they are in."""


def journal_entry(
    number: int,
    id_text: str,
    values: Mapping[str, str],
    read_lines: Callable[[], Lines],
    mapping: FileMapping,
) -> Item:
    """Return the journal entry that begins on a line, or the problem with it.

    ``read_lines`` raises ``InputError`` for what books of one currency cannot hold exactly.
    """
    try:
        lines, unit = read_lines()
        return SourceTransaction(
            number=number,
            id=source_id(id_text, mapping.id_width),
            kind="journal_entry",
            values={name: value for name, value in values.items() if value},
            lines=lines,
            unit=mapping.commodities.get(unit, unit),
        )
    except InputError as error:
        return Problem(number, id_text, str(error))
