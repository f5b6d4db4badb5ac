"""Which reader a file gets, by the end of its name or by what the command line says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path

from ledgerhq_ext import InputError
from ledgerhq_ext.cli.files.beancount import read_beancount
from ledgerhq_ext.cli.files.hledger import read_hledger
from ledgerhq_ext.cli.files.json_lines import read_json_lines
from ledgerhq_ext.cli.files.mapping import Mapping
from ledgerhq_ext.cli.files.tables import read_table
from ledgerhq_ext.cli.files.transactions import Item


class Format(StrEnum):
    """The kinds of files that can be posted."""

    CSV = "csv"
    JSONL = "jsonl"
    HLEDGER = "hledger"
    BEANCOUNT = "beancount"


_ENDINGS = {
    ".csv": Format.CSV,
    ".tsv": Format.CSV,
    ".txt": Format.CSV,
    ".jsonl": Format.JSONL,
    ".ndjson": Format.JSONL,
    ".json": Format.HLEDGER,
    ".beancount": Format.BEANCOUNT,
    ".bean": Format.BEANCOUNT,
}
_JOURNALS = (".journal", ".hledger", ".ledger", ".j")
_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods", ".numbers")
_READERS: dict[Format, Callable[[Path, Mapping], Iterator[Item]]] = {
    Format.CSV: read_table,
    Format.JSONL: read_json_lines,
    Format.HLEDGER: read_hledger,
    Format.BEANCOUNT: read_beancount,
}


def format_of(file: Path) -> Format:
    """Return the format that a name stands for. Raises ``InputError`` that says what to do."""
    ending = file.suffix.lower()
    if ending in _JOURNALS:
        raise InputError(
            f"A journal must first be exported by hledger: hledger -f {file} print -O json > "
            f"{file.stem}.json"
        )
    if ending in _WORKBOOKS:
        raise InputError(
            f"{file} is a workbook. Save its sheet as CSV (in Excel: CSV UTF-8), and post that."
        )
    if ending not in _ENDINGS:
        raise InputError(f"The format of {file} is not clear from its name. Pass it with --format.")
    return _ENDINGS[ending]


def reader_of(form: Format) -> Callable[[Path, Mapping], Iterator[Item]]:
    """Return the function that yields the transactions of a file."""
    return _READERS[form]


def system_of(form: Format) -> str:
    """Return the source system of a file that names none."""
    return form.value if form in (Format.HLEDGER, Format.BEANCOUNT) else "file"
