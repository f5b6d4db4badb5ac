"""The entries that could match a posting with an unknown outcome, for a person to decide."""

from __future__ import annotations

from collections.abc import Sequence

from ledgerhq_ext._http.io import Work
from ledgerhq_ext._http.session import Session
from ledgerhq_ext._resources.entries import EntryMethods
from ledgerhq_ext.errors import APIError, ContractError, InputError
from ledgerhq_ext.models import Entry
from ledgerhq_ext.store._errors import is_about_no_company
from ledgerhq_ext.store._matching import mismatches
from ledgerhq_ext.store._postings import Postings
from ledgerhq_ext.store._rows import Doubt, Failure, StoredPosting


class Search:
    """A search for the entries of postings.

    What it reads of a company and of a day, it reads once.
    """

    def __init__(self, rows: Postings, session: Session, work: Work) -> None:
        self._rows = rows
        self._session = session
        self._work = work
        self._settled: dict[str, dict[str, int]] = {}
        self._days: dict[tuple[str, str], Sequence[Entry]] = {}

    async def doubt(self, posting: StoredPosting) -> Doubt:
        """Return a posting with the posted entries that could be it, or with what keeps them from
        being read.
        """
        try:
            candidates = await self._candidates(posting)
        except (APIError, ContractError, InputError) as error:
            if is_about_no_company(error):
                raise
            # One company that left the firm, or one row or answer that cannot be read, does not
            # hide the others.
            return Doubt(posting=posting, candidates=(), problem=Failure.of(error))
        return Doubt(posting=posting, candidates=tuple(candidates))

    async def _candidates(self, posting: StoredPosting) -> list[Entry]:
        entries = await self._entries_of_its_day(posting)
        settled = await self._settled_entries(posting.organization_id)
        candidates: list[Entry] = []
        for entry in entries:
            is_free = settled.get(entry.id) in (None, posting.id)
            if is_free and not mismatches(entry, posting):
                candidates.append(entry)
        return candidates

    async def _entries_of_its_day(self, posting: StoredPosting) -> Sequence[Entry]:
        day = posting.request.get("txnDate")
        if not isinstance(day, str):
            raise InputError(
                f"The payload of posting {posting.id} cannot be read, so its date is unknown."
            )

        place = (posting.organization_id, day)
        if place not in self._days:
            company = EntryMethods(self._session, posting.organization_id)
            self._days[place] = await company.entries(status="posted", start=day, end=day)._all()
        return self._days[place]

    async def _settled_entries(self, organization_id: str) -> dict[str, int]:
        if organization_id not in self._settled:
            read = self._work(self._rows.settled_entries, organization_id)
            self._settled[organization_id] = await read
        return self._settled[organization_id]
