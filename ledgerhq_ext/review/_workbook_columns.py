"""The columns of the review workbook: those of a decision file, in the order of a person's work."""

from __future__ import annotations

from typing import Literal

from attrs import frozen

Band = Literal["read", "fill", "keep"]
"""What a person does with a column."""
HEADING = 2
"""The row of the sheet that names the columns; above it stands who may change them."""
BANDS: dict[Band, tuple[str, str, str]] = {
    "read": ("To read", "E9ECF0", "20242B"),
    "fill": ("To fill in", "FFE9A8", "20242B"),
    "keep": ("Do not change", "5B6470", "FFFFFF"),
}
"""What stands above the columns of a band, its color, and that of its letters."""


@frozen
class Column:
    """A column of the sheet: its name in decision files, its width, its band and its hint."""

    name: str
    width: int
    band: Band
    hint: str = ""


COLUMNS = (
    Column("date", 12, "read"),
    Column("payee", 26, "read"),
    Column("memo", 26, "read"),
    Column("amount", 14, "read"),
    Column("currency", 9, "read"),
    Column("bank_account", 18, "read"),
    Column("pending", 9, "read"),
    Column("likely", 24, "read"),
    Column("candidates", 36, "read"),
    Column("action", 12, "fill", "What to do with the row. Empty: it stays as it is."),
    Column("account", 28, "fill", "For reclassify: choose an account, or type its code."),
    Column("target", 36, "fill", "For match and reconcile: choose a bill or an entry."),
    Column("shares", 22, "fill", "For split: 6100=12.50; 6500=7.50"),
    Column("reason", 18, "fill", "For reclassify, as you like."),
    Column("status", 14, "keep"),
    Column("entry", 30, "keep"),
    Column("transaction_id", 38, "keep"),
    Column("organization", 38, "keep"),
)
PLACES = {column.name: place for place, column in enumerate(COLUMNS, 1)}
"""The place of each column, from 1."""
