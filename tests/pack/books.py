"""A company's books added up anew from its entries: nothing of the package's reports is used."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from ledgerhq_ext import Organization
from ledgerhq_ext.models import Entry

CASH = ("1010", "1020", "1050")
RECEIVABLE = ("1100",)
INVENTORY = ("1300",)
OTHER_CURRENT_ASSETS = ("1200",)
FIXED_ASSETS = ("1500", "1590")
PAYABLE = ("2000",)
OTHER_CURRENT_LIABILITIES = ("2100", "2200", "2300")
LOANS = ("2500",)
EQUITY = ("3000", "3100")
SALES = ("4000", "4100")
OTHER_INCOME = ("4900",)
COST_OF_SALES = ("5000",)
DEPRECIATION = ("6600",)
GROUPS = {"6600": "depreciation", "4900": "other_income"}
"""What the sandbox's chart does not say by its sub-types."""


class Books:
    """The posted entries of a company, by account code; debits are positive."""

    def __init__(self, organization: Organization) -> None:
        accounts = list(organization.accounts())
        self.codes = {account.id: account.code for account in accounts}
        self.types = {account.code: account.type for account in accounts}
        self.entries: list[Entry] = [
            entry for entry in organization.entries() if entry.status == "posted"
        ]

    def moved(self, codes: Iterable[str], start: dt.date, end: dt.date) -> int:
        """Return what some accounts moved from one day to another, both included."""
        wanted = set(codes)
        return sum(
            line.debit_amount - line.credit_amount
            for entry in self.entries
            if start <= entry.date <= end
            for line in entry.lines
            if self.codes[line.account_id] in wanted
        )

    def balance(self, codes: Iterable[str], day: dt.date) -> int:
        """Return the balance of some accounts at the end of a day."""
        return self.moved(codes, dt.date.min, day)

    def of_type(self, *types: str) -> list[str]:
        """Return the codes of the accounts of some types."""
        return [code for code, type in self.types.items() if type in types]
