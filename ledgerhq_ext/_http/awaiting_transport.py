"""The awaiting transport of our own, on asyncio and on trio."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterable

import httpcore
import httpx

from ledgerhq_ext._http.awaiting_network import (
    AnyioStream,
    AsyncioStream,
    AwaitingHTTPProxy,
    AwaitingPool,
    AwaitingSOCKSProxy,
    connecting,
)
from ledgerhq_ext._http.inbox import Inbox
from ledgerhq_ext._http.network import SocketOption, about_to_connect, look_up, opened
from ledgerhq_ext._http.transports import pool_of
from ledgerhq_ext._http.turns import running_loop

_NEXT_ADDRESS = 0.25
"""Seconds after which the next address of a host is tried as well (RFC 8305)."""


class AwaitingBackend(httpcore.AsyncNetworkBackend):
    """Connects on asyncio or trio."""

    def __init__(self) -> None:
        self._backend = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Return a stream to a host."""
        about_to_connect()
        loop = _asyncio_loop()
        if loop is None:
            stream = await self._backend.connect_tcp(
                host, port, timeout, local_address, socket_options
            )
            return opened(AnyioStream(stream))

        with connecting(timeout):
            # Not by the threads of the loop, whose end waits for them.
            addresses = await asyncio.wrap_future(look_up(host, port))
            transport, inbox = await _first_connection(loop, addresses, port, local_address)
        for option in socket_options or ():
            transport.get_extra_info("socket").setsockopt(*option)
        return opened(AsyncioStream(transport, inbox))

    async def sleep(self, seconds: float) -> None:
        """Sleep, as httpcore does between its attempts to connect."""
        await self._backend.sleep(seconds)


async def _first_connection(
    loop: asyncio.AbstractEventLoop, addresses: list[str], port: int, local_address: str | None
) -> tuple[asyncio.Transport, Inbox]:
    """Return a connection to the first address that takes it; the next ones are tried as well.

    What asyncio has for this raises in eager tasks, and forgets the socket of a call that is
    cancelled at the moment at which it connects.
    """
    local = None if local_address is None else (local_address, 0)
    waiting = list(addresses)
    attempts: set[asyncio.Task[tuple[asyncio.Transport, Inbox]]] = set()
    problem: BaseException = OSError("the name has no address")
    try:
        while waiting or attempts:
            if waiting:
                connection = loop.create_connection(Inbox, waiting.pop(0), port, local_addr=local)
                attempts.add(loop.create_task(connection))
            done, _ = await asyncio.wait(
                attempts,
                timeout=_NEXT_ADDRESS if waiting else None,
                return_when=asyncio.FIRST_COMPLETED,
            )
            for attempt in done:
                attempts.remove(attempt)
                error = attempt.exception()
                if error is None:
                    return attempt.result()
                problem = error
    finally:
        for attempt in attempts:
            attempt.cancel()
            attempt.add_done_callback(_drop)
    raise problem


def _drop(attempt: asyncio.Task[tuple[asyncio.Transport, Inbox]]) -> None:
    """Close the connection of an attempt that nobody waits for any more."""
    if not attempt.cancelled() and attempt.exception() is None:
        transport, _ = attempt.result()
        transport.abort()


def _asyncio_loop() -> asyncio.AbstractEventLoop | None:
    """Return the loop that runs, where it is asyncio's or one like it; None on trio."""
    import anyio.lowlevel

    # Not asyncio's own answer, which is a loop also where trio runs as its guest.
    loop = running_loop(anyio)
    return loop if isinstance(loop, asyncio.AbstractEventLoop) else None


class AwaitingTransport(httpx.AsyncHTTPTransport):
    """httpx's asynchronous transport over our own network."""

    def __init__(self, certificates: ssl.SSLContext, proxy: httpx.Proxy | None) -> None:
        super().__init__(verify=certificates)
        self.is_direct = proxy is None
        pools = AwaitingPool, AwaitingHTTPProxy, AwaitingSOCKSProxy
        self._pool = pool_of(pools, certificates, proxy, AwaitingBackend())
