"""Verbs the service toggles, or refuses the second time, made idempotent.

The state is read first, one request at the most is sent, the state that comes back is checked. After an unknown
outcome the state is only read again, until the deadline; after a refusal it is read once, since somebody may have
done the very same just before. Callers in one process take turns per record; a person in LedgerHQ, or another
process, can still race them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from ledgerhq_ext.errors import ConflictError, LedgerHQError, ValidationError
from ledgerhq_ext.flow import Flow, Hold, Sleep
from ledgerhq_ext.scope import Scope


class Stateful(Protocol):
    """A record whose status says what was done to it."""

    @property
    def status(self) -> str:
        """The contract's word."""


S = TypeVar("S", bound=Stateful)
R = TypeVar("R")
_SHORTEST_PAUSE = 0.1


def settle(
    scope: Scope,
    *,
    what: str,
    read: Callable[[Scope], Flow[S]],
    send: Callable[[Scope, S], Flow[R]],
    before: str,
    after: str,
    same: Callable[[Scope, S], Flow[R | None]],
) -> Flow[R]:
    """Bring a record from the status ``before`` to ``after``, once.

    ``same`` gives the result when a record that is already ``after`` got there in the very way that is asked
    for, else None. Raises ``ConflictError`` for any other state, before sending where it can be seen before.
    """
    clock = scope._session.clock
    deadline = clock.monotonic() + scope._session.options.deadline

    def look(within: Scope) -> Flow[tuple[bool, R | None]]:
        seen = yield from read(within)
        return (True, (yield from same(within, seen))) if seen.status == after else (False, None)

    yield Hold((scope.id, what), scope._session.options.deadline)
    record = yield from read(scope._until(deadline))
    if record.status == after:
        result = yield from same(scope._until(deadline), record)
        if result is not None:
            return result
    if record.status != before:
        raise _conflict(what, record.status, after)
    try:
        answer = yield from send(scope._until(deadline), record)
    except LedgerHQError as error:
        if not isinstance(error, ValidationError | ConflictError) and error.outcome != "unknown":
            raise
        # Refused: somebody may have done the very same just before. Unknown: wait for it to show.
        result = yield from watch(scope, deadline, look, once=error.outcome != "unknown")
        if result is None:
            raise
        return result
    reached = getattr(answer, "status", after)
    if reached != after:
        raise _conflict(what, reached, after, raced=True)
    return answer


def itself(_: Scope, record: S) -> Flow[S | None]:
    """For verbs whose status alone says everything: the record is the result."""
    return record
    yield


def _conflict(what: str, found: str, wanted: str, *, raced: bool = False) -> ConflictError:
    if raced:
        said = f"{what} came back {found}, not {wanted}: somebody else changed it at the same time"
    elif found == wanted:
        said = f"{what} is already {found}, in another way or in one that cannot be read back"
    else:
        said = f"{what} is {found}; it cannot become {wanted} from there"
    return ConflictError(said, outcome="rejected" if raced else "not_sent")


def watch(
    scope: Scope, deadline: float, look: Callable[[Scope], Flow[tuple[bool, R | None]]], *, once: bool = False
) -> Flow[R | None]:
    """Look until it is settled, or the deadline passes; then the result, if there is one.

    A look that fails says nothing.
    """
    policy, clock, attempt = scope._session.options.retries, scope._session.clock, 1
    while clock.monotonic() < deadline:
        try:
            settled, result = yield from look(scope._until(deadline))
            if settled or once:
                return result
        except LedgerHQError:
            if once:
                return None
        pause = max(policy.pause(attempt), _SHORTEST_PAUSE)
        yield Sleep(min(pause, max(deadline - clock.monotonic(), 0)))
        attempt += 1
    return None
