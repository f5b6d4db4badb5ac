import ledgerhq_api

from ... import models
from ...operations import Operation, json
from ...types import UNSET, Response, Unset

OPERATION: Operation[models.GetEntriesByIdResponse] = Operation(
    "POST",
    "/api/v1/entries/{id}/void",
    path={"id": "id"},
    header={"x_organization_id": "x-organization-id"},
    body=("json", "application/json"),
    answers={"200": json(models.GetEntriesByIdResponse)},
)


def sync_detailed(
    id: str,
    *,
    client: "ledgerhq_api.AuthenticatedClient",
    body: models.EntryVoid | Unset = UNSET,
    x_organization_id: str,
) -> Response[models.GetEntriesByIdResponse]:
    """Void an entry"""
    return OPERATION.send(client, id=id, x_organization_id=x_organization_id, body=body)


sync = OPERATION.parsed(sync_detailed)
asyncio_detailed = OPERATION.awaiting(sync_detailed)
asyncio = OPERATION.awaiting_parsed(sync_detailed)
