"""Sending what is pending: the flow of one worker, and what the workers of a drain share."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from functools import partial
from typing import Any

from attrs import evolve, frozen

from ledgerhq_ext import books
from ledgerhq_ext.errors import InputError, LedgerHQError, TransportError
from ledgerhq_ext.firm import Firm
from ledgerhq_ext.flow import Flow, Sleep, work
from ledgerhq_ext.models import Receipt
from ledgerhq_ext.retries import RetryPolicy
from ledgerhq_ext.scope import Scope
from ledgerhq_ext.session import Session
from ledgerhq_ext.store.errors import StoreError
from ledgerhq_ext.store.faultpoints import reach
from ledgerhq_ext.store.postings import Postings
from ledgerhq_ext.store.rows import Drained, Progress, Why, moment
from ledgerhq_ext.store.statements import Choice, Claim, Terms
from ledgerhq_ext.store.verdict import Verdict, accept, judge
from ledgerhq_ext.transport import AwaitingDriver, BlockingDriver

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
    """What the workers of one drain share. Safe for threads; its methods that block are run as ``Work``."""

    def __init__(
        self, rows: Postings, firm: Firm[Any], terms: Terms, limits: Limits, on_progress: OnProgress | None
    ) -> None:
        self._rows, self._terms, self._limits = rows, terms, limits
        self._session = firm._session.with_options(evolve(firm._session.options, retries=_ONCE))
        self._on_progress = on_progress
        self._guard = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._end = None if limits.seconds is None else time.monotonic() + limits.seconds
        self.paused: dict[str, str] = {}
        self.failed = False

    def worker(self) -> Flow[None]:
        """Claim, send, write down and claim the next, until nothing is due."""
        while not self._over():
            claim = yield from work(self._claim)
            while claim is not None:
                verdict = yield from attempt(self._session, claim)
                claim = yield from work(partial(self._finish, claim, verdict))
            pause = yield from work(self._idle)
            if pause is None:
                return
            yield Sleep(pause)

    def _over(self) -> bool:
        return self.failed or self._limits.stop() or (self._end is not None and time.monotonic() >= self._end)

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
        if self._on_progress is not None or self._over():
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

    def finished(self) -> Flow[Drained]:
        """``result``, as a flow."""
        return (yield from work(self.result))

    def result(self) -> Drained:
        """Why it is over."""
        open_rows = [row for row in self._rows.open_rows() if self._covers(row[0])]
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
        if self._over():
            return "time"
        return "waiting" if any_left else "paused"


def run_threads(drain: Drain, driver: BlockingDriver, workers: int) -> None:
    """Let so many threads work; the first error is raised when all have ended."""
    if workers == 1:
        driver.run(drain.worker())
        return
    with ThreadPoolExecutor(workers, thread_name_prefix="ledgerhq-drain") as pool:
        running = [pool.submit(driver.run, drain.worker()) for _ in range(workers)]
        try:
            for worker in as_completed(running):
                worker.result()
        except BaseException:
            drain.failed = True
            raise


async def run_tasks(drain: Drain, driver: AwaitingDriver, workers: int) -> None:
    """Let so many tasks work; the first error is raised when all have ended."""
    import anyio

    errors: list[Exception] = []

    async def work() -> None:
        try:
            await driver.run(drain.worker())
        except Exception as error:
            drain.failed = True
            errors.append(error)

    async with anyio.create_task_group() as group:
        for _ in range(workers):
            group.start_soon(work)
    if errors:
        raise errors[0]


def attempt(session: Session, claim: Claim) -> Flow[Verdict]:
    """Send a claimed posting, and judge what came of it."""
    try:
        receipt = yield from send(session, claim)
    except LedgerHQError as error:
        return judge(error, attempts=claim.attempts, unknown=claim.unknown_before, now=session.clock.now())
    return accept(receipt)


def send(session: Session, claim: Claim) -> Flow[Receipt]:
    """Send a claimed posting, its own bytes under its own key, and be done before the lease ends."""
    # The rest of the lease is for writing down what came of it.
    left = (claim.ends - time.monotonic()) * 0.9
    if left <= 0:
        raise TransportError("The lease ended before the request could be sent.", outcome="not_sent")
    options = evolve(session.options, deadline=min(session.options.deadline, max(left, 0.001)))
    scope = Scope(session.with_options(options), claim.organization_id)
    reach("send: before the request")
    receipt: Receipt = yield from books.post_content(scope, claim.resource, claim.request, key=claim.key)
    reach("send: after the answer")
    return receipt


def post_now(rows: Postings, books_of: Scope, id: int, terms: Terms) -> Flow[Receipt]:
    """The receipt of one posting: the stored one, or that of sending it now."""
    session = books_of._session
    end = time.monotonic() + session.options.deadline
    while True:
        row = yield from work(lambda: rows.get(id))
        if row.receipt is not None:
            return evolve(row.receipt, replayed=True)
        if row.state in ("conflict", "needs_attention"):
            raise InputError(f"posting {id} is in state {row.state}: {row.failure.message if row.failure else ''}")
        claim = yield from work(lambda: rows.claim_one(id, terms))
        if claim is not None:
            return (yield from _post_claimed(rows, session, claim))
        if time.monotonic() >= end:
            raise TransportError("Another worker is sending this posting; it did not end in time.", outcome="unknown")
        yield Sleep(_SHORTEST_SLEEP)


def _post_claimed(rows: Postings, session: Session, claim: Claim) -> Flow[Receipt]:
    try:
        receipt = yield from send(session, claim)
    except LedgerHQError as error:
        verdict = judge(error, attempts=claim.attempts, unknown=claim.unknown_before, now=session.clock.now())
        if verdict.unknown:
            error.outcome = "unknown"
        # The error of the service tells more than that of the store: the lease ends by itself.
        with suppress(StoreError):
            yield from work(lambda: rows.finish(claim, verdict))
        raise
    try:
        yield from work(lambda: rows.finish(claim, accept(receipt)))
    except StoreError as error:
        error.outcome = "unknown"
        raise
    return receipt
