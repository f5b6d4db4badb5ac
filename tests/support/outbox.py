"""The outbox's rows, compared with the sandbox's, and time that passes in the store when a test
says so.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import update

from ledgerhq_ext.models import Receipt
from ledgerhq_ext.store import Progress, Store, StoredPosting
from ledgerhq_ext.store._schema import pauses, postings

OPTIONS: dict[str, Any] = {"timeout": 5, "deadline": 10}
SOURCE = ("acme-pos", "1001")


def same(receipt: Receipt | None, posting: dict[str, Any]) -> bool:
    """Return whether a stored receipt is the sandbox's."""
    if receipt is None:
        return False
    fields = {
        "id": receipt.id,
        "resourceType": receipt.resource_type,
        "journalEntryId": receipt.journal_entry_id,
        "bankTransactionIds": list(receipt.bank_transaction_ids),
        "status": receipt.status,
        "postedAt": receipt.posted_at.astimezone(dt.UTC)
        .isoformat(timespec="milliseconds")
        .replace("+00:00", "Z"),
        "idempotencyKey": receipt.idempotency_key,
    }
    return bool(posting["receipt"] == fields)


def after(attempts: int) -> dict[str, Any]:
    """Return arguments of a drain that let it stop after so many attempts."""
    seen: list[Progress] = []
    return {"on_progress": seen.append, "stop": lambda: len(seen) >= attempts}


def time_passes(store: Store, seconds: float) -> None:
    """Make everything in the store older: leases and pauses end, keys expire."""

    def work(db: Any) -> None:
        due = postings.c.due_at - seconds
        sent = postings.c.first_sent_at - seconds
        db.execute(update(postings).values(due_at=due, first_sent_at=sent))
        db.execute(update(pauses).values(ends_at=pauses.c.ends_at - seconds))

    store._database.write("test", work)


def the_only(rows: tuple[StoredPosting, ...]) -> StoredPosting:
    """Return the one row there is."""
    (row,) = rows
    return row
