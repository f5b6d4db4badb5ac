"""Journal entries: listing, drafts, posting and voiding them."""

from __future__ import annotations

import datetime as dt
from typing import Unpack

import ledgerhq_ext
from ledgerhq_ext import _references as references
from ledgerhq_ext import _seam, models
from ledgerhq_ext._filters import EntryStatus, Other, filter_word
from ledgerhq_ext._http.options import CallOptions
from ledgerhq_ext._references import Identified
from ledgerhq_ext._resources.listing import PAGE_SIZE
from ledgerhq_ext._resources.pages import AsyncPages
from ledgerhq_ext._resources.scope import Scope, days_from_to
from ledgerhq_ext._resources.settling import Turn
from ledgerhq_ext.errors import InputError


class EntryMethods(Scope):
    """The journal entries of an organization."""

    def entries(
        self,
        *,
        status: EntryStatus | Other | None = None,
        start: dt.date | str | None = None,
        end: dt.date | str | None = None,
        page_size: int = PAGE_SIZE,
        **options: Unpack[CallOptions],
    ) -> AsyncPages[models.Entry]:
        """List journal entries, newest first. Amounts are in cents.

        ``start`` and ``end`` are days (``YYYY-MM-DD``), both included. Raises ``InputError``.
        Route: ``GET /api/v1/entries``.
        """
        return self._with(options)._list(
            _seam.ENTRIES,
            page_size,
            status=filter_word(status, EntryStatus, "status"),
            **days_from_to(start, end),
        )

    async def entry(self, entry: str | Identified, **options: Unpack[CallOptions]) -> models.Entry:
        """Return the current state of one journal entry, in cents (``GET
        /api/v1/entries/{id}``).
        """
        books = self._with(options)
        return await books._fetch(_seam.ENTRY, id=books._id_of(entry, references.ENTRY))

    async def create_entry(
        self, draft: ledgerhq_ext.DraftEntry, **options: Unpack[CallOptions]
    ) -> models.Entry:
        """Create a draft entry (``POST /api/v1/entries``).

        Not idempotent: the request is sent once, and the outcome is ``unknown`` if there is no
        response.
        """
        if not isinstance(draft, ledgerhq_ext.DraftEntry):
            raise InputError(f"create_entry takes a DraftEntry, not {draft!r}.")
        return await self._with(options)._fetch(_seam.CREATE_ENTRY, body=draft)

    async def post_entry(
        self, entry: str | Identified, **options: Unpack[CallOptions]
    ) -> models.Entry:
        """Post a draft entry. One that is already posted is returned unchanged.

        Raises ``ConflictError`` for a void entry. Route: ``POST /api/v1/entries/{id}/post``.
        """
        async with self._with(options)._entry_turn(entry, before="draft", after="posted") as turn:
            return await turn.settle(_seam.POST_ENTRY)

    async def void_entry(
        self, entry: str | Identified, *, reason: str | None = None, **options: Unpack[CallOptions]
    ) -> models.Entry:
        """Void a posted entry. One that is already void is returned unchanged.

        Raises ``ConflictError`` for a draft. Route: ``POST /api/v1/entries/{id}/void``.
        """
        from ledgerhq_ext._bodies import VoidEntry

        body = VoidEntry(reason=reason)
        async with self._with(options)._entry_turn(entry, before="posted", after="void") as turn:
            return await turn.settle(_seam.VOID_ENTRY, body)

    def _entry_turn(
        self, entry: str | Identified, *, before: str, after: str
    ) -> Turn[models.Entry]:
        entry_id = self._id_of(entry, references.ENTRY)
        return Turn(self, f"entry {entry_id}", _seam.ENTRY, entry_id, before=before, after=after)
