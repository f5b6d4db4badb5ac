"""Transports, ours and those of others, against raw sockets: outcome is a fact about bytes, and a
deadline binds.
"""

from __future__ import annotations

import gc
import gzip
import inspect
import logging
import os
import socket
import ssl
import subprocess
import sys
import textwrap
import threading
import weakref
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import httpcore
import httpx
import pytest
from anyio.streams.tls import TLSStream
from httpcore._backends.anyio import AnyIOStream
from httpcore._backends.sync import TLSinTLSStream

from ledgerhq_ext import (
    ContractError,
    DraftEntry,
    InputError,
    JournalLine,
    LedgerHQ,
    LedgerHQError,
    TransportError,
)
from ledgerhq_ext._http import body
from ledgerhq_ext._http.awaiting_network import AwaitingHTTPProxy, AwaitingPool
from ledgerhq_ext._http.awaiting_transport import AwaitingTransport
from ledgerhq_ext._http.network import BlockingHTTPProxy, BlockingPool
from ledgerhq_ext._http.transports import BlockingTransport
from tests.cases.wire_support import Exchange, RawServer
from tests.cases.wire_support import answer as wire_answer
from tests.support.relays import Certificate, Relay, SocksRelay
from tests.support.sockets import SocketServer
from tests.support.surfaces import Surface, resolve

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
Peer = Callable[[socket.socket], None]
UVLOOP = ("asyncio", {"use_uvloop": True})
DRAFT = DraftEntry(
    date="2026-06-08",
    description="Accrual",
    lines=[
        JournalLine(account_id="a", debit_amount=5),
        JournalLine(account_id="b", credit_amount=5),
    ],
)


@contextmanager
def listening(peer: Peer, family: socket.AddressFamily = socket.AF_INET) -> Iterator[int]:
    """A server that handles every connection by a function; gives its port."""
    address = "127.0.0.1" if family == socket.AF_INET else "::1"
    server = socket.create_server((address, 0), family=family)

    def accept() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                peer(connection)

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield server.getsockname()[1]
    finally:
        # A thread that accepts does not notice that its socket is closed.
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join(10)


def hang_up(connection: socket.socket) -> None:
    connection.close()


def read_and_hang_up(connection: socket.socket) -> None:
    connection.recv(65536)


def answer(content: bytes, *headers: str) -> Peer:
    """A peer that answers every request with this body."""

    def peer(connection: socket.socket) -> None:
        connection.recv(65536)
        lines = [
            "HTTP/1.1 200 OK",
            f"Content-Length: {len(content)}",
            "Connection: close",
            *headers,
            "",
            "",
        ]
        connection.sendall("\r\n".join(lines).encode() + content)

    return peer


@pytest.fixture(params=["own", "transport", "client", "client with HTTP/2"])
async def wiring(request: pytest.FixtureRequest, surface: Surface) -> AsyncIterator[dict[str, Any]]:
    """What a client sends by, as its arguments: by our own transport, or by what was handed in."""
    if request.param == "own":
        yield {}
    elif request.param == "transport":
        # The client closes it.
        yield {
            "transport": httpx.HTTPTransport()
            if surface is LedgerHQ
            else httpx.AsyncHTTPTransport()
        }
    elif surface is LedgerHQ:
        with httpx.Client(http2="HTTP/2" in request.param) as blocking:
            yield {"http_client": blocking}
    else:
        async with httpx.AsyncClient(http2="HTTP/2" in request.param) as awaiting:
            yield {"http_client": awaiting}


async def draft_error(surface: Surface, url: str, **settings: Any) -> LedgerHQError:
    """The error of a change without a key: the outcome counts most there."""
    client: Any = surface(base_url=url, access_token="t", retries=0, deadline=5, **settings)
    try:
        with pytest.raises(LedgerHQError) as caught:
            await resolve(client.organization("org_1").create_entry(DRAFT))
    finally:
        await resolve(client.close())
    return caught.value


@pytest.mark.sample
async def test_nobody_listens(surface: Surface, wiring: dict[str, Any]) -> None:
    with listening(hang_up) as port:
        pass
    error = await draft_error(surface, f"http://127.0.0.1:{port}", **wiring)
    assert (type(error), error.outcome) == (TransportError, "not_sent")


