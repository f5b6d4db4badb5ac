import ledgerhq_api

from ... import models
from ...operations import Operation, json
from ...types import UNSET, Response, Unset

OPERATION: Operation[models.GetContactsResponse] = Operation(
    "GET",
    "/api/v1/contacts",
    query={"limit": "limit", "page": "page", "search": "search", "type_": "type"},
    header={"x_organization_id": "x-organization-id"},
    answers={"200": json(models.GetContactsResponse)},
)


def sync_detailed(
    *,
    client: "ledgerhq_api.AuthenticatedClient",
    limit: int | Unset = UNSET,
    page: int | Unset = UNSET,
    search: str | Unset = UNSET,
    type_: models.ContactType | str | Unset = UNSET,
    x_organization_id: str,
) -> Response[models.GetContactsResponse]:
    """Customers and suppliers"""
    return OPERATION.send(
        client, limit=limit, page=page, search=search, type_=type_, x_organization_id=x_organization_id
    )


sync = OPERATION.parsed(sync_detailed)
asyncio_detailed = OPERATION.awaiting(sync_detailed)
asyncio = OPERATION.awaiting_parsed(sync_detailed)
