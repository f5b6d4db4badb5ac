"""What a row may look like when its decision is carried out: as it was reviewed, or as the file
itself leaves it.
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
        if decision.target is not None:
            kind, id = decision.target
            if kind == "entry":
                self.entries.add(id)
            else:
                self.makes_entry = True

    def check(self, row: BankTransaction, decision: Decision) -> None:
        """Raise ``InputError`` where the row is another one than was decided about."""
        if decision.status and row.status not in self.statuses:
            raise InputError(
                f"the row is {row.status} by now, it was reviewed as {decision.status}."
            )
        entry = row.journal_entry_id or ""
        if decision.entry is not None and not self.makes_entry and entry not in self.entries:
            now = f"entry {entry}" if entry else "no entry"
            reviewed = f"entry {decision.entry}" if decision.entry else "no entry"
            raise InputError(
                f"the row is linked with {now} by now, it was reviewed with {reviewed}."
            )


def expectations(decisions: Iterable[Decision]) -> dict[str, Expectation]:
    """Return what to expect, by the id of the row."""
    expected: dict[str, Expectation] = {}
    for decision in decisions:
        expected.setdefault(decision.transaction_id, Expectation()).add(decision)
    return expected
