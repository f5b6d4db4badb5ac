"""Rows of a file become transactions: one each, or several lines that share an id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import groupby

from attrs import frozen

from ledgerhq_ext import InputError
from ledgerhq_ext.cli.files.mapping import ONCE, Mapping
from ledgerhq_ext.cli.files.source_ids import source_id
from ledgerhq_ext.cli.files.transactions import (
    KINDS,
    Item,
    Problem,
    SourceLine,
    SourceTransaction,
)


@frozen
class Row:
    """The fields of one row, by their names; ``problem`` is why they cannot be trusted."""

    number: int
    fields: dict[str, str]
    problem: str = ""


def transactions(rows: Iterable[Row], mapping: Mapping) -> Iterator[Item]:
    """Yield the transactions of rows.

    A row is a transaction of its own. Neighbors with one id are the lines of one transaction where
    they are a journal entry, whose sides have to balance, or where a column ``line`` numbers them:
    otherwise a row that was copied by mistake would be posted as a second line.
    """
    for _, group in groupby(rows, partial(_group_of, mapping)):
        yield transaction_of(list(group), mapping)


def _group_of(mapping: Mapping, row: Row) -> tuple[str, int]:
    """Return what the rows of one transaction have in common: their id, and no number."""
    id = row.fields.get("id", "")
    if row.problem or not id:
        return id, row.number

    kind = row.fields.get("kind") or mapping.kind
    is_numbered = bool(row.fields.get("line"))
    if kind == "journal_entry" or is_numbered:
        return id, 0
    return id, row.number


def transaction_of(rows: list[Row], mapping: Mapping) -> Item:
    """Return the transaction of its rows, or the problem with them."""
    first = rows[0]
    text = first.fields.get("id", "")
    try:
        if first.problem:
            raise InputError(first.problem)
        _check_numbers(rows)
        return SourceTransaction(
            number=first.number,
            id=source_id(text, mapping.id_width),
            kind=_kind(first, mapping),
            values=_values(rows, mapping),
            lines=tuple(_line(row) for row in rows),
        )
    except InputError as error:
        return Problem(first.number, text, str(error))


def _kind(row: Row, mapping: Mapping) -> str:
    kind = row.fields.get("kind") or mapping.kind
    if kind not in KINDS:
        known = ", ".join(KINDS)
        if not kind:
            raise InputError(
                "its kind is not given. Add a column named kind, or set kind in the mapping "
                f"file, to one of {known}."
            )
        raise InputError(f"the kind {kind!r} is unknown. Use one of {known}.")
    return kind


def _check_numbers(rows: list[Row]) -> None:
    """Raise ``InputError`` unless the lines of a transaction are numbered from one."""
    numbers = [row.fields.get("line", "") for row in rows]
    if not any(numbers):
        return

    expected = [str(number) for number in range(1, len(rows) + 1)]
    if numbers != expected:
        # One that is missing, or twice, may be a row that was copied or lost.
        there = ", ".join(filter(None, numbers))
        raise InputError(f"its lines are numbered {there}, not 1 to {len(rows)}.")


def _values(rows: list[Row], mapping: Mapping) -> dict[str, str]:
    """Return what a transaction has once, from its first row; the others agree, or are empty."""
    first = rows[0].fields
    for row in rows[1:]:
        for name in ONCE:
            if row.fields.get(name) and row.fields[name] != first.get(name):
                raise InputError(
                    f"its rows differ in {name}: {first.get(name, '')!r}, and "
                    f"{row.fields[name]!r} in line {row.number}."
                )

    values = {name: first[name] for name in ONCE if first.get(name)}
    if mapping.company:
        values.setdefault("company", mapping.company)
    return values


def _line(row: Row) -> SourceLine:
    fields = row.fields
    return SourceLine(
        account=fields.get("account", ""),
        amount=fields.get("amount", ""),
        debit=fields.get("debit", ""),
        credit=fields.get("credit", ""),
        description=fields.get("description", ""),
        tax_rate=fields.get("tax_rate", ""),
    )
