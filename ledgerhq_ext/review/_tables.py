"""The table of what waits for review: since when, how much, and what it probably is."""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
from collections.abc import Iterable
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from ledgerhq_ext._files import write_file, write_text
from ledgerhq_ext._http.io import run
from ledgerhq_ext._plain import plain
from ledgerhq_ext._resources.pages import Pages
from ledgerhq_ext._texts import comparable
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.models import Account, BankAccount, BankTransaction, Bill, Contact, Entry
from ledgerhq_ext.review._candidates import Candidate, Candidates
from ledgerhq_ext.review._columns import COLUMNS
from ledgerhq_ext.review._decision_cells import cells_of
from ledgerhq_ext.review._suggestions import History, Suggestion, account_label
from ledgerhq_ext.review._terminal import text

if TYPE_CHECKING:
    from ledgerhq_ext.render import Options

LISTED = 3
"""How many candidates of a row are written down."""


@frozen
class ReviewRow:
    """An unreconciled row.

    ``suggestion`` is None for a payee that was never seen before. ``bank_account`` and ``entry``
    (the linked one) are None if they were not read. ``candidates`` are the bills and entries that a
    row without an entry may belong to, most likely first, at most 20.
    """

    transaction: BankTransaction
    days: int
    currency: str
    suggestion: Suggestion | None
    bank_account: BankAccount | None = None
    entry: Entry | None = None
    candidates: tuple[Candidate, ...] = ()

    @property
    def who(self) -> str:
        """The payee, or else the bank's description, as one line without hidden characters."""
        own = self.transaction
        return plain(own.payee or own.counterparty or own.description)

    @property
    def memo(self) -> str:
        """The bank's description and reference, as one line without hidden characters."""
        payee = comparable(self.who)
        description = plain(self.transaction.description)
        reference = plain(self.transaction.reference or "")
        # Many banks say the payee again.
        parts = [part for part in (description, reference) if comparable(part) != payee]
        return " ".join(filter(None, parts))

    @property
    def bank(self) -> str:
        """The name of the bank account; empty if it was not read."""
        if self.bank_account is None:
            return ""
        return plain(self.bank_account.account_name)

    @property
    def booked(self) -> str:
        """The number of the linked entry, or its id if it was not read; empty if there is none."""
        entry = self.entry
        if entry is not None:
            return plain(f"entry {entry.entry_number} {entry.description}, {entry.date}")
        id = self.transaction.journal_entry_id
        if not id:
            return ""
        return plain(f"entry {id}")

    @property
    def likely(self) -> str:
        """The row's own account if it has one, else the one that earlier rows suggest."""
        own = self.transaction
        if own.account_id:
            return plain(account_label(own.account_code, own.account_name) or own.account_id)
        return plain(str(self.suggestion)) if self.suggestion else ""

    @property
    def candidate_names(self) -> tuple[str, ...]:
        """The names of the first candidates, and whether there are more, one line each without
        hidden characters.
        """
        return self._listed([str(candidate) for candidate in self.candidates])

    @property
    def candidate_targets(self) -> tuple[str, ...]:
        """The first candidates as ``bill:ID (name)``; the ``target`` column takes the first
        part.
        """
        return self._listed([f"{candidate.target} ({candidate})" for candidate in self.candidates])

    def _listed(self, names: list[str]) -> tuple[str, ...]:
        listed = tuple(plain(name) for name in names[:LISTED])
        return (*listed, "and more") if len(names) > LISTED else listed


