"""The extras ``store`` and ``postgres``: an outbox posts once, in a file or in PostgreSQL."""

from __future__ import annotations

import sys

from ledgerhq_ext import JournalEntry, JournalLine, LedgerHQ
from ledgerhq_ext.store import Store


def main(url: str, token: str, place: str) -> None:
    """Add the same posting twice, drain twice, and see that it stands once."""
    with Store(place) as store, LedgerHQ(base_url=url, access_token=token) as hq:
        outbox = store.outbox()
        books = hq.organization(next(iter(hq.organizations(type="client"))))
        accounts = books.accounts()
        lines = [
            JournalLine.of(accounts.by_code("6900"), 500),
            JournalLine.of(accounts.by_code("1010"), -500),
        ]
        for _ in range(2):
            entry = JournalEntry(txn_date="2026-06-08", lines=lines)
            outbox.add(books, entry, source=("smoke", "1"))
            outbox.drain(hq)
        status = outbox.status()
        assert (status.posted, status.total) == (1, 1), status


main(sys.argv[1], sys.argv[2], sys.argv[3])
