"""A source transaction as a file tells it, before accounts and amounts are looked at."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from attrs import frozen

KINDS = ("purchase", "deposit", "transfer", "bill_payment", "journal_entry")
"""The words for ``kind``, as the contract has them."""


@frozen(kw_only=True)
class SourceLine:
    """One line of a transaction: an account, by its code or id, and an amount in major units.

    ``debit`` and ``credit`` are those of a journal entry; a journal entry may have a signed
    ``amount`` instead, debits positive.
    """

    account: str
    amount: str | Decimal = ""
    debit: str | Decimal = ""
    credit: str | Decimal = ""
    description: str = ""
    tax_rate: str = ""


@frozen(kw_only=True)
class SourceTransaction:
    """One transaction of the source, as text.

    ``number`` is the line of the file on which it begins. ``values`` are the fields that it has
    once, by their names (see ``mapping.FIELDS``); what is empty there is left out.
    """

    number: int
    id: str
    kind: str
    values: Mapping[str, str]
    lines: tuple[SourceLine, ...]
    unit: str = ""
    """The currency that the file itself names; empty where it names none."""


@frozen
class Problem:
    """A reason that keeps a transaction of a file from being posted."""

    number: int
    """The line of the file."""
    id: str
    reason: str

    def __str__(self) -> str:
        name = f", id {self.id}" if self.id else ""
        return f"line {self.number}{name}: {self.reason}"


Item = SourceTransaction | Problem
