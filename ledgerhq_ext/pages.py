"""Lazy pages and iteration for both pagination styles, with the guards.

Cursor pages: a cursor that repeats stops with an error, an empty page with a cursor goes on, and ``cursor`` says
where to go on another day.

Numbered pages shift while rows come and go. A walk gives no id twice and misses no row that matched all the
while: each page overlaps the one before by a row, a page that does not is proof of a shift, and then (or when
the total changed, or new rows stand in front) the list is walked again for what was not given yet, until a whole
walk gives nothing new. A row that arrives during the walk is given when the walk can notice it; the next one
gives it in any case. Two limits: a list that never comes to rest is walked a bounded number of times, and pages of
a handful of rows cannot always overlap, so that one row gone and one come between two of them may hide a third.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from typing import Any, Generic, TypeVar

from attrs import define, field, frozen

from ledgerhq_ext.calls import call, perform, result_of
from ledgerhq_ext.errors import ContractError, InputError
from ledgerhq_ext.flow import Flow, Response
from ledgerhq_ext.operations import Operation
from ledgerhq_ext.session import Session
from ledgerhq_ext.transport import AwaitingDriver, BlockingDriver
from ledgerhq_ext.wire import Reading

T = TypeVar("T")

PAGE_SIZE = 100
ORGANIZATIONS_PAGE_SIZE = 250
# A list that never comes to rest must not be walked for ever. A caller who takes away all that is given needs one
# walk for each doubling of the list.
_IDLE_WALKS = 3
_WALKS = 32


@frozen(kw_only=True)
class Page(Generic[T]):
    """One page as the service gave it. ``total`` for numbered pages, ``next_cursor`` for cursor pages."""

    items: tuple[T, ...]
    total: int | None = None
    limit: int | None = None
    next_cursor: str | None = None


def _check_whole(value: object, what: str, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise InputError(f"{what} must be a whole number of {least} or more, not {value!r}.")
    return value


@frozen(kw_only=True)
class Listing(Generic[T]):
    """What to list: an operation, whose, and its filters (wire names)."""

    session: Session
    operation: Operation[T]
    organization_id: str | None = None
    id: str | None = None
    query: Mapping[str, Any] = field(factory=dict)
    page_size: int = PAGE_SIZE
    cursor: str | None = None

    def __attrs_post_init__(self) -> None:
        _check_whole(self.page_size, "page_size", 2 if self.operation.listing == "numbered" else 1)

    def fetch(self, **place: Any) -> Flow[Page[T]]:
        """One page: ``page`` and ``limit``, or ``cursor`` and ``limit``."""
        reading = Reading(self.operation.money, None, self.organization_id or "")

        def read_page(response: Response) -> Page[T]:
            document = response.json()
            items = result_of(self.operation, document, reading)
            return Page(items=items, **_place_of(self.operation, document))

        made = call(
            self.operation,
            organization_id=self.organization_id,
            id=self.id,
            query={**self.query, **place},
            reader=read_page,
        )
        page: Page[T] = yield from perform(self.session, made)
        return page

    def walk(self) -> _Walk[T]:
        """A new walk over all of it."""
        return _CursorWalk(self, self.cursor) if self.operation.listing == "cursor" else _NumberedWalk(self)


def _place_of(operation: Operation[Any], document: dict[str, Any]) -> dict[str, Any]:
    if operation.listing == "cursor":
        cursor = document.get("nextCursor")
        if cursor is not None and not isinstance(cursor, str):
            raise ContractError(f"expected a string or null, found {cursor!r}", pointer="/nextCursor")
        return {"next_cursor": cursor or None}
    told = document.get("pagination")
    for name in ("total", "limit"):
        if not isinstance(told, dict) or type(told.get(name)) is not int or told[name] < 0:
            raise ContractError("expected an integer of zero or more", pointer=f"/pagination/{name}")
    assert isinstance(told, dict)
    return {"total": told["total"], "limit": told["limit"]}


class _Walk(Generic[T]):
    """Where an iteration stands. ``next`` gives the next items, or None at the end."""

    def next(self) -> Flow[tuple[T, ...] | None]:
        raise NotImplementedError
        yield

    cursor: str | None = None


@define
class _CursorWalk(_Walk[T]):
    listing: Listing[T]
    cursor: str | None
    done: bool = False
    seen: set[str] = field(factory=set)

    def next(self) -> Flow[tuple[T, ...] | None]:
        if self.done:
            return None
        page = yield from self.listing.fetch(limit=self.listing.page_size, cursor=self.cursor)
        if page.next_cursor is None:
            self.done = True
        elif page.next_cursor in self.seen or page.next_cursor == self.cursor:
            raise ContractError("the service gave a cursor a second time", pointer="/nextCursor")
        else:
            self.seen.add(page.next_cursor)
        self.cursor = page.next_cursor
        return page.items


@define
class _NumberedWalk(_Walk[T]):
    listing: Listing[T]
    given: set[str] = field(factory=set)
    # Of the present walk over the list:
    here: set[str] = field(factory=set)
    covered: int = 0
    total: int | None = None
    torn: bool = False
    changed: bool = False
    fresh: bool = False
    idle: int = 0
    walks: int = 0
    pages: int = 0
    largest: int = field(default=0)
    ended: bool = False

    def next(self) -> Flow[tuple[T, ...] | None]:
        if self.ended:
            return None
        self.largest = self.largest or self.listing.page_size
        number, limit = self._place()
        page = yield from self.listing.fetch(page=number, limit=limit)
        items = self._take(page, number, limit)
        if not page.items or self.covered >= (self.total or 0):
            yield from self._finish()
        return items

    def _place(self) -> tuple[int, int]:
        """The page that reaches furthest and still holds the last row that was seen."""
        if not self.covered:
            return 1, self.largest
        limits = range(self.largest // 2 + 1, self.largest + 1)
        last = self.covered - 1
        reach, limit = max(((last // limit + 1) * limit, limit) for limit in limits)
        if reach == self.covered:
            # A multiple of every limit: no page holds the last row and the next one.
            return self.covered // self.largest + 1, self.largest
        return last // limit + 1, limit

    def _take(self, page: Page[T], number: int, limit: int) -> tuple[T, ...]:
        assert page.total is not None
        if page.limit and page.limit < limit:
            # The service gives shorter pages than asked for: count by what it gives.
            self.largest = limit = page.limit
        ids = [str(getattr(item, "id")) for item in page.items]  # noqa: B009 - T has no bound
        overlaps = bool(ids) and ids[0] in self.here
        changed = self.pages > 0 and page.total != self.total
        self.torn |= not overlaps if (number - 1) * limit < self.covered else changed
        self.changed |= changed
        self.pages += 1
        self.total = page.total
        self.covered = max(self.covered, number * limit)
        self.here.update(ids)
        new = tuple(item for item, id in zip(page.items, ids, strict=True) if id not in self.given)
        self.given.update(ids)
        self.fresh |= bool(new)
        return new

    def _finish(self) -> Flow[None]:
        """The list was walked to its end: over, or once more?"""
        # Rows that only came in need no further walk, or a busy list would be walked for ever.
        self.idle = 0 if self.fresh and self.torn else self.idle + 1
        self.walks += 1
        tired = self.idle >= _IDLE_WALKS or self.walks >= _WALKS
        again = not tired and (self.torn or self.changed or len(self.here) < (self.total or 0))
        if not tired and not again and self.fresh and self.pages > 1:
            front = yield from self.listing.fetch(page=1, limit=self.largest)
            ids = {str(getattr(item, "id")) for item in front.items}  # noqa: B009 - as above
            again = front.total != self.total or not ids <= self.given
        self.ended = not again
        self.here, self.covered, self.total, self.pages = set(), 0, None, 0
        self.torn = self.changed = self.fresh = False


class _Pages(Generic[T]):
    """What both surfaces share."""

    def __init__(self, listing: Listing[T], run: Callable[[Flow[Any]], Any]) -> None:
        self._listing = listing
        self._run = run
        self._walk = listing.walk()

    @property
    def cursor(self) -> str | None:
        """Where a cursor iteration stands: pass it as ``cursor=`` to go on after the pages already read."""
        return self._walk.cursor


class Pages(_Pages[T]):
    """A lazy list: iterate over its items, or over ``pages()``. Iterating again walks anew."""

    def __init__(self, listing: Listing[T], driver: BlockingDriver) -> None:
        super().__init__(listing, driver.run)

    def __iter__(self) -> Iterator[T]:
        for items in self.pages():
            yield from items

    def pages(self) -> Iterator[tuple[T, ...]]:
        """The items page by page, as the walk finds them; no id twice."""
        walk = self._walk = self._listing.walk()
        while (items := self._run(walk.next())) is not None:
            yield items

    def page(self, number: int, limit: int | None = None) -> Page[T]:
        """One numbered page as the service has it now, with its total."""
        page: Page[T] = self._run(one_page(self._listing, number, limit))
        return page


class AsyncPages(_Pages[T]):
    """A lazy list: ``async for`` over its items, or over ``pages()``. Iterating again walks anew."""

    def __init__(self, listing: Listing[T], driver: AwaitingDriver) -> None:
        super().__init__(listing, driver.run)

    async def __aiter__(self) -> AsyncIterator[T]:
        async for items in self.pages():
            for item in items:
                yield item

    async def pages(self) -> AsyncIterator[tuple[T, ...]]:
        """The items page by page, as the walk finds them; no id twice."""
        walk = self._walk = self._listing.walk()
        while (items := await self._run(walk.next())) is not None:
            yield items

    async def page(self, number: int, limit: int | None = None) -> Page[T]:
        """One numbered page as the service has it now, with its total."""
        page: Page[T] = await self._run(one_page(self._listing, number, limit))
        return page


def one_page(listing: Listing[T], number: int, limit: int | None) -> Flow[Page[T]]:
    """One numbered page; ``InputError`` for a listing by cursor."""
    if listing.operation.listing != "numbered":
        raise InputError(f"{listing.operation.name} has cursors, not page numbers: iterate, or use pages().")
    chosen = listing.page_size if limit is None else limit
    place = {"page": _check_whole(number, "the page number", 1), "limit": _check_whole(chosen, "limit", 1)}
    return (yield from listing.fetch(**place))


def all_items(listing: Listing[T]) -> Flow[list[T]]:
    """Everything of a listing, inside a flow."""
    walk = listing.walk()
    items: list[T] = []
    while (some := (yield from walk.next())) is not None:
        items += some
    return items
