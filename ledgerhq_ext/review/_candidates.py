"""What a row may be the bank's side of: open bills, and entries that no row of its bank account has yet."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Literal

from attrs import frozen

from ledgerhq_ext.models import BankAccount, BankTransaction, Bill, Contact, Entry
from ledgerhq_ext.review._suggestions import words_of

ENTRY_DAYS = 10
"""How many days may lie between a row and its entry."""
EARLY_DAYS, LATE_DAYS = 10, 60
"""How long before its issue, and how long after its due date, a bill may be paid."""
OPEN = ("received", "partial", "overdue")
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
        # A transfer between two bank accounts has a row of each, so a link counts on its own bank account.
        self._links = {(row.bank_account_id, row.journal_entry_id) for row in rows}
        self._ledger_accounts = {account.id: account.chart_account_id for account in bank_accounts}
        self._names = {contact.id: contact.name for contact in contacts}
        self._bills: dict[tuple[str, str, int], list[Bill]] = defaultdict(list)
        self._entries: dict[tuple[str, str, int], list[Entry]] = defaultdict(list)
        for bill in bills:
            if bill.status in OPEN:
                self._bills[bill.organization_id, bill.currency_code, bill.amount_due].append(bill)
        for entry in entries:
            if entry.status == "posted":
                for account_id, amount in _moves(entry).items():
                    self._entries[entry.organization_id, account_id, amount].append(entry)

    def of(self, row: BankTransaction, currency: str) -> tuple[Candidate, ...]:
        """Return what a row without an entry may belong to, the likeliest first.

        First those of its payee, then the nearest dates. A row with an entry has none: matching it
        with anything else would book it twice.
        """
        if row.journal_entry_id:
            return ()
        scored: list[tuple[bool, int, str, Candidate]] = []
        for candidate in [*self._bills_of(row, currency), *self._entries_of(row, currency)]:
            days = abs((candidate.date - row.date).days)
            scored.append((not candidate.same_payee, days, candidate.target, candidate))
        return tuple(candidate for *_, candidate in sorted(scored, key=lambda score: score[:3]))

    def _bills_of(self, row: BankTransaction, currency: str) -> list[Candidate]:
        if row.amount >= 0:
            return []
        candidates: list[Candidate] = []
        for bill in self._bills.get((row.organization_id, currency, -row.amount), ()):
            first = bill.issue_date - dt.timedelta(days=EARLY_DAYS)
            last = bill.due_date + dt.timedelta(days=LATE_DAYS)
            if first <= row.date <= last:
                payee = self._names.get(bill.contact_id, "")
                name = " ".join(part for part in ("bill", bill.bill_number, payee) if part)
                candidates.append(Candidate("bill", bill.id, name, bill.due_date, _names_payee(payee, row)))
        return candidates

    def _entries_of(self, row: BankTransaction, currency: str) -> list[Candidate]:
        account_id = self._ledger_accounts.get(row.bank_account_id)
        if account_id is None:
            return []
        candidates: list[Candidate] = []
        for entry in self._entries.get((row.organization_id, account_id, row.amount), ()):
            is_near = abs((entry.date - row.date).days) <= ENTRY_DAYS
            is_linked = (row.bank_account_id, entry.id) in self._links
            if is_near and not is_linked and _is_in(entry, account_id, currency):
                name = f"entry {entry.entry_number} {entry.description}".rstrip()
                same_payee = _names_payee(entry.description, row)
                candidates.append(Candidate("entry", entry.id, name, entry.date, same_payee))
        return candidates


def _moves(entry: Entry) -> dict[str, int]:
    """Return by how much an entry moves each account, in cents: debits are more, credits less."""
    moves: dict[str, int] = defaultdict(int)
    for line in entry.lines:
        moves[line.account_id] += line.debit_amount - line.credit_amount
    return moves


def _is_in(entry: Entry, account_id: str, currency: str) -> bool:
    """Return whether an entry moves the account in that currency; a line that names none is in the row's."""
    lines = [line for line in entry.lines if line.account_id == account_id]
    return all(line.currency_code in (None, currency) for line in lines)


def _names_payee(text: str, row: BankTransaction) -> bool:
    """Return whether more than half of the words of the shorter name stand in the other one."""
    words = _long_words(text)
    for name in (row.payee, row.counterparty, row.description):
        others = _long_words(name or "")
        common = words & others
        if 2 * len(common) > min(len(words), len(others)):
            return True
    return False


def _long_words(text: str) -> set[str]:
    return {word for word in words_of(text) if len(word) >= _SHORTEST_WORD}
