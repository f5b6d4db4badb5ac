"""The review table for a terminal: two lines a row at the most, as wide as it is asked for."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from attrs import frozen

from ledgerhq_ext.money import format_cents

if TYPE_CHECKING:
    from ledgerhq_ext.review._tables import ReviewRow, ReviewTable

_NARROWEST = 60
_INDENT = " " * 12
"""Below the payee."""


@frozen
class _Widths:
    """How many columns of the terminal the cells have that differ from table to table."""

    payee: int
    amount: int
    likely: int

    @property
    def line(self) -> int:
        """The columns of a whole line."""
        return len("2026-06-30  1234 d") + self.payee + self.amount + self.likely + 6


def text(table: ReviewTable, width: int) -> str:
    """Return the table, its totals by currency, and what could not be read for it."""
    if not table.rows:
        return "Nothing is unreconciled."

    amounts = [format_cents(row.transaction.amount, row.currency) for row in table.rows]
    money = max(len("Amount"), *map(len, amounts))
    free = max(width, _NARROWEST) - len("2026-06-30  1234 d") - money - 6
    widths = _Widths(payee=free - free // 2, amount=money, likely=free // 2)

    lines = [_line("Date", "Age", "Payee", "Amount", "Likely", widths)]
    for row, amount in zip(table.rows, amounts, strict=True):
        likely = "; ".join(
            part for part in ("pending" if row.transaction.pending else "", row.likely) if part
        )
        lines.append(
            _line(
                row.transaction.date.isoformat(), f"{row.days} d", row.who, amount, likely, widths
            )
        )
        details = _details(row)
        if details:
            lines.append(_INDENT + _cut(details, widths.line - len(_INDENT)))
    for currency, (count, money_in, money_out) in table.totals.items():
        pending = table.pending(currency)
        marked = f" ({pending} pending)" if pending else ""
        totals = f"{format_cents(money_in, currency)} in, {format_cents(money_out, currency)} out"
        lines.append(f"{count} unreconciled{marked}: {totals}")
    if table.unread:
        lines.append(f"Not readable with these credentials: {', '.join(table.unread)}.")
    return "\n".join(line.rstrip() for line in lines)


def _details(row: ReviewRow) -> str:
    """Return where a row stands and what it belongs to, where any of that is known."""
    belongs = row.booked or "; ".join(f"{candidate}?" for candidate in row.candidate_names)
    if not (row.bank or belongs):
        return ""
    return " · ".join(part for part in (row.bank, row.memo, belongs) if part)


def _line(day: str, age: str, who: str, amount: str, likely: str, widths: _Widths) -> str:
    payee = _cut(who, widths.payee)
    return f"{day:<10}  {age:>6}  {payee}  {amount:>{widths.amount}}  {_cut(likely, widths.likely)}"


def _columns(char: str) -> int:
    """Return how many columns of a terminal a character takes."""
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
