import ledgerhq_api

from ... import models
from ...operations import Operation, json
from ...types import Response

OPERATION: Operation[models.Match] = Operation(
    "POST",
    "/api/v1/bank-transactions/{id}/match",
    path={"id": "id"},
    header={"x_organization_id": "x-organization-id"},
    body=("json", "application/json"),
    answers={"200": json(models.Match)},
)


def sync_detailed(
    id: str, *, client: "ledgerhq_api.AuthenticatedClient", body: models.MatchRequest, x_organization_id: str
) -> Response[models.Match]:
    """Match a row with a document, payment or entry"""
    return OPERATION.send(client, id=id, x_organization_id=x_organization_id, body=body)


sync = OPERATION.parsed(sync_detailed)
asyncio_detailed = OPERATION.awaiting(sync_detailed)
asyncio = OPERATION.awaiting_parsed(sync_detailed)
