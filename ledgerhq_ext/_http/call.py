"""One call: authorized, repeated only where that cannot do harm, and honest about its outcome.

Outcome belongs to the call, not to its last attempt: after one attempt that may have been carried
out, only a success settles it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, Literal, NamedTuple, TypeVar

from ledgerhq_ext._checks import too_late
from ledgerhq_ext._http.hooks import LEVELS, CallSummary, Event, Watch, log, notify
from ledgerhq_ext._http.masking import IN_USE
from ledgerhq_ext._http.messages import Request, Response
from ledgerhq_ext._http.refusals import error_from
from ledgerhq_ext._http.retries import (
    Kind,
    in_flight_end,
    leaves_unknown,
    may_be_in_flight,
    may_repeat,
    requested_pause,
)
from ledgerhq_ext._http.session import Session, mark
from ledgerhq_ext.errors import (
    KEY_LIFETIME,
    APIError,
    IdempotencyConflictError,
    InputError,
    LedgerHQError,
    Outcome,
    TransportError,
    add_facts,
)

T = TypeVar("T")

_TOKENS = 8

# Records are imported when they are first read, which takes files and memory.
_OF_THE_MACHINE = (OSError, MemoryError, ImportError)


class Call(NamedTuple, Generic[T]):
    """A request, how it may be repeated, and how its success is read.

    ``operation`` is its name for people.
    """

    operation: str
    request: Request
    kind: Kind
    read: Callable[[Response], T]
    public: bool = False


class _State:
    """The memory of one call between its attempts."""

    def __init__(self, begin: float, deadline: float) -> None:
        self.begin = begin
        self.deadline = deadline
        self.attempt = 0
        self.token: str | None = None
        self.rejected: str | None = None
        self.unknown = False
        self.sent_at: float | None = None
        """When the request was first handed to the network, in epoch seconds."""
        self.status: int | None = None
        self.request_id: str | None = None
        self.in_flight: list[float] = []
        """The moments (monotonic) of answers that may mean that the key is in flight."""


async def perform(session: Session, call: Call[T]) -> T:
    """Send the call until it succeeds, may not be repeated, or its deadline is near.

    Return what its success holds. Raises the last error, with every fact of the call; its
    ``outcome`` is that of all attempts.
    """
    # No thread starts any more, and what is cut now could not be told to anybody.
    if sys.is_finalizing():
        raise too_late()
    begin = session.clock.monotonic()
    state = _State(begin, begin + session.options.deadline)
    watch = Watch(session.call_hooks, _summary(call)) if session.call_hooks else None
    try:
        result = await _repeat(session, call, state)
    # Also a cancellation and Ctrl-C: hooks hear of the end of every call.
    except BaseException as error:
        if isinstance(error, LedgerHQError):
            _explain(session, call, state, error)
        if watch is not None:
            watch.end(error=error, outcome=_outcome(call, state, error), **_end(session, state))
        raise
    if watch is not None:
        watch.end(**_end(session, state))
    return result


async def _repeat(session: Session, call: Call[T], state: _State) -> T:
    """Make one attempt after another; return what the first success holds."""
    while True:
        state.attempt += 1
        try:
            response = await _attempt(session, call, state)
            if not 200 <= response.status < 300:
                raise error_from(response)
            try:
                return call.read(response)
            except _OF_THE_MACHINE as fault:
                raise TransportError(
                    f"The response could not be read: {type(fault).__name__}: {fault}",
                    outcome="unknown",
                ) from None
        except LedgerHQError as error:
            # It stays so for the whole call: a later refusal does not say what became of this
            # attempt.
            if leaves_unknown(error, call.kind):
                state.unknown = True
            if state.unknown:
                error.outcome = "unknown"

            pause = _pause(session, call, state, error)
            if pause is None:
                raise
            reason = type(error).__name__
            _notify(session, call.request, "retry", state, pause=pause, error=reason)
        # Outside of the handler: the next error must not carry this one as its context.
        if pause > 0:
            # Even a sleep of no length gives the processor away.
            await session.io.sleep(pause)


def _explain(session: Session, call: Call[Any], state: _State, error: LedgerHQError) -> None:
    """Write down on an error all that is known of its call, and take the tokens out of it."""
    session.secrets.mask_error(error)
    add_facts(
        error,
        method=call.request.method,
        path=call.request.path,
        organization=call.request.organization,
        idempotency_key=call.request.idempotency_key,
        attempts=state.attempt,
        request_id=state.request_id,
        has_outcome=call.kind != "read",
    )

    # That key stands for another payload, so repeating this one never helps.
    is_open = error.outcome == "unknown" and not isinstance(error, IdempotencyConflictError)
    if call.kind == "keyed" and is_open and state.sent_at is not None:
        error.repeat_until = state.sent_at + KEY_LIFETIME


@contextmanager
def explained(session: Session, *, method: str, path: str) -> Iterator[None]:
    """Write the route on an error, and take the tokens out of it, where no ``Call`` is made."""
    try:
        yield
    except LedgerHQError as error:
        session.secrets.mask_error(error)
        if not isinstance(error, InputError):
            # Whether something was posted is no question here.
            add_facts(error, method=method, path=path, has_outcome=False)
        raise


def _summary(call: Call[Any]) -> CallSummary:
    return CallSummary(
        operation=call.operation,
        method=call.request.method,
        path=call.request.path,
        organization=call.request.organization,
        idempotency_key=call.request.idempotency_key,
    )


def _outcome(call: Call[Any], state: _State, error: BaseException) -> Outcome | None:
    """Return what is known of a call that failed, was cancelled or interrupted; None for a read."""
    if call.kind == "read":
        return None
    if isinstance(error, LedgerHQError):
        return error.outcome

    # Cancelled or interrupted: nobody can say how far the request came.
    was_handed_over = state.sent_at is not None
    return "unknown" if was_handed_over else "not_sent"


def _end(session: Session, state: _State) -> dict[str, Any]:
    """Return what is known at the end of a call, however it ended."""
    return {
        "attempts": state.attempt,
        "seconds": session.clock.monotonic() - state.begin,
        "status": state.status,
        "request_id": state.request_id,
    }


def _pause(session: Session, call: Call[Any], state: _State, error: LedgerHQError) -> float | None:
    """Return the seconds to wait before the next attempt, or None when there is to be none."""
    policy = session.options.retries
    if state.attempt >= policy.attempts or not may_repeat(error, call.kind):
        return None

    headers = error.headers if isinstance(error, APIError) else {}
    pause = policy.pause(state.attempt, requested_pause(headers, session.clock.now()))

    now = session.clock.monotonic()
    end = state.deadline
    # The service works on it already: a few tries, and then a person or a later run looks.
    if may_be_in_flight(error, call.kind):
        state.in_flight.append(now)
        end = min(end, in_flight_end(state.in_flight))
    # One that does not fit the deadline is not begun, so that the caller hears of it at once.
    return pause if now + pause < end else None


async def _attempt(session: Session, call: Call[Any], state: _State) -> Response:
    """Send the call once; once more with another token when the service rejects the first one."""
    if call.public:
        return await _send(session, call, state)

    authorizer = session.authorizer
    if state.token is None:
        state.token = await authorizer.token(session, state.deadline, rejected=state.rejected)
    response = await _send(session, call, state)
    # Once a call: a second token that is refused as well will not be helped by a third.
    if response.status != 401 or state.rejected is not None or state.token is None:
        return response

    state.rejected = mark(state.token)
    # Gone before the next one is asked for: where that fails, the next attempt asks again.
    state.token = None
    state.token = await authorizer.token(session, state.deadline, rejected=state.rejected)
    if state.token is None:
        return response
    return await _send(session, call, state)


async def _send(session: Session, call: Call[Any], state: _State) -> Response:
    start = session.clock.monotonic()
    if start >= state.deadline:
        raise TransportError(
            "The deadline passed before the request could be sent.", outcome="not_sent"
        )

    request = with_headers(session, call.request, token=state.token)
    state.status = None
    state.request_id = None

    # The first send of the call: from here on the service may know the key.
    if state.sent_at is None:
        state.sent_at = session.clock.now()
    try:
        response = await send(
            session, request, timeout=session.options.timeout, budget=state.deadline - start
        )
    except TransportError as error:
        elapsed = session.clock.monotonic() - start
        _notify(session, request, "failure", state, elapsed=elapsed, error=error.message)
        raise

    state.status = response.status
    state.request_id = response.request_id

    if session.responses is not None:
        session.responses.append(response)
    _notify(
        session,
        request,
        "response",
        state,
        status=response.status,
        request_id=response.request_id,
        elapsed=session.clock.monotonic() - start,
    )
    return response


def with_headers(session: Session, request: Request, *, token: str | None) -> Request:
    """Return the request with the headers that every request carries."""
    headers = dict(session.headers.get(token) or _headers_of(session, token))
    for name, value in request.headers.items():
        # In lower case: two spellings of one name would be two headers.
        headers[name.lower()] = value
    return Request(
        method=request.method,
        path=request.path,
        query=request.query,
        headers=headers,
        content=request.content,
        keeps_part=request.keeps_part,
        organization=request.organization,
    )


def _headers_of(session: Session, token: str | None) -> dict[str, str]:
    """Return the headers of every request with a token; they are made once."""
    session.secrets.add(token)
    headers = {"accept": "application/json", "user-agent": session.user_agent}
    for name, value in session.options.headers.items():
        headers[name.lower()] = value
    if token is not None:
        headers["authorization"] = f"Bearer {token}"
    # Not for ever: a firm has a new token every hour.
    if len(session.headers) > _TOKENS:
        session.headers.clear()
    session.headers[token] = headers
    return headers


async def send(session: Session, request: Request, *, timeout: float, budget: float) -> Response:
    """Send a request; neither the response's headers nor a log shows a token of this client."""
    if session.requests is not None:
        session.requests.append(request)
    secrets = IN_USE.set(session.secrets)
    try:
        response = await session.io.send(request, timeout=timeout, budget=budget)
    finally:
        IN_USE.reset(secrets)
    return session.secrets.mask_response(response)


def _notify(
    session: Session,
    request: Request,
    kind: Literal["response", "failure", "retry"],
    state: _State,
    error: str = "",
    **facts: Any,
) -> None:
    if not session.hooks and not log.isEnabledFor(LEVELS[kind]):
        return

    event = Event(
        kind=kind,
        method=request.method,
        path=request.path,
        attempt=state.attempt,
        organization=request.organization,
        idempotency_key=request.idempotency_key,
        error=session.secrets.mask(error),
        **facts,
    )
    notify(session.hooks, event)
