"""A stored connection that belongs to the vendor's new host from now on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from ledgerhq_ext._http.urls import origins_of_move
from ledgerhq_ext.errors import InputError

if TYPE_CHECKING:
    from ledgerhq_ext._auth.sections import TokenStore


def move_connection(store: TokenStore, old: str, new: str) -> None:
    """Let the connection of a store belong to the new host.

    Raises ``InputError`` when it does not belong to the old host, or is being refreshed.
    """
    move = origins_of_move(old, new)
    section = store.try_lock()
    if section is None:
        raise InputError("The connection is being refreshed. Try again.")
    with section:
        connection = section.read()
        if connection is None or connection.issuer != move.old:
            raise InputError(
                f"{store!r} contains no connection to {move.old}. Nothing was changed."
            )
        section.write(evolve(connection, issuer=move.new))
