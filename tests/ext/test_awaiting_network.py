"""The streams of the awaiting client: how often they wait, and what they do with many bytes."""

from __future__ import annotations

import asyncio
import gc
import selectors
import socket
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import trio

from ledgerhq_ext import AsyncLedgerHQ, DraftEntry, JournalLine, TransportError
from tests.support.relays import Certificate
from tests.support.sockets import SocketServer
from tests.support.waiting import PATIENCE, wait_until

pytestmark = pytest.mark.slow
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n"
NO_ACCOUNTS = b'{"accounts": []}'
CALLS = 20
# One turn that sends and waits, and one that takes the answer.
TURNS = 2
MUCH = 8 * 1024 * 1024


class Service(SocketServer):
    """Answers every request with the same bytes, perhaps over TLS."""

    def __init__(self, content: bytes, certificate: Certificate | None = None) -> None:
        super().__init__()
        self._answer = HEAD % len(content) + content
        self._tls = None if certificate is None else certificate.server_context()

    def serve(self, connection: socket.socket) -> None:
        """Answer one request after the other."""
        if self._tls is None:
            self._answer_all(connection)
            return
        with self._tls.wrap_socket(connection, server_side=True) as secured:
            self._answer_all(secured)

    def _answer_all(self, connection: socket.socket) -> None:
        while connection.recv(65536):
            connection.sendall(self._answer)


