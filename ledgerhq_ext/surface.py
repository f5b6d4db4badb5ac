"""From flows to methods: blocking ones and awaiting ones, with the flow's own signature and docstring."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from ledgerhq_ext.flow import Flow
from ledgerhq_ext.pages import AsyncPages, Listing, Pages
from ledgerhq_ext.transport import AwaitingDriver, BlockingDriver

P = ParamSpec("P")
T = TypeVar("T")


def blocking(flow: Callable[Concatenate[Any, P], Flow[T]]) -> Callable[Concatenate[Any, P], T]:
    """A method that runs the flow to its end."""

    @wraps(flow)
    def method(self: Any, /, *args: P.args, **kwargs: P.kwargs) -> T:
        driver: BlockingDriver = self._driver
        return driver.run(flow(self, *args, **kwargs))

    return method


def awaiting(
    flow: Callable[Concatenate[Any, P], Flow[T]],
) -> Callable[Concatenate[Any, P], Coroutine[Any, Any, T]]:
    """A coroutine method that runs the flow to its end."""

    @wraps(flow)
    async def method(self: Any, /, *args: P.args, **kwargs: P.kwargs) -> T:
        driver: AwaitingDriver = self._driver
        return await driver.run(flow(self, *args, **kwargs))

    return method


def pages(listing: Callable[Concatenate[Any, P], Listing[T]]) -> Callable[Concatenate[Any, P], Pages[T]]:
    """A method that gives a lazy list."""

    @wraps(listing)
    def method(self: Any, /, *args: P.args, **kwargs: P.kwargs) -> Pages[T]:
        return Pages(listing(self, *args, **kwargs), self._driver)

    return method


def async_pages(
    listing: Callable[Concatenate[Any, P], Listing[T]],
) -> Callable[Concatenate[Any, P], AsyncPages[T]]:
    """A method that gives a lazy list to iterate over with ``async for``."""

    @wraps(listing)
    def method(self: Any, /, *args: P.args, **kwargs: P.kwargs) -> AsyncPages[T]:
        return AsyncPages(listing(self, *args, **kwargs), self._driver)

    return method
