"""Rows of a file become transactions: one each, or several lines that share an id."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ledgerhq_ext import InputError
from ledgerhq_ext.cli.files.mapping import ONCE, Mapping
from ledgerhq_ext.cli.files.rows import Row, runs
from ledgerhq_ext.cli.files.source_ids import source_id
from ledgerhq_ext.cli.files.transactions import (
    KINDS,
    Item,
    Problem,
    SourceLine,
    SourceTransaction,
)
from ledgerhq_ext.cli.files.wholeness import reasons_against


def transactions(read_rows: Callable[[], Iterable[Row]], mapping: Mapping) -> Iterator[Item]:
    """Yield the transactions of the rows of a file, which is read twice.

    One that may lack lines is a problem: what is posted is whole.
    """
    reasons = reasons_against(runs(read_rows(), mapping))
    for run in runs(read_rows(), mapping):
        item = transaction_of(run.rows, mapping)
        reason = reasons.get(run.number)
        if reason is not None and isinstance(item, SourceTransaction):
            item = Problem(run.number, run.id, reason)
        yield item


def transaction_of(rows: list[Row], mapping: Mapping) -> Item:
    """Return the transaction of its rows, or the problem with them."""
    first = rows[0]
    text = first.text("id")
    for row in rows:
        if row.problem:
            return Problem(row.number, text, row.problem)
    try:
        _check_numbers(rows)
        values = _values(rows, mapping)
        unit = values.pop("currency", "")
        return SourceTransaction(
            number=first.number,
            id=source_id(text, mapping.id_width),
            kind=_kind(first, mapping),
            values=values,
            lines=tuple(_line(row) for row in rows),
            unit=mapping.commodities.get(unit, unit),
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
