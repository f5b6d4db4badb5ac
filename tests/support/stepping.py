"""Coroutines driven by hand, and event loops that notice what a blocking method does to them."""

from __future__ import annotations

import asyncio
import importlib
import inspect
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

_ENTRANCES = (
    "call_soon",
    "call_soon_threadsafe",
    "call_later",
    "call_at",
    "create_task",
    "run_in_executor",
)
"""How anybody has an event loop do something."""
_SPECIAL = ("__enter__", "__exit__", "__iter__")


def methods(kind: type) -> dict[str, Any]:
    """Return the public methods of a class, and what ``with`` and ``for`` call, as they stand in
    it.
    """
    members = {
        name: inspect.getattr_static(kind, name) for name in dir(kind) if not name.startswith("_")
    }
    members |= {
        name: inspect.getattr_static(kind, name) for name in _SPECIAL if hasattr(kind, name)
    }
    return {name: member for name, member in members.items() if not isinstance(member, property)}


def one_step(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Bring a coroutine to its end by a single ``send``; fail when it waits for somebody."""
    try:
        waits_for = coroutine.send(None)
    except StopIteration as end:
        return end.value
    coroutine.close()
    return pytest.fail(f"{coroutine!r} waits for {waits_for!r}")


def settled(value: Any) -> Any:
    """Return the result of a method of the asynchronous core: every coroutine in one step, a lazy
    list to its end.
    """
    if inspect.iscoroutine(value):
        return one_step(value)
    if not hasattr(value, "__aiter__"):
        return value

    iterator = aiter(value)
    items: list[Any] = []
    while True:
        try:
            items.append(one_step(iterator.__anext__()))
        except StopAsyncIteration:
            return items


def exhausted(value: Any) -> Any:
    """Return the result of a blocking method, a lazy list to its end."""
    is_lazy = hasattr(value, "__next__") or hasattr(value, "pages")
    return list(value) if is_lazy else value


def in_asyncio(call: Callable[[], Any]) -> Any:
    """Call a blocking method inside a running loop of asyncio, which must not notice."""

    async def main() -> Any:
        loop = asyncio.get_running_loop()
        uses: list[str] = []
        for name in _ENTRANCES:
            setattr(loop, name, _noticed(uses, name, getattr(loop, name)))
        tasks = asyncio.all_tasks()
        try:
            result = call()
            assert uses == []
            assert asyncio.all_tasks() == tasks
        finally:
            for name in _ENTRANCES:
                delattr(loop, name)
        # The loop goes on.
        await asyncio.sleep(0)
        return result

    return asyncio.run(main())


def _noticed(uses: list[str], name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def noticed(*arguments: Any, **options: Any) -> Any:
        uses.append(name)
        return function(*arguments, **options)

    return noticed


def in_trio(call: Callable[[], Any]) -> Any:
    """Do the same inside a loop of trio."""
    trio = importlib.import_module("trio")

    async def main() -> Any:
        before = trio.lowlevel.current_statistics()
        result = call()
        after = trio.lowlevel.current_statistics()
        assert (after.tasks_living, after.tasks_runnable) == (
            before.tasks_living,
            before.tasks_runnable,
        )
        assert after.run_sync_soon_queue_size == before.run_sync_soon_queue_size
        await trio.lowlevel.checkpoint()
        return result

    return trio.run(main)
