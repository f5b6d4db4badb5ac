"""What a signal handler raises, at the worst moments: no lock is lost, and no byte that left is
forgotten.
"""

from __future__ import annotations

import gc
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpcore
import pytest
from httpcore._synchronization import Lock, ThreadLock

from ledgerhq_ext import DraftEntry, JournalLine, LedgerHQ, LedgerHQError
from ledgerhq_ext._http.transports import BlockingTransport
from tests.support.waiting import wait_until

from .test_transport import listening

pytestmark = pytest.mark.slow

DRAFT = DraftEntry(
    date="2026-06-08",
    description="Accrual",
    lines=[
        JournalLine(account_id="a", debit_amount=5),
        JournalLine(account_id="b", credit_amount=5),
    ],
)


class AppTimeoutError(TimeoutError):
    """What an app raises in its handler of SIGALRM."""


class Answers(BaseHTTPRequestHandler):
    """No accounts, over connections that stay open."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "16")
        self.end_headers()
        self.wfile.write(b'{"accounts": []}')

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_lock_of_a_pool_is_entered_in_one_step() -> None:
    """Its name is httpcore's own affair: a release that has another one shows here."""
    pool: Any = httpcore.ConnectionPool()
    assert isinstance(pool._optional_thread_lock, ThreadLock)
    ours: Any = BlockingTransport(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), None)._pool
    assert isinstance(ours._optional_thread_lock, type(threading.Lock()))


# The connections that are given up are closed by the garbage collector, which says so.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("exception", [KeyboardInterrupt, AppTimeoutError])
@pytest.mark.parametrize("place", range(4))
def test_a_lock_that_an_interruption_leaves_held_stops_nobody(
    place: int,
    exception: type[BaseException],
    address: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A connection takes a lock in one step and enters its block in another; a signal may come
    between.
    """
    take = Lock.__enter__
    count = 0

    def interrupted(lock: Lock) -> Lock:
        nonlocal count
        entered = take(lock)
        count += 1
        if count == place + 1:
            raise exception
        return entered

    hq = LedgerHQ(base_url=address, access_token="t", retries=0)
    books = hq.organization("org_1")
    # The calls after this one find the connection that it leaves.
    books.accounts()
    monkeypatch.setattr(Lock, "__enter__", interrupted)
    with suppress(KeyboardInterrupt, LedgerHQError):
        for _ in range(3):
            books.accounts()
    monkeypatch.undo()
    assert count > place

    results: list[Any] = []
    thread = threading.Thread(target=lambda: results.append(books.accounts()), daemon=True)
    thread.start()
    thread.join(20)
    assert results == [()]
    hq.close()
    # Here, and not in whatever test runs when it would come by itself.
    gc.collect()


class InterruptedSocket:
    """A socket under which a signal arrives when its bytes have just left."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def send(self, data: Any) -> int:
        self._connection.send(data)
        raise AppTimeoutError

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


@pytest.mark.sample
def test_bytes_that_left_before_a_signal_are_not_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Said to be not sent, a draft would be made a second time."""
    connect = httpcore.SyncBackend.connect_tcp

    def interrupted(*arguments: Any, **more: Any) -> httpcore.NetworkStream:
        stream: Any = connect(*arguments, **more)
        stream._sock = InterruptedSocket(stream._sock)
        return stream  # type: ignore[no-any-return]

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", interrupted)
    requests: list[bytes] = []
    with listening(lambda connection: requests.append(connection.recv(65536))) as port:
        hq = LedgerHQ(base_url=f"http://127.0.0.1:{port}", access_token="t", retries=3, deadline=20)
        with pytest.raises(LedgerHQError) as caught:
            hq.organization("org_1").create_entry(DRAFT)
        hq.close()
        # The server reads in a thread of its own.
        wait_until(lambda: requests)
    assert caught.value.outcome == "unknown"
    assert len(requests) == 1
