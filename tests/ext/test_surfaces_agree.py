"""Whatever a peer does, every way of waiting says the same of it: error, outcome and attempts."""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
import trio
import uvloop
from hypothesis import given, settings
from hypothesis import strategies as st

from ledgerhq_ext import (
    AsyncLedgerHQ,
    DraftEntry,
    JournalLine,
    LedgerHQ,
    LedgerHQError,
    RetryPolicy,
)
from tests.support.postings import PURCHASE
from tests.support.relays import Certificate
from tests.support.sockets import SocketServer

pytestmark = pytest.mark.slow
ATTEMPTS = 2
BODY = b'{"accounts": []}'
RECEIPT = (
    b'{"data": {"id": "p_1", "resourceType": "purchase", "journalEntryId": "je_1", '
    b'"bankTransactionIds": [], "status": "posted", "postedAt": "2026-06-08T00:00:00Z", '
    b'"idempotencyKey": "key-1"}}'
)
LONG = 3 * 1024 * 1024
Script = Callable[[Any], None]


# --- what a peer does after it has read the request


def answer(*pieces: bytes, ends: bool = True) -> Script:
    """Return a script that says these bytes, and perhaps hangs up."""

    def say(connection: Any) -> None:
        connection.sendall(b"".join(pieces))
        if not ends:
            # Until the client hangs up.
            connection.recv(1)

    return say


