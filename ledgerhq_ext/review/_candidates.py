"""What a row may be the bank's side of: open bills, and entries that no row of its bank account has
yet.
"""

from __future__ import annotations

import datetime as dt
import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Literal

from attrs import frozen

from ledgerhq_ext.models import BankAccount, BankTransaction, Bill, Contact, Entry
from ledgerhq_ext.review._suggestions import words_of

ENTRY_DAYS = 10
"""How many days may lie between a row and its entry."""
EARLY_DAYS, LATE_DAYS = 10, 60
"""How long before its issue, and how long after its due date, a bill may be paid."""
OPEN = ("received", "partial", "overdue")
MOST = 20
"""How many candidates a row has at the most."""
_SHORTEST_WORD = 3


@frozen
class Candidate:
    """A bill or an entry of a row's amount and about its date.

    ``date`` is when the bill is due, or the date of the entry. ``same_payee``: it names the row's
    payee too. Nothing more is known: a person decides.
    """

    kind: Literal["bill", "entry"]
    id: str
    name: str
    date: dt.date
    same_payee: bool

    @property
    def target(self) -> str:
        """What the column ``target`` of a decision takes: ``bill:ID``, ``entry:ID``."""
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
        # account.
        self._links = {(row.bank_account_id, row.journal_entry_id) for row in rows}
        self._ledger_accounts = {account.id: account.chart_account_id for account in bank_accounts}
        self._documents: dict[_Key, list[_Document]] = defaultdict(list)
        names = {contact.id: contact.name for contact in contacts}
        for bill in bills:
            if bill.status in OPEN:
                document = _document_of_bill(bill, names.get(bill.contact_id, ""))
                self._documents[bill.organization_id, None, -bill.amount_due].append(document)
        for entry in entries:
            if entry.status == "posted":
                for account_id, amount in _moves(entry).items():
                    document = _document_of_entry(entry, account_id)
                    self._documents[entry.organization_id, account_id, amount].append(document)

    def of(self, row: BankTransaction, currency: str) -> tuple[Candidate, ...]:
        """Return what a row without an entry may belong to, the likeliest first.

        First those of its payee, then the nearest dates. A row with an entry has none: matching it
        with anything else would book it twice.
        """
        if row.journal_entry_id:
            return ()
        payees = [
            _long_words(name) for name in (row.payee, row.counterparty, row.description) if name
        ]
        scored: list[tuple[bool, int, str, _Document]] = []
        for document in self._documents_of(row):
            if document.first <= row.date <= document.last and document.currencies <= {currency}:
                same_payee = any(_is_same(document.words, words) for words in payees)
                days = abs((document.date - row.date).days)
                scored.append((not same_payee, days, document.id, document))

        candidates: list[Candidate] = []
        for is_other, _, id, document in heapq.nsmallest(MOST, scored, key=lambda score: score[:3]):
            candidates.append(
                Candidate(document.kind, id, document.name, document.date, not is_other)
            )
        return tuple(candidates)

    def _documents_of(self, row: BankTransaction) -> Iterator[_Document]:
        """Yield the bills and entries of the row's amount; no entry that a row of its bank account
        has.
        """
        if row.amount < 0:
            yield from self._documents.get((row.organization_id, None, row.amount), ())
        account_id = self._ledger_accounts.get(row.bank_account_id)
        if account_id is None:
            return
        for document in self._documents.get((row.organization_id, account_id, row.amount), ()):
            if (row.bank_account_id, document.id) not in self._links:
                yield document


def _document_of_bill(bill: Bill, payee: str) -> _Document:
    return _Document(
        kind="bill",
        id=bill.id,
        name=" ".join(part for part in ("bill", bill.bill_number, payee) if part),
        date=bill.due_date,
        first=moved(bill.issue_date, -EARLY_DAYS),
        last=moved(bill.due_date, LATE_DAYS),
        words=_long_words(payee),
        currencies=frozenset([bill.currency_code]),
    )


def _document_of_entry(entry: Entry, account_id: str) -> _Document:
    # A line that names no currency is in that of the row.
    currencies = {
        line.currency_code
        for line in entry.lines
        if line.account_id == account_id and line.currency_code
    }
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


def moved(day: dt.date, days: int) -> dt.date:
    """Return the day so many days later, or the last or first one that a calendar has."""
    try:
        return day + dt.timedelta(days=days)
    except OverflowError:
        return dt.date.max if days > 0 else dt.date.min


def _is_same(words: frozenset[str], others: frozenset[str]) -> bool:
    """Return whether more than half of the words of the shorter name stand in the other one."""
    return 2 * len(words & others) > min(len(words), len(others))


def _long_words(text: str) -> frozenset[str]:
    return frozenset(word for word in words_of(text) if len(word) >= _SHORTEST_WORD)
