"""One database: the outbox, the mapping, and the connections."""

from __future__ import annotations

import os
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from ledgerhq_ext.models import OrganizationInfo
from ledgerhq_ext.scope import Scope
from ledgerhq_ext.store.database import Database
from ledgerhq_ext.store.mapping import AccountLinks, AsyncClients, Clients
from ledgerhq_ext.store.outbox import AsyncOutbox, Outbox, OutboxSettings
from ledgerhq_ext.store.tokens import SQLTokenStore


class Books:
    """What the store keeps of one organization."""

    def __init__(self, database: Database, organization_id: str) -> None:
        self.accounts = AccountLinks(database, organization_id)


class Store:
    """A file (SQLite), or the URL of a PostgreSQL database (``postgresql://…``, extra ``[postgres]``).

    Tables are made on first use, in the file (mode 0600, its folder 0700 where it is made) or the database;
    those of an older release are brought up to date, those of a newer one are a ``StoreError``. Safe to share
    between threads; a forked child makes its own connections. The file must be on a local disk.
    ``patience``: seconds for which work is tried again while a PostgreSQL server restarts.
    """

    def __init__(self, place: str | os.PathLike[str], *, patience: float = 30.0) -> None:
        self._database = Database(place, patience=patience)

    def __repr__(self) -> str:
        return f"Store({self._database.url.render_as_string(hide_password=True)!r})"

    def outbox(self, settings: OutboxSettings | None = None) -> Outbox:
        """The outbox, blocking."""
        return Outbox(self._database, settings)

    def async_outbox(self, settings: OutboxSettings | None = None) -> AsyncOutbox:
        """The outbox, awaited."""
        return AsyncOutbox(self._database, settings)

    @property
    def clients(self) -> Clients:
        """Which organization is which of your clients."""
        return Clients(self._database)

    @property
    def async_clients(self) -> AsyncClients:
        """The same, awaited."""
        return AsyncClients(self._database)

    def books(self, organization: str | OrganizationInfo | Scope) -> Books:
        """What is kept of one organization: ``store.books(id).accounts.link("till-3", account)``."""
        return Books(self._database, organization if isinstance(organization, str) else organization.id)

    def token_store(
        self, keys: str | bytes | Sequence[str | bytes] = (), *, name: str = "default", plaintext: bool = False
    ) -> SQLTokenStore:
        """A token store for ``LedgerHQ(token_store=…)``: one connection under a name.

        ``keys`` are Fernet keys, or one: the first encrypts, all decrypt. Without keys ``plaintext=True`` must be said.
        """
        several = [keys] if isinstance(keys, str | bytes) else keys
        return SQLTokenStore(self._database, name, several, plaintext=plaintext)

    def close(self) -> None:
        """Close the connections to the database."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
