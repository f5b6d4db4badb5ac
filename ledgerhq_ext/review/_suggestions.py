"""What a row probably is: what earlier rows of the same payee were."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from attrs import frozen

from ledgerhq_ext.models import BankTransaction

LOOK_BACK = 10
"""How many earlier rows of a payee count: books change."""
_NOISE = re.compile(r"[\W\d_]+")


@frozen
class Suggestion:
    """A likely account: ``seen`` of the ``among`` latest earlier rows of this payee were booked to
    it.
    """

    account_id: str
    account_code: str | None
    account_name: str | None
    seen: int
    among: int

    def __str__(self) -> str:
        named = (
            " ".join(part for part in (self.account_code, self.account_name) if part)
            or self.account_id
        )
        return f"{named} ({self.seen} of {self.among})"


def words_of(text: str) -> list[str]:
    """Return the words of a name, whatever numbers and dates a bank puts around them."""
    return _NOISE.sub(" ", text).casefold().split()


def payee_key(row: BankTransaction) -> str:
    """Return whom a row is with, by its words; empty when nothing says."""
    return " ".join(words_of(row.payee or row.counterparty or row.description))


class History:
    """Rows that are classified, by payee and direction."""

    def __init__(self, rows: Iterable[BankTransaction]) -> None:
        self._rows: dict[tuple[str, str, bool], list[BankTransaction]] = defaultdict(list)
        for row in rows:
            key = payee_key(row)
            if key and row.account_id and row.status != "excluded":
                self._rows[row.organization_id, key, row.amount < 0].append(row)
        for found in self._rows.values():
            found.sort(key=lambda row: (row.date, row.id), reverse=True)

    def suggest(self, row: BankTransaction) -> Suggestion | None:
        """The commonest account of the payee's latest earlier rows, the latest of them where two
        are as common.
        """
        known = self._rows.get((row.organization_id, payee_key(row), row.amount < 0), ())
        earlier = [other for other in known if other.id != row.id and other.date <= row.date][
            :LOOK_BACK
        ]
        if not earlier:
            return None
        account_id, seen = Counter(other.account_id for other in earlier).most_common(1)[0]
        latest = next(other for other in earlier if other.account_id == account_id)
        return Suggestion(
            account_id or "", latest.account_code, latest.account_name, seen, len(earlier)
        )
