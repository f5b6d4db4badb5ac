"""The scope of a call: one client company, over a session."""

from __future__ import annotations

import datetime as dt
from typing import Any, Protocol, TypeVar

from attrs import evolve

from ledgerhq_ext.calls import call, perform
from ledgerhq_ext.checks import check_id
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.flow import Flow
from ledgerhq_ext.models import OrganizationInfo
from ledgerhq_ext.operations import ORGANIZATIONS, Operation
from ledgerhq_ext.pages import ORGANIZATIONS_PAGE_SIZE, Listing
from ledgerhq_ext.session import Session

T = TypeVar("T")


class Record(Protocol):
    """Anything with an id that was read from one organization."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def organization_id(self) -> str:
        """Whose it is."""


class Scope:
    """One client company. What carries it on the wire is the seam's business."""

    def __init__(self, session: Session, organization: str | OrganizationInfo) -> None:
        self._session = session
        self._info = organization if isinstance(organization, OrganizationInfo) else None
        self.id: str = check_id(self._info.id if self._info else organization, "organization id")
        session.credentials.check_scope(self.id)

    def _until(self, deadline: float) -> Scope:
        """The same scope, its calls bounded by a moment of the session's monotonic clock."""
        left = max(deadline - self._session.clock.monotonic(), 0.001)
        bounded = evolve(self._session.options, deadline=left)
        return Scope(self._session.with_options(bounded), self._info or self.id)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.id!r})"


def id_of(scope: Scope, record: str | Record, what: str) -> str:
    """The id of a record, or an id as it is; ``InputError`` for a record of another organization."""
    if isinstance(record, str):
        return check_id(record, f"{what} id")
    owner, found = getattr(record, "organization_id", None), getattr(record, "id", None)
    if not isinstance(found, str) or not isinstance(owner, str):
        raise InputError(f"{what} must be an id or a record that was read, not {record!r}.")
    if owner != scope.id:
        raise InputError(f"{what} {found} belongs to organization {owner}, not {scope.id}.")
    return check_id(found, f"{what} id")


def fetch(scope: Scope, operation: Operation[T], **what: Any) -> Flow[T]:
    """Perform one operation in a scope; gives its one result."""
    result: T = yield from perform(scope._session, call(operation, organization_id=scope.id, **what))
    return result


def fetch_whole(scope: Scope, operation: Operation[T]) -> Flow[tuple[T, ...]]:
    """Perform an operation that lists everything in one answer."""
    result: tuple[T, ...] = yield from perform(scope._session, call(operation, organization_id=scope.id))
    return result


def listing(
    scope: Scope, operation: Operation[T], page_size: int, *, id: str | None = None, **query: Any
) -> Listing[T]:
    """A lazy listing in a scope; ``query`` has the wire's names."""
    return Listing(
        session=scope._session,
        operation=operation,
        organization_id=scope.id,
        id=id,
        query=query,
        page_size=page_size,
    )


def info(scope: Scope) -> Flow[OrganizationInfo]:
    """The organization's own record: name, currency, start of the fiscal year. Asked for once."""
    known = scope._info
    if known is None:
        walk = Listing(session=scope._session, operation=ORGANIZATIONS, page_size=ORGANIZATIONS_PAGE_SIZE).walk()
        while known is None:
            page = yield from walk.next()
            if page is None:
                raise InputError(
                    f"organization {scope.id} is not among those of the firm; for an API key, which may not list "
                    "them, pass an OrganizationInfo to organization()."
                )
            known = next((found for found in page if found.id == scope.id), None)
        scope._info = known
    return known


def today(scope: Scope) -> dt.date:
    """Today in UTC, by the session's clock."""
    return dt.datetime.fromtimestamp(scope._session.clock.now(), dt.UTC).date()
