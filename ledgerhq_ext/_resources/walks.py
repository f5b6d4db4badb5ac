"""Walks over lists, for both styles of pagination, with the guards.

A walk gives each id once, and all that a page holds before an error that follows it. A list that
ends without the rows it spoke of, or that never ends, is a ``ContractError``.

Cursor pages: the list ends without a next cursor, at ``hasMore: false``, or at an empty page that
leads to itself. An empty page that leads on is no end: rows may be left out of it and not of the
next one. A cursor that repeats, pages that hold nothing new, and ``hasMore: true`` without a way to
go on are errors. ``cursor`` says where to go on another day.

Numbered pages shift while rows come and go. A walk gives no id twice and misses no row that matched
all the while: each page overlaps the one before by a row, a page that does not is proof of a shift,
and then (or when the total changed, or new rows stand in front) the list is walked again for what
was not given yet, until a whole walk gives nothing new. A row that arrives during the walk is given
when the walk can notice it; the next one gives it in any case. Two limits: a list that never comes
to rest is walked a bounded number of times, and pages of a handful of rows cannot always overlap,
so that one row gone and one come between two of them may hide a third.
"""

from __future__ import annotations

from typing import Generic, TypeVar

from attrs import Factory, define, field

from ledgerhq_ext._plain import counted
from ledgerhq_ext._resources.arrivals import Arrival, arrival
from ledgerhq_ext._resources.id_sets import IdSet
from ledgerhq_ext._resources.listing import Listing
from ledgerhq_ext.errors import ContractError

T = TypeVar("T")

# A list that never comes to rest must not be walked for ever. A caller who takes away all that is
# given needs one walk for each doubling of the list.
_IDLE_ROUNDS = 3
_STALE_PAGES = 3
_ROUNDS = 32


@define(eq=False, repr=False)
class Walk(Generic[T]):
    """The state of an iteration; each style of pagination fetches the next page in its way."""

    listing: Listing[T]
    cursor: str | None = None
    is_over: bool = field(default=False, init=False)
    problem: ContractError | None = field(default=None, init=False)
    """The error to raise after the pages that were fetched."""
    ids: IdSet = field(factory=IdSet, init=False)
    """The ids of everything that was returned."""
    stale_pages: int = field(default=0, init=False)
    """The number of pages in a row that held only rows of pages before them."""

    async def next(self) -> tuple[T, ...] | None:
        """Return the next items, or None at the end.

        Raises the errors of a call, and ``ContractError`` at an end that is none.
        """
        if not self._has_ended():
            rows = await self._fetch()
            if rows is not None:
                self.ids.update(rows.new)
                return rows.new_items()
        # What was wrong with a page comes after what it held.
        if self.problem is not None:
            raise self.problem
        return None

    @property
    def has_more(self) -> bool:
        """False when the last page that was read ends the list; an error still to come is more."""
        return self.problem is not None or not self._is_at_end()

    def _is_at_end(self) -> bool:
        return self.is_over

    def _has_ended(self) -> bool:
        return self.is_over or self.problem is not None

    async def _fetch(self) -> Arrival[T] | None:
        """Return the next page, or None at the end.

        Sets ``is_over`` or ``problem`` when it is the last one.
        """
        raise NotImplementedError

    def _note_staleness(self, is_stale: bool) -> None:
        """Count the page as stale when all it holds was on pages before it."""
        self.stale_pages = self.stale_pages + 1 if is_stale else 0


@define(eq=False, repr=False)
class CursorWalk(Walk[T]):
    """A walk from cursor to cursor."""

    cursors: set[str] = field(factory=set, init=False)

    async def _fetch(self) -> Arrival[T] | None:
        # Whatever is wrong with its cursor, the rows of the page are returned first.
        page = await self.listing.fetch(limit=self.listing.page_size, cursor=self.cursor)
        cursor = page.next_cursor
        rows = arrival(page, self.ids)
        self._note_staleness(not rows.new)
        leads_to_itself = not page.items and cursor == self.cursor
        if cursor is None or leads_to_itself:
            self.is_over = True
        elif cursor in self.cursors or cursor == self.cursor:
            self.problem = self.listing.problem(
                "the service returned the same cursor twice", "/nextCursor"
            )
        elif self.stale_pages >= _STALE_PAGES:
            self.problem = self.listing.problem(
                f"the list has no end: its last {_STALE_PAGES} pages contained no row that was not "
                "on earlier pages",
                "/nextCursor",
            )
        else:
            self.cursors.add(cursor)
        self.cursor = cursor
        return rows


@define(eq=False, repr=False)
class _Round:
    """One round over a numbered list, as far as it has come.

    ``covered`` counts the rows up to the end of the last page. ``is_torn`` when the list shifted
    between two pages; ``is_fresh`` when the round gave a row that no round before it had.
    """

    ids: IdSet = field(factory=IdSet)
    covered: int = 0
    total: int | None = None
    first_total: int = 0
    least_total: int = 0
    pages: int = 0
    is_torn: bool = False
    total_changed: bool = False
    is_fresh: bool = False
    is_followed: bool = False
    """Whether the service says that more pages follow the last one."""
    is_over: bool = False


