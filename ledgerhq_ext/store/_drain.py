"""Sending what is pending: what one worker does, and what the workers of a drain share."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Sequence, Sized

from attrs import evolve, frozen

from ledgerhq_ext._http.io import Work
from ledgerhq_ext._http.messages import Response
from ledgerhq_ext._http.retries import RetryPolicy
from ledgerhq_ext._http.session import Session
from ledgerhq_ext._plain import plain
from ledgerhq_ext.store._claims import Choice, Claim, Terms
from ledgerhq_ext.store._desk import Desk, Visit
from ledgerhq_ext.store._outcomes import End
from ledgerhq_ext.store._postings import Postings
from ledgerhq_ext.store._queues import Queue
from ledgerhq_ext.store._reach import Reach
from ledgerhq_ext.store._rows import DrainResult, Failure, Progress, Why, moment
from ledgerhq_ext.store._sending import Hands
from ledgerhq_ext.store._service_clock import ServiceClock
from ledgerhq_ext.store._verdict import Verdict

OnProgress = Callable[[Progress], None]
log = logging.getLogger("ledgerhq_ext.store")

_SHORTEST_SLEEP = 0.02
_LONGEST_SLEEP = 0.5
# A drain decides itself when to send again: the whole drain heeds Retry-After, not one worker.
_ONCE = RetryPolicy(attempts=1)


@frozen(kw_only=True)
class Limits:
    """When a drain returns: see ``Outbox.drain``."""

    wait: float
    seconds: float | None
    organizations: Collection[str] | None
    stop: Callable[[], bool]


@frozen(kw_only=True)
class Share:
    """The outcome of a connection's share of a worker's time.

    ``has_sent``: whether anything was sent. ``wait``: seconds until its first posting may be sent,
    None when none may as it is.
    """

    has_sent: bool
    wait: float | None


class Drain:
    """Everything that the workers of one drain share.

    Safe for threads; ``work`` does what blocks.
    """

    def __init__(
        self,
        rows: Postings,
        session: Session,
        terms: Terms,
        limits: Limits,
        on_progress: OnProgress | None,
        work: Work,
        reach: Reach,
    ) -> None:
        self._rows = rows
        self._terms = terms
        self._limits = limits
        self._work = work
        self._session = session.with_options(evolve(session.options, retries=_ONCE))
        self._on_progress = on_progress
        self._guard = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._stops = 0
        self._end = None if limits.seconds is None else time.monotonic() + limits.seconds
        self._hands = Hands(rows, self._session, work)
        self._desk = Desk(rows, self._choice)
        self._service_clock = ServiceClock()
        self._reach = reach
        self._stopped: dict[str, str] = {}
        self._last_failure: Failure | None = None
        self._has_failed = False

    async def worker(self) -> None:
        """Claim, send, write down and claim the next, until nothing is due."""
        longest = _SHORTEST_SLEEP
        while not self._is_over():
            claim = None
            if self._reach.wait() == 0:
                claim = await self._hands.take(self._claim)
            if claim is not None:
                longest = _SHORTEST_SLEEP
                await self._send_from(claim)
                # There may be more, which the desk did not hand out: only a claim tells.
                continue
            pause = await self._work(self._idle)
            if pause is None:
                return
            # Another worker may be about to end: whoever waits for it looks often at first.
            await self._session.io.sleep(min(pause, longest))
            longest = min(longest * 2, _LONGEST_SLEEP)

    async def _send_from(self, claim: Claim) -> None:
        """Send a posting, and what the desk hands out for it, until it hands out none."""
        following: Claim | None = claim
        responses: list[Response] = []
        session = evolve(self._session, responses=responses)
        while following is not None:
            responses.clear()
            verdict = await self._hands.attempt(session, following)
            self._service_clock.listen(responses)
            following = await self._record(following, verdict)

    def stop(self) -> None:
        """Let every worker end after the attempt it is in."""
        self._has_failed = True

    async def _record(self, claim: Claim, verdict: Verdict) -> Claim | None:
        return await self._hands.take(self._finish, claim, verdict)

    def _is_over(self) -> bool:
        if self._has_failed or self._limits.stop():
            return True
        return self._end is not None and time.monotonic() >= self._end

    def _claim(self) -> Claim | None:
        visit = Visit()
        self._desk.serve(visit)
        with self._guard:
            self._counts["needs_attention"] += visit.given_up
        return visit.following

    def _choice(self) -> Choice:
        return Choice(
            terms=self._terms,
            skipped=tuple(self._stopped),
            only=self._limits.organizations,
            service_now=self._service_clock.now(),
        )

    def _idle(self) -> float | None:
        """Return the seconds to sleep until something may be due; None when that is too long."""
        wait = self._wait()
        if wait is None or wait > self._limits.wait:
            return None
        # Never longer: another process may add, and a person may resume, at any moment.
        return min(max(wait, _SHORTEST_SLEEP), _LONGEST_SLEEP)

    def _wait(self) -> float | None:
        """Return the seconds until the first posting may be sent; None when none may as it is."""
        waits = self._rows.waits(self._choice()).values()
        return max(min(waits), self._reach.wait()) if waits else None

    def _finish(self, claim: Claim, verdict: Verdict) -> Claim | None:
        """Write down what came of a claim; return the next one, unless the drain is over."""
        if verdict.stop is not None:
            with self._guard:
                self._stopped[claim.organization_id] = verdict.stop
        self._reach.note(verdict)
        # Whoever looks on may want to stop here.
        goes_on = self._on_progress is None and not self._is_over()
        takes_next = goes_on and self._reach.wait() == 0
        visit = Visit(end=End(claim=claim, verdict=verdict), takes_next=takes_next)
        self._desk.serve(visit)
        self._count(claim, verdict, visit.is_written, visit.given_up)
        return visit.following

    def _count(
        self, claim: Claim, verdict: Verdict, is_written: bool, needs_attention: int
    ) -> None:
        with self._guard:
            self._counts["needs_attention"] += needs_attention
            if not is_written:
                # The lease was lost: whoever has the posting now counts it.
                return
            self._counts[verdict.state] += 1
            self._stops += verdict.stop is not None
            if verdict.state == "pending":
                self._last_failure = verdict.failure
            _log(claim, verdict)
            if self._on_progress is None:
                return
            # Within the guard: one call at a time, with counts that only grow.
            progress = Progress(
                **self._totals(),
                source=claim.source,
                organization_id=claim.organization_id,
                state=verdict.state,
            )
            self._on_progress(progress)

    def _totals(self) -> dict[str, int]:
        return {
            "posted": self._counts["posted"],
            "rejected": self._counts["rejected"],
            "conflict": self._counts["conflict"],
            "needs_attention": self._counts["needs_attention"],
            "put_back": self._counts["pending"],
        }

    def share(self) -> Share:
        """Return what a worker has to know of a drain, without a look at all that is left."""
        with self._guard:
            # An attempt that found no grant, or no service, is no reason to go on at once.
            has_sent = self._counts.total() > self._stops and self._reach.wait() == 0
        return Share(has_sent=has_sent, wait=self._wait())

    def result(self) -> DrainResult:
        """Return why the drain is over, what it did, and what is left."""
        queues = self._rows.queues(self._choice())
        paused: dict[str, str] = {}
        waits_for: dict[str, str] = {}
        waits: list[float] = []
        for queue in queues:
            stop = self._stopped.get(queue.organization_id)
            reason = stop or queue.paused
            if reason is not None:
                paused[queue.organization_id] = reason
            if queue.waits_for is not None:
                waits_for[queue.organization_id] = queue.waits_for
            if queue.wait is not None and stop is None:
                waits.append(max(queue.wait, self._reach.wait()))

        return DrainResult(
            why=self._why(queues, waits, paused),
            **self._totals(),
            left=sum(queue.count for queue in queues),
            next_due_at=moment(time.time() + min(waits)) if waits else None,
            paused=paused,
            waits_for=waits_for,
            last_failure=self._last_failure if queues else None,
        )

    def _why(self, queues: Sequence[Queue], waits: Sequence[float], paused: Sized) -> Why:
        if not queues:
            return "settled"
        has_unknown_age = any(queue.of_unknown_age for queue in queues)
        if has_unknown_age and not waits:
            # Nothing goes on before somebody sets the clock.
            return "clock"

        if self._limits.stop():
            return "stopped"
        if self._is_over():
            return "time"
        # Whatever company has something left, all of it waits.
        if len(paused) == len(queues):
            return "paused"
        return "waiting"


def _log(claim: Claim, verdict: Verdict) -> None:
    """Write one line of what became of an attempt."""
    entry = f", entry {verdict.journal_entry_id}" if verdict.journal_entry_id else ""
    reason = ""
    if verdict.failure is not None:
        reason = f" ({verdict.failure.type}: {verdict.failure.message})"
    log.info(
        "%s %s: source %s/%s, organization %s, connection %s, attempt %d%s%s",
        claim.resource,
        verdict.state,
        *claim.source,
        claim.organization_id,
        claim.owner.connection,
        claim.attempts,
        # What a service says, a log may not be able to hold.
        plain(entry),
        plain(reason),
    )
