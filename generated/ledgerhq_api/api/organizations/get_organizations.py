import ledgerhq_api

from ... import models
from ...operations import Operation, json
from ...types import UNSET, Response, Unset

OPERATION: Operation[models.GetOrganizationsResponse] = Operation(
    "GET",
    "/api/v1/organizations",
    query={"cursor": "cursor", "limit": "limit", "type_": "type"},
    answers={"200": json(models.GetOrganizationsResponse)},
)


def sync_detailed(
    *,
    client: "ledgerhq_api.AuthenticatedClient",
    cursor: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    type_: models.OrganizationType | str | Unset = UNSET,
) -> Response[models.GetOrganizationsResponse]:
    """List the organizations of the firm"""
    return OPERATION.send(client, cursor=cursor, limit=limit, type_=type_)


sync = OPERATION.parsed(sync_detailed)
asyncio_detailed = OPERATION.awaiting(sync_detailed)
asyncio = OPERATION.awaiting_parsed(sync_detailed)
