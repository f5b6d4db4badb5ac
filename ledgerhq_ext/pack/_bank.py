"""The reconciliation of every bank account: the bank's balance, what is outstanding, the books."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

from attrs import frozen

from ledgerhq_ext._message import message as _
from ledgerhq_ext.models import BankAccount, BankTransaction, Entry
from ledgerhq_ext.money import Cents
from ledgerhq_ext.reports.periods import moved
from ledgerhq_ext.reports.statements import BankReconciliationStatus, TrialBalance

Side: TypeAlias = Literal["bank", "books"]
OVERLAP = 62
"""Days: an entry may have another date than the bank's row of it; so much earlier both are read."""


@frozen(kw_only=True)
class OutstandingItem:
    """Something that only one side has: a row of the bank (``bank``), or an entry (``books``).

    ``amount`` is in cents; money that comes in is positive. ``id`` is that of the row or the entry.
    """

    side: Side
    id: str
    date: dt.date
    description: str
    amount: Cents


@frozen(kw_only=True)
class BankReconciliation:
    """A bank account against its account in the books, in cents, on the day that both were read.

    ``books`` is the balance of its account in the trial balance, debits positive. ``since`` is the
    day from which entries were compared with rows; None for all of them. ``gap`` says why bank and
    books cannot be compared; it is empty where they can. ``currency`` is the bank account's, which
    ``balance`` is in; None where the company's list of bank accounts does not have it.
    """

    bank_account_id: str
    name: str
    day: dt.date
    balance: Cents
    items: tuple[OutstandingItem, ...]
    books: Cents | None
    discrepancy: Cents
    since: dt.date | None = None
    gap: str = ""
    currency: str | None = None

    def outstanding(self, side: Side) -> Cents:
        """Return the sum of what only the bank has, or only the books."""
        return sum(item.amount for item in self.items if item.side == side)

    @property
    def expected(self) -> Cents:
        """The balance of the books, if nothing but the items stood between them and the bank."""
        return self.balance - self.outstanding("bank") + self.outstanding("books")

    @property
    def difference(self) -> Cents | None:
        """What no item explains: the books less what is expected of them."""
        return None if self.books is None else self.books - self.expected


def compared_since(status: BankReconciliationStatus) -> dt.date | None:
    """Return the day from which entries are to be compared with rows.

    What is older was reconciled. None, for all of them, where an account never was.
    """
    days: list[dt.date] = []
    for account in status.accounts:
        last = account.last_reconciliation
        if last is None or last.end_date is None:
            return None
        days.append(last.end_date)
    start = moved(min(days, default=dt.date.min), -OVERLAP)
    # Before the first day of the calendar there is nothing to leave out.
    return start if start > dt.date.min else None


class _Outstanding:
    """The rows without an entry, and the entries without a row, of a company on a day."""

    def __init__(
        self, rows: Iterable[BankTransaction], entries: Iterable[Entry], day: dt.date
    ) -> None:
        self._day = day
        self._rows = [row for row in rows if row.status != "excluded"]
        posted = [entry for entry in entries if entry.status == "posted"]
        # The books of the day do not have later ones.
        self._entries = [entry for entry in posted if entry.date <= day]
        self._later = {entry.id for entry in posted if entry.date > day}

    def has_later_rows(self, account: BankAccount) -> bool:
        """Return whether a bank account has rows after the day."""
        rows = (row for row in self._rows if row.bank_account_id == account.id)
        return any(row.date > self._day for row in rows)

    def items(self, account: BankAccount) -> tuple[OutstandingItem, ...]:
        """Return what is outstanding of a bank account, by date."""
        items: list[OutstandingItem] = []
        at_the_bank: set[str] = set()
        for row in self._rows:
            if row.bank_account_id != account.id:
                continue
            if row.journal_entry_id and row.journal_entry_id not in self._later:
                at_the_bank.add(row.journal_entry_id)
            else:
                items.append(_item_of_row(row))

        # Most entries move other accounts.
        for entry in self._entries:
            amount = _moved(entry, account.chart_account_id)
            if amount and entry.id not in at_the_bank:
                items.append(_item_of_entry(entry, amount))
        return tuple(sorted(items, key=_day))


def reconciliations_of(
    status: BankReconciliationStatus,
    bank_accounts: Iterable[BankAccount],
    rows: Iterable[BankTransaction],
    entries: Iterable[Entry],
    trial: TrialBalance,
    day: dt.date,
    currency: str,
) -> tuple[BankReconciliation, ...]:
    """Return the reconciliation of every bank account that the service reports on."""
    accounts = {account.id: account for account in bank_accounts}
    uses = Counter(account.chart_account_id for account in accounts.values())
    outstanding = _Outstanding(rows, entries, day)
    books: dict[str, int] = {}
    for line in trial.accounts:
        balance = line.debit_balance - line.credit_balance
        books[line.account_id] = books.get(line.account_id, 0) + balance

    reconciliations: list[BankReconciliation] = []
    for report in status.accounts:
        account = accounts.get(report.id)
        gap = _gap(account, uses, outstanding, day, currency)
        items: tuple[OutstandingItem, ...] = ()
        of_books = None
        if account is not None and not gap:
            items = outstanding.items(account)
            # An account without a balance has no line in a trial balance.
            of_books = books.get(account.chart_account_id or "", 0)
        reconciliations.append(
            BankReconciliation(
                bank_account_id=report.id,
                name=report.account_name,
                day=day,
                balance=report.balance,
                items=items,
                books=of_books,
                discrepancy=report.balance_discrepancy,
                since=compared_since(status),
                gap=gap,
                currency=account.currency_code if account else None,
            )
        )
    return tuple(reconciliations)


def _gap(
    account: BankAccount | None,
    uses: Mapping[str | None, int],
    outstanding: _Outstanding,
    day: dt.date,
    currency: str,
) -> str:
    """Return why a bank account cannot be compared with the books; empty where it can.

    ``uses`` says how many bank accounts stand on each account of the books.
    """
    if account is None:
        return _("the company's list of bank accounts does not have it")
    if account.chart_account_id is None:
        return _("it is not linked to an account of the books")
    if uses[account.chart_account_id] > 1:
        return _("it shares its account of the books with another bank account")
    if account.currency_code != currency:
        return _("it is kept in {currency}", currency=account.currency_code)
    if outstanding.has_later_rows(account):
        # Nobody says whether the balance of the bank has them.
        return _("it has transactions after {day}", day=day)
    return ""


def _moved(entry: Entry, account_id: str | None) -> Cents:
    """Return what an entry moved an account, debits positive."""
    lines = [line for line in entry.lines if line.account_id == account_id]
    return sum(line.debit_amount - line.credit_amount for line in lines)


def _item_of_row(row: BankTransaction) -> OutstandingItem:
    return OutstandingItem(
        side="bank",
        id=row.id,
        date=row.date,
        description=row.payee or row.description,
        amount=row.amount,
    )


def _item_of_entry(entry: Entry, amount: Cents) -> OutstandingItem:
    return OutstandingItem(
        side="books",
        id=entry.id,
        date=entry.date,
        description=entry.description,
        amount=amount,
    )


def _day(item: OutstandingItem) -> tuple[dt.date, str]:
    return item.date, item.id
