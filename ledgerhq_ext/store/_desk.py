"""The desk of a drain: a worker hands in how its attempt ended, and gets the next posting.

Whoever comes while another is served waits, and all who wait are served in one transaction. A
posting is leased to a worker that is there to send it, never for later.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from attrs import define

from ledgerhq_ext.store._claims import Choice, Claim
from ledgerhq_ext.store._errors import StoreError
from ledgerhq_ext.store._lanes import LastLane
from ledgerhq_ext.store._outcomes import End
from ledgerhq_ext.store._postings import Postings


@define(eq=False)
class Visit:
    """A worker at the desk: how its attempt ended, if it made one, and whether it takes the next
    posting; then what it gets.

    ``is_written``: whether the end of the attempt was written down. ``given_up``: postings that
    cannot be sent any more. ``error``: why the desk could not serve it.
    """

    end: End | None = None
    takes_next: bool = True
    is_served: bool = False
    is_written: bool = False
    following: Claim | None = None
    given_up: int = 0
    error: Exception | None = None


class Desk:
    """Shared by the workers of a drain, in threads."""

    def __init__(self, rows: Postings, choice: Callable[[], Choice]) -> None:
        self._rows = rows
        self._choice = choice
        self._last = LastLane()
        self._guard = threading.Lock()
        self._turn = threading.Lock()
        self._queue: list[Visit] = []

    def serve(self, visit: Visit) -> None:
        """Serve a visit, and all others that wait. Raises what the database work of it raises."""
        with self._guard:
            self._queue.append(visit)
        with self._turn:
            # Whoever had the turn before may have served it.
            if not visit.is_served:
                self._serve_all(visit)
        if visit.error is not None:
            raise visit.error

    def _serve_all(self, own: Visit) -> None:
        with self._guard:
            visits = self._queue
            self._queue = []
        try:
            self._serve_together(visits)
        except BaseException:
            # An interruption is that of one worker. The others come again, and write down how its
            # attempt ended; it sends nothing any more.
            own.takes_next = False
            with self._guard:
                waiting = [visit for visit in visits if not visit.is_served]
                self._queue = waiting + self._queue
            raise

    def _serve_together(self, visits: Sequence[Visit]) -> None:
        try:
            self._exchange(visits)
        except Exception as error:
            if isinstance(error, StoreError) and error._is_outage:
                _fail(visits, error)
                return
            # What the database refuses of one worker must not cost the others their receipts: an
            # entry that settles another posting already, for one.
            for visit in visits:
                self._serve_alone(visit)

    def _serve_alone(self, visit: Visit) -> None:
        """Write down the end of one visit by itself: for its next posting it has to come again."""
        try:
            if visit.end is None:
                self._exchange([visit])
                return
            visit.is_written = self._rows.finish(visit.end.claim, visit.end.verdict)
            visit.is_served = True
        except Exception as error:
            _fail([visit], error)

    def _exchange(self, visits: Sequence[Visit]) -> None:
        """Write down all ends, and lease a posting to each who takes one, in one transaction."""
        with_end = [visit for visit in visits if visit.end is not None]
        ends = [visit.end for visit in visits if visit.end is not None]
        takers = [visit for visit in visits if visit.takes_next]
        choice = self._choice()
        if ends:
            are_written, catch = self._rows.finish_and_claim(ends, choice, len(takers), self._last)
        else:
            are_written = []
            catch = self._rows.claim_some(choice, len(takers), self._last)

        for visit, is_written in zip(with_end, are_written, strict=True):
            visit.is_written = is_written
        for visit, claim in zip(takers, catch.claims, strict=False):
            visit.following = claim
        visits[0].given_up = catch.given_up
        for visit in visits:
            visit.is_served = True


def _fail(visits: Sequence[Visit], error: Exception) -> None:
    """Let each of the visits raise an error of its own, with what is known of its posting."""
    for visit in visits:
        visit.is_served = True
        visit.error = error
        if isinstance(error, StoreError):
            visit.error = StoreError(error.message)
            if visit.end is not None:
                # Its request may have left, and may have been answered.
                visit.error.outcome = visit.end.verdict.outcome
