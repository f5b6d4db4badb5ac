"""One call: authorized, repeated only where that cannot do harm, its outcome told.

Outcome belongs to the call, not to its last attempt: after one attempt that may have been carried out, only a
success settles it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from attrs import define, evolve, field, frozen

from ledgerhq_ext import operations
from ledgerhq_ext.errors import APIError, LedgerHQError, TransportError, error_class
from ledgerhq_ext.flow import Flow, Request, Response, Send, Sleep
from ledgerhq_ext.operations import KEY_HEADER, Operation
from ledgerhq_ext.retries import Kind, leaves_unknown, may_repeat, retry_after
from ledgerhq_ext.session import Event, Session, mark
from ledgerhq_ext.wire import Reading, read, read_many

T = TypeVar("T")


@frozen(kw_only=True)
class Call(Generic[T]):
    """A request, how it may be repeated, and how its success is read."""

    request: Request
    kind: Kind
    read: Callable[[Response], T]
    public: bool = False


@define
class _State:
    """What one call remembers between its attempts."""

    deadline: float
    attempt: int = 0
    token: str | None = field(default=None, repr=False)
    rejected: str | None = None
    unknown: bool = False


def perform(session: Session, call: Call[T]) -> Flow[T]:
    """Send the call until it succeeds, may not be repeated, or its deadline is near; returns what was read."""
    state = _State(session.clock.monotonic() + session.options.deadline)
    while True:
        state.attempt += 1
        try:
            response = yield from _attempt(session, call, state)
            return call.read(_success(call.request, response))
        except LedgerHQError as error:
            state.unknown = state.unknown or (call.kind != "read" and leaves_unknown(error))
            if state.unknown:
                error.outcome = "unknown"
            pause = _pause(session, call, state, error)
            if pause is None:
                raise
            session.tell(_event("retry", call.request, state, pause=pause, error=type(error).__name__))
        yield Sleep(pause)


def _pause(session: Session, call: Call[Any], state: _State, error: LedgerHQError) -> float | None:
    policy = session.options.retries
    if state.attempt >= policy.attempts or not may_repeat(error, call.kind):
        return None
    asked = error.headers.get("retry-after") if isinstance(error, APIError) else None
    pause = policy.pause(state.attempt, retry_after(asked, session.clock.now()))
    return pause if session.clock.monotonic() + pause < state.deadline else None


def _attempt(session: Session, call: Call[Any], state: _State) -> Flow[Response]:
    if call.public:
        return (yield from _send(session, call, state))
    if state.token is None:
        state.token = yield from session.credentials.token(session, state.deadline, rejected=state.rejected)
    response = yield from _send(session, call, state)
    if response.status == 401 and state.rejected is None and state.token is not None:
        state.rejected, state.token = mark(state.token), None
        state.token = yield from session.credentials.token(session, state.deadline, rejected=state.rejected)
        if state.token is not None:
            response = yield from _send(session, call, state)
    return response


def _send(session: Session, call: Call[Any], state: _State) -> Flow[Response]:
    started = session.clock.monotonic()
    if started >= state.deadline:
        raise TransportError("The call's deadline passed before it could be sent.", outcome="not_sent")
    request = with_headers(session, call.request, token=state.token)
    try:
        response: Response = yield Send(request, session.options.timeout, state.deadline - started)
    except TransportError as error:
        elapsed = session.clock.monotonic() - started
        session.tell(_event("failure", request, state, elapsed=elapsed, error=error.message))
        raise
    elapsed = session.clock.monotonic() - started
    told = {"status": response.status, "request_id": response.request_id, "elapsed": elapsed}
    session.tell(_event("response", request, state, **told))
    return response


def with_headers(session: Session, request: Request, *, token: str | None) -> Request:
    """The request with the headers every request carries."""
    headers = {"accept": "application/json", "user-agent": session.user_agent}
    own = {"authorization": f"Bearer {token}"} if token is not None else {}
    for more in (session.options.headers, own, request.headers):
        # In lower case: two spellings of one name would be two headers.
        headers |= {name.lower(): value for name, value in more.items()}
    return evolve(request, headers=headers)


def _event(kind: Any, request: Request, state: _State, **facts: Any) -> Event:
    return Event(kind=kind, method=request.method, path=request.path, attempt=state.attempt, **facts)


# --- reading what came back


def _success(request: Request, response: Response) -> Response:
    if 200 <= response.status < 300:
        return response
    raise error_from(request, response)


def error_from(request: Request, response: Response) -> APIError:
    """The exception for an answer that is no success, read from either error shape."""
    told = _read_error(response)
    if 300 <= response.status < 400:
        place = response.headers.get("location", "nowhere")
        told["message"] = f"redirected to {place}; redirects are not followed: set base_url to the service's address"
    return error_class(response.status, told["code"])(
        **told,
        status=response.status,
        idempotency_key=_header(request.headers, KEY_HEADER),
        method=request.method,
        path=request.path,
        headers=response.headers,
        body=response.content[:8_000].decode("utf-8", "replace"),
    )


def _header(headers: Mapping[str, str], name: str) -> str | None:
    return next((value for known, value in headers.items() if known.lower() == name.lower()), None)


def _read_error(response: Response) -> dict[str, Any]:
    try:
        document = response.json()
    except LedgerHQError:
        document = None
    inner = document.get("error") if isinstance(document, dict) else None
    facts = inner if isinstance(inner, dict) else {"message": inner}
    message, code, retryable = facts.get("message"), facts.get("code"), facts.get("retryable")
    request_id = facts.get("requestId")
    return {
        "message": message if isinstance(message, str) and message else f"the service answered {response.status}",
        "code": code if isinstance(code, str) else None,
        "retryable": retryable if isinstance(retryable, bool) else None,
        "request_id": request_id if isinstance(request_id, str) else response.request_id,
    }


# --- calls of the table


def call(
    operation: Operation[T],
    *,
    organization_id: str | None = None,
    id: str | None = None,
    query: Mapping[str, Any] | None = None,
    body: object | None = None,
    key: str | None = None,
    currency: str | None = None,
    reader: Callable[[Response], Any] | None = None,
) -> Call[Any]:
    """The call of an operation. Without ``reader`` it gives the operation's result, or a tuple of them."""
    reading = Reading(operation.money, currency, organization_id or "")
    return Call(
        request=operations.build(operation, organization_id=organization_id, id=id, query=query, body=body, key=key),
        kind=operation.kind,
        read=reader or (lambda response: result_of(operation, response.json(), reading)),
        public=operation.public,
    )


def result_of(operation: Operation[Any], document: Any, reading: Reading) -> Any:
    """The result inside an answer: the operation's type, or a tuple of them for a listing."""
    if operation.envelope is None:
        return read(operation.result, document, reading)
    inner = document.get(operation.envelope) if isinstance(document, dict) else None
    several = read_many if operation.listing else read
    return several(operation.result, inner, reading, pointer=f"/{operation.envelope}")
