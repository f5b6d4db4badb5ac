"""The network below our awaiting transport: streams that count bytes, on asyncio and on trio.

On asyncio a stream reads and writes by the loop's own transports: nothing between them and httpcore
takes a turn of the loop, or a system call, that the request does not need. So it does on loops that
are like asyncio's (uvloop).
"""

from __future__ import annotations

import asyncio
import select
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import httpcore

from ledgerhq_ext._http.exchange import CURRENT
from ledgerhq_ext._http.inbox import Inbox
from ledgerhq_ext._http.network import MUCH, ProxyPool


class AwaitingStream(httpcore.AsyncNetworkStream):
    """A stream that counts bytes; the deadline cancels whatever it waits for.

    What is written leaves when the request is complete, or when there is much of it, as that of a
    ``BlockingStream``.
    """

    parser: Any = None
    """As that of a ``BlockingStream``."""

    def __init__(self) -> None:
        self._unsent = b""

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Send what is unsent, and return the next bytes."""
        if self._unsent:
            # A service that answers before it has read everything is heard, as httpcore does.
            with suppress(httpcore.WriteError):
                await self._send(timeout)
        return await self._receive(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Hold bytes back until the request is complete, or until they are many."""
        if not buffer:
            # As in ``BlockingStream``.
            if self._unsent and self.parser is not None:
                await self._send(timeout)
            return
        # In line, since a test holds how many calls a warm post makes; two of them come by here.
        exchange = CURRENT.get()
        if exchange is not None and exchange.is_sending:
            exchange.counts_bytes = True
        self._unsent += buffer
        if len(self._unsent) > MUCH:
            await self._send(timeout)

    def _take_unsent(self) -> bytes:
        """Return what is unsent; from now on, part of it may be on its way, whatever comes."""
        buffer = self._unsent
        self._unsent = b""
        exchange = CURRENT.get()
        if exchange is not None and exchange.is_sending:
            exchange.is_written = True
        return buffer

    def _has_left_over(self) -> bool:
        """Return whether anything came behind the last answer on the connection."""
        return self.parser is not None and self.parser.trailing_data[0] != b""

    async def _receive(self, max_bytes: int, timeout: float | None) -> bytes:
        raise NotImplementedError

    async def _send(self, timeout: float | None) -> None:
        raise NotImplementedError


