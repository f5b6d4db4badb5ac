"""A deadline of one second is one second, however an answer drips. Case t5.

All calls of the module run at the same time. What the deadline does not bound ends when the servers
stop, long after it.
"""

from __future__ import annotations

import asyncio
import threading
import time
import zlib
from contextlib import ExitStack

import pytest

from ledgerhq_ext import LedgerHQError

from .wire_support import PATIENCE, Exchange, Handler, RawServer, async_client, client

DEADLINE = 1.0
SERVERS_STOP = 6.0


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

    def __init__(self, surface: str, url: str) -> None:
        self.ended = threading.Event()
        self.error: LedgerHQError | None = None
        self._url = url
        work = self._block if surface == "blocking" else self._await
        self.thread = threading.Thread(target=work, daemon=True)
        self.thread.start()

    def how(self) -> str:
        """Return the kind of error that it ended in."""
        return type(self.error).__name__ if self.ended.is_set() else HANGS

    def _block(self) -> None:
        try:
            with client(self._url, deadline=DEADLINE, timeout=30) as hq:
                hq.organization("org_1").accounts()
        except LedgerHQError as error:
            self.error = error
        finally:
            self.ended.set()

    def _await(self) -> None:
        async def call() -> None:
            async with async_client(self._url, deadline=DEADLINE, timeout=30) as hq:
                await hq.organization("org_1").accounts()

        try:
            asyncio.run(call())
        except LedgerHQError as error:
            self.error = error
        finally:
            self.ended.set()


SURFACES = ["blocking", "awaiting"]
HANGS = "still waited when the servers stopped"
Ends = dict[tuple[str, str], str]
"""How a call ended, by way and surface."""


@pytest.fixture(scope="module")
def ends() -> Ends:
    """Make every call at once, and wait for what the deadline ends."""
    calls: dict[tuple[str, str], Call] = {}
    with ExitStack() as servers:
        for way, handler in WAYS.items():
            server = servers.enter_context(RawServer(handler))
            for surface in SURFACES:
                calls[way, surface] = Call(surface, server.url)

        stop = time.monotonic() + SERVERS_STOP
        for call in calls.values():
            call.ended.wait(max(stop - time.monotonic(), 0))
        in_time = {case: call.how() for case, call in calls.items()}

    for call in calls.values():
        call.thread.join(PATIENCE)
    return in_time


@pytest.mark.parametrize("surface", ["blocking", "awaiting"])
@pytest.mark.parametrize("way", WAYS)
def test_the_deadline_ends_a_call_whose_answer_drips(way: str, surface: str, ends: Ends) -> None:
    assert ends[way, surface] == "TransportError"
