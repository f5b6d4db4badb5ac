"""Forks: none happens while a connection of SQLite is open, and a child lets go of PostgreSQL's.

SQLite keeps in memory what it knows of the locks of a file, and a child gets a copy of it. So the
child's connections would take the locks of its parent's for their own: a transaction that ran at
that moment would lock the child out for ever, and its parent would take its own last connection for
the last of all, and delete the log that the child writes to, with what the child has committed.

A server of PostgreSQL takes a connection for alive as long as any process has its socket. So a
child would keep open what its parent was killed in: the locks on rows, and on a token store.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol
from weakref import WeakSet

from ledgerhq_ext.store._errors import StoreError

_PATIENCE = 35.0
"""Seconds for which a fork waits for transactions: a little longer than these wait for a lock."""


class Idle(Protocol):
    """A database whose connections can be closed while nobody uses them."""

    def close_connections(self) -> None:
        """Close the connections; the next use makes others."""


class Server(Protocol):
    """A connection to a server."""

    @property
    def closed(self) -> bool:
        """Return whether it has no socket any more."""

    def fileno(self) -> int:
        """Return its socket."""


class _Forks:
    """What runs on SQLite in this process, and which forks wait for it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._uses = 0
        self._waiting = 0
        self._is_spoiled = False
        self.databases: WeakSet[Idle] = WeakSet()
        self.servers: WeakSet[Server] = WeakSet()

    @contextmanager
    def held_off(self) -> Iterator[None]:
        """Let no fork happen inside the block."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting == 0)
            if self._is_spoiled:
                raise StoreError(
                    "This process was forked in the middle of a transaction on an SQLite store, "
                    "so it cannot use one. Start it anew, or fork when no thread uses the store."
                )
            self._uses += 1
        try:
            yield
        finally:
            with self._changed:
                self._uses -= 1
                self._changed.notify_all()

    def before(self) -> None:
        """Wait until nothing runs, close all connections, and let nothing begin."""
        self._changed.acquire()
        self._waiting += 1
        self._changed.wait_for(lambda: self._uses == 0, _PATIENCE)
        for database in list(self.databases):
            database.close_connections()

    def after_in_parent(self) -> None:
        """Go on."""
        self._waiting -= 1
        self._changed.notify_all()
        self._changed.release()

    def after_in_child(self) -> None:
        """Begin anew: the other threads are not here."""
        self._changed = threading.Condition()
        self._is_spoiled = self._is_spoiled or self._uses > 0
        self._uses = 0
        self._waiting = 0
        for server in list(self.servers):
            if not server.closed:
                _let_go(server.fileno())


def _let_go(socket: int) -> None:
    """Close this process's copy of a socket, and put nothing in its place: whoever still writes to
    it must hit no other file.
    """
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, socket, inheritable=False)
    os.close(nothing)


FORKS = _Forks()

if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=FORKS.before,
        after_in_parent=FORKS.after_in_parent,
        after_in_child=FORKS.after_in_child,
    )
