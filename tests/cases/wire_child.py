"""What runs in a process of its own: it is interrupted, killed, or has loops to throw away.

Started as `python -m tests.cases.wire_child ROLE ARGUMENTS…`. Says in one line that the caller is
out of its call, or as JSON what came of the calls.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from ledgerhq_ext import FileTokenStore, LedgerHQError

from .wire_support import async_client, client, purchase


class SoftTimeLimit(Exception):  # noqa: N818 - called so where it comes from
    """What a task queue's signal handler raises."""


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _out() -> None:
    _say("out of the call")


# --- in the middle of a token exchange


def _block(url: str, tokens: str, **settings: float) -> None:
    with client(url, token_store=FileTokenStore(tokens), **settings) as hq:
        hq.organization("org_1").accounts()


async def _use(url: str, tokens: str) -> None:
    store = FileTokenStore(tokens)
    async with async_client(url, deadline=30, timeout=20, token_store=store) as hq:
        await hq.organization("org_1").accounts()


def interrupted_in_the_main_task(url: str, tokens: str) -> None:
    """Await the call; Ctrl-C cancels its task."""
    with suppress(KeyboardInterrupt):
        asyncio.run(_use(url, tokens))
    _out()


def interrupted_beside_a_task(url: str, tokens: str) -> None:
    """Call in a background task; Ctrl-C hits the main one."""

    async def main() -> None:
        task = asyncio.create_task(_use(url, tokens))
        try:
            await asyncio.sleep(30)
        finally:
            _out()
        await task

    with suppress(KeyboardInterrupt):
        asyncio.run(main())


def interrupted_while_blocking(url: str, tokens: str) -> None:
    """Call with the blocking client; Ctrl-C."""
    with suppress(KeyboardInterrupt):
        _block(url, tokens, deadline=30, timeout=20)
    _out()


def thrown_out_by_a_signal(url: str, tokens: str) -> None:
    """Call with the blocking client; a signal handler raises."""

    def throw(*_: object) -> None:
        raise SoftTimeLimit

    signal.signal(signal.SIGUSR1, throw)
    with suppress(SoftTimeLimit):
        _block(url, tokens, deadline=30, timeout=20)
    _out()


def ended_right_after_a_timeout(url: str, tokens: str) -> None:
    """Call with a deadline that passes, and end."""
    with suppress(LedgerHQError):
        _block(url, tokens, deadline=0.5)
    _out()


# --- to be killed


def drain(url: str, place: str) -> None:
    """Send what the outbox of a store holds."""
    # Imported here alone: it takes longer than most of the processes live.
    from ledgerhq_ext.store import Store

    with Store(place) as store, client(url, deadline=30, timeout=30) as hq:
        store.outbox().drain(hq)


# --- one client, several loops


def posts_in_loops(url: str, loops: str) -> None:
    """Post once in each of so many event loops, one after the other, with one client."""
    hq = async_client(url)

    async def post(number: int) -> str:
        books = hq.organization("org_1")
        return await _outcome(books.post(purchase(), source=("till", str(number))))

    _say(json.dumps([asyncio.run(post(number)) for number in range(int(loops))]))


def reads_in_loops(url: str, loops: str) -> None:
    """Read in each of so many event loops, one after the other, with one client."""
    hq = async_client(url)

    async def read() -> str:
        return await _outcome(hq.organization("org_1").accounts())

    _say(json.dumps([asyncio.run(read()) for _ in range(int(loops))]))


def posts_in_two_living_loops(url: str) -> None:
    """Post from two event loops that live at the same time, in turn, with one client."""
    hq = async_client(url)
    outcomes = []
    for number, loop in enumerate([_living_loop(), _living_loop()]):
        books = hq.organization("org_1")
        posting = _outcome(books.post(purchase(), source=("till", str(number))))
        future = asyncio.run_coroutine_threadsafe(posting, loop)
        try:
            outcomes.append(future.result(6))
        except TimeoutError:
            outcomes.append("hangs")

    _say(json.dumps(outcomes))
    # A loop that hangs must not keep the process.
    os._exit(0)


def _living_loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    return loop


async def _outcome(call: Coroutine[Any, Any, object]) -> str:
    try:
        await call
    except LedgerHQError as error:
        return f"{type(error).__name__}, {error.outcome}"
    except Exception as error:
        return f"{type(error).__name__}, not of our tree"
    return "done"


ROLES: dict[str, Callable[..., None]] = {
    "interrupted-in-the-main-task": interrupted_in_the_main_task,
    "interrupted-beside-a-task": interrupted_beside_a_task,
    "interrupted-while-blocking": interrupted_while_blocking,
    "thrown-out-by-a-signal": thrown_out_by_a_signal,
    "ended-right-after-a-timeout": ended_right_after_a_timeout,
    "drain": drain,
    "posts-in-loops": posts_in_loops,
    "reads-in-loops": reads_in_loops,
    "posts-in-two-living-loops": posts_in_two_living_loops,
}


if __name__ == "__main__":
    ROLES[sys.argv[1]](*sys.argv[2:])
