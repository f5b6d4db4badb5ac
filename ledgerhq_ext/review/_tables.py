"""What waits for review: since when, how much, and what it probably is."""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from ledgerhq_ext._files import write_text
from ledgerhq_ext._http.io import run
from ledgerhq_ext._plain import no_formula, plain
from ledgerhq_ext._resources.pages import Pages
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.models import BankTransaction
from ledgerhq_ext.money import format_cents, to_string
from ledgerhq_ext.review._decisions import COLUMNS
from ledgerhq_ext.review._suggestions import History, Suggestion

if TYPE_CHECKING:
    from ledgerhq_ext.render import Options

_NARROWEST = 60


@frozen
class ReviewRow:
    """An unreconciled row. ``suggestion`` is None for payees never seen before."""

    transaction: BankTransaction
    days: int
    currency: str
    suggestion: Suggestion | None

    @property
    def who(self) -> str:
        """Payee, or whatever the bank says instead; one line, nothing hidden in it."""
        return plain(self.transaction.payee or self.transaction.counterparty or self.transaction.description)

    @property
    def likely(self) -> str:
        """The row's own account where it has one, else what earlier rows suggest."""
        own = self.transaction
        if own.account_id:
            return plain(" ".join(part for part in (own.account_code, own.account_name) if part) or own.account_id)
        return plain(str(self.suggestion)) if self.suggestion else ""


@frozen
class ReviewTable:
    """Unreconciled rows, the oldest first."""

    rows: tuple[ReviewRow, ...]
    as_of: dt.date

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def totals(self) -> dict[str, tuple[int, int, int]]:
        """By currency: how many rows, money in, and money out (negative), in cents."""
        found: dict[str, tuple[int, int, int]] = {}
        for row in self.rows:
            count, money_in, money_out = found.get(row.currency, (0, 0, 0))
            amount = row.transaction.amount
            found[row.currency] = (count + 1, money_in + max(amount, 0), money_out + min(amount, 0))
        return found

    def text(self, width: int = 100) -> str:
        """For a terminal: a line a row, ``width`` columns at the most (60 at the least)."""
        amounts = [format_cents(row.transaction.amount, row.currency) for row in self.rows]
        money = max([len("Amount"), *map(len, amounts)])
        free = max(width, _NARROWEST) - len("2026-06-30  1234 d") - money - 6
        who, likely = free - free // 2, free // 2
        lines = [_line("Date", "Age", "Payee", "Amount", "Likely", money, who, likely)]
        for row, amount in zip(self.rows, amounts, strict=True):
            day = row.transaction.date.isoformat()
            lines.append(_line(day, f"{row.days} d", row.who, amount, row.likely, money, who, likely))
        for currency, (count, money_in, money_out) in self.totals.items():
            told = f"{format_cents(money_in, currency)} in, {format_cents(money_out, currency)} out"
            lines.append(f"{count} unreconciled: {told}")
        return "\n".join(line.rstrip() for line in lines if self.rows) or "Nothing is unreconciled."

    def html(self, options: Options | None = None) -> str:
        """As one HTML page, like a packet's. Needs the extra ``render``."""
        from ledgerhq_ext.review._page import page

        return page(self, options)

    def decisions(self) -> str:
        """A CSV to be reviewed: every row, with the suggested account; the column ``action`` is left empty."""
        buffer = io.StringIO()
        writer = csv.DictWriter(buffer, COLUMNS, restval="", lineterminator="\r\n")
        writer.writeheader()
        for row in self.rows:
            own, suggested = row.transaction, row.suggestion
            code = suggested.account_code if suggested and not own.account_id else ""
            writer.writerow(
                {
                    "transaction_id": own.id,
                    "date": own.date.isoformat(),
                    "payee": no_formula(row.who),
                    "amount": to_string(own.amount, row.currency),
                    "currency": row.currency,
                    "likely": no_formula(row.likely),
                    "account": code or "",
                }
            )
        return buffer.getvalue()

    def write_decisions(self, path: str | os.PathLike[str]) -> Path:
        """Write ``decisions`` into a file, readable by spreadsheets.

        A file that is there is replaced as a whole. Raises ``InputError`` where that is not possible.
        """
        return write_text(path, self.decisions(), mark=True)


def _columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _cut(text: str, width: int) -> str:
    """The text in exactly so many columns."""
    if _columns(text) > width:
        kept = text
        while _columns(kept) > width - 1:
            kept = kept[:-1]
        text = f"{kept}…"
    return text + " " * (width - _columns(text))


def _line(day: str, age: str, who: str, amount: str, likely: str, money: int, *widths: int) -> str:
    return f"{day:<10}  {age:>6}  {_cut(who, widths[0])}  {amount:>{money}}  {_cut(likely, widths[1])}"


def table(
    transactions: Iterable[BankTransaction],
    *,
    history: Iterable[BankTransaction] = (),
    as_of: dt.date | None = None,
    currency: str | None = None,
) -> ReviewTable:
    """Return what of ``transactions`` is unreconciled, oldest first, each with what it probably is.

    Suggestions come from earlier classified rows of the same payee, among ``transactions`` and
    ``history`` (rows that were reviewed before). Ages count to ``as_of``, today in UTC unless given.

    ``currency`` is that of rows which name none. For ``books.bank_transactions()`` it is the
    company's own, from its record. For rows from elsewhere there is no default: raises
    ``InputError`` when one is needed.
    """
    rows = list({row.id: row for row in transactions}.values())
    day = as_of or dt.datetime.now(dt.UTC).date()
    past = History({row.id: row for row in (*history, *rows)}.values())
    waiting = sorted((row for row in rows if row.status == "unreconciled"), key=lambda row: (row.date, row.id))
    if currency is None:
        currency = _own_currency(transactions, waiting)

    review_rows: list[ReviewRow] = []
    for row in waiting:
        days = max((day - row.date).days, 0)
        review_rows.append(ReviewRow(row, days, row.currency_code or currency, past.suggest(row)))
    return ReviewTable(tuple(review_rows), day)


def _own_currency(transactions: Iterable[BankTransaction], waiting: list[BankTransaction]) -> str:
    """Return the currency of the company whose rows these are, where a row needs it."""
    nameless = [row.id for row in waiting if not row.currency_code]
    if not nameless:
        return ""
    if isinstance(transactions, Pages) and transactions._core._record is not None:
        return run(transactions._core._record()).default_currency
    raise InputError(
        f"the row {nameless[0]} names no currency: give currency=, that of the company, "
        "such as books.record().default_currency."
    )
