"""The scope of a call: one client company, over a session."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Self, TypeVar, Unpack

from ledgerhq_ext import _calls, _seam, models
from ledgerhq_ext._checks import check_id, to_date
from ledgerhq_ext._http.call import perform
from ledgerhq_ext._http.options import CallOptions
from ledgerhq_ext._http.session import Session
from ledgerhq_ext._operations import AnyOperation, ListOperation, Operation
from ledgerhq_ext._references import Identified, Reference
from ledgerhq_ext._resources.configurable import Configurable
from ledgerhq_ext._resources.listing import ORGANIZATIONS_PAGE_SIZE, Listing
from ledgerhq_ext._resources.pages import AsyncPages
from ledgerhq_ext.errors import InputError, LedgerHQError

T = TypeVar("T")
E = TypeVar("E", bound=LedgerHQError)


class Scope(Configurable):
    """One client company. What carries it on the wire is the seam's business."""

    id: str
    """The id of the organization."""

    def __init__(self, session: Session, organization: str | models.OrganizationRecord) -> None:
        self._session = session
        # The record, once it is known: a list, which copies with other options share.
        self._records: list[models.OrganizationRecord] = []
        # Asked in this order, since an id needs no record, and no import of one.
        is_id = isinstance(organization, str)
        if not is_id and isinstance(organization, models.OrganizationRecord):
            self._records.append(organization)
            organization = organization.id
        self.id = check_id(organization, "organization id")
        session.authorizer.check_organization(self.id)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.id!r})"

    async def record(self, **options: Unpack[CallOptions]) -> models.OrganizationRecord:
        """Return the organization's record: name, currency, start of the fiscal year.

        It is read once and cached (``GET /api/v1/organizations``). Raises ``InputError`` if the
        firm has no such organization.
        """
        books = self._with(options)
        record = await books._find_record()
        if record is None:
            raise InputError(
                f"Organization {books.id} is not one of the firm's organizations. With an API key, "
                "which cannot list them, pass an OrganizationRecord to organization()."
            )
        return record

    async def _find_record(self) -> models.OrganizationRecord | None:
        """Return the organization's record, or None where it is not listed."""
        if self._records:
            return self._records[0]

        from ledgerhq_ext._resources.walks import walk_over

        listing = Listing(
            session=self._session,
            operation=_seam.ORGANIZATIONS,
            page_size=ORGANIZATIONS_PAGE_SIZE,
        )
        walk = walk_over(listing)
        while True:
            records = await walk.next()
            if records is None:
                return None
            for record in records:
                if record.id == self.id:
                    self._records.append(record)
                    return record

    def _until(self, deadline: float) -> Self:
        """Return the same scope, its calls bounded by a moment of the session's monotonic clock."""
        return self._with_session(self._session.until(deadline))

    async def _fetch(
        self,
        operation: Operation[T],
        *,
        id: str | None = None,
        query: Mapping[str, Any] | None = None,
        body: object | None = None,
        currency: str | None = None,
    ) -> T:
        """Perform an operation that gives one result."""
        call = _calls.call(
            operation.on(self._session.carrier),
            organization_id=self.id,
            id=id,
            query=query,
            body=body,
            currency=currency,
        )
        return await perform(self._session, call)

    async def _fetch_all(self, operation: ListOperation[T]) -> tuple[T, ...]:
        """Perform an operation that lists everything in one response."""
        route = operation.on(self._session.carrier)
        call = _calls.list_call(route, _items_alone, organization_id=self.id)
        return await perform(self._session, call)

    def _explain(
        self, error: E, operation: AnyOperation[Any], *, id: str = "", has_outcome: bool = False
    ) -> E:
        """Return an error that was made beside a call, with the facts of that call."""
        route = operation.on(self._session.carrier)
        return _calls.explain(error, route, organization_id=self.id, id=id, has_outcome=has_outcome)

    def _list(
        self,
        operation: ListOperation[T],
        page_size: int,
        *,
        id: str | None = None,
        **query: Any,
    ) -> AsyncPages[T]:
        """Return a lazy list; ``query`` has the wire's names."""
        listing = Listing(
            session=self._session,
            operation=operation,
            organization_id=self.id,
            id=id,
            query=query,
            page_size=page_size,
        )
        return AsyncPages(listing, record=self.record)

    def _id_of(self, record: str | Identified, reference: Reference) -> str:
        """Return the id of a record of this organization, or an id as it is."""
        return reference.id_in(self.id, record)

    def _id_or_none(self, record: str | Identified | None, reference: Reference) -> str | None:
        return None if record is None else reference.id_in(self.id, record)

    def _today(self, zone: dt.tzinfo = dt.UTC) -> dt.date:
        """Return today in a time zone, by the session's clock."""
        return dt.datetime.fromtimestamp(self._session.clock.now(), zone).date()


def day_or_none(day: dt.date | str | None) -> dt.date | None:
    """Return a real calendar day, or None for None."""
    return None if day is None else to_date(day)


def days_from_to(start: dt.date | str | None, end: dt.date | str | None) -> dict[str, Any]:
    """Return the first and the last day of a list, under the wire's names; each may be None.

    Raises ``InputError`` for an end before the start, which would be a list without items.
    """
    first = day_or_none(start)
    last = day_or_none(end)
    if first is not None and last is not None and first > last:
        raise InputError(f"end must not be before start, but {last} is before {first}.")
    return {"startDate": first, "endDate": last}


def _items_alone(items: tuple[T, ...], _: object) -> tuple[T, ...]:
    return items
