"""Pools of connections: how often a call looks through them, who waits, and how many stay open."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpcore
import pytest
from httpcore._sync.connection_pool import PoolRequest

from ledgerhq_ext import LedgerHQ
from ledgerhq_ext._http import transports
from tests.support.sockets import SocketServer
from tests.support.surfaces import Surface, resolve, together
from tests.support.waiting import PATIENCE, await_until, wait_until

pytestmark = pytest.mark.anyio

ANSWER = b'HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n{"accounts": []}'
CALLS = 5
LOOK = "_assign_requests_to_connections"


class Service(SocketServer):
    """Answers a request when it is time to; counts the connections that clients keep open."""

    def __init__(self) -> None:
        super().__init__()
        self.is_time: Callable[[], bool] = lambda: True
        self.accepted = 0
        self.open = 0
        self._guard = threading.Lock()

    def serve(self, connection: socket.socket) -> None:
        """Answer one request after the other."""
        with self._guard:
            self.accepted += 1
            self.open += 1
        try:
            while connection.recv(65536):
                wait_until(self.is_time)
                connection.sendall(ANSWER)
        finally:
            with self._guard:
                self.open -= 1


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """Start the service; its connections are kept however slow the machine is."""
    monkeypatch.setattr(transports, "_KEEPALIVE_EXPIRY", PATIENCE)
    with Service() as server:
        yield server


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The pools that have looked through their connections, once for each time."""
    looks: list[object] = []
    for pool_class in (httpcore.ConnectionPool, httpcore.AsyncConnectionPool):
        look: Any = getattr(pool_class, LOOK)

        def noted(pool: Any, look: Any = look) -> Any:
            looks.append(pool)
            return look(pool)

        monkeypatch.setattr(pool_class, LOOK, noted)
    return looks


def client_of(surface: Surface, service: Service) -> Any:
    url = f"http://127.0.0.1:{service.port}"
    return surface(base_url=url, access_token="t", retries=0, timeout=100, deadline=100)


async def test_a_call_looks_through_the_connections_once(
    surface: Surface, service: Service, looks: list[object]
) -> None:
    hq = client_of(surface, service)
    books = hq.organization("org_1")
    for _ in range(CALLS):
        assert await resolve(books.accounts()) == ()
    assert len(looks) == CALLS
    assert service.accepted == 1
    await resolve(hq.close())


async def test_a_call_that_waits_has_the_connection_of_the_one_before(
    surface: Surface, service: Service, looks: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transports, "_CONNECTIONS", 1)
    service.is_time = lambda: len(looks) >= CALLS
    hq = client_of(surface, service)
    books = hq.organization("org_1")
    assert await together(surface, [books.accounts] * CALLS) == [()] * CALLS
    assert service.accepted == 1
    await resolve(hq.close())


async def test_no_more_connections_stay_open_than_are_to_be_kept(
    surface: Surface, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transports, "_KEPT_ALIVE", 2)
    service.is_time = lambda: service.accepted == CALLS
    hq = client_of(surface, service)
    books = hq.organization("org_1")
    assert await together(surface, [books.accounts] * CALLS) == [()] * CALLS
    await await_until(lambda: service.open == 2)
    await resolve(hq.close())


def test_a_call_that_loses_its_connection_waits_no_longer_than_its_deadline(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transports, "_CONNECTIONS", 1)
    waits: list[tuple[int, float, Any]] = []
    wait = PoolRequest.wait_for_connection

    def noted(request: Any, timeout: Any) -> Any:
        waits.append((threading.get_ident(), time.monotonic(), timeout))
        return wait(request, timeout)

    monkeypatch.setattr(PoolRequest, "wait_for_connection", noted)
    freed: list[float] = []

    def is_time() -> bool:
        if freed:
            return len(waits) > CALLS
        if len(waits) == CALLS:
            freed.append(time.monotonic())
        return bool(freed)

    # The first call ends when all others wait for its connection, and the one that gets it when
    # another waits again.
    service.is_time = is_time
    with client_of(LedgerHQ, service) as hq, ThreadPoolExecutor(CALLS) as threads:
        books = hq.organization("org_1")
        assert list(threads.map(lambda _: books.accounts(), range(CALLS))) == [()] * CALLS

    loser, _, limit = waits[CALLS]
    first, began = next((first, began) for thread, began, first in waits if thread == loser)
    assert first - limit > freed[0] - began
