"""The review table for a terminal: two lines a row at the most, as wide as it is asked for."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from attrs import frozen

from ledgerhq_ext.money import format_cents

if TYPE_CHECKING:
    from ledgerhq_ext.review._tables import ReviewRow, ReviewTable

_NARROWEST = 60
_FIRST_CELLS = len("2026-06-30  1234 d")
_GAPS = 6
"""Two columns between each of the last cells."""
_INDENT = " " * 12
"""Below the payee."""


@frozen
class _Widths:
    """The columns of the terminal for the cells that differ from table to table."""

    payee: int
    amount: int
    likely: int

    @property
    def line(self) -> int:
        """The columns of a whole line."""
        return _FIRST_CELLS + self.payee + self.amount + self.likely + _GAPS


def text(table: ReviewTable, width: int) -> str:
    """Return the table, its totals by currency, and what could not be read for it."""
    if not table.rows:
        return "There are no unreconciled rows."

    widths = _widths(table, width)
    lines = [_line("Date", "Age", "Payee", "Amount", "Likely", widths)]
    for row in table.rows:
        lines += _row_lines(row, widths)
    lines += _total_lines(table)
    if table.unread:
        lines.append(f"Not readable with these credentials: {', '.join(table.unread)}.")
    return "\n".join(line.rstrip() for line in lines)


def _widths(table: ReviewTable, width: int) -> _Widths:
    """Return the columns of the cells: amounts are never cut, payee and account share the rest."""
    amounts = [len(_amount(row)) for row in table.rows]
    amount = max(len("Amount"), *amounts)
    free = max(width, _NARROWEST) - _FIRST_CELLS - amount - _GAPS
    likely = free // 2
    return _Widths(payee=free - likely, amount=amount, likely=likely)


def _row_lines(row: ReviewRow, widths: _Widths) -> list[str]:
    """Return the line of a row, and a second one where there is more to say."""
    own = row.transaction
    likely = row.likely
    if own.pending:
        likely = f"pending; {likely}" if likely else "pending"
    day = own.date.isoformat()
    line = _line(day, f"{row.days} d", row.who, _amount(row), likely, widths)
    details = _details(row)
    if not details:
        return [line]
    return [line, _INDENT + _cut(details, widths.line - len(_INDENT))]


def _total_lines(table: ReviewTable) -> list[str]:
    lines: list[str] = []
    for currency, (count, money_in, money_out) in table.totals.items():
        pending = table.pending(currency)
        note = f" ({pending} pending)" if pending else ""
        totals = f"{format_cents(money_in, currency)} in, {format_cents(money_out, currency)} out"
        lines.append(f"{count} unreconciled{note}: {totals}")
    return lines


def _amount(row: ReviewRow) -> str:
    return format_cents(row.transaction.amount, row.currency)


def _details(row: ReviewRow) -> str:
    """Return where a row stands and what it belongs to, where any of that is known."""
    belongs = row.booked or _questions(row)
    # The bank's words alone are worth no second line.
    if not row.bank and not belongs:
        return ""

    parts = [part for part in (row.bank, row.memo, belongs) if part]
    return " · ".join(parts)


def _questions(row: ReviewRow) -> str:
    """Return the candidates of a row; the mark says that a person decides."""
    return "; ".join(f"{candidate}?" for candidate in row.candidate_names)


def _line(day: str, age: str, who: str, amount: str, likely: str, widths: _Widths) -> str:
    payee = _cut(who, widths.payee)
    return f"{day:<10}  {age:>6}  {payee}  {amount:>{widths.amount}}  {_cut(likely, widths.likely)}"


def _columns(char: str) -> int:
    """Return how many columns of a terminal a character takes."""
    # An accent stands over the character before it.
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _cut(text: str, width: int) -> str:
    """Return the text in exactly so many columns."""
    columns = 0
    # Where to cut, and what stands before it, when the text turns out to be too long.
    end = 0
    columns_before = 0
    for position, char in enumerate(text, 1):
        columns += _columns(char)
        if columns > width:
            return f"{text[:end]}…" + " " * (width - columns_before - 1)
        if columns < width:
            end = position
            columns_before = columns
    return text + " " * (width - columns)
