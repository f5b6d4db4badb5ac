import ledgerhq_api

from ... import models
from ...operations import Operation, json
from ...types import Response

OPERATION: Operation[models.GetEntriesByIdResponse] = Operation(
    "GET",
    "/api/v1/entries/{id}",
    path={"id": "id"},
    header={"x_organization_id": "x-organization-id"},
    answers={"200": json(models.GetEntriesByIdResponse)},
)


def sync_detailed(
    id: str, *, client: "ledgerhq_api.AuthenticatedClient", x_organization_id: str
) -> Response[models.GetEntriesByIdResponse]:
    """One entry"""
    return OPERATION.send(client, id=id, x_organization_id=x_organization_id)


sync = OPERATION.parsed(sync_detailed)
asyncio_detailed = OPERATION.awaiting(sync_detailed)
asyncio = OPERATION.awaiting_parsed(sync_detailed)
