"""Whose a row is: the connection that it was added by, and the service that this connection belongs to."""

from __future__ import annotations

from typing import TypeAlias

from attrs import frozen

from ledgerhq_ext._http.session import Session
from ledgerhq_ext._http.urls import origin
from ledgerhq_ext.blocking import Organization
from ledgerhq_ext.client import AsyncOrganization
from ledgerhq_ext.models import OrganizationRecord

AnyOrganization: TypeAlias = str | OrganizationRecord | Organization | AsyncOrganization


@frozen
class Owner:
    """A connection by its name, and the origin of its service."""

    connection: str
    origin: str

    def __str__(self) -> str:
        return f"the connection {self.connection!r} of {self.origin}"


def owner_of(session: Session) -> Owner:
    """Return whose the rows are that a client adds."""
    return Owner(session.authorizer.connection, origin(session.base_url))


def owner_of_organization(organization: AnyOrganization) -> Owner | None:
    """Return the owner that the handle of an organization names; a plain id or a record names none."""
    if isinstance(organization, Organization):
        organization = organization._core
    if isinstance(organization, AsyncOrganization):
        return owner_of(organization._session)
    return None
