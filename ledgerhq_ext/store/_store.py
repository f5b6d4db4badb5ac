"""One database: the outbox, the mapping, and the connections."""

from __future__ import annotations

import os
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from ledgerhq_ext._http.awaiting import in_thread
from ledgerhq_ext._http.io import in_place
from ledgerhq_ext._http.urls import origins_of_move
from ledgerhq_ext.store._blocking import AccountLinks, Clients, Outbox
from ledgerhq_ext.store._database import Database
from ledgerhq_ext.store._mapping import AsyncAccountLinks, AsyncClients
from ledgerhq_ext.store._moving import HostMove, move_host
from ledgerhq_ext.store._outbox import AsyncOutbox
from ledgerhq_ext.store._owner import AnyOrganization, id_of
from ledgerhq_ext.store._place import shown
from ledgerhq_ext.store._settings import OutboxSettings
from ledgerhq_ext.store._tokens import SQLTokenStore


class Store:
    """A file (SQLite), or the URL of a PostgreSQL database (``postgresql://…``, extra
    ``[postgres]``).

    Tables are created on first use, in the file (mode 0600; a new folder gets mode 0700) or the
    database. Tables from an older release are upgraded; those from a newer one raise
    ``StoreError``. Safe to share between threads; a forked child opens its own connections. The
    file must be on a local disk. ``patience`` is how many seconds work is retried while a
    PostgreSQL server restarts; the first use is not retried, because the address may be wrong.
    """

    def __init__(self, place: str | os.PathLike[str], *, patience: float = 30.0) -> None:
        self._database = Database(place, patience=patience)

    def __repr__(self) -> str:
        return f"Store({shown(self._database.url)!r})"

    def exists(self) -> bool:
        """Return whether the file, or the tables in the database, are there already.

        Makes neither. Raises ``StoreError`` if the database cannot be reached.
        """
        return self._database.exists()

    def outbox(self, settings: OutboxSettings | None = None) -> Outbox:
        """Return the outbox (blocking)."""
        return Outbox._of(AsyncOutbox(self._database, settings, in_place))

    def async_outbox(self, settings: OutboxSettings | None = None) -> AsyncOutbox:
        """Return the outbox (asynchronous)."""
        return AsyncOutbox(self._database, settings)

    @property
    def clients(self) -> Clients:
        """The links of your clients to their organizations (blocking)."""
        return Clients._of(AsyncClients(self._database, in_place))

    @property
    def async_clients(self) -> AsyncClients:
        """The links of your clients to their organizations (asynchronous)."""
        return AsyncClients(self._database)

    def accounts(self, organization: AnyOrganization) -> AccountLinks:
        """Return the links of your accounts to those of one organization (blocking).

        ``store.accounts(books).link("till-3", account)``
        """
        return AccountLinks._of(AsyncAccountLinks(self._database, id_of(organization), in_place))

    def async_accounts(self, organization: AnyOrganization) -> AsyncAccountLinks:
        """Return the links of your accounts to those of one organization (asynchronous)."""
        return AsyncAccountLinks(self._database, id_of(organization))

    def token_store(
        self,
        keys: str | bytes | Sequence[str | bytes] = (),
        *,
        name: str = "default",
        plaintext: bool = False,
    ) -> SQLTokenStore:
        """Return a token store for ``LedgerHQ(token_store=…)``, which holds one named connection.

        ``keys`` is one Fernet key or several: the first encrypts, all decrypt. Raises
        ``InputError`` without keys, unless ``plaintext=True`` allows storing the tokens
        unencrypted.
        """
        several = [keys] if isinstance(keys, str | bytes) else keys
        return SQLTokenStore(self._database, name, several, plaintext=plaintext)

    def move_host(self, old: str, new: str, *, keys_moved: bool = False) -> HostMove:
        """Move everything that belongs to the service's old host to its new one, in one
        transaction.

        Both arguments are base URLs (``https://…``). From then on tokens go to the new host (no
        encryption keys are needed), and links and unsent postings are bound to it. A posting that
        may have been sent to the old host needs attention, unless ``keys_moved`` says that the new
        host knows the idempotency keys of the old one; ask the vendor. Stop the workers first.
        Return the numbers that moved. Raises ``InputError`` if nothing in the store belongs to the
        old host (the message lists the hosts it knows), if both are the same, or if one is not a
        base URL. Connections written by an older release do not reveal their host without their
        keys; while there are any, no old host is refused (see ``HostMove``).
        """
        move = origins_of_move(old, new)
        return move_host(self._database, move, keys_moved)

    async def async_move_host(self, old: str, new: str, *, keys_moved: bool = False) -> HostMove:
        """Do the same as ``move_host``, asynchronously."""
        return await in_thread(self.move_host, old, new, keys_moved=keys_moved)

    def close(self) -> None:
        """Close the connections to the database."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
