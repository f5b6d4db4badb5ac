"""When a store is read, how long it is waited for, and how long the token endpoint is left alone."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Coroutine
from typing import Any

import httpx
import pytest

from ledgerhq_ext import (
    AsyncLedgerHQ,
    Connection,
    InputError,
    LedgerHQ,
    MemoryTokenStore,
    OAuthError,
    RetryPolicy,
    TokenStore,
    TransportError,
)
from tests.support.authorization import HOUR, MakeClient, Service, ask, busy
from tests.support.clients import BASE
from tests.support.clocks import FakeClock
from tests.support.surfaces import Surface, later, resolve, together
from tests.support.tokens import write_connection
from tests.support.waiting import PATIENCE, await_until

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


class CountingStore(MemoryTokenStore):
    """Counts how often it is read outside of its section."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.reads = 0

    def read(self) -> Connection | None:
        """Return the connection."""
        self.reads += 1
        return super().read()


@pytest.mark.sample
async def test_a_fresh_token_is_served_from_memory_for_a_minute(
    make_client: MakeClient, service: Service, clock: FakeClock
) -> None:
    store = CountingStore(service.connection())
    client = make_client(store)
    for _ in range(5):
        await ask(client)
    assert store.reads == 1

    # Another process renewed the pair meanwhile.
    write_connection(store, service.connection(access_token="mcp_at_other"))
    service.living.add("mcp_at_other")
    store.reads = 0
    clock.advance(59)
    await ask(client)
    assert store.reads == 0
    clock.advance(2)
    await ask(client)
    assert store.reads == 1
    assert service.bearers[-2:] == ["mcp_at_access0", "mcp_at_other"]


async def test_a_clock_that_goes_back_keeps_no_token_in_memory(
    make_client: MakeClient, service: Service, clock: FakeClock
) -> None:
    store = CountingStore(service.connection())
    client = make_client(store)
    await ask(client)
    clock.advance(-1)
    await ask(client)
    assert store.reads == 2


async def test_the_store_is_read_after_disconnecting(
    make_client: MakeClient, service: Service
) -> None:
    store = CountingStore(service.connection())
    client = make_client(store)
    await ask(client)
    await resolve(client.disconnect())
    with pytest.raises(OAuthError, match="connect first"):
        await ask(client)


class SlowStore(MemoryTokenStore):
    """A store whose first read takes until a test lets it end."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.has_read = threading.Event()
        self.may_end = threading.Event()

    def read(self) -> Connection | None:
        """Return the connection as it was when the read began."""
        connection = super().read()
        if not self.has_read.is_set():
            self.has_read.set()
            self.may_end.wait(PATIENCE)
        return connection


@pytest.mark.parametrize("ends_first", [True, False])
async def test_a_read_that_began_before_disconnecting_serves_no_later_call(
    surface: Surface, service: Service, ends_first: bool
) -> None:
    store = SlowStore(service.connection())
    client = surface(
        base_url=BASE, token_store=store, transport=service.transport(), clock=service.clock
    )

    async def disconnect() -> None:
        """Disconnect while the store is read for another call, and call again."""
        await resolve(client.disconnect())
        if ends_first:
            store.may_end.set()
            await await_until(lambda: service.bearers)
        with pytest.raises(OAuthError, match="connect first"):
            await ask(client)
        store.may_end.set()

    calls = [
        lambda: client.request("GET", "/api/v1/organizations"),
        later(surface, store.has_read.is_set, lambda: run_on(surface, disconnect())),
    ]
    results = await together(surface, calls)
    await resolve(client.close())
    assert [result for result in results if isinstance(result, BaseException)] == []


def run_on(surface: Surface, work: Coroutine[Any, Any, None]) -> Any:
    """Return what the surface's ``together`` takes: an awaitable, or the result."""
    return work if surface is AsyncLedgerHQ else asyncio.run(work)


