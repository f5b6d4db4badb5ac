"""One refresh for all who wait: threads, tasks, processes; also when the one who refreshes is
cancelled or killed.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any

import httpx
import ledgerhq_api
import pytest

import ledgerhq_ext
from ledgerhq_ext import AsyncLedgerHQ, Connection, FileTokenStore, LedgerHQ, MemoryTokenStore
from ledgerhq_ext.sandbox import Sandbox
from tests.support.authorization import HOUR, MakeClient, Service, ask
from tests.support.clients import BASE
from tests.support.clocks import FakeClock
from tests.support.tokens import write_connection

pytestmark = pytest.mark.slow

WORKER = """
import sys
import time
from ledgerhq_ext import LedgerHQ

class Clock:
    hours = 0

    def now(self):
        return time.time() + self.hours * 3601

    def monotonic(self):
        return time.monotonic() + self.hours * 3601

with LedgerHQ(base_url=sys.argv[1], token_store=sys.argv[2], clock=Clock()) as hq:
    for _ in sys.stdin:
        print(hq.request("GET", "/api/v1/organizations").status, flush=True)
        # So does the sandbox: its tokens end.
        Clock.hours += 1
"""
HOLDER = """
import sys
from ledgerhq_ext import FileTokenStore
section = FileTokenStore(sys.argv[1]).try_lock()
print(section is not None, flush=True)
sys.stdin.read()
"""
FORKING_HOLDER = """
import os
import sys
from ledgerhq_ext import FileTokenStore
section = FileTokenStore(sys.argv[1]).try_lock()
if os.fork() == 0:
    print(section is not None, flush=True)
    sys.stdin.read()
    os._exit(0)
