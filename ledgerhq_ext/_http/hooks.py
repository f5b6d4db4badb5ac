"""Hooks: functions called for every response, and pairs of functions around a whole call."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Literal, Protocol, TypeAlias

from attrs import evolve, frozen

from ledgerhq_ext.errors import Outcome

log = logging.getLogger("ledgerhq_ext")
LEVELS = {"response": logging.DEBUG, "failure": logging.INFO, "retry": logging.INFO}
"""The level of the log at which each kind of event is written."""


@frozen(kw_only=True)
class Event:
    """The argument of a hook. It contains no bodies and no tokens.

    ``kind`` is ``response`` (a response arrived), ``failure`` (none arrived) or ``retry`` (another
    attempt follows after ``pause`` seconds). ``elapsed`` is in seconds.
    """

    kind: Literal["response", "failure", "retry"]
    method: str
    path: str
    attempt: int
    organization: str | None = None
    idempotency_key: str | None = None
    status: int | None = None
    request_id: str | None = None
    elapsed: float = 0.0
    pause: float = 0.0
    error: str = ""


@frozen(kw_only=True)
class CallSummary:
    """One call with all its attempts, as passed to a ``CallHook``. It contains no bodies and no
    tokens.

    ``operation`` is the method of this package, such as ``Organization.post(Purchase)``. At the
    start, ``attempts``, ``seconds``, ``status``, ``request_id``, ``outcome`` and ``error`` are not
    yet set. ``status`` and ``request_id`` are those of the last response. ``outcome`` is None after
    success and for a read; ``error`` is None after success.
    """

    operation: str
    method: str
    path: str
    organization: str | None = None
    idempotency_key: str | None = None
    attempts: int = 0
    seconds: float = 0.0
    status: int | None = None
    request_id: str | None = None
    outcome: Outcome | None = None
    error: BaseException | None = None


class CallHook(Protocol):
    """A pair of hooks around every call. The return value of ``start`` is passed to ``end``."""

    def start(self, call: CallSummary, /) -> Any:
        """Called when a call begins."""

    def end(self, call: CallSummary, value: Any, /) -> object:
        """Called when the call is over, however it ended. ``value`` is what ``start`` returned."""


EventHook: TypeAlias = Callable[[Event], object]
Hook: TypeAlias = EventHook | CallHook


def is_call_hook(hook: object) -> bool:
    """Return whether it is a pair of hooks."""
    return callable(getattr(hook, "start", None)) and callable(getattr(hook, "end", None))


def notify(hooks: tuple[EventHook, ...], event: Event) -> None:
    """Log an event and call the hooks. A hook that fails is logged: no receipt is lost for it."""
    log.log(
        LEVELS[event.kind],
        "%s %s: %s (organization %s, key %s, attempt %d, %.3f s, status %s, request %s)%s",
        event.method,
        event.path,
        event.kind,
        event.organization,
        event.idempotency_key,
        event.attempt,
        event.elapsed,
        event.status,
        event.request_id,
        f" {event.error}" if event.error else "",
    )
    for hook in hooks:
        try:
            hook(event)
        except Exception:
            log.exception("the hook %r failed", hook)


class Watch:
    """The pairs of hooks around one call, from its start on. One that fails is logged."""

    def __init__(self, hooks: tuple[CallHook, ...], call: CallSummary) -> None:
        self._call = call
        self._started: list[tuple[CallHook, Any]] = []
        for hook in hooks:
            try:
                self._started.append((hook, hook.start(call)))
            except Exception:
                log.exception("the hook %r failed at the start of a call", hook)

    def end(self, **facts: Any) -> None:
        """Tell those that started, the last one first, how the call ended."""
        if not self._started:
            return
        call = evolve(self._call, **facts)
        for hook, value in reversed(self._started):
            try:
                hook.end(call, value)
            except Exception:
                log.exception("the hook %r failed at the end of a call", hook)