class Deaf(SocketServer):
    """Takes connections, and reads nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.is_over = threading.Event()

    def serve(self, connection: socket.socket) -> None:
        """Do nothing until the test is over."""
        self.is_over.wait()


@pytest.fixture
def service() -> Iterator[Service]:
    """Start a service that has no accounts."""
    with Service(NO_ACCOUNTS) as server:
        yield server


class CountingSelector(selectors.DefaultSelector):
    """Counts the turns of a loop: each asks the system once what has happened."""

    turns = 0

    def select(self, timeout: float | None = None) -> Any:
        """Count, and ask."""
        self.turns += 1
        return super().select(timeout)


def client(
    port: int, scheme: str = "http", host: str = "127.0.0.1", **settings: Any
) -> AsyncLedgerHQ:
    """Return a client of a server on this machine."""
    return AsyncLedgerHQ(
        base_url=f"{scheme}://{host}:{port}", access_token="token-of-a-test", **settings
    )


def test_a_warm_call_takes_few_turns_of_the_loop(service: Service) -> None:
    selector = CountingSelector()

    async def turns_of_warm_calls() -> int:
        async with client(service.port) as hq:
            books = hq.organization("org_1")
            await books.accounts()
            before = selector.turns
            for _ in range(CALLS):
                await books.accounts()
            return selector.turns - before

    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(selector)) as runner:
        assert runner.run(turns_of_warm_calls()) <= TURNS * CALLS


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_call_that_is_cancelled_at_any_turn_leaves_no_socket_open(
    service: Service, host: str
) -> None:
    async def cancel_after(turns: int) -> None:
        async with client(service.port, host=host) as hq:
            call = asyncio.ensure_future(hq.organization("org_1").accounts())
            for _ in range(turns):
                await asyncio.sleep(0)
            call.cancel()
            with suppress(asyncio.CancelledError):
                await call

    async def cancel_all() -> None:
        for turns in range(24):
            for _ in range(5):
                await cancel_after(turns)

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ResourceWarning)
        asyncio.run(cancel_all())
        gc.collect()
    assert [str(each.message) for each in caught] == []


def test_a_resolver_that_hangs_does_not_keep_the_loop_from_ending(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    is_over = threading.Event()
    ends: list[object] = []

    def hang(*_: Any, **__: Any) -> Any:
        is_over.wait(PATIENCE)
        ends.append(None)
        raise socket.gaierror("no address in this test")

    async def call() -> None:
        async with client(9, host="localhost", deadline=0.1) as hq:
            with pytest.raises(TransportError) as caught:
                await hq.organization("org_1").accounts()
        assert caught.value.outcome == "not_sent"

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    asyncio.run(call())
    assert ends == []
    is_over.set()
    wait_until(lambda: ends)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="Python has no eager tasks yet")
def test_an_eager_task_reaches_a_host_by_its_name(service: Service) -> None:
    async def call() -> Any:
        factory: Any = vars(asyncio)["eager_task_factory"]
        asyncio.get_running_loop().set_task_factory(factory)
        async with client(service.port, host="localhost") as hq:
            return await hq.organization("org_1").accounts()

    assert asyncio.run(call()) == ()


@pytest.mark.sample
def test_trio_may_be_a_guest_of_asyncio(service: Service) -> None:
    """There asyncio has a running loop, but what it waits for is nothing that trio can await."""

    async def rows() -> Any:
        async with client(service.port) as hq:
            return await hq.organization("org_1").accounts()

    async def as_guest() -> Any:
        loop = asyncio.get_running_loop()
        end: asyncio.Future[Any] = loop.create_future()
        trio.lowlevel.start_guest_run(
            rows,
            run_sync_soon_threadsafe=loop.call_soon_threadsafe,
            done_callback=end.set_result,
        )
        return (await end).unwrap()

    assert asyncio.run(as_guest()) == ()


@pytest.mark.parametrize("run", [lambda start: asyncio.run(start()), trio.run])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_long_answer_comes_whole(scheme: str, run: Any, tmp_path: Path) -> None:
    """It is many times what a stream keeps before it is read."""
    certificate = Certificate(tmp_path)
    content = b'{"accounts": [], "padding": "' + b"x" * MUCH + b'"}'
    verify = certificate.settings("https", 0, 0, 0)["verify"]

    async def rows(port: int) -> list[Any]:
        async with client(port, scheme, verify=verify, deadline=60) as hq:
            return [await hq.organization("org_1").accounts() for _ in range(3)]

    with Service(content, certificate if scheme == "https" else None) as server:
        assert run(partial(rows, server.port)) == [(), (), ()]


def test_what_nobody_reads_may_have_been_sent_in_part() -> None:
    lines = [
        JournalLine(account_id="a", debit_amount=5, description="x" * 1000),
        JournalLine(account_id="b", credit_amount=5),
    ]
    draft = DraftEntry(date="2026-06-08", description="x" * MUCH, lines=lines)

    async def outcome(port: int) -> str | None:
        async with client(port, retries=0, deadline=30, timeout=0.2) as hq:
            with pytest.raises(TransportError) as caught:
                await hq.organization("org_1").create_entry(draft)
        return caught.value.outcome

    with Deaf() as server:
        try:
            assert asyncio.run(outcome(server.port)) == "unknown"
        finally:
            server.is_over.set()


@pytest.mark.sample
def test_a_connection_that_ended_while_idle_carries_nothing(service: Service) -> None:
    """The service hangs up; the next change goes out on another connection, once."""

    async def two_calls() -> int:
        async with client(service.port, retries=0) as hq:
            books = hq.organization("org_1")
            await books.accounts()
            for each in service.sockets[1:]:
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
            # The loop has no turn in between: only the socket itself knows.
            await books.accounts()
        return len(service.sockets)

    # The listener, and two connections.
    assert asyncio.run(two_calls()) == 3


@pytest.mark.parametrize("size", [200_000, 3_000_000, 8_000_000])
def test_long_answers_over_tls_do_not_stop_what_is_written_next(size: int, tmp_path: Path) -> None:
    certificate = Certificate(tmp_path)
    verify = certificate.settings("https", 0, 0, 0)["verify"]
    content = b'{"accounts": [], "padding": "' + b"x" * size + b'"}'

    async def counts(port: int) -> list[int]:
        async with client(port, "https", verify=verify, retries=0, timeout=10) as hq:
            return [len(await hq.organization("org_1").accounts()) for _ in range(3 * CALLS)]

    with Service(content, certificate) as server:
        assert asyncio.run(counts(server.port)) == [0] * 3 * CALLS
