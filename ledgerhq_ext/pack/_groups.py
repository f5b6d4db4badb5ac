"""The groups that a management pack sorts accounts into, by the sub-types of the chart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias, get_args

from attrs import evolve

from ledgerhq_ext.errors import InputError
from ledgerhq_ext.models import Account

Group: TypeAlias = Literal[
    "sales",
    "other_income",
    "cost_of_sales",
    "operating_expense",
    "depreciation",
    "other_expense",
    "income_tax",
    "cash",
    "receivable",
    "inventory",
    "current_asset",
    "fixed_asset",
    "payable",
    "current_liability",
    "loan",
    "equity",
    "retained_earnings",
]
"""The kinds of account that a management pack tells apart."""

GROUPS: tuple[Group, ...] = get_args(Group)

# The account types whose accounts a group can hold.
_TYPES: dict[Group, str] = {
    "sales": "revenue",
    "other_income": "revenue",
    "cost_of_sales": "expense",
    "operating_expense": "expense",
    "depreciation": "expense",
    "other_expense": "expense",
    "income_tax": "expense",
    "cash": "asset",
    "receivable": "asset",
    "inventory": "asset",
    "current_asset": "asset",
    "fixed_asset": "asset",
    "payable": "liability",
    "current_liability": "liability",
    "loan": "liability",
    "equity": "equity",
    "retained_earnings": "equity",
}
# Where a sub-type says nothing: the group that most accounts of a type are in.
_DEFAULTS: dict[str, Group] = {
    "revenue": "sales",
    "expense": "operating_expense",
    "asset": "current_asset",
    "liability": "current_liability",
    "equity": "equity",
}
# The contract leaves `subType` open. Singular and plural, and every way to join words, are alike.
_WORDS: dict[Group, tuple[str, ...]] = {
    "sales": ("sales", "sale", "income", "revenue", "operating revenue"),
    "other_income": (
        "other income",
        "other revenue",
        "interest income",
        "non operating income",
        "finance income",
    ),
    "cost_of_sales": ("cost of sales", "cost of goods sold", "cogs", "direct cost"),
    "operating_expense": ("operating expense", "expense", "overhead", "payroll"),
    "depreciation": ("depreciation", "amortization", "depreciation and amortization"),
    "other_expense": (
        "other expense",
        "interest expense",
        "non operating expense",
        "finance cost",
    ),
    "income_tax": ("income tax", "income tax expense", "corporation tax"),
    "cash": ("cash", "bank", "checking", "savings", "petty cash", "cash and cash equivalents"),
    "receivable": ("accounts receivable", "receivable", "debtor", "trade debtor"),
    "inventory": ("inventory", "stock"),
    "current_asset": ("current asset", "other current asset", "clearing", "prepayment"),
    "fixed_asset": (
        "fixed asset",
        "non current asset",
        "property plant and equipment",
        "accumulated depreciation",
        "intangible asset",
    ),
    "payable": ("accounts payable", "payable", "creditor", "trade creditor"),
    "current_liability": (
        "current liability",
        "other current liability",
        "credit card",
        "tax",
        "accrual",
    ),
    "loan": ("loan", "long term liability", "non current liability", "mortgage"),
    "equity": ("equity", "capital", "owner equity", "drawing", "share capital"),
    "retained_earnings": ("retained earnings",),
}


def _letters(word: str) -> str:
    """Return a word without case, blanks, joining signs and plurals."""
    letters = "".join(char for char in word.lower() if char.isalpha())
    return letters.replace("ies", "y").replace("s", "")


_BY_LETTERS: dict[tuple[str, str], Group] = {
    (_TYPES[group], _letters(word)): group
    for group, words in _WORDS.items()
    for word in (group, *words)
}


def group_of(kind: str, sub_type: str | None) -> Group | None:
    """Return the group of an account by its type and sub-type; None for an unknown sub-type."""
    return _BY_LETTERS.get((kind, _letters(sub_type or "")))


def _default_group(kind: str) -> Group:
    """Return the group of accounts of a type whose sub-type is not known."""
    return _DEFAULTS.get(kind, "operating_expense")


def with_groups(
    accounts: Iterable[Account], groups: Mapping[str, Group] | None
) -> tuple[Account, ...]:
    """Return the accounts with these groups, by account code, as their sub-types.

    Raises ``InputError`` for a code that no account has, a word that is not a group, and a group of
    another type of account.
    """
    chart = tuple(accounts)
    if not groups:
        return chart

    if not isinstance(groups, Mapping):
        raise InputError(
            "groups must map account codes to groups, such as {'6600': 'depreciation'}, not "
            f"{groups!r}."
        )
    codes = {account.code for account in chart}
    for code in groups:
        if code not in codes:
            raise InputError(f"groups: no account of this company has the code {code!r}.")
    return tuple(
        evolve(account, sub_type=_checked(account, groups[account.code]))
        if account.code in groups
        else account
        for account in chart
    )


def _checked(account: Account, group: Group) -> Group:
    """Return the group, if an account of this type can be in it."""
    if group not in GROUPS:
        raise InputError(
            f"groups: {group!r} is not a group; use one of {', '.join(GROUPS)} for the account "
            f"{account.code}."
        )
    if _TYPES[group] != account.type:
        raise InputError(
            f"groups: the account {account.code} has the type {account.type}, so that it cannot be "
            f"in the group {group!r}."
        )
    return group


class Groups:
    """The accounts of a company by group. ``unknown`` are those that are in one by default."""

    def __init__(self, accounts: Iterable[Account]) -> None:
        self._groups: dict[str, Group] = {}
        self.unknown: list[Account] = []
        for account in accounts:
            group = group_of(account.type, account.sub_type)
            if group is None:
                group = _default_group(account.type)
                self.unknown.append(account)
            self._groups[account.id] = group

    def has(self, group: Group) -> bool:
        """Return whether an account is in a group."""
        return group in self._groups.values()

    def of(self, account_id: str | None, kind: str) -> Group:
        """Return the group of an account; the usual one of its type where it is not known."""
        return self._groups.get(account_id or "") or _default_group(kind)
