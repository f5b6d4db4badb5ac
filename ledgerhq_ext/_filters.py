"""Filters: the words that the contract lists, and a way to send another one."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias, get_args

from attrs import field, frozen

from ledgerhq_ext._checks import some_text
from ledgerhq_ext.errors import InputError

AccountType: TypeAlias = Literal["asset", "liability", "equity", "revenue", "expense"]
OrganizationType: TypeAlias = Literal["firm", "client"]
ContactType: TypeAlias = Literal["customer", "supplier", "both"]
BillStatus: TypeAlias = Literal["draft", "received", "partial", "paid", "overdue", "void"]
EntryStatus: TypeAlias = Literal["draft", "posted", "void"]
BankTransactionStatus: TypeAlias = Literal["unreconciled", "reconciled", "excluded"]
ReportName: TypeAlias = Literal[
    "profitAndLoss",
    "balanceSheet",
    "trialBalance",
    "generalLedger",
    "bankReconciliationStatus",
]

REPORTS: tuple[ReportName, ...] = get_args(ReportName)
"""The statements a packet can hold, in the contract's words (``include``)."""

OPEN_BILLS: tuple[BillStatus, ...] = ("received", "partial", "overdue")
"""The statuses of bills that are to be paid: drafts are not owed yet, and void bills never are."""


@frozen
class Other:
    """A filter value that the contract does not list (yet): ``status=Other("archived")``.

    Raises ``InputError`` if it is not a string.
    """

    word: str = field(validator=some_text)


def filter_word(value: str | Other | None, words: Any, name: str) -> str | None:
    """Return the word to send for a filter; ``words`` is a ``Literal`` of the known ones.

    Raises ``InputError`` for a word that is not known, with the ones that come near.
    """
    if value is None:
        return None
    if isinstance(value, Other):
        return value.word
    known: tuple[str, ...] = get_args(words)
    if value in known:
        return value

    import difflib

    # A word that is passed on unknown would filter nothing, or everything.
    near = difflib.get_close_matches(str(value), known, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise InputError(
        f"{name} {value!r} is not one of {', '.join(known)}.{hint} To send a value that is not "
        f"listed, pass Other({value!r})."
    )
