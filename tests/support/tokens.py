"""Connections in token stores."""

from __future__ import annotations

from ledgerhq_ext import Connection, TokenStore


def write_connection(store: TokenStore, connection: Connection | None) -> None:
    """Write a connection as a refresh does, or forget the one there is."""
    section = store.try_lock()
    assert section is not None
    with section:
        section.write(connection)
        assert section.read() == connection
