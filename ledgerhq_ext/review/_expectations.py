"""The looks that a row may have when its decision is carried out: as it was reviewed, or as the
file itself leaves it.
"""

from __future__ import annotations

from collections.abc import Iterable

from attrs import define, field

from ledgerhq_ext.errors import InputError
from ledgerhq_ext.models import BankTransaction
from ledgerhq_ext.review._decisions import Decision

AFTER = {
    "reconcile": "reconciled",
    "match": "reconciled",
    "split": "reconciled",
    "exclude": "excluded",
    "include": "unreconciled",
}
"""The status that an action leaves. (To reclassify changes none.)"""


@define
class Expectation:
    """The statuses and linked entries that a row may have; "" for no entry."""

    statuses: set[str] = field(factory=set)
    entries: set[str] = field(factory=set)
    makes_entry: bool = False
    """Whether the file has the service make an entry, whose id nobody knows beforehand."""

    def add(self, decision: Decision) -> None:
        """Take in what a decision says the row was, and what it makes of it."""
        self.statuses.add(decision.status)
        self.statuses.add(AFTER.get(decision.action, decision.status))
        self.entries.add(decision.entry or "")
        if decision.action == "split":
            self.makes_entry = True
        if decision.target is None:
            return

        kind, id = decision.target
        if kind == "entry":
            self.entries.add(id)
        else:
            self.makes_entry = True

    def check(self, row: BankTransaction, decision: Decision) -> None:
        """Raise ``InputError`` where the row is another one than was decided about."""
        if decision.date is not None and row.date != decision.date:
            raise InputError(
                f"The row is now of {row.date}, but it was reviewed as of {decision.date}."
            )
        if decision.status and row.status not in self.statuses:
            raise InputError(
                f"The row is now {row.status}, but it was reviewed as {decision.status}."
            )
        if decision.entry is None or self.makes_entry:
            return
        entry = row.journal_entry_id or ""
        if entry not in self.entries:
            raise InputError(
                f"The row is now linked to {_entry_name(entry)}, but it was reviewed with "
                f"{_entry_name(decision.entry)}."
            )


def _entry_name(id: str) -> str:
    return f"entry {id}" if id else "no entry"


def expectations(decisions: Iterable[Decision]) -> dict[str, Expectation]:
    """Return what to expect of each row, by its id."""
    by_row: dict[str, Expectation] = {}
    for decision in decisions:
        by_row.setdefault(decision.transaction_id, Expectation()).add(decision)
    return by_row
