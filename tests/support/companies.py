"""Companies of the sandbox, seen from outside the client under test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

from ledgerhq_ext import (
    BillPayment,
    Deposit,
    JournalEntry,
    JournalLine,
    Purchase,
    PurchaseLine,
    Transfer,
)

from .clients import new_client
from .clocks import FakeClock
from .surfaces import Surface

if TYPE_CHECKING:
    # Tests that need no sandbox do not wait for its import.
    from ledgerhq_ext.sandbox import Sandbox

MAPLE, HARBOR, NORDIC, SAKURA = (
    "maple-street-coffee",
    "harbor-bike-repair",
    "nordic-design",
    "sakura-stationery",
)


def connect_to(box: Sandbox, surface: Surface, clock: FakeClock, **settings: Any) -> Any:
    """Return a client of the sandbox; nobody really sleeps."""
    return new_client(surface, clock, base_url=box.url, **settings)


def organization_id(box: Sandbox, slug: str) -> str:
    """Return the id of a company."""
    return str(next(row["id"] for row in box.organizations if row["slug"] == slug))


class Company:
    """What the state of a sandbox says about one company."""

    def __init__(self, box: Sandbox, org: str) -> None:
        self.box = box
        self.org = org

    def account(self, code: str) -> str:
        """Return the id of a ledger account."""
        [row] = self.box.rows(
            "SELECT id FROM accounts WHERE organizationId = ? AND code = ?", self.org, code
        )
        return str(row["id"])

    def document(self, kind: str, number: str) -> dict[str, Any]:
        """Return a bill or an invoice."""
        [row] = [row for row in self.box.documents(self.org, kind) if row["number"] == number]
        return row

    def bill(self, number: str) -> dict[str, Any]:
        """Return a bill."""
        return self.document("bill", number)


class World(Company):
    """A company, what to post to it, and the people who work in it."""

    def __init__(self, box: Sandbox, slug: str = MAPLE) -> None:
        super().__init__(box, organization_id(box, slug))

    def entry(self, description: str) -> str:
        """Return the id of a journal entry."""
        return str(
            next(
                entry["id"]
                for entry in self.box.entries(self.org)
                if entry["description"] == description
            )
        )

    def rows(self, **columns: Any) -> list[dict[str, Any]]:
        """Return the rows of the register that have these values."""
        rows = self.box.bank_rows(self.org)
        return [row for row in rows if all(row[name] == value for name, value in columns.items())]

    def row(self, **columns: Any) -> dict[str, Any]:
        """Return the first such row."""
        return self.rows(**columns)[0]

    def postings(self) -> list[dict[str, Any]]:
        """Return what was posted to the company."""
        return self.box.postings(self.org)

    def posts(self, verb: str = "") -> int:
        """Return how many POSTs of a verb arrived, to whichever company."""
        return sum(r["method"] == "POST" and r["path"].endswith(verb) for r in self.box.requests)

    def sent(self) -> int:
        """Return how many POSTs to the company arrived."""
        return sum(
            r["method"] == "POST" and r.get("organizationId") == self.org for r in self.box.requests
        )

    def somebody(self, method: str, path: str, body: dict[str, Any] | None = None) -> None:
        """Let a person do something in LedgerHQ, on whichever route there is."""
        authorization = {"authorization": f"Bearer {self.box.access_token()}"}
        with httpx.Client(
            base_url=f"{self.box.url}/api/v1", headers=authorization, verify=False
        ) as http:
            response = http.request(
                method, path, json=body, headers={"x-organization-id": self.org}
            )
            if response.status_code == httpx.codes.NOT_FOUND:
                response = http.request(method, f"/companies/{self.org}{path}", json=body)
        response.raise_for_status()

    def purchase(self, amount: int = 4299, **changes: Any) -> Purchase:
        """Return a purchase of office supplies from the checking account."""
        fields: dict[str, Any] = {
            "txn_date": "2026-06-08",
            "payee_name": "Office Depot",
            "source_account_id": self.account("1010"),
            "lines": [PurchaseLine(account_id=self.account("6100"), amount=amount)],
        }
        return Purchase(**fields | changes)

    def of_each_kind(self) -> list[Any]:
        """Return a request of each kind."""
        bill = next(bill for bill in self.box.documents(self.org) if bill["status"] == "received")
        day = "2026-06-09"
        checking = self.account("1010")
        sales = self.account("4000")
        lines = [
            JournalLine(account_id=checking, debit_amount=5),
            JournalLine(account_id=sales, credit_amount=5),
        ]
        income = [PurchaseLine(account_id=sales, amount=700)]
        return [
            self.purchase(memo="café ☕"),
            Deposit(txn_date=day, destination_account_id=checking, lines=income),
            Transfer(
                txn_date=day,
                from_account_id=checking,
                to_account_id=self.account("1020"),
                amount=300,
            ),
            BillPayment(txn_date=day, bill_id=bill["id"], source_account_id=checking, amount=100),
            JournalEntry(txn_date=day, lines=lines),
        ]
