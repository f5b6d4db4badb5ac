"""Postings, mappings and connections that outlive the process (extra ``[store]``; ``[postgres]`` for PostgreSQL).

    from ledgerhq_ext.store import Store

    with Store("books.db") as store:
        outbox = store.outbox()
        outbox.add("org_8c1f", Purchase(...), source=("acme-pos", "1001"))
        outbox.drain(hq, workers=4)

What happens to a posting when a process, a machine or a connection dies: docs/crash-safety.md.
"""

from ledgerhq_ext.store.errors import StoreError
from ledgerhq_ext.store.mapping import AccountLink, AccountLinks, AsyncClients, ClientLink, Clients
from ledgerhq_ext.store.outbox import AsyncOutbox, Outbox, OutboxSettings
from ledgerhq_ext.store.rows import Doubt, Drained, Failure, Progress, Status, StoredPosting
from ledgerhq_ext.store.store import Store
from ledgerhq_ext.store.tokens import SQLTokenStore

__all__ = [
    "AccountLink",
    "AccountLinks",
    "AsyncClients",
    "AsyncOutbox",
    "ClientLink",
    "Clients",
    "Doubt",
    "Drained",
    "Failure",
    "Outbox",
    "OutboxSettings",
    "Progress",
    "SQLTokenStore",
    "Status",
    "Store",
    "StoreError",
    "StoredPosting",
]
