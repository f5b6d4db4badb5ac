"""A refusal is about the posting or its whole company: one read of the company decides."""

from __future__ import annotations

import time

from attrs import frozen

from ledgerhq_ext import _calls, _seam
from ledgerhq_ext._http.call import perform
from ledgerhq_ext._http.session import Session
from ledgerhq_ext.errors import (
    AuthenticationError,
    LedgerHQError,
    NotFoundError,
    PermissionDeniedError,
    TransportError,
)
from ledgerhq_ext.store._verdict import Access

_REMEMBERED = 60.0
_LONGEST_LOOK = 10.0


@frozen
class _Answer:
    """The result of a read of a company, and when the read began, by ``time.monotonic``."""

    began: float
    access: Access

    def settles(self, refused_at: float) -> bool:
        """Return whether it decides what a refusal was about.

        That a company is closed is remembered for a minute: its postings wait, and nothing is lost
        when it opened meanwhile. That it is open is known of the time before the read only, and
        rejects a posting: it may have been closed since, so that a read from before the refusal
        decides nothing.
        """
        if self.access == "closed":
            return time.monotonic() - self.began < _REMEMBERED
        return self.began >= refused_at


class Scopes:
    """The access to companies, as far as it was read. Shared by the workers of a drain: one read
    serves all who were refused before.
    """

    def __init__(self) -> None:
        self._answers: dict[str, _Answer] = {}

    async def look(self, session: Session, organization_id: str, seconds: float) -> Access:
        """Return whether the company's bank accounts can be read after a refusal, in so many
        seconds at the most.
        """
        refused_at = time.monotonic()
        budget = min(seconds, _LONGEST_LOOK)
        until = session.clock.monotonic() + budget
        try:
            async with session.io.turn((self, organization_id), budget):
                answer = self._answers.get(organization_id)
                if answer is not None and answer.settles(refused_at):
                    return answer.access
                return await self._read(session.until(until), organization_id)
        except TransportError:
            # The others did not end in time.
            return "unclear"

    async def _read(self, session: Session, organization_id: str) -> Access:
        began = time.monotonic()
        access = await _access(session, organization_id)
        if access != "unclear":
            self._answers[organization_id] = _Answer(began, access)
        return access


async def _access(session: Session, organization_id: str) -> Access:
    try:
        operation = _seam.BANK_ACCOUNTS.on(session.carrier)
        call = _calls.list_call(operation, _no_items, organization_id=organization_id)
        await perform(session, call._replace(read=_nothing))
    except (AuthenticationError, PermissionDeniedError, NotFoundError):
        return "closed"
    except LedgerHQError:
        return "unclear"
    return "open"


def _no_items(*_: object) -> tuple[()]:
    return ()


def _nothing(_: object) -> tuple[()]:
    """Read nothing of an answer: its status says all."""
    return ()
