"""One posting in the hands of a worker: claimed, sent and judged; and given back when its call is
interrupted.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import ParamSpec

from attrs import evolve

from ledgerhq_ext._http.io import Work
from ledgerhq_ext._http.messages import Request
from ledgerhq_ext._http.session import Session
from ledgerhq_ext._resources.posting import post_content
from ledgerhq_ext._resources.scope import Scope
from ledgerhq_ext.errors import InputError, LedgerHQError, TransportError
from ledgerhq_ext.models import Receipt
from ledgerhq_ext.store._claims import Claim, Terms
from ledgerhq_ext.store._errors import StoreError
from ledgerhq_ext.store._faultpoints import reach
from ledgerhq_ext.store._postings import Postings
from ledgerhq_ext.store._rows import Failure, State, StoredPosting
from ledgerhq_ext.store._scope import Scopes
from ledgerhq_ext.store._verdict import FIRST_PAUSE, Access, Verdict, accept, is_about_scope, judge

P = ParamSpec("P")

_SHORTEST_SLEEP = 0.02
_PATIENCE = 2.0
"""Seconds for which a call waits for somebody else who sends the same posting."""
_SHARE_FOR_REQUESTS = 0.9
"""Of a lease. The rest is for writing down what came of them."""
_ADVICE: dict[State, str] = {
    "conflict": "Find out which of the two postings is right, and discard this one.",
    "needs_attention": "candidates(hq) lists the entries that it may be, and resolve decides.",
    "discarded": "If it has to be posted after all, add it under a source id of its own.",
}
"""The next step for a posting that is not sent, by its state."""


class Hands:
    """Claims, sends and gives back postings; shared by the workers of a drain."""

    def __init__(self, rows: Postings, session: Session, work: Work) -> None:
        self._rows = rows
        self._io = session.io
        self._work = work
        self._scopes = Scopes()

    async def take(
        self, claim: Callable[P, Claim | None], *args: P.args, **kwargs: P.kwargs
    ) -> Claim | None:
        """Return what a piece of database work claims; give it back when the caller is interrupted
        meanwhile.
        """
        # Outside the work: an interruption takes its result away, and the claim is committed.
        claims: list[Claim] = []

        def work() -> None:
            """Claim, and remember what was claimed."""
            posting = claim(*args, **kwargs)
            if posting is not None:
                claims.append(posting)

        try:
            await self._io.complete(self._work(work))
        except GeneratorExit:
            # A coroutine that is closed cannot wait for the database: the lease ends by itself.
            raise
        except BaseException:
            for posting in claims:
                await self._give_back(posting, has_begun=False)
            raise
        return claims[0] if claims else None

    async def attempt(self, session: Session, claim: Claim) -> Verdict:
        """Send a leased posting, and judge what came of it."""
        try:
            receipt = await self.send(session, claim)
        except LedgerHQError as error:
            return await self.judge(session, claim, error)
        return accept(receipt)

    async def judge(self, session: Session, claim: Claim, error: LedgerHQError) -> Verdict:
        """Return what an error means for the posting."""
        access: Access | None = None
        if is_about_scope(error):
            access = await self._scopes.look(session, claim.organization_id, _time_left(claim))
        return judge(
            error,
            attempts=claim.attempts,
            unknown=claim.unknown_before,
            now=session.clock.now(),
            access=access,
        )

    async def send(self, session: Session, claim: Claim) -> Receipt:
        """Send a leased posting, its own bytes under its own key, and be done before the lease
        ends.
        """
        seconds = _time_left(claim)
        if seconds <= 0:
            raise TransportError(
                "The lease expired before the request could be sent.", outcome="not_sent"
            )
        options = session.options
        if seconds < options.deadline:
            options = evolve(options, deadline=max(seconds, 0.001))
        # Every request of the call stands in this list from its beginning.
        requests: list[Request] = []
        scope = Scope(evolve(session, options=options, requests=requests), claim.organization_id)
        try:
            reach("send: before the request")
            receipt = await post_content(
                scope, claim.resource, claim.request, key=claim.key, route=claim.route
            )
            reach("send: after the answer")
        except (LedgerHQError, GeneratorExit):
            # A coroutine that is closed cannot wait for the database: the lease ends by itself.
            raise
        except BaseException:
            # Cancelled, Ctrl-C, or the end of a loop: nobody works on it any more.
            has_begun = any(request.idempotency_key == claim.key for request in requests)
            await self._give_back(claim, has_begun=has_begun)
            raise
        return receipt

    async def _give_back(self, claim: Claim, *, has_begun: bool) -> None:
        verdict = _interruption(claim, has_begun)
        # Without the database the lease ends by itself.
        with suppress(StoreError):
            await self._io.complete(self._work(self._rows.finish, claim, verdict))


def _interruption(claim: Claim, has_begun: bool) -> Verdict:
    """Return the verdict on a call that was interrupted, before or after its request began."""
    if has_begun:
        message = "the call was interrupted while it was being sent"
        failure = Failure(type="Interrupted", message=message, outcome="unknown")
        # The service may still be at it.
        return Verdict(state="pending", unknown=True, failure=failure, pause=FIRST_PAUSE)

    message = "the call was interrupted before it was sent"
    failure = Failure(type="Interrupted", message=message, outcome="not_sent")
    return Verdict(state="pending", unknown=claim.unknown_before, failure=failure)


def _time_left(claim: Claim) -> float:
    """Return the seconds of a lease that may be spent on requests."""
    return (claim.ends - time.monotonic()) * _SHARE_FOR_REQUESTS


async def post_now(rows: Postings, session: Session, id: int, terms: Terms, work: Work) -> Receipt:
    """Return the receipt of one posting: the stored one, or that of sending it now."""
    hands = Hands(rows, session, work)
    end = time.monotonic() + min(session.options.deadline, _PATIENCE)
    while True:
        row = await work(rows.get, id)
        if row.state == "posted" and row.receipt is not None:
            return evolve(row.receipt, replayed=True)
        if row.state not in ("pending", "leased", "rejected"):
            raise _not_sendable(row)

        claim = await hands.take(rows.claim_one, id, terms)
        if claim is not None:
            return await _post_claim(rows, session, claim, hands, work)
        if time.monotonic() >= end:
            raise _in_other_hands(row)
        await session.io.sleep(_SHORTEST_SLEEP)


def _not_sendable(row: StoredPosting) -> InputError:
    failure = "" if row.failure is None else row.failure.message
    reason = row.discard_reason or failure or row.alarm or ""
    # Not "it was not sent": an earlier call may have sent it.
    message = (
        f"Posting {row.id} is in state {row.state}, so nothing was sent: {reason.rstrip('.')}."
    )
    advice = _ADVICE.get(row.state)
    return InputError(message if advice is None else f"{message} {advice}")


def _in_other_hands(row: StoredPosting) -> TransportError:
    holder = row.holder or "another worker"
    end = "its lease ends" if row.due_at is None else f"{row.due_at:%Y-%m-%d %H:%M:%S} UTC"
    return TransportError(
        f"Posting {row.id} is being sent by {holder} until {end} at the latest, and may be "
        "posted by then. Call post again to get its receipt.",
        outcome="unknown",
    )


async def _post_claim(
    rows: Postings, session: Session, claim: Claim, hands: Hands, work: Work
) -> Receipt:
    try:
        receipt = await hands.send(session, claim)
    except LedgerHQError as error:
        verdict = await hands.judge(session, claim, error)
        if verdict.unknown:
            error.outcome = "unknown"
        # The error of the service tells more than that of the store: the lease ends by itself.
        with suppress(StoreError):
            await work(rows.finish, claim, verdict)
        raise
    await work(rows.finish, claim, accept(receipt))
    return receipt
