"""Suggestions for a row: it probably is what earlier rows of the same payee were."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from operator import attrgetter

from attrs import frozen

from ledgerhq_ext._plain import plain
from ledgerhq_ext.models import Account, BankTransaction

LOOK_BACK = 10
"""How many earlier rows of a payee count: books change."""
_NOISE = re.compile(r"[\W\d_]+")


@frozen
class Suggestion:
    """A likely account: of the ``among`` latest earlier rows of this payee, ``seen`` were booked to
    it.
    """

    account_id: str
    account_code: str | None
    account_name: str | None
    seen: int
    among: int

    def __str__(self) -> str:
        account = account_label(self.account_code, self.account_name) or self.account_id
        return f"{account} ({self.seen} of {self.among})"


def account_label(code: str | None, name: str | None) -> str:
    """Return an account as people know it, by code and name; empty where it has neither."""
    return " ".join(filter(None, (code, name)))


def label_of(account: Account) -> str:
    """Return code and name of an account as one line, by which a reviewed file may name it."""
    return plain(account_label(account.code, account.name)).strip()


def by_label(accounts: Iterable[Account]) -> dict[str, Account]:
    """Return the accounts by code and name, where only one has both."""
    everything = [(label_of(account), account) for account in accounts]
    counts = Counter(label for label, _ in everything)
    return {label: account for label, account in everything if counts[label] == 1}


def words_of(text: str) -> list[str]:
    """Return the words of a name, whatever numbers and dates a bank puts around them."""
    return _NOISE.sub(" ", text).casefold().split()


def payee_key(row: BankTransaction) -> str:
    """Return whom a row is with, by its words; empty when nothing says."""
    return " ".join(words_of(row.payee or row.counterparty or row.description))


def _is_classified(row: BankTransaction) -> bool:
    # What somebody excluded is not in the books, whatever account it had.
    return bool(row.account_id) and row.status != "excluded"


class History:
    """Rows that are classified, by payee and direction."""

    def __init__(self, rows: Iterable[BankTransaction]) -> None:
        self._rows: dict[tuple[str, str, bool], list[BankTransaction]] = defaultdict(list)
        for row in filter(_is_classified, rows):
            payee = payee_key(row)
            # Without words there is nobody to compare with.
            if payee:
                self._rows[row.organization_id, payee, row.amount < 0].append(row)
        for of_payee in self._rows.values():
            of_payee.sort(key=attrgetter("date", "id"), reverse=True)

    def suggest(self, row: BankTransaction) -> Suggestion | None:
        """Return the commonest account of the payee's latest earlier rows; the latest of them where
        two are as common.
        """
        of_payee = self._rows.get((row.organization_id, payee_key(row), row.amount < 0), ())
        earlier = [other for other in of_payee if other.id != row.id and other.date <= row.date]
        latest = earlier[:LOOK_BACK]
        if not latest:
            return None

        # Of accounts that are as common, this is the one that came first: the latest.
        [(account_id, count)] = Counter(other.account_id for other in latest).most_common(1)
        example = next(other for other in latest if other.account_id == account_id)
        return Suggestion(
            account_id=account_id or "",
            account_code=example.account_code,
            account_name=example.account_name,
            seen=count,
            among=len(latest),
        )
