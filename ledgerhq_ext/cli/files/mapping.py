"""The mapping file: how the columns, accounts and numbers of a file are called and written.

system = "acme-pos"
company = "Maple Street Coffee"
kind = "purchase"

[columns]
id = "Receipt no"
payee = "Shop"

[accounts]
"Office" = "6100"

[format]
date = "%m/%d/%Y"
decimal = ","
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping as MappingType
from pathlib import Path
from typing import Any

from attrs import evolve, field, frozen

from ledgerhq_ext import InputError
from ledgerhq_ext._files import read_file
from ledgerhq_ext.cli.files.dates import names_a_day
from ledgerhq_ext.cli.files.transactions import KINDS

ONCE = (
    "date",
    "company",
    "currency",
    "payee",
    "contact",
    "bank",
    "from",
    "to",
    "bill",
    "memo",
    "reference",
)
"""What a transaction has once."""
PER_LINE = ("account", "amount", "debit", "credit", "description", "tax_rate")
"""What each of its lines has."""
AMOUNTS = ("amount", "debit", "credit")
"""Those of a line that are amounts."""
FIELDS = ("id", "kind", "line", *ONCE, *PER_LINE)
"""Every field that a column may hold."""
_WORDS = ("system", "company", "kind", "id")
_FORMAT = ("date", "decimal", "separator", "encoding", "id_width")
_TABLES = ("columns", "accounts", "commodities", "format")


@frozen(kw_only=True)
class Mapping:
    """The content of a mapping file; everything has a default."""

    system: str = ""
    company: str = ""
    kind: str = ""
    id: str = ""
    """Where a journal has the source id: ``code``, or ``tag:NAME``."""
    columns: MappingType[str, str] = field(factory=dict)
    accounts: MappingType[str, str] = field(factory=dict)
    commodities: MappingType[str, str] = field(factory=dict)
    date: str = ""
    """A format of ``strptime``; empty for ``2026-06-08``."""
    decimal: str = ""
    """The decimal mark, a comma or a point; empty: as the separator of the file has it."""
    separator: str = ""
    encoding: str = ""
    id_width: int = 0
    """The digits of an id, which is filled with zeros up to there."""

    def column(self, name: str) -> str:
        """Return the name of the column that holds a field."""
        return self.columns.get(name, name)

    def with_options(self, *, system: str | None, company: str | None, id: str | None) -> Mapping:
        """Return the mapping with what the command line says, which goes first."""
        columns = dict(self.columns)
        if id:
            columns["id"] = id

        return evolve(
            self,
            system=system or self.system,
            company=company or self.company,
            id=id or self.id,
            columns=columns,
        )


def read_mapping(file: Path) -> Mapping:
    """Return what a mapping file says. Raises ``InputError`` that names what it cannot be."""
    try:
        document = tomllib.loads(read_file(file).decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{file} is not a TOML file: {error}.") from None

    _check_names(file, document, (*_WORDS, *_TABLES), "")
    tables = {name: _table(file, document, name) for name in _TABLES}
    _check_names(file, tables["columns"], FIELDS, "columns.")
    _check_names(file, tables["format"], _FORMAT, "format.")
    words = {name: _text(file, document, name) for name in _WORDS}
    form = {name: _text(file, tables["format"], name) for name in _FORMAT if name != "id_width"}
    mapping = Mapping(
        **words,
        columns=_texts(file, tables["columns"]),
        accounts=_texts(file, tables["accounts"]),
        commodities=_texts(file, tables["commodities"]),
        **form,
        id_width=_width(file, tables["format"]),
    )
    _check_words(file, mapping)
    return mapping


def _check_names(
    file: Path, table: MappingType[str, Any], known: tuple[str, ...], prefix: str
) -> None:
    for name in table:
        if name not in known:
            # Not ignored: it may be a word of a mapping file, misspelled.
            raise InputError(
                f"{file} has {prefix}{name}, which is unknown. Valid names are {', '.join(known)}."
            )


def _check_words(file: Path, mapping: Mapping) -> None:
    """Raise ``InputError`` for a word that the mapping file may not have there."""
    kind = mapping.kind
    if kind and kind not in KINDS:
        raise InputError(f"{file}: kind must be one of {', '.join(KINDS)}, not {kind!r}.")

    if mapping.decimal not in ("", ",", "."):
        raise InputError(f"{file}: format.decimal must be a comma or a point.")
    if mapping.date and not names_a_day(mapping.date):
        raise InputError(
            f"{file}: format.date must have a day, a month and a year, such as %d/%m/%Y, not "
            f"{mapping.date!r}."
        )
    # A separator of several characters is what no reader of CSV takes.
    if len(mapping.separator) > 1:
        raise InputError(f"{file}: format.separator must be one character.")


def _table(file: Path, document: MappingType[str, Any], name: str) -> dict[str, Any]:
    table = document.get(name, {})
    if not isinstance(table, dict):
        raise InputError(f"{file}: {name} must be a table: [{name}].")
    return table


def _text(file: Path, table: MappingType[str, Any], name: str) -> str:
    value = table.get(name, "")
    if not isinstance(value, str):
        raise InputError(f"{file}: {name} must be a string in quotes, not {value!r}.")
    return value


def _texts(file: Path, table: MappingType[str, Any]) -> dict[str, str]:
    return {name: _text(file, table, name) for name in table}


def _width(file: Path, table: MappingType[str, Any]) -> int:
    width = table.get("id_width", 0)
    if isinstance(width, bool) or not isinstance(width, int) or not 0 <= width <= 40:
        raise InputError(f"{file}: format.id_width must be a number of digits, at most 40.")
    return width
