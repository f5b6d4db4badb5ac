"""A deadline of one second is one second, however an answer drips. Case t5.

All calls of the module run at the same time. What the deadline does not bound ends when the servers
stop, long after it.
"""

from __future__ import annotations

import asyncio
import itertools
import ssl
import threading
import time
import zlib
from contextlib import ExitStack
from pathlib import Path
from socket import socket
from typing import Any
from urllib.parse import urlsplit

import pytest

from ledgerhq_ext import AsyncLedgerHQ, Connection, LedgerHQ, LedgerHQError, MemoryTokenStore
from tests.support.relays import Certificate, Relay
from tests.support.sockets import SocketServer

from .wire_support import ACCESS, PATIENCE, Exchange, Handler, RawServer

DEADLINE = 1.0
SERVERS_STOP = 10.0


def silent(exchange: Exchange) -> bool:
    """Never answer."""
    exchange.server.stopping.wait(PATIENCE)
    return False


def body(exchange: Exchange) -> bool:
    """Drip the body."""
    exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    return exchange.drip(b" ")


def headers(exchange: Exchange) -> bool:
    """Drip a header."""
    exchange.send(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    return exchange.drip(b"a")


def status_line(exchange: Exchange) -> bool:
    """Drip the status line."""
    exchange.send(b"HTTP/1.1 200 ")
    return exchange.drip(b"O")


def informational(exchange: Exchange) -> bool:
    """Say again and again that the request is being processed."""
    return exchange.drip(b"HTTP/1.1 102 Processing\r\n\r\n")


def chunk_extension(exchange: Exchange) -> bool:
    """Drip the extension of a chunk's size."""
    exchange.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;")
    return exchange.drip(b"a")


def trailers(exchange: Exchange) -> bool:
    """End the body, and drip a trailer."""
    exchange.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX-T: ")
    return exchange.drip(b"a")


def empty_compression(exchange: Exchange) -> bool:
    """Send compressed blocks of which nothing comes out."""
    exchange.send(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n",
    )
    compressor = zlib.compressobj(9, zlib.DEFLATED, 31)
    exchange.send(_chunk(compressor.compress(b"") + compressor.flush(zlib.Z_SYNC_FLUSH)))
    return exchange.drip(_chunk(b"\x00\x00\x00\xff\xff" * 200), every=0.05)


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


WAYS: dict[str, Handler] = {
    "silent": silent,
    "body": body,
    "headers": headers,
    "status-line": status_line,
    "informational": informational,
    "chunk-extension": chunk_extension,
    "trailers": trailers,
    "empty-compression": empty_compression,
}


class Call:
    """One call in a thread of its own. `error` is what it ended in, once `ended` is set."""

    def __init__(self, surface: str, settings: dict[str, Any]) -> None:
        self.ended = threading.Event()
        self.error: LedgerHQError | None = None
        self._settings: dict[str, Any] = {
            "deadline": DEADLINE,
            "timeout": 30,
            "retries": 4,
            **settings,
        }
        work = self._block if surface == "blocking" else self._await
        self.thread = threading.Thread(target=work, daemon=True)
        self.thread.start()

    def how(self) -> str:
        """Return how it ended."""
        if not self.ended.is_set():
            return HANGS
        return IN_TIME if self.error is not None else "no error"

    def _block(self) -> None:
        try:
            with LedgerHQ(**self._settings) as hq:
                hq.organization("org_1").accounts()
        except LedgerHQError as error:
            self.error = error
        finally:
            self.ended.set()

    def _await(self) -> None:
        async def call() -> None:
            async with AsyncLedgerHQ(**self._settings) as hq:
                await hq.organization("org_1").accounts()

        try:
            asyncio.run(call())
        except LedgerHQError as error:
            self.error = error
        finally:
            self.ended.set()


SURFACES = ["blocking", "awaiting"]
CARRIERS = ["http", "https", "proxy"]
ROUTES = ["api", "token"]
HANGS = "still waited when the servers stopped"
IN_TIME = "an error of the tree, in time"
Case = tuple[str, str, str, str]
Ends = dict[Case, str]
"""How a call ended, by way, carrier, route and surface."""


@pytest.fixture(scope="module")
def ends(tmp_path_factory: pytest.TempPathFactory) -> Ends:
    """Make every call at once, and wait for what the deadline ends."""
    certificate = Certificate(tmp_path_factory.mktemp("certificates"))
    calls: dict[Case, Call] = {}
    with ExitStack() as servers:
        for way, handler in WAYS.items():
            server = servers.enter_context(RawServer(handler))
            plain = urlsplit(server.url).port or 0
            tls = servers.enter_context(Relay(plain, certificate.server_context()))
            proxy = servers.enter_context(Relay(None))
            for carrier, route, surface in itertools.product(CARRIERS, ROUTES, SURFACES):
                settings = certificate.settings(carrier, plain, tls.port, proxy.port)
                settings |= credentials(route, settings["base_url"])
                calls[way, carrier, route, surface] = Call(surface, settings)

        stop = time.monotonic() + SERVERS_STOP
        for call in calls.values():
            call.ended.wait(max(stop - time.monotonic(), 0))
        in_time = {case: call.how() for case, call in calls.items()}

    for call in calls.values():
        call.thread.join(PATIENCE)
    return in_time


def credentials(route: str, base_url: str) -> dict[str, Any]:
    """Return credentials whose first request goes to the API, or to the token endpoint."""
    if route == "api":
        return {"access_token": ACCESS}
    stale = Connection(issuer=base_url, client_id="c", access_token="a", refresh_token="r")
    return {"token_store": MemoryTokenStore(stale)}


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("way", WAYS)
def test_the_deadline_ends_a_call_whose_answer_drips(
    way: str, carrier: str, route: str, surface: str, ends: Ends
) -> None:
    assert ends[way, carrier, route, surface] == IN_TIME


class DrippingTunnel(SocketServer):
    """A proxy over TLS that opens every tunnel, and drips the beginning of a handshake into it."""

    def __init__(self, context: ssl.SSLContext) -> None:
        super().__init__()
        self.stopping = threading.Event()
        self._context = context

    def serve(self, connection: socket) -> None:
        """Open a tunnel; send a record of TLS byte by byte."""
        secure = self._context.wrap_socket(connection, server_side=True)
        self.shut_at_end(secure)
        secure.recv(65536)
        secure.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
        secure.recv(65536)
        secure.sendall(b"\x16\x03\x03\x20\x00\x02\x00\x3f\xf0")
        while not self.stopping.wait(0.2):
            secure.sendall(b"a")


@pytest.mark.parametrize("surface", SURFACES)
def test_the_deadline_ends_a_handshake_that_drips_through_a_proxy_over_tls(
    surface: str, tmp_path: Path
) -> None:
    certificate = Certificate(tmp_path)
    with DrippingTunnel(certificate.server_context()) as proxy:
        settings = certificate.settings("proxy over tls", 0, 9, proxy.port)
        call = Call(surface, {"access_token": ACCESS, **settings})
        call.ended.wait(SERVERS_STOP)
        end = call.how()
        proxy.stopping.set()

    call.thread.join(PATIENCE)
    assert end == IN_TIME
    assert call.error is not None
    assert call.error.outcome == "not_sent"
