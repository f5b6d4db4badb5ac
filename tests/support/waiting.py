"""Waiting for what is about to happen, without a bound that a busy machine could miss."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from types import SimpleNamespace

PATIENCE = 120.0
"""Seconds after which a test gives up. What it waits for takes a second or two; only a hang takes
so long.
"""
_TICK = 0.005


def wait_until(condition: Callable[[], object]) -> None:
    """Wait until the condition holds."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "what the test waits for does not happen"
        time.sleep(_TICK)


async def await_until(condition: Callable[[], object]) -> None:
    """Wait until the condition holds, and let other tasks run."""
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(_TICK)


class Gate:
    """Closed until a test opens it."""

    def __init__(self) -> None:
        self._opened = threading.Event()

    def open(self) -> None:
        """Let everybody through, from whatever thread."""
        self._opened.set()

    async def sleep(self, _: float) -> None:
        """Wait at the gate, whatever time was asked for."""
        await await_until(self._opened.is_set)

    def asyncio(self) -> SimpleNamespace:
        """Return the asyncio of a module whose sleeps are to end at the gate."""
        return SimpleNamespace(sleep=self.sleep, get_running_loop=asyncio.get_running_loop)
