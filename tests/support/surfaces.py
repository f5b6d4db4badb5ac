"""Both surfaces driven by one text: what is awaitable is awaited, what is lazy is read to its end."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ledgerhq_ext import AsyncLedgerHQ, Event, LedgerHQ

from .waiting import await_until, wait_until

Surface = type[LedgerHQ] | type[AsyncLedgerHQ]
Hook = Callable[[Event], None]


async def resolve(value: Any) -> Any:
    """Return the result of a method of either surface."""
    if inspect.isawaitable(value):
        return await value
    return value


async def collect(items: Any) -> list[Any]:
    """Return all items of a lazy list of either surface."""
    if hasattr(items, "__iter__"):
        return list(items)
    return [item async for item in items]


async def together(surface: Surface, calls: list[Callable[[], Any]]) -> list[Any]:
    """Make calls at the same time; return what they return, and what they raise."""
    if surface is AsyncLedgerHQ:
        return await asyncio.gather(*(call() for call in calls), return_exceptions=True)

    def outcome(call: Callable[[], Any]) -> Any:
        try:
            return call()
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(outcome, calls))


def later(
    surface: Surface, ready: Callable[[], object], call: Callable[[], Any]
) -> Callable[[], Any]:
    """Return the call, which begins when something is ready."""

    async def begin_awaiting() -> Any:
        await await_until(ready)
        return await call()

    def begin() -> Any:
        wait_until(ready)
        return call()

    return begin_awaiting if surface is AsyncLedgerHQ else begin
