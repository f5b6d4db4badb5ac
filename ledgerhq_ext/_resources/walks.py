"""Walks over lists, for both styles of pagination, with the guards.

A walk gives each id once, and all that a page holds before an error that follows it. A list that
ends without the rows it spoke of, or that never ends, is a ``ContractError``.

Cursor pages: the list ends without a next cursor, at ``hasMore: false``, or at an empty page. A
cursor that repeats, pages that hold nothing new, and ``hasMore: true`` without a way to go on are
errors. ``cursor`` says where to go on another day.

Numbered pages shift while rows come and go. A walk gives no id twice and misses no row that matched
all the while: each page overlaps the one before by a row, a page that does not is proof of a shift,
and then (or when the total changed, or new rows stand in front) the list is walked again for what
was not given yet, until a whole walk gives nothing new. A row that arrives during the walk is given
when the walk can notice it; the next one gives it in any case. Two limits: a list that never comes
to rest is walked a bounded number of times, and pages of a handful of rows cannot always overlap,
so that one row gone and one come between two of them may hide a third.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from attrs import define, field, frozen

from ledgerhq_ext import _checks as checks
from ledgerhq_ext._calls import explain, list_call
from ledgerhq_ext._http.call import perform
from ledgerhq_ext._http.session import Session
from ledgerhq_ext._operations import ListOperation
from ledgerhq_ext._wire import (
    Record,
    ShortRepr,
    json_document,
    json_text,
    read_back,
    read_back_many,
    written,
)
from ledgerhq_ext.errors import ContractError

T = TypeVar("T")
R = TypeVar("R", bound=Record)

PAGE_SIZE = 100
ORGANIZATIONS_PAGE_SIZE = 250
# A list that never comes to rest must not be walked for ever. A caller who takes away all that is
# given needs one walk for each doubling of the list.
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
    """One page as the service gave it. ``total`` for numbered pages, ``next_cursor`` for cursor
    pages.
    """

    items: tuple[T, ...]
    total: int | None = None
    limit: int | None = None
    next_cursor: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the page in the contract's envelope, its records as their ``to_dict`` gives them.

        A numbered page has ``pagination`` (limit, total), any other page ``nextCursor``, which is
        None on the last.
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
        checks.check_whole(self.page_size, "page_size", least)

    @property
    def route(self) -> ListOperation[T]:
        """The operation on the route that all pages of this list are read on."""
        return self.operation.on(self.session.carrier, self.query)

    async def fetch(self, **place: Any) -> Page[T]:
        """Return one page: by ``page`` and ``limit``, or by ``cursor`` and ``limit``."""

        def make_page(items: tuple[T, ...], document: dict[str, Any]) -> Page[T]:
            return Page(items=items, **_place_of(self.operation, document))

        call = list_call(
            self.route,
            make_page,
            organization_id=self.organization_id,
            id=self.id,
            query={**self.query, **place},
        )
        return await perform(self.session, call)

    def problem(self, message: str, pointer: str) -> ContractError:
        """Return the error of a list whose pages do not make a whole."""
        error = ContractError(message, pointer=pointer)
        return explain(error, self.route, organization_id=self.organization_id, id=self.id)

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
            raise ContractError(
                f"expected a string or null, found {cursor!r}", pointer="/nextCursor"
            )
        return {"next_cursor": _next_cursor(cursor or None, document)}

    pagination = document.get("pagination")
    if not isinstance(pagination, dict):
        pagination = {}
    place: dict[str, Any] = {}
    for name in ("total", "limit"):
        value = pagination.get(name)
        if type(value) is not int or value < 0:
            raise ContractError(
                "expected an integer of zero or more", pointer=f"/pagination/{name}"
            )
        place[name] = value
    return place


def _next_cursor(cursor: str | None, document: dict[str, Any]) -> str | None:
    """Return the cursor that a page leads to, by what the service says of its own accord beside it."""
    has_more = document.get("hasMore")
    if has_more is False:
        return None
    if has_more is True and not (cursor and document.get("data")):
        raise ContractError(
            "the page says that more rows follow, and does not lead to them", pointer="/hasMore"
        )
    return cursor


@define
class Walk(Generic[T]):
    """Where an iteration stands; each style of pagination says how the next page is fetched."""

    listing: Listing[T]
    cursor: str | None = None
    is_over: bool = field(default=False, init=False)
    problem: ContractError | None = field(default=None, init=False)
    """What is wrong behind the pages that were fetched."""
    ids: set[str] = field(factory=set, init=False)
    """The ids of everything that was returned."""
    stale_pages: int = field(default=0, init=False)
    """How many pages in a row held only rows of pages before them."""

    async def next(self) -> tuple[T, ...] | None:
        """Return the next items, or None at the end.

        Raises the errors of a call, and ``ContractError`` at an end that is none.
        """
        page = None
        if not self._has_ended():
            page = await self._fetch()
        if page is not None:
            return self._new_items(page)
        if self.problem is not None:
            raise self.problem
        return None

    def _has_ended(self) -> bool:
        return self.is_over or self.problem is not None

    async def _fetch(self) -> Page[T] | None:
        """Return the next page, or None at the end. Sets ``is_over`` or ``problem`` when it is the
        last one.
        """
        raise NotImplementedError

    def _note_staleness(self, page: Page[T], ids: set[str]) -> None:
        """Count the page as stale when these ids, of pages before it, are all it holds."""
        is_stale = all(_id_of(item) in ids for item in page.items)
        self.stale_pages = self.stale_pages + 1 if is_stale else 0

    def _new_items(self, page: Page[T]) -> tuple[T, ...]:
        new: list[T] = []
        # Pages may overlap while rows come and go, and a page may hold a row twice.
        for item in page.items:
            id = _id_of(item)
            if id not in self.ids:
                self.ids.add(id)
                new.append(item)
        return tuple(new)


@define
class CursorWalk(Walk[T]):
    """A walk from cursor to cursor."""

    cursors: set[str] = field(factory=set, init=False)

    async def _fetch(self) -> Page[T] | None:
        page = await self.listing.fetch(limit=self.listing.page_size, cursor=self.cursor)
        cursor = page.next_cursor
        self._note_staleness(page, self.ids)
        if cursor is None or not page.items:
            self.is_over = True
        elif cursor in self.cursors or cursor == self.cursor:
            self.problem = self.listing.problem(
                "the service gave a cursor a second time", "/nextCursor"
            )
        elif self.stale_pages >= _STALE_PAGES:
            self.problem = self.listing.problem(
                f"the list has no end: its last {_STALE_PAGES} pages held only rows of pages "
                "before them",
                "/nextCursor",
            )
        else:
            self.cursors.add(cursor)
        self.cursor = cursor
        return page


@define
class _Round:
    """What one round over a numbered list has seen so far."""

    ids: set[str] = field(factory=set)
    covered: int = 0
    total: int | None = None
    least_total: int = 0
    pages: int = 0
    is_torn: bool = False
    total_changed: bool = False
    is_fresh: bool = False
    is_over: bool = False


@define
class NumberedWalk(Walk[T]):
    """A walk by page numbers, over a list that may shift meanwhile."""

    largest: int = field(default=0, init=False)
    """The largest page to ask for."""
    idle: int = field(default=0, init=False)
    """How many rounds in a row gave nothing new."""
    rounds: int = field(default=0, init=False)
    round: _Round = field(factory=_Round, init=False)

    async def _fetch(self) -> Page[T] | None:
        # Not before: a look at the front may fail, and what the last page held goes first.
        if self.round.is_over:
            await self._end_round()
            if self._has_ended():
                return None

        self.largest = self.largest or self.listing.page_size
        number, limit = self._place()
        page = await self.listing.fetch(page=number, limit=limit)
        self._note(page, number, limit)
        return page

    def _place(self) -> tuple[int, int]:
        """Return number and size of the page that reaches furthest and still holds the last row."""
        covered = self.round.covered
        if not covered:
            return 1, self.largest

        last = covered - 1
        furthest = 0
        size = self.largest
        for limit in range(self.largest // 2 + 1, self.largest + 1):
            reach = (last // limit + 1) * limit
            if reach >= furthest:
                furthest = reach
                size = limit
        if furthest == covered:
            # A multiple of every size: no page holds the last row and the next one.
            return covered // self.largest + 1, self.largest
        return last // size + 1, size

    def _note(self, page: Page[T], number: int, limit: int) -> None:
        """Notice how far a page reaches, whether the list shifted, and whether the round is over."""
        assert page.total is not None
        round = self.round
        if page.limit and page.limit < limit:
            # The service gives shorter pages than asked for: count by what it gives.
            limit = page.limit
            self.largest = limit
        ids = [_id_of(item) for item in page.items]
        overlaps = bool(ids) and ids[0] in round.ids
        total_changed = round.pages > 0 and page.total != round.total

        must_overlap = (number - 1) * limit < round.covered
        if (must_overlap and not overlaps) or (not must_overlap and total_changed):
            round.is_torn = True
        if total_changed:
            round.total_changed = True
        round.pages += 1
        round.total = page.total
        round.least_total = min(round.least_total, page.total) if round.pages > 1 else page.total
        round.covered = max(round.covered, number * limit)
        self._note_staleness(page, round.ids)
        round.ids.update(ids)
        if not self.ids.issuperset(ids):
            round.is_fresh = True

        is_empty = not page.items
        round.is_over = is_empty or self.stale_pages >= _STALE_PAGES or round.covered >= page.total

    async def _end_round(self) -> None:
        """Decide, at the end of the list, whether the walk is over or goes round once more."""
        # Rows that only came in need no further round, or a busy list would be walked for ever.
        idle = 0 if self.round.is_fresh and self.round.is_torn else self.idle + 1
        is_last = idle >= _IDLE_ROUNDS or self.rounds + 1 >= _ROUNDS
        if is_last or not await self._needs_another_round():
            self._end()
        self.idle = idle
        self.rounds += 1
        self.round = _Round()
        self.stale_pages = 0

    def _end(self) -> None:
        """End the walk: with an error when more rows were there all the while than ever came."""
        least = self.round.least_total
        self.is_over = True
        if len(self.ids) < least:
            # A list that is cut must not look whole.
            self.problem = self.listing.problem(
                f"the list has {least} rows, and only {len(self.ids)} of them came",
                "/pagination/total",
            )

    async def _needs_another_round(self) -> bool:
        round = self.round
        is_short = len(round.ids) < (round.total or 0)
        if round.is_torn or round.total_changed or is_short:
            return True
        if not round.is_fresh or round.pages <= 1:
            return False

        front = await self.listing.fetch(page=1, limit=self.largest)
        ids = {_id_of(item) for item in front.items}
        return front.total != round.total or not ids <= self.ids


def _id_of(item: object) -> str:
    return str(getattr(item, "id"))  # noqa: B009 - the type has no bound