async def test_the_request_was_read(surface: Surface, wiring: dict[str, Any]) -> None:
    with listening(read_and_hang_up) as port:
        error = await draft_error(surface, f"http://127.0.0.1:{port}", **wiring)
    assert (type(error), error.outcome) == (TransportError, "unknown")


async def test_tls_is_not_the_request(surface: Surface, wiring: dict[str, Any]) -> None:
    """The bytes of a handshake that fails are none of the request."""
    with listening(read_and_hang_up) as port:
        error = await draft_error(surface, f"https://127.0.0.1:{port}", **wiring)
    assert (type(error), error.outcome) == (TransportError, "not_sent")


@pytest.mark.parametrize(
    "reply",
    [b"HTTP/1.1 407 Who are you\r\n\r\n", b"HTTP/1.1 502 No\r\n\r\n", b"garbage\r\n\r\n", b""],
)
async def test_what_a_proxy_refuses_never_left(surface: Surface, reply: bytes) -> None:
    """CONNECT is not the request: a proxy that opens no tunnel has seen nothing of it."""

    def refuse(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(reply)

    with listening(refuse) as port:
        error = await draft_error(surface, "https://ledger.test", proxy=f"http://127.0.0.1:{port}")
    assert (type(error), error.outcome) == (TransportError, "not_sent")


async def test_a_proxy_of_the_environment_is_used_and_named(
    surface: Surface, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bytes] = []

    def refuse(connection: socket.socket) -> None:
        seen.append(connection.recv(65536))
        connection.sendall(b"HTTP/1.1 407 Who are you\r\n\r\n")

    for name in ("https_proxy", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with listening(refuse) as port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        await draft_error(surface, "https://ledger.test")
        assert seen[0].startswith(b"CONNECT ledger.test:443 ")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:port")
    error = await draft_error(surface, "https://ledger.test")
    assert isinstance(error, InputError)
    assert "HTTPS_PROXY" in str(error)


@pytest.mark.parametrize(
    ("entry", "host", "is_named"),
    [
        ("127.0.0.0/8", "127.0.0.1", True),
        ("10.0.0.0/8", "127.0.0.1", False),
        ("::/8", "127.0.0.1", False),
        ("127.0.0.0/8", "ledger.test", False),
        ("[::1]", "[::1]", True),
        ("::/64", "[::1]", True),
        ("*.ledger.test", "books.ledger.test", True),
        ("*.ledger.test", "ledger.test", False),
        ("*.ledger.test", "books-ledger.test", False),
        ("https://ledger.test", "ledger.test", True),
        ("http://ledger.test", "ledger.test", False),
        ("ledger.test:1", "ledger.test", True),
        ("ledger.test:443", "ledger.test", False),
        ("*.ledger.test:1", "books.ledger.test", True),
        (".ledger.test:443", "books.ledger.test", False),
    ],
)
async def test_what_the_environment_sends_past_its_proxy(
    entry: str, host: str, is_named: bool, surface: Surface, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("https_proxy", "all_proxy", "ALL_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    # A proxy that is asked for is refused, before anything is connected.
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:port")
    monkeypatch.setenv("NO_PROXY", f"localhost, {entry}")

    def no_address(*_: Any, **__: Any) -> Any:
        raise socket.gaierror("no address in this test")

    monkeypatch.setattr(socket, "getaddrinfo", no_address)
    error = await draft_error(surface, f"https://{host}:1")
    assert type(error) is (TransportError if is_named else InputError)


@contextmanager
def silent(address: str, port: int) -> Iterator[None]:
    """An address that neither takes nor refuses a connection, as its queue is full."""
    with socket.create_server((address, port), backlog=0), ExitStack() as clients:
        for _ in range(2):
            client = clients.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex((address, port))
        yield


@pytest.mark.parametrize("is_silent", [False, True])
async def test_a_dead_address_is_not_the_end(
    surface: Surface, monkeypatch: pytest.MonkeyPatch, is_silent: bool
) -> None:
    """Every address of a name has its share of the time."""
    with listening(answer(b'{"accounts": []}')) as port, ExitStack() as stack:
        if is_silent:
            stack.enter_context(silent("127.0.0.2", port))
        look_up = socket.getaddrinfo

        def two_addresses(host: Any, *rest: Any, **more: Any) -> Any:
            if host not in ("localhost", b"localhost"):
                return look_up(host, *rest, **more)
            family, kind = socket.AF_INET, socket.SOCK_STREAM
            return [
                (family, kind, 6, "", (address, port)) for address in ("127.0.0.2", "127.0.0.1")
            ]

        monkeypatch.setattr(socket, "getaddrinfo", two_addresses)
        client: Any = surface(base_url=f"http://localhost:{port}", access_token="t", deadline=20)
        assert await resolve(client.organization("org_1").accounts(retries=0)) == ()
        await resolve(client.close())


def test_the_private_attributes() -> None:
    """A release of httpx or httpcore without one shows here, and not at a user's first call."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    assert isinstance(httpx.HTTPTransport()._pool, httpcore.ConnectionPool)
    assert isinstance(httpx.AsyncHTTPTransport()._pool, httpcore.AsyncConnectionPool)
    assert type(BlockingTransport(context, None)._pool) is BlockingPool
    assert type(AwaitingTransport(context, None)._pool) is AwaitingPool
    assert "_close_connections" in vars(httpcore.AsyncConnectionPool)
    pools: tuple[Any, ...] = (httpcore.ConnectionPool, httpcore.AsyncConnectionPool)
    for pool_class in pools:
        pool = pool_class(context, keepalive_expiry=7.0)
        assert pool._ssl_context is context
        assert pool._keepalive_expiry == 7.0
        assert pool._network_backend is not None
        assert pool._connections == pool._requests == []
        assert pool._max_keepalive_connections > 0
        assert "_assign_requests_to_connections" in vars(pool_class)
    origin = httpcore.Origin(b"http", b"127.0.0.1", 9)
    assert httpcore.HTTPConnection(origin)._connection is None
    assert httpcore.AsyncHTTPConnection(origin)._connection is None
    connection = httpcore.AsyncHTTP11Connection(origin, httpcore.AsyncMockStream([]))
    assert isinstance(connection._state_lock, AbstractAsyncContextManager)
    for each in (connection, httpcore.HTTP11Connection(origin, httpcore.MockStream([]))):
        assert each._network_stream is not None
        assert each._h11_state.trailing_data == (b"", False)
    url = "http://127.0.0.1:9"
    secure = httpcore.Origin(b"https", b"127.0.0.1", 9)
    proxied: tuple[Any, ...] = (
        httpcore.HTTPProxy(url),
        httpcore.AsyncHTTPProxy(url),
        httpcore.SOCKSProxy(url),
        httpcore.AsyncSOCKSProxy(url),
    )
    for each_origin in (origin, secure):
        inner = [pool.create_connection(each_origin)._connection for pool in proxied]
        assert [inner[0]._connection, inner[1]._connection, *inner[2:]] == [None] * 4
    assert "_incoming" in TLSinTLSStream.__init__.__code__.co_names
    assert "_stream" in AnyIOStream.__init__.__code__.co_names
    assert "_read_bio" in inspect.get_annotations(TLSStream)
    proxy = httpx.Proxy(url)
    assert type(BlockingTransport(context, proxy)._pool) is BlockingHTTPProxy
    assert type(AwaitingTransport(context, proxy)._pool) is AwaitingHTTPProxy


# --- bodies


async def accounts_of(surface: Surface, peer: Peer, wiring: dict[str, Any]) -> Any:
    with listening(peer) as port:
        url = f"http://127.0.0.1:{port}"
        client: Any = surface(base_url=url, access_token="t", retries=0, deadline=20, **wiring)
        try:
            return await resolve(client.organization("org_1").accounts())
        finally:
            await resolve(client.close())


def without_header(content: bytes) -> bytes:
    """As some servers understand "deflate"."""
    compressor = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return compressor.compress(content) + compressor.flush()


def in_members(content: bytes) -> bytes:
    """As a server compresses that flushes by beginning anew: RFC 1952 calls it members."""
    return gzip.compress(content[:5]) + gzip.compress(b"") + gzip.compress(content[5:])


def with_a_line_end(content: bytes) -> bytes:
    return gzip.compress(content) + b"\r\n"


@pytest.mark.parametrize(
    ("encoding", "compress"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", without_header),
        ("gzip", in_members),
        ("X-GZip", in_members),
        ("gzip", with_a_line_end),
    ],
)
async def test_what_was_asked_for_is_decompressed(
    surface: Surface, wiring: dict[str, Any], encoding: str, compress: Callable[[bytes], bytes]
) -> None:
    content = compress(b'{"accounts": []}')
    assert (
        await accounts_of(surface, answer(content, f"Content-Encoding: {encoding}"), wiring) == ()
    )


@pytest.mark.parametrize("encoding", ["gzip, gzip", "br", "zstd", "gzip, br", "compress"])
async def test_nothing_else_is(surface: Surface, wiring: dict[str, Any], encoding: str) -> None:
    content = gzip.compress(gzip.compress(b'{"accounts": []}'))
    with pytest.raises(TransportError, match="not requested"):
        await accounts_of(surface, answer(content, f"Content-Encoding: {encoding}"), wiring)


async def test_a_bomb_is_bounded(
    surface: Surface, wiring: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(body, "BODY_LIMIT", 100_000)
    content = gzip.compress(b" " * 10_000_000)
    assert len(content) < 20_000
    with pytest.raises(TransportError, match="larger than 100000 bytes"):
        await accounts_of(surface, answer(content, "Content-Encoding: gzip"), wiring)


@pytest.mark.parametrize("rest", [b"\0" * 200_000, gzip.compress(b"") * 10_000])
async def test_what_follows_the_content_is_bounded_too(
    surface: Surface, wiring: dict[str, Any], monkeypatch: pytest.MonkeyPatch, rest: bytes
) -> None:
    monkeypatch.setattr(body, "BODY_LIMIT", 100_000)
    content = gzip.compress(b'{"accounts": []}') + rest
    with pytest.raises(TransportError, match="larger than 100000 bytes"):
        await accounts_of(surface, answer(content, "Content-Encoding: gzip"), wiring)


@pytest.mark.parametrize(
    ("encoding", "compress"),
    [("gzip", gzip.compress), ("gzip", in_members), ("deflate", without_header)],
)
async def test_a_truncated_compression_is_no_answer(
    surface: Surface, wiring: dict[str, Any], encoding: str, compress: Callable[[bytes], bytes]
) -> None:
    content = compress(b'{"accounts": []}')[:-9]
    with pytest.raises((TransportError, ContractError)) as caught:
        await accounts_of(surface, answer(content, f"Content-Encoding: {encoding}"), wiring)
    assert caught.value.outcome == "unknown"


# --- loops and forks

LOOPS = """
    import asyncio, gc, os, sys, threading
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
    from ledgerhq_ext import AsyncLedgerHQ

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", "16")
            self.end_headers()
            self.wfile.write(b'{"accounts": []}')

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    books = AsyncLedgerHQ(base_url=f"http://127.0.0.1:{server.server_address[1]}", access_token="t").organization("o")

    async def call():
        assert await books.accounts() == ()

    def open_files():
        gc.collect()
        return len(os.listdir("/proc/self/fd"))

    def many(run, count):
        run()
        run()
        before = open_files()
        for _ in range(count):
            run()
        # The server's threads close their ends a little later.
        assert open_files() <= before + 20, (before, open_files())

    many(lambda: asyncio.run(call()), int(sys.argv[1]))
    try:
        import uvloop
    except ImportError:
        pass
    else:
        many(lambda: uvloop.run(call()), int(sys.argv[1]))
    try:
        import trio
    except ImportError:
        pass
    else:
        many(lambda: trio.run(call), 20)
    print("flat")
"""


@pytest.mark.slow
@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="counts open files by /proc")  # noqa: PTH112
def test_a_thousand_event_loops_leave_no_descriptor() -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-W", "error", "-c", textwrap.dedent(LOOPS), "1000"]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert (done.stdout.strip(), done.returncode) == ("flat", 0), done.stderr[-2000:]
    assert done.stderr == ""


def test_a_loop_that_was_closed_without_ending_its_generators_is_forgotten() -> None:
    import asyncio

    from ledgerhq_ext import AsyncLedgerHQ

    with listening(answer(b'{"accounts": []}')) as port:
        hq = AsyncLedgerHQ(base_url=f"http://127.0.0.1:{port}", access_token="t")

        async def call() -> None:
            await hq.organization("org_1").accounts()

        loop = asyncio.new_event_loop()
        loop.run_until_complete(call())
        loop.close()
        reference = weakref.ref(loop)
        del loop
        asyncio.run(call())
    gc.collect()
    assert reference() is None


def test_a_client_of_another_loop_is_refused_before_sending() -> None:
    import asyncio

    from ledgerhq_ext import AsyncLedgerHQ

    async def call(hq: AsyncLedgerHQ) -> None:
        await hq.organization("org_1").accounts()

    with listening(answer(b'{"accounts": []}')) as port:
        http = httpx.AsyncClient()
        hq = AsyncLedgerHQ(base_url=f"http://127.0.0.1:{port}", access_token="t", http_client=http)
        asyncio.run(call(hq))
        with pytest.raises(InputError, match="another event loop") as caught:
            asyncio.run(call(hq))
    assert caught.value.outcome == "not_sent"


def test_threads_share_a_client() -> None:
    with listening(answer(b'{"accounts": []}')) as port:
        hq = LedgerHQ(base_url=f"http://127.0.0.1:{port}", access_token="t")
        books = hq.organization("org_1")
        threads = [threading.Thread(target=books.accounts) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert not any(thread.is_alive() for thread in threads)
        hq.close()


@pytest.mark.parametrize("length", [10, 60, None])
@pytest.mark.parametrize("carrier", ["http", "https", "proxy", "forwarded", "socks"])
async def test_what_is_left_over_on_a_connection_begins_no_answer(
    surface: Surface, carrier: str, length: int | None, tmp_path: Path
) -> None:
    """A service that says too much, whole answers or parts: its next answer would be read of that."""
    surplus = wire_answer(200, {"number": "surplus"})[:length]
    first: list[socket.socket] = []

    def serve(exchange: Exchange) -> bool:
        number = exchange.number
        if number == 1:
            first.append(exchange.connection)
            return exchange.send(wire_answer(200, {"number": number}) + surplus)
        if exchange.connection in first:
            return exchange.send(wire_answer(200, {"number": "surplus"})[len(surplus) :])
        return exchange.reply(200, {"number": number})

    certificate = Certificate(tmp_path)
    with (
        RawServer(serve) as server,
        Relay(int(server.address.rpartition(":")[2]), certificate.server_context()) as tls,
        Relay(None) as proxy,
        SocksRelay(None) as socks,
    ):
        plain = int(server.address.rpartition(":")[2])
        ways = {
            "forwarded": {"base_url": "http://127.0.0.1:9", "proxy": server.url},
            "socks": {"base_url": server.url, "proxy": f"socks5://127.0.0.1:{socks.port}"},
        }
        settings = ways.get(carrier) or certificate.settings(carrier, plain, tls.port, proxy.port)
        client: Any = surface(access_token="t", retries=1, **settings)
        numbers: list[object] = []
        for _ in range(3):
            response = await resolve(client.request("GET", "/api/v1/things"))
            numbers.append(response.json()["number"])
        await resolve(client.close())
        # Nothing was sent on the first connection but the first request.
        assert numbers == [1, 2, 3]


class TwoRecords(SocketServer):
    """A service over TLS that says too much at first, perhaps at the end of a tunnel of a proxy
    over TLS.

    What belongs to another answer is a record of its own, and comes at once with the first.
    """

    def __init__(self, context: ssl.SSLContext, *, is_tunnel: bool) -> None:
        super().__init__()
        self._context = context
        self._is_tunnel = is_tunnel
        self._requests = 0

    def serve(self, connection: socket.socket) -> None:
        """Open the tunnel, and answer what comes through it."""
        outer = connection
        if self._is_tunnel:
            outer = self._context.wrap_socket(connection, server_side=True)
            self.shut_at_end(outer)
            outer.recv(65536)
            outer.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        inner = self._context.wrap_bio(incoming, outgoing, server_side=True)

        def step(act: Callable[[], object]) -> None:
            """Do what takes as many records as it takes."""
            while True:
                with suppress(ssl.SSLWantReadError):
                    act()
                    return
                outer.sendall(outgoing.read())
                content = outer.recv(65536)
                if not content:
                    raise ConnectionResetError
                incoming.write(content)

        step(inner.do_handshake)
        while True:
            step(lambda: inner.read(65536))
            self._requests += 1
            inner.write(wire_answer(200, {"number": self._requests}))
            if self._requests == 1:
                inner.write(wire_answer(200, {"number": "surplus"}))
            outer.sendall(outgoing.read())


@pytest.mark.parametrize("anyio_backend", ["asyncio", pytest.param(UVLOOP, id="uvloop"), "trio"])
@pytest.mark.parametrize("carrier", ["https", "proxy over tls"])
async def test_what_is_left_over_in_a_record_of_tls_begins_no_answer(
    surface: Surface, carrier: str, tmp_path: Path
) -> None:
    certificate = Certificate(tmp_path)
    is_tunnel = carrier != "https"
    with TwoRecords(certificate.server_context(), is_tunnel=is_tunnel) as server:
        settings = certificate.settings(carrier, 0, 9 if is_tunnel else server.port, server.port)
        client: Any = surface(access_token="t", retries=1, **settings)
        numbers: list[object] = []
        for _ in range(3):
            response = await resolve(client.request("GET", "/api/v1/things"))
            numbers.append(response.json()["number"])
        await resolve(client.close())
    assert numbers == [1, 2, 3]


class Arrivals(logging.Handler):
    """Notes of every answer that httpcore is about to read whether its request had arrived."""

    def __init__(self) -> None:
        super().__init__()
        self.is_arrived = threading.Event()
        self.notes: list[bool] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Wait for the request; one that is held back until it is read for does not come."""
        if record.getMessage().startswith("receive_response_headers.started"):
            self.notes.append(self.is_arrived.wait(5))
            self.is_arrived.clear()


@pytest.mark.parametrize("content", [None, b"{}"])
async def test_a_warm_request_leaves_whole_when_it_is_complete(
    surface: Surface, content: bytes | None
) -> None:
    """The service works on it while httpcore gets ready to read."""
    arrivals = Arrivals()
    sizes: list[int] = []

    def peer(connection: socket.socket) -> None:
        while request := connection.recv(65536):
            sizes.append(len(request.partition(b"\r\n\r\n")[2]))
            arrivals.is_arrived.set()
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    method = "GET" if content is None else "POST"
    log = logging.getLogger("httpcore.http11")
    level = log.level
    with listening(peer) as port:
        client: Any = surface(base_url=f"http://127.0.0.1:{port}", access_token="t", retries=0)
        await resolve(client.request(method, "/api/v1/things", content=content))
        log.addHandler(arrivals)
        log.setLevel(logging.DEBUG)
        try:
            arrivals.is_arrived.clear()
            for _ in range(2):
                await resolve(client.request(method, "/api/v1/things", content=content))
        finally:
            log.setLevel(level)
            log.removeHandler(arrivals)
            await resolve(client.close())
    assert arrivals.notes == [True, True]
    # Head and body in one packet.
    assert sizes == [len(content or b"")] * 3


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("content", [None, b"", b"{}"])
def test_a_transport_is_handed_what_httpx_makes_of_a_request(
    method: str, content: bytes | None
) -> None:
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, json={})

    transport = httpx.MockTransport(answer)
    url = "http://127.0.0.1:8321"
    with LedgerHQ(access_token="token-of-a-test", base_url=url, transport=transport) as hq:
        hq.request(
            method, "/api/v1/things", query={"q": "a b"}, content=content, content_type="text/plain"
        )

    request = requests[0]
    # Without what httpx adds of itself.
    added = {b"Host", b"Content-Length"}
    own = [(name, value) for name, value in request.headers.raw if name not in added]
    whole = httpx.Request(
        method, f"{url}/api/v1/things", params={"q": "a b"}, headers=own, content=content
    )
    assert request.headers.raw == whole.headers.raw
    assert request.content == whole.content
    assert request.url == whole.url
    assert type(request.stream) is type(whole.stream)
