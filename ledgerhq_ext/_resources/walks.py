"""Walks over lists, for both styles of pagination, with the guards.

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

from collections.abc import Mapping
from typing import Any, Generic, TypeVar
from urllib.parse import quote

from attrs import define, field, frozen

from ledgerhq_ext._http.call import perform
from ledgerhq_ext._http.session import Session
from ledgerhq_ext._seam import ListOperation, list_call
from ledgerhq_ext._wire import (
    Record,
    ShortRepr,
    json_document,
    json_text,
    read_back,
    read_back_many,
    written,
)
from ledgerhq_ext.errors import ContractError, InputError, add_facts

T = TypeVar("T")
R = TypeVar("R", bound=Record)

PAGE_SIZE = 100
ORGANIZATIONS_PAGE_SIZE = 250
# A list that never comes to rest must not be walked for ever. A caller who takes away all that is given needs one
# walk for each doubling of the list.
_IDLE_ROUNDS = 3
_STALE_PAGES = 3
_ROUNDS = 32


@frozen(kw_only=True)
class _Pagination:
    limit: int | None = None
    total: int


@frozen
class _Place:
    """What an envelope says beside its data."""

    pagination: _Pagination | None = None
    next_cursor: str | None = None


@frozen(kw_only=True, repr=False)
class Page(ShortRepr, Generic[T]):
    """One page as the service gave it. ``total`` for numbered pages, ``next_cursor`` for cursor pages."""

    items: tuple[T, ...]
    total: int | None = None
    limit: int | None = None
    next_cursor: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the page in the contract's envelope, its records as their ``to_dict`` gives them.

        A numbered page has ``pagination`` (limit, total), any other page ``nextCursor``, which is None on the last.
        """
        document: dict[str, Any] = {"data": [written(item) for item in self.items]}
        if self.total is None:
            document["nextCursor"] = self.next_cursor
        else:
            document["pagination"] = written(_Pagination(limit=self.limit, total=self.total))
        return document

    def to_json(self) -> str:
        """Return ``to_dict()`` as compact JSON text that can be encoded in UTF-8."""
        return json_text(self.to_dict())

    @classmethod
    def from_dict(cls, document: dict[str, Any], record_class: type[R]) -> Page[R]:
        """Read a page of such records that ``to_dict`` wrote.

        Raises ``InputError`` that says what does not fit, and where (a JSON pointer).
        """
        name = f"page of {record_class.__name__}"
        place = read_back(_Place, document, name=name)
        items = read_back_many(record_class, document.get("data"), name=name, pointer="/data")
        if place.pagination is None:
            return Page(items=items, next_cursor=place.next_cursor)
        return Page(items=items, total=place.pagination.total, limit=place.pagination.limit)

    @classmethod
    def from_json(cls, text: str, record_class: type[R]) -> Page[R]:
        """Read a page of such records that ``to_json`` wrote; errors as ``from_dict``."""
        return cls.from_dict(json_document(f"page of {record_class.__name__}", text), record_class)


def check_whole(value: object, what: str, least: int) -> int:
    """Return the value when it is a whole number of ``least`` or more; else ``InputError``."""
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise InputError(f"{what} must be a whole number of {least} or more, not {value!r}.")
    return value


@frozen(kw_only=True)
class Listing(Generic[T]):
    """What to list: an operation, of whom, and its filters (in the wire's names)."""

    session: Session
    operation: ListOperation[T]
    organization_id: str | None = None
    id: str | None = None
    query: Mapping[str, Any] = field(factory=dict)
    page_size: int = PAGE_SIZE
    cursor: str | None = None

    def __attrs_post_init__(self) -> None:
        least = 2 if self.operation.listing == "numbered" else 1
        check_whole(self.page_size, "page_size", least)

    async def fetch(self, **place: Any) -> Page[T]:
        """Return one page: by ``page`` and ``limit``, or by ``cursor`` and ``limit``."""

        def make_page(items: tuple[T, ...], document: dict[str, Any]) -> Page[T]:
            return Page(items=items, **_place_of(self.operation, document))

        call = list_call(
            self.operation,
            make_page,
            organization_id=self.organization_id,
            id=self.id,
            query={**self.query, **place},
        )
        return await perform(self.session, call)

    def problem(self, message: str, pointer: str) -> ContractError:
        """Return the error of a list whose pages do not make a whole."""
        error = ContractError(message, pointer=pointer)
        path = self.operation.path.replace("{id}", quote(self.id or "", safe=""))
        add_facts(
            error,
            method=self.operation.method,
            path=path,
            organization=self.organization_id,
            has_outcome=False,
        )
        return error

    def walk(self) -> Walk[T]:
        """Return a new walk over all of it."""
        if self.operation.listing == "cursor":
            return CursorWalk(self, self.cursor)
        return NumberedWalk(self)


def _place_of(operation: ListOperation[Any], document: dict[str, Any]) -> dict[str, Any]:
    """Return where a page stands in its list, as the service says."""
    if operation.listing == "cursor":
        cursor = document.get("nextCursor")
        if cursor is not None and not isinstance(cursor, str):
            raise ContractError(f"expected a string or null, found {cursor!r}", pointer="/nextCursor")
        return {"next_cursor": cursor or None}

    pagination = document.get("pagination")
    if not isinstance(pagination, dict):
        pagination = {}
    place: dict[str, Any] = {}
    for name in ("total", "limit"):
        value = pagination.get(name)
        if type(value) is not int or value < 0:
            raise ContractError("expected an integer of zero or more", pointer=f"/pagination/{name}")
        place[name] = value
    return place


