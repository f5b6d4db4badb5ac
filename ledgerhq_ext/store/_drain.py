"""Sending what is pending: what one worker does, and what the workers of a drain share."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Collection
from contextlib import suppress

from attrs import evolve, frozen

from ledgerhq_ext._http.io import Work
from ledgerhq_ext._http.retries import RetryPolicy
from ledgerhq_ext._http.session import Session
from ledgerhq_ext._resources.posting import post_content
from ledgerhq_ext._resources.scope import Scope
from ledgerhq_ext.errors import InputError, LedgerHQError, TransportError
from ledgerhq_ext.models import Receipt
from ledgerhq_ext.store._errors import StoreError
from ledgerhq_ext.store._faultpoints import reach
from ledgerhq_ext.store._postings import Postings
from ledgerhq_ext.store._rows import Drained, Progress, Why, moment
from ledgerhq_ext.store._statements import Choice, Claim, Terms
from ledgerhq_ext.store._verdict import Verdict, accept, judge

OnProgress = Callable[[Progress], None]
_SHORTEST_SLEEP, _LONGEST_SLEEP = 0.02, 0.5
# A drain decides itself when to send again: the whole drain heeds Retry-After, not one worker.
_ONCE = RetryPolicy(attempts=1)


@frozen(kw_only=True)
class Limits:
    """When a drain returns: see ``Outbox.drain``."""

    wait: float
    seconds: float | None
    organizations: Collection[str] | None
    stop: Callable[[], bool]


class Drain:
    """What the workers of one drain share. Safe for threads; what blocks is done by ``work``."""

    def __init__(
        self,
        rows: Postings,
        session: Session,
        terms: Terms,
        limits: Limits,
        on_progress: OnProgress | None,
        work: Work,
    ) -> None:
        self._rows = rows
        self._terms = terms
        self._limits = limits
        self._work = work
        self._session = session.with_options(evolve(session.options, retries=_ONCE))
        self._on_progress = on_progress
        self._guard = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._end = None if limits.seconds is None else time.monotonic() + limits.seconds
        self.paused: dict[str, str] = {}
        self._has_failed = False

    async def worker(self) -> None:
        """Claim, send, write down and claim the next, until nothing is due."""
        while not self._is_over():
            claim = await self._work(self._claim)
            while claim is not None:
                verdict = await attempt(self._session, claim)
                claim = await self._record(claim, verdict)
            pause = await self._work(self._idle)
            if pause is None:
                return
            await self._session.io.sleep(pause)

    def stop(self) -> None:
        """Let every worker end after the attempt it is in."""
        self._has_failed = True

    async def _record(self, claim: Claim, verdict: Verdict) -> Claim | None:
        return await self._work(lambda: self._finish(claim, verdict))

    def _is_over(self) -> bool:
        if self._has_failed or self._limits.stop():
            return True
        return self._end is not None and time.monotonic() >= self._end

    def _claim(self) -> Claim | None:
        claim, given_up = self._rows.claim(self._choice())
        with self._guard:
            self._counts["needs_attention"] += given_up
        return claim

    def _choice(self) -> Choice:
        return Choice(terms=self._terms, skipped=tuple(self.paused), only=self._limits.organizations)

    def _idle(self) -> float | None:
        """Seconds to sleep until something may be due; None when that is too long."""
        due = self._rows.next_due(self._choice())
        if due is None or due > self._limits.wait:
            return None
        return min(max(due, _SHORTEST_SLEEP), _LONGEST_SLEEP)

    def _finish(self, claim: Claim, verdict: Verdict) -> Claim | None:
        """Write down what came of a claim; gives the next one, unless the drain is over."""
        if verdict.stop is not None:
            with self._guard:
                self.paused[claim.organization_id] = verdict.stop
        if self._on_progress is not None or self._is_over():
            # Whoever looks on may want to stop here.
            self._count(claim, verdict, self._rows.finish(claim, verdict))
            return None
        finished, following, given_up = self._rows.finish_and_claim(claim, verdict, self._choice())
        self._count(claim, verdict, finished, given_up)
        return following

    def _count(self, claim: Claim, verdict: Verdict, finished: bool, given_up: int = 0) -> None:
        with self._guard:
            self._counts["needs_attention"] += given_up
            if not finished:
                return
            self._counts[verdict.state] += 1
            if self._on_progress is not None:
                told = Progress(
                    **self._told(), source=claim.source, organization_id=claim.organization_id, state=verdict.state
                )
                self._on_progress(told)

    def _told(self) -> dict[str, int]:
        counts = self._counts
        settled = {state: counts[state] for state in ("posted", "rejected", "conflict", "needs_attention")}
        return {**settled, "put_back": counts["pending"]}

    def result(self) -> Drained:
        """Why it is over."""
        open_rows = [row for row in self._rows.open_rows(self._terms.owner) if self._covers(row[0])]
        left = [row for row in open_rows if row[0] not in self.paused]
        next_due = min((row[1] for row in left), default=None)
        return Drained(
            why=self._why(bool(open_rows), bool(left)),
            **self._told(),
            left=sum(row[2] for row in open_rows),
            next_due_at=moment(next_due),
            paused=dict(self.paused),
        )

    def _covers(self, organization_id: str) -> bool:
        return self._limits.organizations is None or organization_id in self._limits.organizations

    def _why(self, any_open: bool, any_left: bool) -> Why:
        if not any_open:
            return "settled"
        if self._limits.stop():
            return "stopped"
        if self._is_over():
            return "time"
        return "waiting" if any_left else "paused"


async def attempt(session: Session, claim: Claim) -> Verdict:
    """Send a leased posting, and judge what came of it."""
    try:
        receipt = await send(session, claim)
    except LedgerHQError as error:
        return _judge(session, claim, error)
    return accept(receipt)


def _judge(session: Session, claim: Claim, error: LedgerHQError) -> Verdict:
    return judge(error, attempts=claim.attempts, unknown=claim.unknown_before, now=session.clock.now())


async def send(session: Session, claim: Claim) -> Receipt:
    """Send a leased posting, its own bytes under its own key, and be done before the lease ends."""
    # The rest of the lease is for writing down what came of it.
    seconds = (claim.ends - time.monotonic()) * 0.9
    if seconds <= 0:
        raise TransportError("The lease ended before the request could be sent.", outcome="not_sent")
    deadline = min(session.options.deadline, max(seconds, 0.001))
    options = evolve(session.options, deadline=deadline)
    scope = Scope(session.with_options(options), claim.organization_id)
    reach("send: before the request")
    receipt = await post_content(scope, claim.resource, claim.request, key=claim.key)
    reach("send: after the answer")
    return receipt


async def post_now(rows: Postings, session: Session, id: int, terms: Terms, work: Work) -> Receipt:
    """Return the receipt of one posting: the stored one, or that of sending it now."""
    end = time.monotonic() + session.options.deadline
    while True:
        row = await work(lambda: rows.get(id))
        if row.receipt is not None:
            return evolve(row.receipt, replayed=True)
        if row.state in ("conflict", "needs_attention"):
            reason = row.failure.message if row.failure else ""
            raise InputError(f"posting {id} is in state {row.state}: {reason}")

        claim = await work(lambda: rows.claim_one(id, terms))
        if claim is not None:
            return await _post_claim(rows, session, claim, work)
        if time.monotonic() >= end:
            raise TransportError(
                "Another worker is sending this posting; it did not end in time.",
                outcome="unknown",
            )
        await session.io.sleep(_SHORTEST_SLEEP)


async def _post_claim(rows: Postings, session: Session, claim: Claim, work: Work) -> Receipt:
    try:
        receipt = await send(session, claim)
    except LedgerHQError as error:
        verdict = _judge(session, claim, error)
        if verdict.unknown:
            error.outcome = "unknown"
        # The error of the service tells more than that of the store: the lease ends by itself.
        with suppress(StoreError):
            await work(lambda: rows.finish(claim, verdict))
        raise
    try:
        await work(lambda: rows.finish(claim, accept(receipt)))
    except StoreError as error:
        error.outcome = "unknown"
        raise
    return receipt
