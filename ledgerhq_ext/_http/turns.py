"""Turns: one caller at a time on a record, across threads, event loops and clients of a process."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Hashable
from typing import Any
from weakref import WeakValueDictionary

from ledgerhq_ext.errors import InputError, TransportError

Wake = Callable[[], object]


class _Waiter:
    """Somebody who waits for a lock: how to wake him, and whether the lock is his now."""

    def __init__(self, wake: Wake) -> None:
        self.wake = wake
        self.is_owner = False


class Lock:
    """A lock that threads and tasks of any event loop wait for in one queue, in order."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._is_held = False
        self._waiters: deque[_Waiter] = deque()

    def try_acquire(self, wake: Wake) -> _Waiter | None:
        """Take the lock, and return None; or join the queue, to be woken."""
        with self._guard:
            if not self._is_held:
                self._is_held = True
                return None
            waiter = _Waiter(wake)
            self._waiters.append(waiter)
            return waiter

    def give_up(self, waiter: _Waiter) -> bool:
        """Leave the queue; return whether the lock was handed over just before."""
        with self._guard:
            if waiter.is_owner:
                return True
            self._waiters.remove(waiter)
            return False

    def release(self) -> None:
        """Hand the lock to whoever has waited longest."""
        with self._guard:
            while self._waiters:
                waiter = self._waiters.popleft()
                waiter.is_owner = True
                try:
                    waiter.wake()
                except RuntimeError:
                    # His event loop is closed: nobody waits there any more.
                    continue
                return
            self._is_held = False


class _Locks:
    """Locks by key; each lives while somebody holds it or waits for it."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._locks: WeakValueDictionary[Any, Lock] = WeakValueDictionary()

    def get(self, key: Hashable) -> Lock:
        """Return the lock of a key, the same one for everybody who waits for it."""
        with self._guard:
            lock = self._locks.get(key)
            if lock is None:
                lock = Lock()
                self._locks[key] = lock
            return lock


_LOCKS = _Locks()


def _forget() -> None:
    """Begin a child with no lock held: whoever held one stayed in the parent."""
    global _LOCKS
    _LOCKS = _Locks()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


def _no_turn() -> TransportError:
    return TransportError(
        "Another call on the same record was not complete before the deadline. Try again.",
        outcome="not_sent",
    )


class BlockingTurn:
    """A turn that a thread waits for."""

    def __init__(self, key: Hashable, budget: float) -> None:
        self._lock = _LOCKS.get(key)
        self._budget = budget

    async def __aenter__(self) -> None:
        is_awake = threading.Event()
        waiter = self._lock.try_acquire(is_awake.set)
        if waiter is None:
            return
        try:
            is_owner = is_awake.wait(max(self._budget, 0))
        except BaseException:
            # Handed over at the last moment, to a caller who is leaving: the next one gets it.
            if self._lock.give_up(waiter):
                self._lock.release()
            raise
        if not is_owner and not self._lock.give_up(waiter):
            raise _no_turn()

    async def __aexit__(self, *_: object) -> None:
        self._lock.release()


class AwaitingTurn:
    """A turn that a task waits for; it occupies no thread meanwhile."""

    def __init__(self, anyio: Any, key: Hashable, budget: float) -> None:
        self._anyio = anyio
        self._lock = _LOCKS.get(key)
        self._budget = budget

    async def __aenter__(self) -> None:
        call_soon = call_soon_here(self._anyio)
        is_awake = self._anyio.Event()
        waiter = self._lock.try_acquire(lambda: call_soon(is_awake.set))
        if waiter is None:
            return
        try:
            with self._anyio.move_on_after(max(self._budget, 0)):
                await is_awake.wait()
                return
        except BaseException:
            if self._lock.give_up(waiter):
                self._lock.release()
            raise
        if not self._lock.give_up(waiter):
            raise _no_turn()

    async def __aexit__(self, *_: object) -> None:
        self._lock.release()


def running_loop(anyio: Any) -> Any:
    """Return the event loop that runs here, asyncio's or trio's.

    Raises ``InputError`` where there is none.
    """
    try:
        token = anyio.lowlevel.current_token()
    except RuntimeError:
        raise InputError(
            "No event loop of asyncio or trio runs here. Await this call within one, or use the "
            "blocking client or store."
        ) from None
    return getattr(token, "native_token", token)


def call_soon_here(anyio: Any) -> Callable[[Callable[[], object]], object]:
    """Return the function by which other threads have this thread's event loop call another one."""
    loop = running_loop(anyio)
    if hasattr(loop, "call_soon_threadsafe"):
        return loop.call_soon_threadsafe  # type: ignore[no-any-return]
    return loop.run_sync_soon  # type: ignore[no-any-return]
