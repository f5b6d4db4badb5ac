"""Journals of beancount, read by its own package."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from ledgerhq_ext import InputError
from ledgerhq_ext._extras import require
from ledgerhq_ext._plain import counted
from ledgerhq_ext.cli.files.journals import Lines, journal_entry
from ledgerhq_ext.cli.files.mapping import Mapping
from ledgerhq_ext.cli.files.transactions import Item, SourceLine

_META = "meta:"


def read_beancount(file: Path, mapping: Mapping) -> Iterator[Item]:
    """Yield the transactions of a journal as journal entries.

    beancount reads a journal whole. Raises ``InputError`` for one that it finds errors in, and
    where nothing says which metadata is the source id.
    """
    name = mapping.id.removeprefix(_META)
    if not mapping.id.startswith(_META) or not name:
        raise InputError(
            "Pass --id meta:NAME to say which metadata holds the source ids, which keep a "
            "transaction from being posted twice."
        )
    require("reading a beancount journal", "beancount", "beancount")
    from beancount.core.data import Transaction

    for entry in _entries(file):
        if isinstance(entry, Transaction):
            yield _transaction(entry, name, mapping)


# A run asks for them twice, and its file may change meanwhile.
@lru_cache(maxsize=1)
def _entries(file: Path) -> list[Any]:
    from beancount.loader import load_file

    entries, errors, _ = load_file(str(file))
    if errors:
        first = errors[0]
        line = first.source.get("lineno", 0) if first.source else 0
        raise InputError(
            f"beancount finds {counted(len(errors), 'error')} in {file}, the first in line {line}: "
            f"{first.message}"
        )
    return entries


def _transaction(entry: Any, name: str, mapping: Mapping) -> Item:
    memo = " ".join(part for part in (entry.payee, entry.narration) if part)
    values = {"date": entry.date.isoformat(), "memo": memo, "company": mapping.company}
    number = int(entry.meta.get("lineno", 0))
    id_text = str(entry.meta.get(name, "")).strip()
    return journal_entry(number, id_text, values, partial(_lines, entry.postings), mapping)


def _lines(postings: list[Any]) -> Lines:
    """Return the lines of an entry, and the one currency that they are in."""
    lines: list[SourceLine] = []
    units: set[str] = set()
    for posting in postings:
        if posting.cost is not None or posting.price is not None:
            raise InputError(
                f"{posting.account} has a cost or a price, so its exact value in cents is unknown."
            )
        quantity = posting.units.number
        assert isinstance(quantity, Decimal)
        units.add(posting.units.currency)
        if quantity:
            lines.append(SourceLine(account=posting.account, amount=quantity))

    if len(units) > 1:
        raise InputError(f"it is in several currencies ({', '.join(sorted(units))}).")
    return tuple(lines), units.pop() if units else ""
