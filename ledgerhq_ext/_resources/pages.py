"""Lazy lists: what the listing methods return, blocking and asynchronous."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from ledgerhq_ext import models
from ledgerhq_ext._checks import check_whole
from ledgerhq_ext._handle import Handle
from ledgerhq_ext._http.io import run
from ledgerhq_ext._plain import counted
from ledgerhq_ext._resources.listing import Listing, Page
from ledgerhq_ext.errors import InputError

if TYPE_CHECKING:
    from ledgerhq_ext._resources.walks import Walk

T = TypeVar("T")


class _AsyncPageIterator(Generic[T]):
    """The items of a walk, page by page."""

    def __init__(self, walk: Walk[T]) -> None:
        self._walk = walk

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> tuple[T, ...]:
        items = await self._walk.next()
        if items is None:
            raise StopAsyncIteration
        return items


class _AsyncItemIterator(Generic[T]):
    """The items of a walk, one by one."""

    def __init__(self, walk: Walk[T]) -> None:
        self._walk = walk
        self._items: Iterator[T] = iter(())

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        while True:
            for item in self._items:
                return item
            # A page may hold nothing new, so one more page is not always enough.
            items = await self._walk.next()
            if items is None:
                raise StopAsyncIteration
            self._items = iter(items)


class AsyncPages(Generic[T]):
    """A lazy list: ``async for`` over its items, or over ``pages()``.

    Iterating again starts from the beginning.
    """

    def __init__(
        self,
        listing: Listing[T],
        *,
        record: Callable[[], Coroutine[Any, Any, models.OrganizationRecord]] | None = None,
    ) -> None:
        self._listing = listing
        self._walk = self._new_walk()
        # Of the organization whose list it is.
        self._record = record

    def __repr__(self) -> str:
        return f"AsyncPages({self._listing.operation.name})"

    @property
    def cursor(self) -> str | None:
        """The position of a cursor iteration. Pass it as ``cursor=`` to continue after the pages
        already read.
        """
        return self._walk.cursor

    @property
    def has_more(self) -> bool:
        """False when the page that was read last ends the list, as the service counts it.

        True before the first page. A list that shifted meanwhile may be read once more in any case.
        """
        return self._walk.has_more

    def _new_walk(self) -> Walk[T]:
        self._walk = self._fresh_walk()
        return self._walk

    def _fresh_walk(self) -> Walk[T]:
        """Return a walk that moves neither ``cursor`` nor ``has_more``."""
        from ledgerhq_ext._resources.walks import walk_over

        return walk_over(self._listing)

    def __aiter__(self) -> AsyncIterator[T]:
        return _AsyncItemIterator(self._new_walk())

    def pages(self) -> AsyncIterator[tuple[T, ...]]:
        """Iterate over the items page by page. No id is returned twice."""
        return _AsyncPageIterator(self._new_walk())

    async def page(self, number: int, limit: int | None = None) -> Page[T]:
        """Return one numbered page, with the total, as the service has it now.

        Raises ``InputError`` for a list with cursors.
        """
        operation = self._listing.operation
        if operation.listing != "numbered":
            raise InputError(
                f"{operation.name} has cursors instead of page numbers. Iterate over it, or use "
                "pages()."
            )
        if limit is None:
            limit = self._listing.page_size
        page = check_whole(number, "the page number", 1)
        return await self._listing.fetch(page=page, limit=check_whole(limit, "limit", 1))

    async def first(self) -> T | None:
        """Return the first item, or None for an empty list; a single item is asked for.

        Lists that are newest first give the newest. Raises the errors of a call.
        """
        listing = self._listing
        if listing.operation.listing == "cursor":
            page = await listing.fetch(limit=1, cursor=listing.cursor)
            if not page.items and page.next_cursor is not None:
                return await _first_of(self._fresh_walk())
        else:
            page = await listing.fetch(page=1, limit=1)
        for item in page.items:
            return item
        if page.total:
            raise listing.problem(
                f"the list has {counted(page.total, 'row')}, but its first page is empty", "/data"
            )
        return None

    async def _all(self) -> list[T]:
        """Return all items, for the core itself."""
        walk = self._new_walk()
        everything: list[T] = []
        while True:
            items = await walk.next()
            if items is None:
                return everything
            everything += items


async def _first_of(walk: Walk[T]) -> T | None:
    """Return the first item of a walk, whose first pages may be empty; None at its end."""
    while True:
        items = await walk.next()
        if items is None:
            return None
        if items:
            return items[0]


class Pages(Handle[AsyncPages[T]], Generic[T]):
    """A lazy list: iterate over its items, or over ``pages()``.

    Iterating again starts from the beginning.
    """

    @property
    def cursor(self) -> str | None:
        """The position of a cursor iteration. Pass it as ``cursor=`` to continue after the pages
        already read.
        """
        return self._core.cursor

    @property
    def has_more(self) -> bool:
        """False when the page that was read last ends the list, as the service counts it.

        True before the first page. A list that shifted meanwhile may be read once more in any case.
        """
        return self._core.has_more

    def __iter__(self) -> Iterator[T]:
        for items in self.pages():
            yield from items

    def pages(self) -> Iterator[tuple[T, ...]]:
        """Iterate over the items page by page. No id is returned twice."""
        walk = self._core._new_walk()
        while True:
            items = run(walk.next())
            if items is None:
                return
            yield items

    def page(self, number: int, limit: int | None = None) -> Page[T]:
        """Return one numbered page, with the total, as the service has it now.

        Raises ``InputError`` for a list with cursors.
        """
        return run(self._core.page(number, limit))

    def first(self) -> T | None:
        """Return the first item, or None for an empty list; a single item is asked for.

        Lists that are newest first give the newest. Raises the errors of a call.
        """
        return run(self._core.first())
