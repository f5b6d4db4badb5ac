"""JSON lines: on each line of the file one transaction, as a JSON object."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from ledgerhq_ext import InputError
from ledgerhq_ext.cli.files.amounts import amount_text
from ledgerhq_ext.cli.files.grouping import transaction_of
from ledgerhq_ext.cli.files.mapping import AMOUNTS, FIELDS, ONCE, PER_LINE, Mapping
from ledgerhq_ext.cli.files.rows import Row
from ledgerhq_ext.cli.files.transactions import Item

_DIGITS = 40


def read_json_lines(file: Path, mapping: Mapping) -> Iterator[Item]:
    """Yield the transactions of a file, a line at a time.

    An object has the fields of a row of a table; ``lines`` may hold several, with what each has of
    its own. Raises ``InputError`` for a file that cannot be read, or is not UTF-8.
    """
    try:
        with file.open(encoding="utf-8-sig") as stream:
            for number, line in enumerate(stream, 1):
                if line.strip():
                    yield transaction_of(_rows(number, line, mapping), mapping)
    except UnicodeDecodeError as error:
        raise InputError(f"{file.name} is not UTF-8 (byte {error.start}).") from None
    except OSError as error:
        raise InputError(f"{file.name} cannot be read: {error.strerror}.") from None


def _rows(number: int, line: str, mapping: Mapping) -> list[Row]:
    try:
        document = json.loads(
            line, parse_float=Decimal, parse_constant=_refuse_constant, object_pairs_hook=unrepeated
        )
    except (ValueError, RecursionError) as error:
        return [Row(number, {}, f"not a JSON object: {error}.")]
    except InvalidOperation:
        return [Row(number, {}, "a number in it has too many digits.")]
    if not isinstance(document, dict):
        return [Row(number, {}, f"not a JSON object, but {type(document).__name__}.")]

    lines = document.get("lines")
    try:
        whole = _fields(document, mapping)
        if lines is None:
            return [Row(number, whole)]
        return _line_rows(number, whole, lines, mapping)
    except InputError as error:
        return [Row(number, {"id": str(document.get(mapping.column("id"), ""))}, str(error))]


def _line_rows(number: int, whole: dict[str, str], lines: object, mapping: Mapping) -> list[Row]:
    """Return the rows of a transaction with several lines."""
    if not isinstance(lines, list) or not lines:
        raise InputError("lines must be a list of objects.")
    for name in PER_LINE:
        if whole.get(name):
            raise InputError(f"{name} must be in each of its lines, and not beside them.")

    rows: list[Row] = []
    for line_document in lines:
        if not isinstance(line_document, dict):
            raise InputError("lines must be a list of objects.")
        own = _fields(line_document, mapping)
        for name in ONCE:
            if own.get(name):
                raise InputError(f"{name} must be beside its lines, and not in one of them.")
        rows.append(Row(number, {**whole, **{name: own.get(name, "") for name in PER_LINE}}))
    return rows


def unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of JSON. Raises ``ValueError`` where a property stands twice."""
    document = dict(pairs)
    if len(document) < len(pairs):
        raise ValueError("it has a property twice")
    return document


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number")


def _fields(document: dict[str, Any], mapping: Mapping) -> dict[str, str]:
    """Return the fields of a line of the file, as texts; lines of an entry are inside it."""
    fields: dict[str, str] = {}
    for name in FIELDS:
        value = document.get(mapping.column(name))
        if value is None or name == "line":
            continue
        if name in AMOUNTS:
            fields[name] = _amount(value, mapping.decimal or ".")
        else:
            fields[name] = _text(name, value)
    return fields


def _text(name: str, value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise InputError(f"{name} must be a string, not {value!r}.")
    return str(value).strip()


def _amount(value: object, decimal: str) -> str:
    """Return an amount; a whole number could be cents already, and is refused."""
    if isinstance(value, str):
        return amount_text(value.strip(), decimal)
    if isinstance(value, Decimal):
        # Before it is written out: 1e999999999 would be a text of a gigabyte.
        if abs(value.adjusted()) > _DIGITS:
            raise InputError(f"the amount {value} has too many digits.")
        return f"{value:f}"
    raise InputError(
        f'the amount {value!r} may be whole units or cents: write it as a text, such as "12.50".'
    )