@frozen
class ReviewTable:
    """Unreconciled rows, oldest first.

    ``unread`` names what these credentials may not read (``bank accounts``, ``bills``,
    ``contacts``, ``entries``): if it is not empty, a row without candidates may still have some.
    """

    rows: tuple[ReviewRow, ...]
    as_of: dt.date
    unread: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def totals(self) -> dict[str, tuple[int, int, int]]:
        """The totals by currency: number of rows, money in, and money out (negative), in cents.

        Pending rows are included.
        """
        totals: dict[str, tuple[int, int, int]] = {}
        for row in self.rows:
            count, money_in, money_out = totals.get(row.currency, (0, 0, 0))
            amount = row.transaction.amount
            if amount > 0:
                money_in += amount
            else:
                money_out += amount
            totals[row.currency] = (count + 1, money_in, money_out)
        return totals

    def pending(self, currency: str) -> int:
        """Return the number of pending rows in a currency. The bank may still replace those."""
        return sum(row.transaction.pending for row in self.rows if row.currency == currency)

    def text(self, width: int = 100) -> str:
        """Return the table as text for a terminal, at most ``width`` columns wide (at least 60).

        Each row takes one line, and a second one if its bank account, entry or candidates are
        known.
        """
        return text(self, width)

    def html(self, options: Options | None = None) -> str:
        """Return the table as one HTML page, in the style of a packet. Needs the extra
        ``render``.
        """
        from ledgerhq_ext.review._page import page

        return page(self, options)

    def decisions(self) -> str:
        """Return the table as CSV for review: every row with its suggested account, and an empty
        ``action``. An account whose code a spreadsheet would change is named by its id.

        Amounts are in major units. Candidates begin with the value for the ``target`` column.
        """
        buffer = io.StringIO()
        # The ends of lines that every spreadsheet takes.
        writer = csv.DictWriter(buffer, COLUMNS, restval="", lineterminator="\r\n")
        writer.writeheader()
        for row in self.rows:
            writer.writerow(cells_of(row))
        return buffer.getvalue()

    def write_decisions(self, path: str | os.PathLike[str]) -> Path:
        """Write ``decisions`` to a file that spreadsheets can read.

        An existing file is replaced atomically. Raises ``InputError`` if the file cannot be
        written.
        """
        # By its mark a spreadsheet takes the file for UTF-8.
        return write_text(path, self.decisions(), mark=True)

    def workbook(self, accounts: Iterable[Account] = ()) -> bytes:
        """Return the table as an Excel workbook for review: the columns of ``decisions``, with
        drop-down lists for ``action``, ``account`` and ``target``.

        The accounts in the list are the active ones of ``accounts``, such as ``books.accounts()``;
        targets are the candidates of each row. Amounts are numbers, and dates are dates. Raises
        ``InputError`` for an amount that a sheet cannot hold, and ``MissingExtraError`` without the
        extra ``review``.
        """
        from ledgerhq_ext.review._workbook import workbook

        return workbook(self, accounts)

    def write_workbook(
        self, path: str | os.PathLike[str], accounts: Iterable[Account] = ()
    ) -> Path:
        """Write ``workbook`` to a file, and return its path.

        An existing file is replaced atomically. Raises ``InputError`` if the file cannot be
        written.
        """
        return write_file(path, [self.workbook(accounts)])


def table(
    transactions: Iterable[BankTransaction],
    *,
    history: Iterable[BankTransaction] = (),
    bank_accounts: Iterable[BankAccount] = (),
    bills: Iterable[Bill] = (),
    contacts: Iterable[Contact] = (),
    entries: Iterable[Entry] = (),
    as_of: dt.date | None = None,
    currency: str | None = None,
) -> ReviewTable:
    """Return the unreconciled rows of ``transactions``, oldest first, with suggestions.

    Suggestions come from earlier classified rows of the same payee, among ``transactions`` and
    ``history`` (rows that were reviewed before). Ages are measured at ``as_of``, by default today
    in UTC.

    ``bank_accounts`` provides the names of the rows' bank accounts. ``bills`` and ``entries``
    provide the candidates of rows without an entry: open bills with the row's amount, if the row is
    dated between 10 days before the issue and 60 days after the due date, and posted entries that
    move its bank account by its amount within 10 days, unless another row of that bank account is
    linked to them. ``contacts`` provides the payees of the bills. ``read_table`` reads all of this
    for a company.

    ``currency`` is the currency of rows that do not name one. For ``books.bank_transactions()`` it
    defaults to the company's own, from its record. For other rows there is no default; raises
    ``InputError`` if one is needed.
    """
    # A row that comes twice, from two lists perhaps, counts once: as it came last.
    rows = list({row.id: row for row in transactions}.values())
    everything = list({row.id: row for row in (*history, *rows)}.values())
    day = as_of or dt.datetime.now(dt.UTC).date()
    waiting = [row for row in rows if row.status == "unreconciled"]
    waiting.sort(key=attrgetter("date", "id"))
    if currency is None:
        currency = _own_currency(transactions, waiting)

    past = History(everything)
    accounts = {account.id: account for account in bank_accounts}
    ledger = {entry.id: entry for entry in entries}
    candidates = Candidates(
        everything,
        bank_accounts=accounts.values(),
        bills=bills,
        contacts=contacts,
        entries=ledger.values(),
    )
    review_rows: list[ReviewRow] = []
    for row in waiting:
        own_currency = row.currency_code or currency
        review_rows.append(
            ReviewRow(
                transaction=row,
                days=max((day - row.date).days, 0),
                currency=own_currency,
                suggestion=past.suggest(row),
                bank_account=accounts.get(row.bank_account_id),
                entry=ledger.get(row.journal_entry_id or ""),
                candidates=candidates.of(row, own_currency),
            )
        )
    return ReviewTable(tuple(review_rows), day)


def _own_currency(transactions: Iterable[BankTransaction], waiting: list[BankTransaction]) -> str:
    """Return the currency of the company whose rows these are, where a row needs it."""
    without_currency = [row.id for row in waiting if not row.currency_code]
    if not without_currency:
        return ""
    # A listing of rows knows the company that it was read from.
    read_record = transactions._core._record if isinstance(transactions, Pages) else None
    if read_record is not None:
        return run(read_record()).default_currency
    raise InputError(
        f"The row {without_currency[0]} has no currency. Pass the company's with currency=, "
        "such as books.record().default_currency."
    )
