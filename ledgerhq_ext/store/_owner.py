"""The owner of a row: the connection that it was added by, and the service that this connection
belongs to.
"""

from __future__ import annotations

from typing import TypeAlias

from attrs import frozen

from ledgerhq_ext._checks import check_id
from ledgerhq_ext._handle import check_handle
from ledgerhq_ext._http.session import Session
from ledgerhq_ext._http.urls import origin
from ledgerhq_ext.blocking import Organization
from ledgerhq_ext.client import AsyncLedgerHQ, AsyncOrganization
from ledgerhq_ext.models import OrganizationRecord

AnyOrganization: TypeAlias = str | OrganizationRecord | Organization | AsyncOrganization


@frozen
class Owner:
    """A connection by its name, and the origin of its service."""

    connection: str
    origin: str

    def __str__(self) -> str:
        return f"the connection {self.connection!r} of {self.origin}"


def session_of(hq: AsyncLedgerHQ) -> Session:
    """Return the session of a client; ``InputError`` for what is none, such as a blocking one."""
    check_handle(hq, AsyncLedgerHQ, "hq")
    return hq._session


def owner_of(session: Session) -> Owner:
    """Return whose the rows are that a client adds."""
    return Owner(session.authorizer.connection, origin(session.base_url))


def id_of(organization: AnyOrganization) -> str:
    """Return the id of an organization; ``InputError`` for what cannot be one."""
    return check_id(getattr(organization, "id", organization), "organization id")


def optional_id(organization: AnyOrganization | None) -> str | None:
    """Return the id of an organization, or None for None; errors as ``id_of``."""
    return None if organization is None else id_of(organization)


def handle_of(organization: AnyOrganization) -> AsyncOrganization | None:
    """Return the handle of an organization; None for a plain id or a record."""
    if isinstance(organization, Organization):
        # Behind a blocking handle stands an asynchronous one.
        return organization._core
    return organization if isinstance(organization, AsyncOrganization) else None


def owner_of_organization(organization: AnyOrganization) -> Owner | None:
    """Return the owner that an organization's handle names; None for a plain id or a record."""
    handle = handle_of(organization)
    return None if handle is None else owner_of(handle._session)
