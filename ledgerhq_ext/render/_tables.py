"""A document as CSV: plain decimals and ISO dates for machines, names that no spreadsheet takes for
a formula.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator

from ledgerhq_ext._plain import no_formula
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.money import to_string
from ledgerhq_ext.render._document import Column, Document, Row, Table, Value


def _written(value: Value, column: Column, currency: str) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, int):
        return to_string(value, currency) if column.kind == "cents" else str(value)
    return no_formula(value)


def _lines(columns: tuple[Column, ...], rows: Iterable[Row], currency: str) -> Iterator[list[str]]:
    yield [
        column.title if column.kind != "tenths" else "Change, tenths of a percent"
        for column in columns
    ]
    for row in rows:
        yield [
            _written(value, column, currency)
            for value, column in zip(row.cells, columns, strict=True)
        ]


def _whole(document: Document) -> dict[str, Table | tuple[Table, ...]]:
    """The tables by name. The accounts of the ledger are one table."""
    found: dict[str, Table | tuple[Table, ...]] = {}
    for section in document.sections:
        for table in section.tables:
            is_alone = len(section.tables) == 1 and not section.parts
            found[section.id if is_alone else table.id] = table
        if section.parts:
            found[section.id] = tuple(part.table for part in section.parts)
    return found


def _missing(document: Document, name: str) -> str:
    """What the section of a table lacks; a section with parts has its name."""
    return next((section.missing for section in document.sections if section.id == name), "")


def names(document: Document) -> tuple[str, ...]:
    """The tables that can be written: ``profit-and-loss``, ``general-ledger`` …"""
    return tuple(_whole(document))


def csv_lines(document: Document, name: str) -> Iterator[str]:
    """A table as lines of CSV. Problems stand above the heading, so that nobody reads past them."""
    tables = _whole(document)
    if name not in tables:
        raise InputError(
            f"there is no table {name!r} in this packet: {', '.join(tables) or 'it is empty'}."
        )
    chosen = tables[name]
    lines: Iterable[list[str]]
    if isinstance(chosen, Table):
        lines = _lines(chosen.columns, chosen.rows, document.currency)
    else:
        columns = (Column("Account", header=True), *chosen[0].columns)
        # Openings and totals are no lines: a column sums to what it says.
        rows = (
            Row((table.caption, *row.cells))
            for table in chosen
            for row in table.rows
            if row.style == "line"
        )
        lines = _lines(columns, rows, document.currency)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerows([f"DOES NOT TIE: {problem}"] for problem in document.problems)
    if lack := _missing(document, name):
        writer.writerow([f"INCOMPLETE: {lack}"])
    for line in lines:
        writer.writerow(line)
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
