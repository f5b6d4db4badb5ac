"""The review table as a page, by the same parts as a packet. Needs the extra ``render``."""

from __future__ import annotations

from ledgerhq_ext.render import Options
from ledgerhq_ext.render._document import Column, Row, Table
from ledgerhq_ext.render._html_page import page as rendered
from ledgerhq_ext.review._tables import ReviewRow, ReviewTable

_COLUMNS = (
    Column("Date", "date", 12),
    Column("Age, days", "count", 9),
    Column("Payee", "text", 32, header=True),
    Column("Amount", "cents", 16),
    Column("Likely", "text", 31),
)


def page(table: ReviewTable, options: Options | None = None) -> str:
    """One HTML page: a table for each currency."""
    options = options or Options(title="Bank review")
    by_currency: dict[str, list[ReviewRow]] = {currency: [] for currency in table.totals}
    for row in table.rows:
        by_currency[row.currency].append(row)
    tables = [(currency, _table(currency, rows)) for currency, rows in by_currency.items()]
    return rendered("review.html", options, tables, as_of=table.as_of, totals=table.totals)


def _table(currency: str, rows: list[ReviewRow]) -> Table:
    lines = [Row((row.transaction.date, row.days, row.who, row.transaction.amount, row.likely)) for row in rows]
    return Table(f"review-{currency.lower()}", f"Unreconciled bank rows, {currency}", _COLUMNS, lines, len(lines))
