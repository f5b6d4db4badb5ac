import ledgerhq_api

from ... import models
from ...operations import Operation, json
from ...types import UNSET, Response, Unset

OPERATION: Operation[models.GetOrganizationsResponse] = Operation(
    "GET",
    "/api/v1/companies",
    query={"cursor": "cursor", "limit": "limit"},
    answers={"200": json(models.GetOrganizationsResponse)},
)


def sync_detailed(
    *, client: "ledgerhq_api.AuthenticatedClient", cursor: str | Unset = UNSET, limit: int | Unset = UNSET
) -> Response[models.GetOrganizationsResponse]:
    """List the client companies of the firm

    What /organizations lists with type=client. Answers as on the route with the x-organization-id
    header are assumed (A).
    """
    return OPERATION.send(client, cursor=cursor, limit=limit)


sync = OPERATION.parsed(sync_detailed)
asyncio_detailed = OPERATION.awaiting(sync_detailed)
asyncio = OPERATION.awaiting_parsed(sync_detailed)
