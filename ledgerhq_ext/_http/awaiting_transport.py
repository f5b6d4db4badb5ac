"""The awaiting transport of our own, on asyncio and on trio."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterable
from typing import Any

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
from ledgerhq_ext._http.network import SocketOption, about_to_connect, is_address, opened
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

        # There is nothing to try beside one address, and asyncio forgets the socket when a call is
        # cancelled at the moment at which it connects.
        delay = None if is_address(host) else _NEXT_ADDRESS
        with connecting(timeout):
            transport, inbox = await loop.create_connection(
                Inbox,
                host,
                port,
                local_addr=None if local_address is None else (local_address, 0),
                happy_eyeballs_delay=delay,
            )
        for option in socket_options or ():
            transport.get_extra_info("socket").setsockopt(*option)
        return opened(AsyncioStream(transport, inbox))

    async def sleep(self, seconds: float) -> None:
        """Sleep, as httpcore does between its attempts to connect."""
        await self._backend.sleep(seconds)


def _asyncio_loop() -> asyncio.BaseEventLoop | None:
    """Return the loop that runs, where it is asyncio's own.

    Others (trio's, uvloop's) do not try several addresses of a host at once.
    """
    import anyio.lowlevel

    # Not asyncio's own answer, which is a loop also where trio runs as its guest.
    loop = running_loop(anyio)
    return loop if isinstance(loop, asyncio.BaseEventLoop) else None


_AWAITING_POOLS: dict[str, Any] = {
    "direct": AwaitingPool,
    "http": AwaitingHTTPProxy,
    "https": AwaitingHTTPProxy,
    "socks5": AwaitingSOCKSProxy,
    "socks5h": AwaitingSOCKSProxy,
}


class AwaitingTransport(httpx.AsyncHTTPTransport):
    """httpx's asynchronous transport over our own network."""

    def __init__(self, certificates: ssl.SSLContext, proxy: httpx.Proxy | None) -> None:
        super().__init__(verify=certificates)
        self.is_direct = proxy is None
        self._pool = pool_of(_AWAITING_POOLS, certificates, proxy, AwaitingBackend())