class HangingStore(MemoryTokenStore):
    """A store whose database does not answer until the test ends."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.answers = threading.Event()

    def read(self) -> Connection | None:
        """Return the connection, late."""
        self.answers.wait(30)
        return super().read()


async def test_the_deadline_bounds_the_wait_for_a_store(surface: Surface, service: Service) -> None:
    store = HangingStore(service.connection())
    begin = time.monotonic()
    client = surface(base_url=BASE, token_store=store, transport=service.transport(), deadline=0.3)
    try:
        with pytest.raises(TransportError) as caught:
            await ask(client)
        assert time.monotonic() - begin < 10
        assert caught.value.message.startswith("The token store did not answer")
        assert caught.value.outcome == "not_sent"
        assert service.bearers == []
    finally:
        store.answers.set()


async def test_two_hundred_tasks_refresh_once(service: Service, clock: FakeClock) -> None:
    store = MemoryTokenStore(service.connection())
    clock.advance(HOUR)
    transport = httpx.MockTransport(service.transport().handler)
    async with AsyncLedgerHQ(
        base_url=BASE, token_store=store, transport=transport, clock=clock
    ) as hq:
        await asyncio.gather(*(ask(hq) for _ in range(200)))
    assert service.presented == ["mcp_rt_refresh0"]
    assert len(service.bearers) == 200


class FullStore(MemoryTokenStore):
    """A store whose disk is full for some writes, although the trial went well."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.refusals = 0

    def _write(self, connection: Connection | None) -> None:
        if self.refusals:
            self.refusals -= 1
            raise InputError("The disk is full.")
        super()._write(connection)


async def test_a_pair_that_could_not_be_written_is_written_later(
    make_client: MakeClient, service: Service, clock: FakeClock
) -> None:
    """The stored refresh token is spent: it is not presented again."""
    store = FullStore(service.connection())
    client = make_client(store)
    clock.advance(HOUR)
    store.refusals = 2
    for _ in range(2):
        with pytest.raises(InputError, match="disk is full"):
            await ask(client)
    await ask(client)
    assert service.presented == ["mcp_rt_refresh0"]
    assert service.bearers == ["mcp_at_access1"]
    connection = store.read()
    assert connection is not None
    assert connection.refresh_token == "mcp_rt_refresh1"


@pytest.mark.parametrize("status", [429, 503])
async def test_the_token_endpoint_is_left_alone_as_long_as_it_asks(
    make_client: MakeClient, service: Service, clock: FakeClock, status: int
) -> None:
    client = make_client(service.connection())
    clock.advance(HOUR)
    begin = clock.monotonic()
    service.token_scripts = [busy(status, "30")]
    await ask(client)
    assert len(service.forms) == 2
    assert clock.monotonic() - begin >= 30


async def test_a_wait_that_does_not_fit_the_deadline_raises_at_once(
    make_client: MakeClient, service: Service, clock: FakeClock
) -> None:
    client = make_client(service.connection()).with_options(
        deadline=20, retries=RetryPolicy(attempts=5)
    )
    clock.advance(HOUR)
    begin = clock.monotonic()
    service.token_scripts = [busy(429, "600")]
    with pytest.raises(OAuthError, match="busy; try again in") as caught:
        await ask(client)
    assert caught.value.outcome == "not_sent"
    assert clock.monotonic() - begin < 5
    with pytest.raises(OAuthError, match="busy; try again in"):
        await ask(client)
    assert len(service.forms) == 1
    clock.advance(600)
    await ask(client)


def test_the_end_of_a_client_does_not_end_its_exchange(service: Service, clock: FakeClock) -> None:
    """The caller's time is up and the client is closed, while the answer is on its way."""
    store: TokenStore = MemoryTokenStore(service.connection())
    clock.advance(HOUR)
    arrived, release = threading.Event(), threading.Event()

    def slow(_: httpx.Request) -> None:
        arrived.set()
        release.wait(30)

    service.token_scripts = [slow]
    shifted = FakeClock()
    shifted.advance(HOUR)
    with LedgerHQ(
        base_url=BASE, token_store=store, transport=service.transport(), clock=shifted, deadline=0.5
    ) as hq:
        with pytest.raises(TransportError) as caught:
            hq.request("GET", "/api/v1/organizations")
        # The store is in memory: to name it alone would send a reader to the wrong place.
        assert caught.value.message.startswith("The token endpoint or the token store")
        assert caught.value.outcome == "not_sent"
    assert arrived.wait(10)
    release.set()
    end = time.monotonic() + 10
    while time.monotonic() < end:
        connection = store.read()
        assert connection is not None
        if connection.refresh_token == "mcp_rt_refresh1":
            return
        time.sleep(0.01)
    pytest.fail("the new pair never came")
