"""One request on its way: until when, and whether a byte of it was written."""

from __future__ import annotations

import time
from contextvars import ContextVar
from typing import Any

import httpx
from attrs import define

from ledgerhq_ext.errors import LedgerHQError, Outcome, TransportError

# Where a client tells nothing of its bytes, these alone say that none was written.
_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
)

# What httpx makes its errors of, and what respx raises those of a test from.
_ORIGINS = ("httpcore", "respx")


def _is_of_httpx(error: Exception) -> bool:
    """Return whether httpx itself says it, and no transport over another library.

    For httpx-aiohttp, a service that hangs up is a ``ConnectTimeout``, too.
    """
    cause = error.__cause__
    return cause is None or type(cause).__module__.partition(".")[0] in _ORIGINS


@define(eq=False, repr=False)
class Exchange:
    """A request, from before it is dispatched until its response is complete.

    ``not_sent`` is a fact about bytes, never a guess from an exception: our own streams say when
    the first byte of the request itself is written (a CONNECT to a proxy and TLS do not count).
    Clients that were handed in say by httpcore's trace events when they begin to write; where they
    say nothing (mocks, other transports) only a connection that was refused, timed out or never
    free, and an unsupported scheme, mean that nothing was sent, where httpx itself says so.
    """

    end: float
    """When the response has to be complete, by ``time.monotonic``."""
    is_dispatched: bool = False
    counts_bytes: bool = False
    """True when a stream of our own carries it."""
    has_events: bool = False
    is_sending: bool = False
    was_sending: bool = False
    """True after any attempt of a transport that makes several, whatever came of the last one."""
    is_written: bool = False
    opened: Any = None
    """The stream of our own that was opened for it, if any."""

    def problem(self, error: Exception) -> LedgerHQError:
        """Return any exception of the request as one of ours, with what is known of its bytes."""
        outcome = self.outcome(error)
        if isinstance(error, LedgerHQError):
            # A hook of a client that was handed in may have raised it, of another call.
            error.outcome = outcome
            return error
        is_timeout = isinstance(error, TimeoutError | httpx.TimeoutException)
        if is_timeout and self.left() <= 0:
            return TransportError(
                "The response was not complete before the call's deadline.", outcome=outcome
            )
        return TransportError(f"{type(error).__name__}: {error}", outcome=outcome)

    def check_time(self) -> None:
        """Raise ``httpx.ReadTimeout`` when no time is left."""
        if self.left() <= 0:
            raise httpx.ReadTimeout("the call's deadline passed")

    def left(self) -> float:
        """Return the seconds that are left, perhaps less than none."""
        return self.end - time.monotonic()

    def outcome(self, error: Exception) -> Outcome:
        """Return what is known of the request after an error."""
        if self.is_written:
            return "unknown"
        if not self.is_dispatched:
            return "not_sent"

        # A stream of our own would have said that it wrote.
        if self.counts_bytes:
            return "not_sent"
        if self.has_events:
            return "unknown" if self.was_sending else "not_sent"

        # Nobody tells of bytes: only an error that comes before any of them proves that none left.
        is_before = isinstance(error, _NEVER_SENT) and _is_of_httpx(error)
        return "not_sent" if is_before else "unknown"

    def trace(self, event: str, info: dict[str, Any]) -> None:
        """Hear of an event of httpcore (the ``trace`` extension of a request)."""
        self.has_events = True
        if event.endswith(".send_request_headers.started"):
            self.is_sending = info["request"].method != b"CONNECT"
            self.was_sending |= self.is_sending

    async def async_trace(self, event: str, info: dict[str, Any]) -> None:
        """Hear of an event of httpcore, awaited."""
        self.trace(event, info)


CURRENT: ContextVar[Exchange | None] = ContextVar("ledgerhq_exchange", default=None)
"""The exchange that this thread or task is in: streams are shared by the calls of a pool."""
