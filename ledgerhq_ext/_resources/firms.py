"""The firm behind a session: the names by which a store of tokens recognizes it."""

from __future__ import annotations

import hashlib
from contextlib import suppress

from ledgerhq_ext import _seam, models
from ledgerhq_ext._auth.connecting import COMPANIES
from ledgerhq_ext._filters import OrganizationType
from ledgerhq_ext._http.session import Session
from ledgerhq_ext._resources.listing import ORGANIZATIONS_PAGE_SIZE, Listing
from ledgerhq_ext.errors import (
    ContractError,
    InputError,
    LedgerHQError,
    NotFoundError,
    PermissionDeniedError,
    TransportError,
    ValidationError,
)

_LONGEST = 200
_DIGITS = 16
# An InputError: the contract lists companies only.
_REFUSALS = (InputError, NotFoundError, PermissionDeniedError, ValidationError)


async def firm_names(session: Session, until: float, stored: str | None) -> tuple[str, ...]:
    """Return the names of the firm that a session speaks for, the best one first.

    Its name is its id; where the service lists no firm, or refuses to, it is a digest of its client
    companies, and so it is where a ``stored`` name is one. There is none when nobody can tell.
    ``until`` (by the monotonic clock) bounds the look. Route: ``GET /api/v1/organizations``.
    """
    names: list[str] = []
    # Connecting succeeds without a name: the tokens are worth more than knowing whose they are.
    with suppress(LedgerHQError):
        firms = await _ids(session, until, "firm")
        if firms:
            names.append(_name_of(firms))
        is_known_by_companies = stored is not None and stored.startswith(COMPANIES)
        if not firms or is_known_by_companies:
            companies = await _ids(session, until, "client")
            if companies:
                names.append(COMPANIES + _digest(companies))
    return tuple(names)


def _name_of(firms: list[str]) -> str:
    name = ", ".join(firms)
    if len(name) <= _LONGEST:
        return name
    return f"firms:{_digest(firms)}"


def _digest(ids: list[str]) -> str:
    return hashlib.sha256("\n".join(ids).encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


async def _ids(session: Session, until: float, type: OrganizationType) -> list[str]:
    """Return the sorted ids of the organizations of a type; none where listing is refused."""
    ids: set[str] = set()
    cursors: set[str | None] = set()
    cursor: str | None = None
    while cursor not in cursors:
        cursors.add(cursor)
        if session.clock.monotonic() >= until:
            raise TransportError(
                "The deadline passed before the owner of the tokens could be requested.",
                outcome="not_sent",
            )
        listing = _listing(session.until(until), type)
        try:
            page = await listing.fetch(limit=ORGANIZATIONS_PAGE_SIZE, cursor=cursor)
        except _REFUSALS:
            return []
        # A service may know nothing of the filter.
        ids.update(record.id for record in page.items if record.type == type)
        cursor = page.next_cursor
        if cursor is None or not page.items:
            return sorted(ids)
    raise ContractError("the service returned the same cursor twice", pointer="/nextCursor")


def _listing(session: Session, type: OrganizationType) -> Listing[models.OrganizationRecord]:
    # Each page has what is left of the time: a call of its own would have the whole of it.
    return Listing(
        session=session,
        operation=_seam.ORGANIZATIONS,
        query={"type": type},
        page_size=ORGANIZATIONS_PAGE_SIZE,
    )