def reset(connection: Any) -> None:
    """End the connection by a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def notify(connection: Any) -> None:
    """Say a body without its length, and end TLS as it should be ended."""
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + BODY)
    if hasattr(connection, "unwrap"):
        with suppress(OSError):
            connection.unwrap()


def head(status: bytes, *lines: bytes, length: int = len(BODY)) -> bytes:
    """Return the head of a response."""
    return b"\r\n".join([b"HTTP/1.1 " + status, *lines, b"Content-Length: %d" % length, b"", b""])


# Repeated at once, and never on a connection that is about to end: who learns of it first is chance.
AGAIN = (b"Retry-After: 0", b"Connection: close")
OK = head(b"200 OK")
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
AFTER_READING: dict[str, Script] = {
    "an answer": answer(OK, BODY),
    "a receipt": answer(head(b"201 Created", length=len(RECEIPT)), RECEIPT),
    "hang up": answer(),
    "reset": reset,
    "continue": answer(b"HTTP/1.1 100 Continue\r\n\r\n" * 3, OK, BODY),
    "early hints": answer(b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", OK, BODY),
    "continue, and no more": answer(b"HTTP/1.1 100 Continue\r\n\r\n"),
    "switch": answer(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n"),
    "trailers": answer(CHUNKED, b"10\r\n", BODY, b"\r\n0\r\nX: y\r\n\r\n"),
    "cut chunks": answer(CHUNKED, b"10\r\n", BODY, b"\r\n"),
    "cut head": answer(OK[:-9]),
    "cut body": answer(head(b"200 OK", length=100), BODY),
    "cut receipt": answer(head(b"201 Created", length=len(RECEIPT)), RECEIPT[:-1]),
    "no length": answer(b"HTTP/1.1 200 OK\r\n\r\n", BODY),
    "no length, TLS ended": notify,
    "no length, cut": answer(b"HTTP/1.1 200 OK\r\n\r\n", BODY[:-1]),
    "two lengths": answer(head(b"200 OK", b"Content-Length: 5"), BODY),
    "negative length": answer(head(b"200 OK", length=-5), BODY),
    "length and chunks": answer(head(b"200 OK", b"Transfer-Encoding: chunked"), BODY),
    "two answers": answer(OK, BODY, OK, BODY),
    "no HTTP": answer(b"\x16\x03\x01\x00garbage\r\n\r\n"),
    "no status": answer(b"HTTP/1.1\r\n\r\n"),
    "HTTP/2": answer(b"HTTP/2 200\r\n\r\n"),
    "HTTP/1.0": answer(b"HTTP/1.0 200 OK\r\n\r\n", BODY),
    "long head": answer(head(b"200 OK", b"X: " + b"a" * 90_000), BODY),
    "too long a head": answer(head(b"200 OK", b"X: " + b"a" * 200_000), BODY),
    "Latin": answer(head(b"200 OK", b"X: \xe9"), BODY),
    "NUL": answer(head(b"200 OK", b"X: a\x00b"), BODY),
    "no content": answer(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"),
    "not modified": answer(b"HTTP/1.1 304 Not Modified\r\n\r\n"),
    "moved": answer(head(b"307 Moved", b"Location: /elsewhere"), BODY),
    "999": answer(head(b"999 Odd"), BODY),
    "503": answer(head(b"503 Busy", *AGAIN), BODY),
    "429": answer(head(b"429 Slow", *AGAIN), BODY),
    "409": answer(head(b"409 Conflict", *AGAIN), BODY),
}


# --- what a peer does before


def refuse(connection: Any) -> None:
    """Say that it is too much, and nothing more."""
    connection.sendall(head(b"413 Too Large", b"Connection: close") + BODY)
    connection.shutdown(socket.SHUT_WR)


def turn_away(connection: Any) -> None:
    """Say nothing more."""
    connection.shutdown(socket.SHUT_WR)


HASTY = {"refuse": refuse, "turn away": turn_away}


class Peer(SocketServer):
    """Reads each request, and then does what it is to do, or the other way around."""

    def __init__(self, script: Script, tls: Any = None, *, is_hasty: bool = False) -> None:
        super().__init__()
        self.count = 0
        self.bytes_seen = 0
        self.ends: list[threading.Event] = []
        self._script = script
        self._tls = tls
        self._is_hasty = is_hasty

    def serve(self, connection: socket.socket) -> None:
        """Talk to one connection."""
        self.count += 1
        end = threading.Event()
        self.ends.append(end)
        try:
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
                self.shut_at_end(connection)
            if self._is_hasty:
                self._script(connection)
                while data := connection.recv(65536):
                    self.bytes_seen += len(data)
                return
            if self._read(connection):
                self._script(connection)
        finally:
            connection.close()
            end.set()

    def _read(self, connection: socket.socket) -> bool:
        received = b""
        while b"\r\n\r\n" not in received:
            data = connection.recv(65536)
            if not data:
                return False
            received += data
        first, _, body = received.partition(b"\r\n\r\n")
        lines = first.lower().split(b"\r\n")
        lengths = [int(line[15:]) for line in lines if line.startswith(b"content-length:")]
        while len(body) < sum(lengths):
            body += connection.recv(65536)
        return True


# --- the calls, and what is said of them


def draft(size: int = 1) -> DraftEntry:
    """Return a draft with a description of so many characters."""
    lines = [
        JournalLine(account_id="a", debit_amount=5),
        JournalLine(account_id="b", credit_amount=5),
    ]
    return DraftEntry(date="2026-06-08", description="x" * size, lines=lines)


CALLS: dict[str, Callable[[Any], Any]] = {
    "read": lambda books: books.accounts(),
    "keyed": lambda books: books.post(PURCHASE, key="key-1"),
    "mutation": lambda books: books.create_entry(draft()),
    "long": lambda books: books.create_entry(draft(LONG)),
}


def facts(value: Any) -> tuple[Any, ...]:
    """Return what a call says: its value, or the facts of its error."""
    if not isinstance(value, LedgerHQError):
        return type(value).__name__, repr(value)
    return type(value).__name__, value.outcome, value.attempts, getattr(value, "status", None)


def blocking(call: Callable[[Any], Any], **arguments: Any) -> Any:
    """Return what a call of the blocking client returns, or raises."""
    with LedgerHQ(**arguments) as hq:
        try:
            return call(hq.organization("org_1"))
        except LedgerHQError as error:
            return error


async def awaiting(call: Callable[[Any], Any], arguments: dict[str, Any]) -> Any:
    """Return what a call of the awaiting client returns, or raises."""
    async with AsyncLedgerHQ(**arguments) as hq:
        try:
            return await call(hq.organization("org_1"))
        except LedgerHQError as error:
            return error


def on_asyncio(call: Callable[[Any], Any], **arguments: Any) -> Any:
    """Call on asyncio; nothing is left to its handler of errors."""
    complaints: list[Any] = []

    async def call_and_listen() -> Any:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: complaints.append(context))
        return await awaiting(call, arguments)

    value = asyncio.run(call_and_listen())
    assert complaints == []
    return value


def on_uvloop(call: Callable[[Any], Any], **arguments: Any) -> Any:
    """Call on uvloop."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(awaiting(call, arguments))