os.wait()
"""


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, service: Service, tmp_path: Path) -> Any:
    connection = service.connection()
    return (
        MemoryTokenStore(connection)
        if request.param == "memory"
        else kept(tmp_path / "tokens.json", connection)
    )


def kept(path: Path, connection: Connection) -> FileTokenStore:
    store = FileTokenStore(path)
    write_connection(store, connection)
    return store


def python(code: str, *arguments: str) -> subprocess.Popen[str]:
    places = [str(Path(package.__path__[0]).parent) for package in (ledgerhq_ext, ledgerhq_api)]
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(places)},
    )


def lines(process: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    assert process.stdin is not None
    assert process.stdout is not None
    return process.stdin, process.stdout


@pytest.fixture
def started() -> Iterator[list[subprocess.Popen[str]]]:
    processes: list[subprocess.Popen[str]] = []
    yield processes
    for process in processes:
        process.kill()
        process.wait()
        for stream in lines(process):
            stream.close()


def test_eight_threads_refresh_once(store: Any, service: Service, clock: FakeClock) -> None:
    clock.advance(HOUR)
    gate = threading.Barrier(8)
    # Real sleep: on a clock that moves when others sleep, the deadline would pass while one
    # refreshes.
    hq = LedgerHQ(base_url=BASE, token_store=store, transport=service.transport(), clock=clock)

    def work(_: int) -> int:
        gate.wait()
        return hq.request("GET", "/api/v1/organizations").status

    with hq, ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(8))) == [200] * 8
    assert service.presented == ["mcp_rt_refresh0"]


class Slow(httpx.AsyncBaseTransport):
    """The service, with answers that let other tasks run."""

    def __init__(self, service: Service) -> None:
        self._inner = service.transport()
        self.spent = asyncio.Event()
        self.when_spent: Callable[[], None] = lambda: None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        if request.url.path.endswith("/token"):
            self.spent.set()
            self.when_spent()
        await asyncio.sleep(0.01)
        return response


@pytest.mark.anyio
async def test_eight_tasks_refresh_once(store: Any, service: Service, clock: FakeClock) -> None:
    clock.advance(HOUR)
    async with AsyncLedgerHQ(
        base_url=BASE, token_store=store, transport=Slow(service), clock=clock
    ) as hq:
        await asyncio.gather(*(ask(hq) for _ in range(8)))
    assert service.presented == ["mcp_rt_refresh0"]


@pytest.mark.sample
@pytest.mark.anyio
async def test_who_is_cancelled_during_a_refresh_still_keeps_the_new_pair(
    store: Any, service: Service, clock: FakeClock
) -> None:
    clock.advance(HOUR)
    transport = Slow(service)
    async with AsyncLedgerHQ(
        base_url=BASE, token_store=store, transport=transport, clock=clock
    ) as hq:
        task = asyncio.ensure_future(ask(hq))
        await transport.spent.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert service.bearers == []
        assert store.read().refresh_token == service.refresh_token
        await ask(hq)
    assert service.presented == ["mcp_rt_refresh0"]


@pytest.mark.anyio
@pytest.mark.parametrize("age", [HOUR - 30, HOUR])
async def test_an_exchange_on_the_callers_loop_has_all_of_its_time(
    service: Service, clock: FakeClock, age: float
) -> None:
    """It cannot go on without him, also where a token that still lives would serve."""
    limits: list[float] = []

    def handle(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/token"):
            limits.append(request.extensions["timeout"]["read"])
        return inner(request)  # type: ignore[no-any-return]

    inner: Any = service.transport().handler
    store = MemoryTokenStore(service.connection())
    clock.advance(age)
    async with AsyncLedgerHQ(
        base_url=BASE, token_store=store, transport=httpx.MockTransport(handle), clock=clock
    ) as hq:
        await ask(hq)
    assert limits == [pytest.approx(20, abs=5)]


@pytest.mark.anyio
async def test_a_timeout_of_the_caller_leaves_the_store_unlocked(
    store: Any, service: Service, clock: FakeClock
) -> None:
    clock.advance(HOUR)
    transport = Slow(service)
    async with AsyncLedgerHQ(
        base_url=BASE, token_store=store, transport=transport, clock=clock
    ) as hq:
        # The time is up as soon as the refresh token is spent.
        limit = asyncio.timeout(None)
        transport.when_spent = lambda: limit.reschedule(0)
        with pytest.raises(TimeoutError):
            async with limit:
                await ask(hq)
    section = store.try_lock()
    assert section is not None
    with section:
        assert section.read().access_token == "mcp_at_access1"


@pytest.mark.slow
def test_four_processes_never_present_a_refresh_token_twice(
    tmp_path: Path, started: list[subprocess.Popen[str]]
) -> None:
    with Sandbox() as box:
        tokens = box.token_response()
        path = tmp_path / "tokens.json"
        kept(path, Connection(
            issuer=box.url, client_id="sandbox", access_token=tokens["access_token"],
            refresh_token=tokens["refresh_token"], obtained_at=0, expires_at=1,
        ))  # fmt: skip
        started += [python(WORKER, box.url, str(path)) for _ in range(4)]
        for _ in range(3):
            for process in started:
                print("go", file=lines(process)[0], flush=True)
            assert [lines(process)[1].readline() for process in started] == ["200\n"] * 4
            box.advance(HOUR + 1)
        assert box.refresh_tokens_presented_twice == []
        assert [log["outcome"] for log in box.oauth_log] == ["ok"] * 3


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="kills by signal")
@pytest.mark.parametrize("holder", [HOLDER, FORKING_HOLDER], ids=["alone", "with a child"])
def test_the_lock_of_a_killed_process_is_free(
    holder: str, tmp_path: Path, started: list[subprocess.Popen[str]]
) -> None:
    """Also while a child lives that it forked inside the section."""
    store = FileTokenStore(tmp_path / "tokens.json")
    started.append(python(holder, str(store.path)))
    assert lines(started[0])[1].readline() == "True\n"
    assert store.try_lock() is None
    started[0].send_signal(signal.SIGKILL)
    started[0].wait()
    section = store.try_lock()
    assert section is not None
    section.__exit__(None, None, None)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_a_child_that_was_forked_inside_the_section_does_not_keep_the_lock(tmp_path: Path) -> None:
    store = FileTokenStore(tmp_path / "tokens.json")
    section = store.try_lock()
    assert section is not None
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(writing)
        os.read(reading, 1)
        os._exit(0)
    section.__exit__(None, None, None)
    again = store.try_lock()
    os.close(writing)
    os.waitpid(child, 0)
    os.close(reading)
    assert again is not None
    again.__exit__(None, None, None)


@pytest.mark.anyio
async def test_the_new_pair_is_on_disk_before_it_is_used(
    make_client: MakeClient, service: Service, clock: FakeClock, tmp_path: Path
) -> None:
    store = kept(tmp_path / "tokens.json", service.connection())
    clock.advance(HOUR)
    on_disk: list[bool] = []

    def at_the_service(bearer: str) -> None:
        stored = store.read()
        assert stored is not None
        on_disk.append(
            (stored.access_token, stored.refresh_token) == (bearer, service.refresh_token)
        )

    service.before_api = at_the_service
    await ask(make_client(store))
    assert on_disk == [True]
