"""The columns of a decision file, and its lines, whatever kind of file they stand in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from attrs import frozen

from ledgerhq_ext._plain import counted
from ledgerhq_ext.errors import InputError

COLUMNS = (
    "transaction_id",
    "organization",
    "date",
    "bank_account",
    "payee",
    "memo",
    "amount",
    "currency",
    "pending",
    "entry",
    "candidates",
    "likely",
    "action",
    "account",
    "target",
    "shares",
    "reason",
    "status",
)
"""Only ``transaction_id`` and ``action`` must be there; a row without an action is left alone.

The last column is never empty: some spreadsheets leave the separators of empty last columns out.
"""
LONGEST = 50_000
"""Lines."""
NEEDED = ("transaction_id", "action")


@frozen(kw_only=True)
class Line:
    """A line that is not empty: its cells by column.

    ``has_commas`` is true where amounts may have decimal commas. ``is_typed`` is true for a line of
    a workbook, where a date is a date and an amount is a number, however they are shown.
    """

    number: int
    cells: Mapping[str, str]
    has_commas: bool
    is_typed: bool = False
    problem: str = ""


def names_of(header: Sequence[str]) -> list[str]:
    """Return the names of the columns; ``InputError`` where one is missing, unknown or repeated."""
    names = [name.strip().lower() for name in header]
    # Spreadsheets save columns that somebody once clicked on.
    while names[-1:] == [""]:
        names.pop()
    _check_names(names)
    return names


def _check_names(names: list[str]) -> None:
    """Raise ``InputError`` for columns that are missing, there twice, or of no known name."""
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise InputError(f"The first line must name the columns. Missing: {', '.join(missing)}.")

    repeated = [name for name, count in Counter(names).items() if count > 1]
    if repeated:
        raise _unclear_columns(sorted(repeated))

    unknown = [name for name in names if name not in COLUMNS]
    if unknown:
        # Not ignored: it may be a column that is needed, misspelled.
        raise _unclear_columns(unknown)


def _unclear_columns(names: list[str]) -> InputError:
    listed = ", ".join(map(repr, names))
    return InputError(
        f"columns {listed} are unknown or repeated. Use each of these at most once: "
        f"{', '.join(COLUMNS)}."
    )


def check_length(count: int) -> None:
    """Raise ``InputError`` for a file of more lines than anybody decides about."""
    # A file that is no list of decisions is refused before it fills the memory.
    if count > LONGEST:
        raise InputError(f"A decision file can have at most {LONGEST} lines.")


def cells_problem(names: Sequence[str], cells: Sequence[str]) -> str:
    """Return what is wrong with a line that has other cells than its header has columns."""
    return f"{counted(len(cells), 'cell')} for {counted(len(names), 'column')}"
