"""Candidates for a row of the bank: open bills, and entries that no row of its bank account has
yet.
"""

from __future__ import annotations

import datetime as dt
import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import Literal

from attrs import frozen

from ledgerhq_ext._filters import OPEN_BILLS
from ledgerhq_ext.models import BankAccount, BankTransaction, Bill, Contact, Entry
from ledgerhq_ext.reports.periods import moved
from ledgerhq_ext.review._suggestions import words_of

ENTRY_DAYS = 10
"""How many days may lie between a row and its entry."""
EARLY_DAYS = 10
"""How many days before its issue a bill may be paid."""
LATE_DAYS = 60
"""How many days after its due date a bill may be paid."""
MOST = 20
"""How many candidates a row has at the most."""
_SHORTEST_WORD = 3


@frozen
class Candidate:
    """A bill or an entry with a row's amount and a date close to the row's.

    ``date`` is the due date of the bill, or the date of the entry. ``same_payee`` is true if it
    also names the row's payee. Nothing more is known, so a person decides.
    """

    kind: Literal["bill", "entry"]
    id: str
    name: str
    date: dt.date
    same_payee: bool

    @property
    def target(self) -> str:
        """The candidate in the form of a decision's ``target`` column: ``bill:ID`` or
        ``entry:ID``.
        """
        return f"{self.kind}:{self.id}"

    def __str__(self) -> str:
        day = f"due {self.date}" if self.kind == "bill" else str(self.date)
        return f"{self.name}, {day}"


@frozen
class _Document:
    """A bill or an entry, the days between which a row may be its payment, and the currencies it is
    in.
    """

    kind: Literal["bill", "entry"]
    id: str
    name: str
    date: dt.date
    first: dt.date
    last: dt.date
    words: frozenset[str]
    currencies: frozenset[str]


_Rank = tuple[bool, int, str]
"""Whether the payee is another one, the days between document and row, and the document's id."""
_Key = tuple[str, str | None, int]
"""Organization, account of the ledger (None for a bill, which any bank account may pay), signed
amount.
"""


class Candidates:
    """The bills and entries of one or more companies, by amount."""

    def __init__(
        self,
        rows: Iterable[BankTransaction],
        *,
        bank_accounts: Iterable[BankAccount],
        bills: Iterable[Bill],
        contacts: Iterable[Contact],
        entries: Iterable[Entry],
    ) -> None:
        # A transfer between two bank accounts has a row of each, so a link counts on its own bank
        # account only.
        self._links = {(row.bank_account_id, row.journal_entry_id) for row in rows}
        self._ledger_accounts = {account.id: account.chart_account_id for account in bank_accounts}
        self._documents: dict[_Key, list[_Document]] = defaultdict(list)

        self._add_bills(bills, contacts)
        self._add_entries(entries)

    def _add_bills(self, bills: Iterable[Bill], contacts: Iterable[Contact]) -> None:
        names = {contact.id: contact.name for contact in contacts}
        for bill in bills:
            if bill.status not in OPEN_BILLS:
                continue
            # Money that goes out is less than zero on a row.
            key = (bill.organization_id, None, -bill.amount_due)
            document = _document_of_bill(bill, names.get(bill.contact_id, ""))
            self._documents[key].append(document)

    def _add_entries(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            # The service matches a row with nothing else.
            if entry.status != "posted":
                continue
            for account_id, amount in _moves(entry).items():
                key = (entry.organization_id, account_id, amount)
                self._documents[key].append(_document_of_entry(entry, account_id))

    def of(self, row: BankTransaction, currency: str) -> tuple[Candidate, ...]:
        """Return what a row without an entry may belong to, the likeliest first.

        First those of its payee, then the nearest dates. A row with an entry has none: matching it
        with anything else would book it twice.
        """
        if row.journal_entry_id:
            return ()
        names = filter(None, (row.payee, row.counterparty, row.description))
        payees = [_long_words(name) for name in names]
        ranked: list[tuple[_Rank, _Document]] = []
        for document in self._documents_of(row):
            is_near = document.first <= row.date <= document.last
            if not is_near or not document.currencies <= {currency}:
                continue
            same_payee = any(_is_same(document.words, words) for words in payees)
            days = abs((document.date - row.date).days)
            ranked.append(((not same_payee, days, document.id), document))

        likeliest = heapq.nsmallest(MOST, ranked, key=itemgetter(0))
        return tuple(_candidate(rank, document) for rank, document in likeliest)

    def _documents_of(self, row: BankTransaction) -> Iterator[_Document]:
        """Yield the bills and entries of the row's amount; no entry that a row of its bank account
        has.
        """
        # Money that came in pays no bill.
        if row.amount < 0:
            yield from self._documents.get((row.organization_id, None, row.amount), ())
        account_id = self._ledger_accounts.get(row.bank_account_id)
        if account_id is None:
            # Without its account in the ledger no entry can be said to move the bank account.
            return
        for document in self._documents.get((row.organization_id, account_id, row.amount), ()):
            if (row.bank_account_id, document.id) not in self._links:
                yield document


def _candidate(rank: _Rank, document: _Document) -> Candidate:
    is_other_payee, _, id = rank
    return Candidate(
        kind=document.kind,
        id=id,
        name=document.name,
        date=document.date,
        same_payee=not is_other_payee,
    )


def _document_of_bill(bill: Bill, payee: str) -> _Document:
    return _Document(
        kind="bill",
        id=bill.id,
        name=" ".join(filter(None, ("bill", bill.bill_number, payee))),
        date=bill.due_date,
        first=moved(bill.issue_date, -EARLY_DAYS),
        last=moved(bill.due_date, LATE_DAYS),
        words=_long_words(payee),
        currencies=frozenset([bill.currency_code]),
    )


def _document_of_entry(entry: Entry, account_id: str) -> _Document:
    currencies: set[str] = set()
    for line in entry.lines:
        # A line that names no currency is in that of the row.
        if line.account_id == account_id and line.currency_code:
            currencies.add(line.currency_code)
    return _Document(
        kind="entry",
        id=entry.id,
        name=f"entry {entry.entry_number} {entry.description}".rstrip(),
        date=entry.date,
        first=moved(entry.date, -ENTRY_DAYS),
        last=moved(entry.date, ENTRY_DAYS),
        words=_long_words(entry.description),
        currencies=frozenset(currencies),
    )


def _moves(entry: Entry) -> dict[str, int]:
    """Return by how much an entry moves each account, in cents: debits are more, credits less."""
    moves: dict[str, int] = defaultdict(int)
    for line in entry.lines:
        moves[line.account_id] += line.debit_amount - line.credit_amount
    return moves


def _is_same(words: frozenset[str], others: frozenset[str]) -> bool:
    """Return whether more than half of the words of the shorter name stand in the other one.

    A bank's "ACME OFFICE 4711 BERLIN" and a contact's "Acme Office Ltd" are one payee.
    """
    return 2 * len(words & others) > min(len(words), len(others))


def _long_words(text: str) -> frozenset[str]:
    return frozenset(word for word in words_of(text) if len(word) >= _SHORTEST_WORD)
