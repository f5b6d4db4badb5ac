"""Verbs the service toggles, or refuses the second time, made idempotent.

The state is read first, one request at the most is sent, the state that comes back is checked.
After an unknown outcome the state is only read again: until it is the new one, has been the old one
for five seconds, or the deadline passes. After a refusal it is read once, since somebody may
have done the very same just before. Callers in one process take turns per record; a person in
LedgerHQ, or another process, can still race them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Generic, Protocol, Self, TypeVar

from ledgerhq_ext._operations import Operation
from ledgerhq_ext._resources.scope import Scope
from ledgerhq_ext._texts import comparable
from ledgerhq_ext.errors import ConflictError, LedgerHQError, Outcome, ValidationError


class Stateful(Protocol):
    """A record whose status says what was done to it."""

    @property
    def status(self) -> str:
        """The contract's word for its state."""


S = TypeVar("S", bound=Stateful)
R = TypeVar("R")
_SHORTEST_PAUSE = 0.1
_PATIENCE = 5.0
"""Seconds for which the old state may show before waiting helps nobody."""


class Turn(Generic[S]):
    """One caller's turn on a record, to bring it from one status to another, once.

    Inside ``async with``, ``record`` is the record as it is now, in either status; any other
    status is a ``ConflictError`` at the beginning, before anything is sent. ``scope`` is bounded
    by the deadline of the whole verb.
    """

    record: S

    def __init__(
        self, scope: Scope, name: str, read: Operation[S], id: str, *, before: str, after: str
    ) -> None:
        self._unbounded = scope
        self._name = name
        self._read_operation = read
        self._id = id
        self._before = before
        self._after = after
        self._deadline = scope._session.deadline()
        self._turn: AbstractAsyncContextManager[None] | None = None
        self._error: LedgerHQError | None = None

    @property
    def scope(self) -> Scope:
        """The organization, its calls bounded by what is left of the deadline."""
        return self._unbounded._until(self._deadline)

    async def __aenter__(self) -> Self:
        # By organization and record: other records go on meanwhile.
        session = self._unbounded._session
        turn = session.io.turn((self._unbounded.id, self._name), session.options.deadline)
        await turn.__aenter__()
        try:
            self.record = await self._read()
            if self.record.status not in (self._before, self._after):
                raise self._conflict(self.record.status)
        except BaseException:
            await turn.__aexit__(None, None, None)
            raise
        self._turn = turn
        return self

    async def __aexit__(self, _: object, error: BaseException | None, __: object) -> None:
        assert self._turn is not None
        await self._turn.__aexit__(None, None, None)

        if self._error is not None and isinstance(error, LedgerHQError):
            # What is wrong with the record afterwards says less than why the request failed.
            raise self._error from None

    async def settle(self, operation: Operation[S], body: object | None = None) -> S:
        """Return the record in the new status; the request is sent unless it is in it already."""
        if self.record.status != self._before:
            return self.record
        # None: the request failed, and the record is in the new status all the same.
        return await self.send(operation, body) or self.record

    async def send(
        self,
        operation: Operation[R],
        body: object | None = None,
        *,
        entry_id: str | None = None,
        makes_entry: bool = False,
    ) -> R | None:
        """Send the one request, and return its result, which names ``entry_id`` where one is given,
        and some entry where the request makes one.

        Return None when the request failed, or its result is something else, and ``record``, read
        again, is in the new status all the same: look whether it got there in the way that was
        asked for.
        """
        try:
            result = await self.scope._fetch(operation, id=self._id, body=body)
        except LedgerHQError as error:
            is_unknown = error.outcome == "unknown"
            was_refused = isinstance(error, ValidationError | ConflictError)
            if not was_refused and not is_unknown:
                raise
            # Refused: somebody may have done the very same just before. Unknown: it may take a
            # moment to show.
            once = not is_unknown
            record = await watch(self._unbounded, self._deadline, self._look, once=once)
            if record is None:
                raise
            self._error = error
            self.record = record
            return None

        oddity = self._oddity(result, entry_id, makes_entry=makes_entry)
        if oddity is None:
            return result
        # Carried out or not: the record itself says more than such an answer.
        is_as_before = getattr(result, "status", None) == self._before
        problem = odd_success(self._name, oddity, "rejected" if is_as_before else "unknown")
        self._error = self._unbounded._explain(problem, operation, id=self._id, has_outcome=True)
        record = await watch(self._unbounded, self._deadline, self._look, once=True)
        if record is None:
            raise self._error
        self.record = record
        return None

    def _oddity(self, result: object, entry_id: str | None, *, makes_entry: bool) -> str | None:
        """Return what a result says that was not asked for, or None."""
        status = getattr(result, "status", self._after)
        if status != self._after:
            return f"{status}, not {self._after}"
        entry = getattr(result, "journal_entry_id", None)
        if entry_id is not None and not entry:
            return f"without the entry {entry_id}"
        if entry_id is not None and entry != entry_id:
            return f"with the entry {entry}, not {entry_id}"
        # Without it nobody could find the entry again.
        if makes_entry and not comparable(entry):
            return "without its entry"
        return None

    def conflict(self) -> ConflictError:
        """Return the error for a record that is in the new status, but not as it was asked for."""
        return self._conflict(self.record.status)

    def _conflict(self, status: str) -> ConflictError:
        if status == self._after:
            message = (
                f"The {self._name} is already {status}, but not as requested, or in a way that "
                "cannot be read back. Look at it in LedgerHQ."
            )
        else:
            message = (
                f"The {self._name} is {status} and cannot become {self._after}. Change that in "
                "LedgerHQ first, or leave it as it is."
            )
        problem = ConflictError(message, outcome="not_sent")
        # What was read says so; the outcome is that of the verb.
        return self._unbounded._explain(
            problem, self._read_operation, id=self._id, has_outcome=True
        )

    async def _read(self) -> S:
        return await self.scope._fetch(self._read_operation, id=self._id)

    async def _look(self) -> S | None:
        record = await self._read()
        return record if record.status == self._after else None


def odd_success(name: str, oddity: str, outcome: Outcome) -> ConflictError:
    """Return the error of a success that shows something else than what was asked for."""
    return ConflictError(
        f"The {name} came back {oddity}. Somebody else may have changed it at the same time: look "
        "at it in LedgerHQ.",
        outcome=outcome,
    )


async def watch(
    scope: Scope, deadline: float, look: Callable[[], Awaitable[R | None]], *, once: bool = False
) -> R | None:
    """Look until there is something to see, and return it.

    Return None five seconds after the first look that saw nothing, or when the deadline passes
    before. A look that fails says nothing: while the service is down, the five seconds do not
    begin.
    """
    policy = scope._session.options.retries
    clock = scope._session.clock
    end = deadline
    attempt = 1
    while True:
        try:
            result = await look()
        except LedgerHQError:
            pass
        else:
            if result is not None:
                return result
            end = min(end, clock.monotonic() + _PATIENCE)

        left = end - clock.monotonic()
        if once or left <= 0:
            return None
        pause = max(policy.pause(attempt), _SHORTEST_PAUSE)
        await scope._session.io.sleep(min(pause, left))
        attempt += 1
