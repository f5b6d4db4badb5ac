"""Whether a refusal is about the posting, or about its whole company: one read of the company decides."""

from __future__ import annotations

import time

from attrs import evolve

from ledgerhq_ext import _seam
from ledgerhq_ext._http.call import perform
from ledgerhq_ext._http.session import Session
from ledgerhq_ext.errors import AuthenticationError, LedgerHQError, NotFoundError, PermissionDeniedError
from ledgerhq_ext.store._verdict import Access

_REMEMBERED = 60.0
_LONGEST_LOOK = 10.0


class Scopes:
    """What was learned of companies, each remembered for a minute. Shared by the workers of a drain."""

    def __init__(self) -> None:
        self._answers: dict[str, tuple[float, Access]] = {}

    async def look(self, session: Session, organization_id: str, seconds: float) -> Access:
        """Return whether the company's bank accounts can be read, in so many seconds at the most."""
        known = self._answers.get(organization_id)
        if known is not None and time.monotonic() - known[0] < _REMEMBERED:
            return known[1]

        until = session.clock.monotonic() + min(seconds, _LONGEST_LOOK)
        access = await _read(session.until(until), organization_id)
        if access != "unclear":
            self._answers[organization_id] = (time.monotonic(), access)
        return access


async def _read(session: Session, organization_id: str) -> Access:
    call = _seam.list_call(_seam.BANK_ACCOUNTS, lambda items, _: items, organization_id=organization_id)
    try:
        # The status says all: what the answer holds is not read.
        await perform(session, evolve(call, read=lambda _: ()))
    except (AuthenticationError, PermissionDeniedError, NotFoundError):
        return "closed"
    except LedgerHQError:
        return "unclear"
    return "open"
