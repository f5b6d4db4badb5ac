"""A document as CSV, for machines: plain decimals, ISO dates, nothing that could be a formula."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator

from ledgerhq_ext._plain import no_formula
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.money import to_string
from ledgerhq_ext.render._document import Column, Document, Row, Table, Value
from ledgerhq_ext.render._ledger import COLUMNS, lines_with_account


def _written(value: Value, column: Column, currency: str) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, str):
        return no_formula(value)
    if column.kind == "cents":
        return to_string(value, currency)
    return str(value)


def _lines(columns: tuple[Column, ...], rows: Iterable[Row], currency: str) -> Iterator[list[str]]:
    yield [_title(column) for column in columns]
    for row in rows:
        cells = zip(row.cells, columns, strict=True)
        yield [_written(value, column, currency) for value, column in cells]


def _title(column: Column) -> str:
    # Without the sign that people read, the number needs its unit.
    if column.kind == "tenths":
        return column.title.replace(" %", ", tenths of a percent")
    return column.title


def _tables(document: Document) -> dict[str, Table | tuple[Table, ...]]:
    """Return the tables by name; the accounts of the ledger are one table, in several pieces."""
    tables: dict[str, Table | tuple[Table, ...]] = {}
    for section in document.sections:
        for table in section.tables:
            # Where a table is all there is of its section, it has the section's name.
            tables[table.id.removesuffix("-table")] = table

        if section.is_ledger:
            tables[section.id] = tuple(part.table for part in section.parts)
    return tables


def _missing(document: Document, name: str) -> str:
    """Return what a table lacks; one that can lack something has the name of its section."""
    for section in document.sections:
        if section.id == name:
            return section.missing
    return ""


def names(document: Document) -> tuple[str, ...]:
    """Return the names of the tables: ``profit-and-loss``, ``general-ledger`` …"""
    return tuple(_tables(document))


def csv_lines(document: Document, name: str) -> Iterator[str]:
    """Yield a table as lines of CSV, problems above the heading so that nobody reads past them.

    Raises ``InputError`` for a table that the document does not have.
    """
    tables = _tables(document)
    if name not in tables:
        raise InputError(
            f"This packet has no table {name!r}. Its tables are: {', '.join(tables) or 'none'}."
        )
    table = tables[name]
    if isinstance(table, Table):
        lines = _lines(table.columns, table.rows, document.currency)
    else:
        columns = (Column("Account", header=True), *COLUMNS)
        lines = _lines(columns, lines_with_account(table), document.currency)

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