@define(eq=False, repr=False)
class NumberedWalk(Walk[T]):
    """A walk by page numbers, over a list that may shift meanwhile."""

    largest: int = field(default=0, init=False)
    """The largest page to ask for."""
    idle: int = field(default=0, init=False)
    """The number of rounds in a row that gave nothing new."""
    rounds: int = field(default=0, init=False)
    # All that is given in the first round is what was on its pages: one set is enough for both.
    round: _Round = field(
        default=Factory(lambda walk: _Round(walk.ids), takes_self=True), init=False
    )

    def _is_at_end(self) -> bool:
        return self.is_over or self.round.is_over

    async def _fetch(self) -> Arrival[T] | None:
        # Not before: a look at the front may fail, and what the last page held goes first.
        if self.round.is_over:
            await self._end_round()
            if self._has_ended():
                return None

        self.largest = self.largest or self.listing.page_size
        number, limit = self._place()
        page = await self.listing.fetch(page=number, limit=limit)
        rows = arrival(page, self.ids)
        self._note(rows, number, limit)
        return rows

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

    def _note(self, rows: Arrival[T], number: int, limit: int) -> None:
        """Note how far a page reaches, whether the list shifted, and whether the round is over."""
        page = rows.page
        assert page.total is not None
        round = self.round
        if page.limit and page.limit < limit:
            # The service gives shorter pages than asked for: count by what it gives.
            limit = page.limit
            self.largest = limit
        begin = (number - 1) * limit
        self._note_shift(rows.ids, page.total, begin=begin)

        round.pages += 1
        round.total = page.total
        if round.pages == 1:
            round.first_total = round.least_total = page.total
        round.least_total = min(round.least_total, page.total)
        round.covered = max(round.covered, number * limit)
        self._note_ids(rows)

        is_empty = not page.items
        is_stale = self.stale_pages >= _STALE_PAGES
        # A total below what was there counts something else: such a list ends at a page that is not
        # full.
        is_counted = begin + len(page.items) <= page.total
        is_last = round.covered >= page.total if is_counted else len(page.items) < limit
        round.is_followed = page.is_followed
        round.is_over = is_empty or is_stale or (is_last and not page.is_followed)

    def _note_ids(self, rows: Arrival[T]) -> None:
        round = self.round
        if rows.new:
            round.is_fresh = True
        if round.ids is self.ids:
            # They are added when they are given.
            self._note_staleness(not rows.new)
            return
        missing = round.ids.missing(rows.ids)
        self._note_staleness(not missing)
        round.ids.update(missing)

    def _note_shift(self, ids: list[str], total: int, *, begin: int) -> None:
        """Note whether the list shifted before a page that begins at a row, counted from 0."""
        round = self.round
        is_first = round.pages == 0
        total_changed = not is_first and total != round.total
        if total_changed:
            round.total_changed = True

        # A page that begins among the rows of the one before shows a shift by its first row; one
        # that cannot overlap only by the total.
        must_overlap = begin < round.covered
        overlaps = bool(ids) and ids[0] in round.ids
        has_shifted = not overlaps if must_overlap else total_changed
        if has_shifted:
            round.is_torn = True

    async def _end_round(self) -> None:
        """Decide, at the end of the list, whether the walk is over or goes round once more."""
        # Rows that only came in need no further round, or a busy list would be walked for ever.
        is_idle = not (self.round.is_fresh and self.round.is_torn)
        idle = self.idle + 1 if is_idle else 0

        is_last = idle >= _IDLE_ROUNDS or self.rounds + 1 >= _ROUNDS
        if is_last or not await self._needs_another_round():
            self._end()

        # Not before: the look at the front may fail, and is then taken again.
        self.idle = idle
        self.rounds += 1
        self.round = _Round()
        self.stale_pages = 0

    def _end(self) -> None:
        """End the walk: with an error when more rows were there all the while than ever came."""
        round = self.round
        # Where a whole round gave nothing new, a total that falls within it took no row away.
        least = round.least_total if round.is_fresh else round.first_total
        self.is_over = True
        if len(self.ids) < least:
            # A list that is cut must not look complete.
            self.problem = self.listing.problem(
                f"the list has {counted(least, 'row')}, but only {len(self.ids)} of them arrived",
                "/pagination/total",
            )
        elif round.is_followed:
            self.problem = self.listing.problem(
                "the service says that more pages follow, but they contain no other rows",
                "/pagination",
            )

    async def _needs_another_round(self) -> bool:
        """Return True when rows may have been missed, also when there are new ones in front."""
        round = self.round
        has_shifted = round.is_torn or round.total_changed
        is_short = len(round.ids) < (round.total or 0)
        if has_shifted or is_short:
            return True
        # A single page shows the list at one moment, and a round that gave nothing new confirms it.
        if not round.is_fresh or round.pages <= 1:
            return False

        front = await self.listing.fetch(page=1, limit=self.largest)
        # A row in front that was not seen pushed others past the page that was being read.
        return front.total != round.total or bool(arrival(front, self.ids).new)


def walk_over(listing: Listing[T]) -> Walk[T]:
    """Return a new walk over a list, from its beginning or its cursor."""
    if listing.operation.listing == "cursor":
        return CursorWalk(listing, listing.cursor)
    return NumberedWalk(listing)
