"""What arrives on a connection of asyncio, until somebody reads it."""

from __future__ import annotations

import asyncio
from typing import cast

from ledgerhq_ext._http.network import MUCH


class Inbox(asyncio.Protocol):
    """What has arrived on a connection, and whether there can be more. One task waits at a time."""

    def __init__(self) -> None:
        self.content = b""
        self.is_over = False
        """True when nothing can arrive any more."""
        self.error: Exception | None = None
        self.is_congested = False
        """True while the system takes no more of what is written."""
        self._is_paused = False
        self._waiter: asyncio.Future[bool] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Use the transport from now on; it is called again for the one over TLS."""
        # Those of uvloop are not of asyncio's classes.
        self._transport = cast(asyncio.Transport, transport)
        # What the system does not take at once is waited for. With a limit of no bytes, a transport
        # over TLS would take an empty buffer for a full one.
        self._transport.set_write_buffer_limits(high=1, low=0)

    def data_received(self, data: bytes) -> None:
        """Keep bytes until they are read; nobody may fill the memory with them."""
        self.content = self.content + data if self.content else data
        if len(self.content) > MUCH and self._transport is not None and not self._is_paused:
            self._is_paused = True
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> None:
        """Note the end; the transport closes itself."""
        self.is_over = True
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """Note the end, and the error that it came by."""
        self.is_over = True
        self.error = exc
        self._wake()

    def pause_writing(self) -> None:
        """Note that the system takes no more for now."""
        self.is_congested = True

    def resume_writing(self) -> None:
        """Wake the task that waits until the system has taken everything."""
        self.is_congested = False
        self._wake()

    def take(self, max_bytes: int) -> bytes:
        """Return the first bytes of what has arrived; nothing at its end."""
        content = self.content[:max_bytes]
        self.content = self.content[max_bytes:]
        if self._is_paused and not self.content:
            self._is_paused = False
            assert self._transport is not None
            self._transport.resume_reading()
        return content

    async def event(self, timeout: float | None) -> bool:
        """Wait for the next event of the connection; return False when the time is over first."""
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[bool] = loop.create_future()
        timer = None if timeout is None else loop.call_later(timeout, _settle, waiter, False)
        self._waiter = waiter
        try:
            return await waiter
        finally:
            self._waiter = None
            if timer is not None:
                timer.cancel()

    def _wake(self) -> None:
        if self._waiter is not None:
            _settle(self._waiter, True)


def _settle(waiter: asyncio.Future[bool], is_event: bool) -> None:
    if not waiter.done():
        waiter.set_result(is_event)
