"""A sheet: the rows of one company, collected before they are written to the database in one go."""

from __future__ import annotations

import random
from typing import Any

from ledgerhq_ext.sandbox._state import derived_id

_MOMENT = "T08:00:00.000Z"


class Sheet:
    """The seeded rows of one company.

    Its figures follow from the slug, its ids from the space and the slug.
    """

    def __init__(
        self, slug: str, organization: str, currency: str, space: tuple[object, ...] = ()
    ) -> None:
        self.slug = slug
        self.space = space
        self.organization = organization
        self.currency = currency
        self.random = random.Random(slug)  # noqa: S311
        self.tables: dict[str, list[dict[str, Any]]] = {}

    def id(self, table: str, name: str) -> str:
        """Return the id of a row by its name."""
        return derived_id(*self.space, self.slug, table, name)

    def add(self, table: str, row_name: str, /, **columns: Any) -> str:
        """Add a row to a table, and return its id."""
        row = {"id": self.id(table, row_name), "organizationId": self.organization, **columns}
        self.tables.setdefault(table, []).append(row)
        return str(row["id"])

    def entry(
        self, date: str, description: str, lines: list[tuple[str, int]], source: str = "bank_feed"
    ) -> str:
        """Add a posted entry, and return its id.

        Lines are codes with minor units, debits positive.
        """
        number = len(self.tables.get("entries", ())) + 1
        own = {
            "entryNumber": number,
            "date": date,
            "description": description,
            "sourceType": source,
        }
        moments = {"postedAt": date + _MOMENT, "createdAt": date + _MOMENT}
        entry_id = self.add("entries", str(number), **own, **moments, status="posted")
        for position, (code, amount) in enumerate(lines):
            line = {
                "id": self.id("lines", f"{number}.{position}"),
                "journalEntryId": entry_id,
                "position": position,
                "accountId": self.id("accounts", code),
                "debit": max(amount, 0),
                "credit": max(-amount, 0),
                "currencyCode": self.currency,
            }
            self.tables.setdefault("lines", []).append(line)
        return entry_id

    def row(self, code: str, date: str, description: str, amount: int, **columns: Any) -> str:
        """Add a row to the register of a bank account, by its ledger account, and return its id.

        `amount` is in minor units, negative for money out.
        """
        number = len(self.tables.get("bankRows", ())) + 1
        values = {
            "bankAccountId": self.id("bankAccounts", code),
            "date": date,
            "description": description,
            "amount": amount,
            "status": "unreconciled",
            "sourceType": "plaid_bank_feed",
            "externalTransactionId": f"plaid-{self.id('external', str(number))[:13]}",
            "payee": None,
            "counterparty": None,
            "currencyCode": self.currency,
            "postedDate": date,
            "pending": 0,
            "reconciliationId": None,
            "journalEntryId": None,
            "accountId": None,
            "createdAt": date + "T21:30:00.000Z",
        }
        return self.add("bankRows", str(number), **(values | columns))