class AnyioStream(AwaitingStream):
    """A stream over one of anyio: on trio."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        super().__init__()
        self._stream = stream
        self._socket = stream.get_extra_info("socket")
        self._incoming: list[ssl.MemoryBIO] = []
        """What anyio has taken from the connection, and not yet decrypted, by each TLS of it."""
        inner: Any = stream
        layer = inner._stream
        while hasattr(layer, "_read_bio"):
            self._incoming.append(layer._read_bio)
            layer = layer.transport_stream

    async def _receive(self, max_bytes: int, timeout: float | None) -> bytes:
        return await self._stream.read(max_bytes, timeout)

    async def _send(self, timeout: float | None) -> None:
        await self._stream.write(self._take_unsent(), timeout)

    async def aclose(self) -> None:
        """Close the stream."""
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Return a stream of ours over TLS."""
        return AnyioStream(await self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        """Return a fact of the stream below, such as its socket."""
        # httpcore asks it of each idle connection at every look; anyio would collect all facts.
        if info == "is_readable":
            is_taken = any(bio.pending for bio in self._incoming)
            return is_taken or self._has_left_over() or _is_readable(self._socket)
        return self._stream.get_extra_info(info)


class AsyncioStream(AwaitingStream):
    """A stream over a transport of asyncio."""

    def __init__(self, transport: asyncio.Transport, inbox: Inbox) -> None:
        super().__init__()
        self._transport = transport
        self._inbox = inbox
        self._socket = transport.get_extra_info("socket")

    async def _receive(self, max_bytes: int, timeout: float | None) -> bytes:
        inbox = self._inbox
        while not inbox.content and not inbox.is_over:
            if not await inbox.event(timeout):
                raise httpcore.ReadTimeout
        content = inbox.take(max_bytes)
        if not content and inbox.error is not None:
            raise httpcore.ReadError(str(inbox.error)) from inbox.error
        return content

    async def _send(self, timeout: float | None) -> None:
        inbox = self._inbox
        # The transport would take the bytes, and drop them.
        if inbox.is_over or self._transport.is_closing():
            self._unsent = b""
            raise httpcore.WriteError("the connection is closed")

        self._transport.write(self._take_unsent())
        while inbox.is_congested:
            if inbox.is_over:
                raise httpcore.WriteError("the connection was closed")
            if not await inbox.event(timeout):
                raise httpcore.WriteTimeout

    async def aclose(self) -> None:
        """Close the stream; what is not yet written is dropped."""
        self._transport.abort()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Return a stream of ours over TLS."""
        loop = asyncio.get_running_loop()
        try:
            if self._inbox.content:
                # It would be read as if it had come over TLS: anybody on the way can say it.
                raise httpcore.ConnectError("bytes arrived before the handshake of TLS")
            with connecting(timeout):
                transport = await loop.start_tls(
                    self._transport, self._inbox, ssl_context, server_hostname=server_hostname
                )
                # None where the connection was lost in the middle of the handshake.
                if transport is None:
                    raise ConnectionResetError("the connection was closed during the handshake")
        except BaseException:
            self._transport.abort()
            raise
        self._inbox.connection_made(transport)
        return AsyncioStream(transport, self._inbox)

    def get_extra_info(self, info: str) -> Any:
        """Return a fact of the connection, by httpcore's name for it."""
        if info == "is_readable":
            # Also what the loop has not yet had the time to take.
            inbox = self._inbox
            if inbox.content or inbox.is_over or self._has_left_over():
                return True
            return _is_readable(self._socket)
        names = {"client_addr": "sockname", "server_addr": "peername"}
        return self._transport.get_extra_info(names.get(info, info))


@contextmanager
def connecting(timeout: float | None) -> Iterator[None]:
    """Raise httpcore's errors for those of a connection that is made inside the block."""
    import anyio

    try:
        with anyio.fail_after(timeout):
            yield
    except TimeoutError as error:
        raise httpcore.ConnectTimeout(str(error)) from error
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(str(error)) from error


def _is_readable(connection: Any) -> bool:
    """Return whether reading would return at once; also where the socket is gone."""
    number = -1 if connection is None else connection.fileno()
    if number < 0:
        return True

    # select() knows no descriptor above 1,023, except on Windows, which has no poll().
    if not hasattr(select, "poll"):
        readable, _, _ = select.select([number], [], [], 0)
        return bool(readable)
    poll = select.poll()
    poll.register(number, select.POLLIN)
    return bool(poll.poll(0))


class AwaitingPool(httpcore.AsyncConnectionPool):
    """httpcore's pool without the turns of the loop that one request a connection does not need."""

    def create_connection(self, origin: httpcore.Origin) -> httpcore.AsyncConnectionInterface:
        """Return a connection of ours to an origin."""
        return _Connection(
            origin=origin,
            ssl_context=self._ssl_context,
            keepalive_expiry=self._keepalive_expiry,
            network_backend=self._network_backend,
        )

    def _assign_requests_to_connections(self) -> list[httpcore.AsyncConnectionInterface]:
        # As in ``BlockingPool``.
        waits = any(request.is_queued() for request in self._requests)
        if waits or len(self._connections) > self._max_keepalive_connections:
            return super()._assign_requests_to_connections()
        return []

    async def _close_connections(self, closing: list[httpcore.AsyncConnectionInterface]) -> None:
        # Mostly there are none, and shielding nothing from a cancellation takes its time as well.
        if closing:
            await super()._close_connections(closing)


class AwaitingHTTPProxy(ProxyPool, httpcore.AsyncHTTPProxy):
    """httpcore's pool through an HTTP proxy."""


class AwaitingSOCKSProxy(ProxyPool, httpcore.AsyncSOCKSProxy):
    """httpcore's pool through a SOCKS proxy."""


class _NoLock:
    """Stands for a lock where nothing is awaited while it is held.

    httpcore holds its own while it looks at the state of a connection and changes it. On one event
    loop nobody comes in between; that lock would give up a turn of the loop each time.
    """

    async def __aenter__(self) -> None:
        return

    async def __aexit__(self, *_: object) -> None:
        return


_NO_LOCK = _NoLock()


class _Connection(httpcore.AsyncHTTPConnection):
    """A connection that carries one request at a time (HTTP/1.1), without locks once it stands."""

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send a request, and return the beginning of its response."""
        connection: Any = self._connection
        if connection is not None:
            response: httpcore.Response = await connection.handle_async_request(request)
            return response

        response = await super().handle_async_request(request)
        # The pool gives a connection to nobody else before its first request is complete.
        connection = self._connection
        connection._state_lock = _NO_LOCK
        connection._network_stream.parser = connection._h11_state
        return response
