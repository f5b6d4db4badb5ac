"""The exchange of a refresh token ends with the pair in the store, whatever happens to its caller.

Cases t2 and t3. In each the firm has spent the old token already, and holds its answer back until
the caller was hit.
"""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from ledgerhq_ext import FileTokenStore, MemoryTokenStore, TokenStore

from .wire_support import (
    PATIENCE,
    ROOT,
    START,
    Firm,
    arrival,
    assert_connected,
    async_client,
    client,
    error_of,
    keep,
)

# --- t2: the caller's deadline passes

LIVES = [pytest.param(-400, id="access-token-dead"), pytest.param(30, id="access-token-alive")]


def call_in_time(firm: Firm, store: TokenStore) -> None:
    """Call with a deadline of half a second."""
    with client(firm.url, deadline=0.5, token_store=store) as hq:
        hq.organization("org_1").accounts()


def await_in_time(firm: Firm, store: TokenStore) -> None:
    """Call as `call_in_time` does, on a loop."""

    async def call() -> None:
        async with async_client(firm.url, deadline=0.5, token_store=store) as hq:
            await hq.organization("org_1").accounts()

    asyncio.run(call())


@pytest.mark.parametrize("life", LIVES)
@pytest.mark.parametrize("call", [call_in_time, await_in_time])
def test_a_short_deadline_does_not_cut_the_exchange(call: Any, life: float) -> None:
    with Firm(gated=True) as firm:
        store = MemoryTokenStore(firm.connection(life=life))
        begin = time.monotonic()
        timeout = error_of(lambda: call(firm, store))
        assert time.monotonic() - begin < 6
        # A token that is still alive may serve the call: then there is no error.
        assert timeout is None or timeout.outcome == "not_sent"

        assert firm.arrived.is_set()
        firm.release.set()
        assert_connected(firm, store)


def call_impatiently(firm: Firm, store: TokenStore) -> None:
    """Call with a short time for each phase, and a long one for all."""
    with client(firm.url, timeout=0.5, deadline=PATIENCE, token_store=store) as hq:
        hq.organization("org_1").accounts()


def await_impatiently(firm: Firm, store: TokenStore) -> None:
    """Call as `call_impatiently` does, on a loop."""

    async def call() -> None:
        async with async_client(firm.url, timeout=0.5, deadline=PATIENCE, token_store=store) as hq:
            await hq.organization("org_1").accounts()

    asyncio.run(call())


@pytest.mark.parametrize("call", [call_impatiently, await_impatiently])
def test_a_short_timeout_does_not_cut_the_exchange(call: Any) -> None:
    with Firm(gated=True) as firm:
        store = MemoryTokenStore(firm.connection(life=-400))
        threading.Timer(1.5, firm.release.set).start()
        assert error_of(lambda: call(firm, store)) is None
        assert_connected(firm, store)


# --- t3: the caller is cancelled


async def use(firm: Firm, store: TokenStore) -> None:
    """Call the service with a token that has to be refreshed first."""
    async with async_client(firm.url, deadline=30, timeout=20, token_store=store) as hq:
        await hq.organization("org_1").accounts()


async def release_once_cancelled(firm: Firm) -> None:
    """Let the token answer go a moment after this task, and its neighbors, were cancelled."""
    try:
        await asyncio.sleep(PATIENCE)
    finally:
        threading.Timer(0.2, firm.release.set).start()


async def task_cancelled(firm: Firm, store: TokenStore) -> None:
    """Cancel the task once."""
    task = asyncio.create_task(use(firm, store))
    await arrival(firm.arrived)
    task.cancel()
    asyncio.get_running_loop().call_later(0.2, firm.release.set)
    await asyncio.wait([task])


async def task_cancelled_twice(firm: Firm, store: TokenStore) -> None:
    """Cancel the task, and once more before it has ended."""
    task = asyncio.create_task(use(firm, store))
    await arrival(firm.arrived)
    task.cancel()
    await asyncio.sleep(0.1)
    task.cancel()
    asyncio.get_running_loop().call_later(0.2, firm.release.set)
    await asyncio.wait([task])


async def timed_out(firm: Firm, store: TokenStore) -> None:
    """Let an `asyncio.timeout` end while the answer is on its way."""
    loop = asyncio.get_running_loop()

    async def end(scope: asyncio.Timeout) -> None:
        await arrival(firm.arrived)
        scope.reschedule(loop.time())
        loop.call_later(0.2, firm.release.set)

    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE) as scope:
            ending = asyncio.create_task(end(scope))
            await use(firm, store)
    await ending
    assert scope.expired()


async def sibling_failed(firm: Firm, store: TokenStore) -> None:
    """Let a sibling in `asyncio.gather` fail: `asyncio.run` ends, and cancels what is left."""

    async def fail() -> None:
        await arrival(firm.arrived)
        raise RuntimeError("the sibling")

    with pytest.raises(RuntimeError, match="the sibling"):
        await asyncio.gather(use(firm, store), release_once_cancelled(firm), fail())


async def loop_shut_down(firm: Firm, store: TokenStore) -> None:
    """Cancel every task, as a graceful shutdown does."""
    tasks = [
        asyncio.create_task(use(firm, store)),
        asyncio.create_task(release_once_cancelled(firm)),
    ]
    await arrival(firm.arrived)
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
    await asyncio.wait(tasks)


@pytest.mark.parametrize(
    "shape",
    [
        task_cancelled,
        task_cancelled_twice,
        timed_out,
        sibling_failed,
        loop_shut_down,
    ],
)
def test_a_cancelled_call_leaves_the_pair_in_the_store(shape: Any) -> None:
    with Firm(gated=True) as firm:
        store = MemoryTokenStore(firm.connection())
        asyncio.run(shape(firm, store))
        assert firm.release.wait(PATIENCE)
        assert_connected(firm, store)


# --- t3: the caller's process is interrupted, or ends


HITS = {
    "interrupted-in-the-main-task": signal.SIGINT,
    "interrupted-beside-a-task": signal.SIGINT,
    "interrupted-while-blocking": signal.SIGINT,
    "thrown-out-by-a-signal": signal.SIGUSR1,
    "ended-right-after-a-timeout": None,
}


@pytest.mark.parametrize(
    "shape",
    [
        "interrupted-in-the-main-task",
        "interrupted-beside-a-task",
        "interrupted-while-blocking",
        "thrown-out-by-a-signal",
        "ended-right-after-a-timeout",
    ],
)
def test_an_interrupted_process_leaves_the_pair_in_the_store(shape: str, tmp_path: Path) -> None:
    place = tmp_path / "tokens.json"
    store = FileTokenStore(place)
    with Firm(gated=True) as firm:
        keep(store, firm.connection())
        command = [sys.executable, "-m", "tests.cases.wire_child", shape, firm.url, str(place)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
            assert firm.arrived.wait(START)
            hit = HITS[shape]
            if hit is not None:
                child.send_signal(hit)
            release_after_a_line(child.stdout, firm)
            child.wait(START)

        assert_connected(firm, store)


def release_after_a_line(output: Any, firm: Firm) -> None:
    """Let the token answer go once the child says that it was hit, or in two seconds.

    A child that ends its exchange first has nothing to say before it has the answer.
    """
    reader = threading.Thread(target=output.readline, daemon=True)
    reader.start()
    reader.join(2)
    firm.release.set()
    reader.join(PATIENCE)