class Walk(Generic[T]):
    """Where an iteration stands."""

    cursor: str | None = None

    async def next(self) -> tuple[T, ...] | None:
        """Return the next items, or None at the end."""
        raise NotImplementedError


@define
class CursorWalk(Walk[T]):
    """A walk from cursor to cursor."""

    listing: Listing[T]
    cursor: str | None
    is_over: bool = False
    cursors: set[str] = field(factory=set)
    ids: set[str] = field(factory=set)
    problem: ContractError | None = None

    async def next(self) -> tuple[T, ...] | None:
        """Return the next items, or None at the end."""
        if self.problem is not None:
            raise self.problem
        if self.is_over:
            return None
        page = await self.listing.fetch(limit=self.listing.page_size, cursor=self.cursor)
        if page.next_cursor is None:
            self.is_over = True
        elif page.next_cursor in self.cursors or page.next_cursor == self.cursor:
            # What this page holds goes first.
            self.problem = self.listing.problem("the service gave a cursor a second time", "/nextCursor")
        else:
            self.cursors.add(page.next_cursor)
        self.cursor = page.next_cursor

        # Pages may overlap while rows come and go.
        ids = [_id_of(item) for item in page.items]
        new = tuple(item for item, id in zip(page.items, ids, strict=True) if id not in self.ids)
        self.ids.update(ids)
        return new


@define
class NumberedWalk(Walk[T]):
    """A walk by page numbers, over a list that may shift meanwhile."""

    listing: Listing[T]
    ids: set[str] = field(factory=set)
    """The ids of everything that was returned."""
    largest: int = 0
    """The largest page to ask for."""
    idle: int = 0
    """How many rounds in a row gave nothing new."""
    rounds: int = 0
    is_over: bool = False
    problem: ContractError | None = None

    # Of the present round over the list:
    round_ids: set[str] = field(factory=set)
    covered: int = 0
    total: int | None = None
    pages: int = 0
    stale_pages: int = 0
    """How many pages in a row held only rows of pages before them."""
    is_torn: bool = False
    total_changed: bool = False
    is_fresh: bool = False

    async def next(self) -> tuple[T, ...] | None:
        """Return the next items, or None at the end."""
        if self.problem is not None:
            raise self.problem
        if self.is_over:
            return None
        self.largest = self.largest or self.listing.page_size
        number, limit = self._place()
        page = await self.listing.fetch(page=number, limit=limit)
        items = self._take(page, number, limit)
        if not page.items or self.stale_pages >= _STALE_PAGES or self.covered >= (self.total or 0):
            await self._end_round()
        return items

    def _place(self) -> tuple[int, int]:
        """Return number and size of the page that reaches furthest and still holds the last row."""
        if not self.covered:
            return 1, self.largest

        last = self.covered - 1
        furthest = 0
        size = self.largest
        for limit in range(self.largest // 2 + 1, self.largest + 1):
            reach = (last // limit + 1) * limit
            if reach >= furthest:
                furthest = reach
                size = limit
        if furthest == self.covered:
            # A multiple of every size: no page holds the last row and the next one.
            return self.covered // self.largest + 1, self.largest
        return last // size + 1, size

    def _take(self, page: Page[T], number: int, limit: int) -> tuple[T, ...]:
        """Return what is new on a page, and notice whether the list shifted."""
        assert page.total is not None
        if page.limit and page.limit < limit:
            # The service gives shorter pages than asked for: count by what it gives.
            limit = page.limit
            self.largest = limit
        ids = [_id_of(item) for item in page.items]
        overlaps = bool(ids) and ids[0] in self.round_ids
        total_changed = self.pages > 0 and page.total != self.total

        must_overlap = (number - 1) * limit < self.covered
        if (must_overlap and not overlaps) or (not must_overlap and total_changed):
            self.is_torn = True
        if total_changed:
            self.total_changed = True
        self.pages += 1
        self.total = page.total
        self.covered = max(self.covered, number * limit)
        self.stale_pages = self.stale_pages + 1 if self.round_ids.issuperset(ids) else 0
        self.round_ids.update(ids)

        new = [item for item, id in zip(page.items, ids, strict=True) if id not in self.ids]
        self.ids.update(ids)
        if new:
            self.is_fresh = True
        return tuple(new)

    async def _end_round(self) -> None:
        """Decide, at the end of the list, whether the walk is over or goes round once more."""
        # Rows that only came in need no further round, or a busy list would be walked for ever.
        self.idle = 0 if self.is_fresh and self.is_torn else self.idle + 1
        self.rounds += 1
        self.is_over = not await self._needs_another_round()
        if self.is_over and not self.total_changed and len(self.ids) < (self.total or 0):
            # A list that is cut must not look whole. What its last page holds goes first. (A total that grows
            # during the last walk is no proof of a cut.)
            self.problem = self.listing.problem(
                f"the list has {self.total} rows, and only {len(self.ids)} of them came",
                "/pagination/total",
            )
        self.round_ids = set()
        self.covered = 0
        self.total = None
        self.pages = 0
        self.stale_pages = 0
        self.is_torn = False
        self.total_changed = False
        self.is_fresh = False

    async def _needs_another_round(self) -> bool:
        if self.idle >= _IDLE_ROUNDS or self.rounds >= _ROUNDS:
            return False
        is_short = len(self.round_ids) < (self.total or 0)
        if self.is_torn or self.total_changed or is_short:
            return True
        if not self.is_fresh or self.pages <= 1:
            return False

        front = await self.listing.fetch(page=1, limit=self.largest)
        ids = {_id_of(item) for item in front.items}
        return front.total != self.total or not ids <= self.ids


def _id_of(item: object) -> str:
    return str(getattr(item, "id"))  # noqa: B009 - the type has no bound