def on_trio(call: Callable[[Any], Any], **arguments: Any) -> Any:
    """Call on trio."""
    return trio.run(awaiting, call, arguments)


WAYS = (blocking, on_asyncio, on_uvloop, on_trio)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """Make a certificate of this machine."""
    return Certificate(tmp_path_factory.mktemp("tls"))


def arguments_of(peer: Peer, certificate: Certificate, carrier: str) -> dict[str, Any]:
    """Return the arguments of a client of the peer."""
    arguments = certificate.settings(carrier, peer.port, peer.port, 0)
    retries = RetryPolicy(attempts=ATTEMPTS, first_pause=0)
    return {
        "access_token": "token-of-a-test",
        "timeout": 30,
        "deadline": 60,
        "retries": retries,
        **arguments,
    }


def said(script: Script, call: str, certificate: Certificate, carrier: str) -> Iterator[Any]:
    """Yield what each way of waiting says, and how many connections it took."""
    for way in WAYS:
        tls = certificate.server_context() if carrier == "https" else None
        with Peer(script, tls) as peer:
            value = way(CALLS[call], **arguments_of(peer, certificate, carrier))
            yield facts(value), peer.count


@pytest.mark.parametrize("carrier", ["http", "https"])
@pytest.mark.parametrize("call", ["read", "keyed", "mutation"])
@pytest.mark.parametrize("name", AFTER_READING)
def test_all_say_the_same(name: str, call: str, carrier: str, certificate: Certificate) -> None:
    first, *others = said(AFTER_READING[name], call, certificate, carrier)
    assert others == [first] * len(others)


@pytest.mark.parametrize("carrier", ["http", "https"])
@pytest.mark.parametrize("call", ["keyed", "mutation", "long"])
@pytest.mark.parametrize("name", HASTY)
@pytest.mark.parametrize("way", WAYS)
def test_not_sent_is_said_only_of_what_nobody_saw(
    way: Any, name: str, call: str, carrier: str, certificate: Certificate
) -> None:
    """Such a peer may be heard before a byte is written, or after."""
    tls = certificate.server_context() if carrier == "https" else None
    with Peer(HASTY[name], tls, is_hasty=True) as peer:
        error = way(CALLS[call], **arguments_of(peer, certificate, carrier))
        assert isinstance(error, LedgerHQError)
        for end in peer.ends:
            assert end.wait(30)
        assert error.outcome != "not_sent" or peer.bytes_seen == 0


PIECES = [
    # As above: an answer that cannot be read is asked for again, and the connection ends.
    b"HTTP/1.1 200 OK\r\nConnection: close\r\n",
    b"HTTP/1.1 201 Created\r\nConnection: close\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n",
    b"HTTP/1.0 503 Busy\r\n",
    b"Content-Length: 16\r\n",
    b"Content-Length: %d\r\n" % len(RECEIPT),
    b"Transfer-Encoding: chunked\r\n",
    b"Content-Encoding: gzip\r\n",
    b"Retry-After: 0\r\n",
    b"\r\n",
    b"10\r\n",
    b"0\r\n",
    BODY,
    RECEIPT,
    b"\x00",
    b" ",
]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    pieces=st.lists(st.sampled_from(PIECES), max_size=8),
    has_status=st.booleans(),
    cut=st.integers(0, 3),
    call=st.sampled_from(["read", "keyed", "mutation"]),
)
def test_all_say_the_same_of_any_bytes(
    certificate: Certificate, pieces: list[bytes], has_status: bool, cut: int, call: str
) -> None:
    content = b"".join([PIECES[0], *pieces] if has_status else pieces)
    script = answer(content[: len(content) - cut])
    first, *others = said(script, call, certificate, "http")
    assert others == [first] * len(others)
