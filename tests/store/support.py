"""The sandbox seen from outside, requests to post, and time that passes in the store when a test says so."""

from __future__ import annotations

import datetime as dt
import inspect
from typing import Any

from sqlalchemy import update

from ledgerhq_ext import BillPayment, Deposit, JournalEntry, JournalLine, Purchase, PurchaseLine, Transfer
from ledgerhq_ext.models import Receipt
from ledgerhq_ext.sandbox import Sandbox
from ledgerhq_ext.store import Store, StoredPosting
from ledgerhq_ext.store._schema import pauses, postings

OPTIONS: dict[str, Any] = {"timeout": 5, "deadline": 10}
SOURCE = ("acme-pos", "1001")


async def done(value: Any) -> Any:
    """What a method of either surface gives."""
    return await value if inspect.isawaitable(value) else value


class World:
    """One company of the sandbox."""

    def __init__(self, box: Sandbox, slug: str = "maple-street-coffee") -> None:
        self.box = box
        self.org = str(next(found["id"] for found in box.organizations if found["slug"] == slug))

    def account(self, code: str) -> str:
        found = self.box.rows("SELECT id FROM accounts WHERE organizationId = ? AND code = ?", self.org, code)
        return str(found[0]["id"])

    def purchase(self, amount: int = 4299, **changes: Any) -> Purchase:
        given: dict[str, Any] = {
            "txn_date": "2026-06-08",
            "payee_name": "Office Depot",
            "source_account_id": self.account("1010"),
            "lines": [PurchaseLine(account_id=self.account("6100"), amount=amount)],
        }
        return Purchase(**given | changes)

    def of_each_kind(self) -> list[Any]:
        bill = next(bill for bill in self.box.documents(self.org) if bill["status"] == "received")
        day, checking, sales = "2026-06-09", self.account("1010"), self.account("4000")
        lines = [JournalLine(account_id=checking, debit_amount=5), JournalLine(account_id=sales, credit_amount=5)]
        income = [PurchaseLine(account_id=sales, amount=700)]
        return [
            self.purchase(memo="café ☕"),
            Deposit(txn_date=day, destination_account_id=checking, lines=income),
            Transfer(txn_date=day, from_account_id=checking, to_account_id=self.account("1020"), amount=300),
            BillPayment(txn_date=day, bill_id=bill["id"], source_account_id=checking, amount=100),
            JournalEntry(txn_date=day, lines=lines),
        ]

    def postings(self) -> list[dict[str, Any]]:
        return self.box.postings(self.org)

    def sent(self) -> int:
        """How many POSTs of this company arrived."""
        return sum(r["method"] == "POST" and r.get("organizationId") == self.org for r in self.box.requests)


def same(receipt: Receipt | None, posting: dict[str, Any]) -> bool:
    """Whether a stored receipt is the sandbox's."""
    told = posting["receipt"]
    return receipt is not None and told == {
        "id": receipt.id,
        "resourceType": receipt.resource_type,
        "journalEntryId": receipt.journal_entry_id,
        "bankTransactionIds": list(receipt.bank_transaction_ids),
        "status": receipt.status,
        "postedAt": receipt.posted_at.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "idempotencyKey": receipt.idempotency_key,
    }


def time_passes(store: Store, seconds: float) -> None:
    """Make everything in the store older: leases and pauses end, keys expire."""

    def work(db: Any) -> None:
        due, sent = postings.c.due_at - seconds, postings.c.first_sent_at - seconds
        db.execute(update(postings).values(due_at=due, first_sent_at=sent))
        db.execute(update(pauses).values(until=pauses.c.until - seconds))

    store._database.write("test", work)


def the_only(rows: tuple[StoredPosting, ...]) -> StoredPosting:
    (row,) = rows
    return row
