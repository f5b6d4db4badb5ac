"""Postings, mappings and connections that survive a restart (extra ``[store]``; ``[postgres]`` for
PostgreSQL).

    from ledgerhq_ext.store import Store

    with Store("books.db") as store:
        outbox = store.outbox()
        outbox.add(books, purchase, source=("acme-pos", "1001"))
        outbox.drain(hq, workers=4)

``books`` is what ``hq.organization(…)`` returns, or the id of an organization. docs/crash-safety.md
describes what happens to a posting when a process, a machine or a connection fails.
"""

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from ledgerhq_ext._extras import require

require("the store", "store", "cryptography", "sqlalchemy")

from ledgerhq_ext.store._audit import Audit, Finding, FindingKind, Unchecked
from ledgerhq_ext.store._blocking import AccountLinks, Clients, Outbox
from ledgerhq_ext.store._bulk import AddResult
from ledgerhq_ext.store._errors import StoreError
from ledgerhq_ext.store._links import AccountLink, ClientLink
from ledgerhq_ext.store._mapping import AsyncAccountLinks, AsyncClients
from ledgerhq_ext.store._moving import Adoption, HostMove
from ledgerhq_ext.store._outbox import AsyncOutbox
from ledgerhq_ext.store._owner import AnyOrganization
from ledgerhq_ext.store._rows import (
    Doubt,
    DrainResult,
    Failure,
    Pause,
    Progress,
    Status,
    StoredPosting,
)
from ledgerhq_ext.store._settings import OutboxSettings
from ledgerhq_ext.store._store import Store
from ledgerhq_ext.store._tokens import SQLTokenStore
from ledgerhq_ext.store._transactions import AnyTransaction, DriverConnection
from ledgerhq_ext.store._worker import ClientFor

if TYPE_CHECKING:
    from ledgerhq_ext.store._keyrings import KeyringTokenStore


def __getattr__(name: str) -> Any:
    if name != "KeyringTokenStore":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    require("the keyring store", "keyring", "keyring")
    from ledgerhq_ext.store._keyrings import KeyringTokenStore

    return KeyringTokenStore


__all__ = [
    "AccountLink",
    "AccountLinks",
    "AddResult",
    "Adoption",
    "AnyOrganization",
    "AnyTransaction",
    "AsyncAccountLinks",
    "AsyncClients",
    "AsyncOutbox",
    "Audit",
    "ClientFor",
    "ClientLink",
    "Clients",
    "Doubt",
    "DrainResult",
    "DriverConnection",
    "Failure",
    "Finding",
    "FindingKind",
    "HostMove",
    "Outbox",
    "OutboxSettings",
    "Pause",
    "Progress",
    "SQLTokenStore",
    "Status",
    "Store",
    "StoreError",
    "StoredPosting",
    "Unchecked",
]
if find_spec("keyring") is not None:
    # Only then: `from ledgerhq_ext.store import *` asks for every name in the list.
    __all__ += ["KeyringTokenStore"]
