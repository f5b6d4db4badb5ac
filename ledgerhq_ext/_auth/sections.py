"""What a token store is.

A store is an exclusive section around "read, refresh, write", not a getter and a setter.

``try_lock`` never waits: flows wait by asking again (``once_free``), so one lock serves threads,
tasks and processes alike.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from ledgerhq_ext.errors import TransportError

if TYPE_CHECKING:
    from ledgerhq_ext._auth.connection import Connection
    from ledgerhq_ext._http.session import Session

T = TypeVar("T")

_FIRST_PAUSE = 0.02
_LONGEST_PAUSE = 0.25


class Section(Protocol):
    """The exclusive section of a store: no one else refreshes or writes until it is left."""

    def read(self) -> Connection | None:
        """Return the stored connection, or None."""

    def check_writable(self) -> None:
        """Raise ``InputError`` unless a write would succeed.

        Called before a refresh token is used.
        """

    def write(self, connection: Connection | None) -> None:
        """Store the connection, or delete it if it is None. It must be safe on disk on return."""

    def __enter__(self) -> Section: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class TokenStore(Protocol):
    """A place to store a connection."""

    def read(self) -> Connection | None:
        """Return the stored connection without waiting.

        Return None if there is none yet.
        """

    def try_lock(self) -> Section | None:
        """Return the exclusive section, or None while someone else holds it."""


async def once_free(
    session: Session, deadline: float, attempt: Callable[[], Coroutine[Any, Any, T | None]]
) -> T:
    """Return what an attempt gives; make another one while it gives None, until the deadline."""
    # Files and databases tell nobody when a section is free.
    pause = _FIRST_PAUSE
    while True:
        result = await attempt()
        if result is not None:
            return result
        if session.clock.monotonic() >= deadline:
            raise TransportError(
                "Another task or process held the token store until the deadline. Try again.",
                outcome="not_sent",
            )

        await session.io.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)
