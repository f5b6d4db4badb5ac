"""A worker: it serves every connection of a store, for months, by short drains in turn."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from ledgerhq_ext._handle import Handle
from ledgerhq_ext._http.awaiting import AwaitingIO
from ledgerhq_ext._http.session import Session
from ledgerhq_ext.blocking import LedgerHQ
from ledgerhq_ext.client import AsyncLedgerHQ
from ledgerhq_ext.errors import InputError, LedgerHQError
from ledgerhq_ext.store._drain import Share
from ledgerhq_ext.store._errors import StoreError

ClientFor: TypeAlias = Callable[[str], LedgerHQ | AsyncLedgerHQ | None]
"""Returns the client of a connection, by its name; None where the connection has none."""

SHARE = 10.0
"""Seconds that one connection is served before the others have their turn."""

# Seconds.
_POLL = 3.0
_STEP = 0.5
_SHORTEST_REST = 0.5
_LONGEST_REST = 15.0
_REST_WITHOUT_CLIENT = 60.0

log = logging.getLogger("ledgerhq_ext.store")


class Worker:
    """Serves connections in turn.

    One that has nothing to send, or no grant, rests and costs the others nothing.
    """

    def __init__(
        self,
        due_connections: Callable[[], Awaitable[list[str]]],
        serve: Callable[[AsyncLedgerHQ], Awaitable[Share]],
        client_for: ClientFor,
        stop: Callable[[], bool],
        *,
        awaits: bool,
    ) -> None:
        self._due_connections = due_connections
        self._serve_client = serve
        self._sleep = _pause_on_loop if awaits else _pause_in_place
        self._client_for = client_for
        self._stop = stop
        self._awaits = awaits
        self._rests: dict[str, float] = {}

    async def serve(self) -> None:
        """Serve what is due, then wait for more, until ``stop`` says so."""
        while not self._stop():
            if not await self._round():
                await self._idle()

    async def _round(self) -> bool:
        """Give every connection with something due its turn; return whether anything was sent."""
        is_busy = False
        for name in await self._due_connections():
            if self._stop():
                break
            if time.monotonic() < self._rests.get(name, 0.0):
                continue
            if await self._serve(name):
                is_busy = True
        return is_busy

    async def _serve(self, name: str) -> bool:
        """Drain one connection for its share of the time; return whether anything was sent."""
        client = self._client_of(name)
        if client is None:
            self._rest(name, _REST_WITHOUT_CLIENT)
            return False
        try:
            share = await self._serve_client(client)
        except StoreError:
            # Without the database nothing can be done for anybody.
            raise
        except LedgerHQError as error:
            log.warning("the connection %r is skipped for a while: %s", name, error)
            self._rest(name, _REST_WITHOUT_CLIENT)
            return False

        if share.has_sent:
            return True
        self._rest(name, _pause_after(share))
        return False

    def _client_of(self, name: str) -> AsyncLedgerHQ | None:
        """Return the client of a connection, or None where the app has none or cannot make one."""
        try:
            client = self._client_for(name)
        except Exception:
            # The app's own code failed: that must not stop the other connections.
            log.exception("the connection %r is skipped for a while: client_for failed", name)
            return None
        if client is None:
            return None

        core = client._core if isinstance(client, Handle) else client
        is_client = isinstance(core, AsyncLedgerHQ)
        if is_client and awaits(core._session) == self._awaits:
            return core
        kind = "an AsyncLedgerHQ" if self._awaits else "a LedgerHQ"
        raise InputError(f"client_for must return {kind}, or None, not {client!r}.")

    def _rest(self, name: str, seconds: float) -> None:
        self._rests[name] = time.monotonic() + seconds

    async def _idle(self) -> None:
        """Wait a moment, in steps: whoever stops the worker is not kept waiting."""
        end = time.monotonic() + _POLL
        while not self._stop() and time.monotonic() < end:
            await self._sleep(_STEP)


async def _pause_in_place(seconds: float) -> None:
    """Wait on the calling thread."""
    time.sleep(seconds)


async def _pause_on_loop(seconds: float) -> None:
    """Wait on the event loop."""
    import anyio

    await anyio.sleep(seconds)


def awaits(session: Session) -> bool:
    """Return whether a client waits on an event loop."""
    return isinstance(session.io, AwaitingIO)


def _pause_after(share: Share) -> float:
    """Return for how many seconds a connection rests that had nothing to send."""
    if share.wait is None:
        return _LONGEST_REST
    return min(max(share.wait, _SHORTEST_REST), _LONGEST_REST)
