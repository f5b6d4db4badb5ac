"""Endpoints that ask to be left alone for a while: ``Retry-After`` of the OAuth routes."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from ledgerhq_ext._auth.answers import BUSY, oauth_error
from ledgerhq_ext._http.messages import Response
from ledgerhq_ext._http.retries import requested_pause
from ledgerhq_ext._http.session import Session
from ledgerhq_ext.errors import OAuthError, TransportError

T = TypeVar("T")


class Busy:
    """An OAuth endpoint's wish to be left alone for a while."""

    def __init__(self) -> None:
        self.until: float | None = None
        """The moment (by the monotonic clock) at which it may be asked again.

        None if it never said.
        """

    def refusal(self, session: Session, response: Response) -> OAuthError | TransportError:
        """Return the exception for a response that is not a success.

        Remember how long a 429 or a 503 asks to wait.
        """
        pause = requested_pause(response.headers, session.clock.now())
        if response.status in BUSY and pause is not None:
            self.until = session.clock.monotonic() + pause
        error = oauth_error(response, self.pause(session))
        error.request_id = response.request_id
        return error

    def pause(self, session: Session) -> float:
        """Return the seconds that are left to wait."""
        if self.until is None:
            return 0.0
        return max(self.until - session.clock.monotonic(), 0.0)

    async def heed(self, session: Session, deadline: float) -> None:
        """Wait as long as the endpoint asked for.

        Raise ``OAuthError`` at once when that does not fit.
        """
        pause = self.pause(session)
        if pause <= 0:
            return
        if session.clock.monotonic() + pause >= deadline:
            raise OAuthError(
                "temporarily_unavailable",
                f"the OAuth endpoint is busy; try again in {pause:.0f} s",
                outcome="not_sent",
            )
        await session.io.sleep(pause)


Ask = Callable[[float, Busy], Coroutine[Any, Any, T]]
"""Asks an OAuth endpoint until a moment, and notices that it is busy."""


async def ask_patiently(session: Session, ask: Ask[T]) -> T:
    """Ask within the deadline.

    Again after each pause that the endpoint asks for, as often as calls are repeated.
    """
    deadline = session.deadline()
    for _ in range(session.options.retries.attempts - 1):
        busy = Busy()
        try:
            return await ask(deadline, busy)
        except TransportError:
            if busy.until is None:
                raise
        await busy.heed(session, deadline)
    return await ask(deadline, Busy())
