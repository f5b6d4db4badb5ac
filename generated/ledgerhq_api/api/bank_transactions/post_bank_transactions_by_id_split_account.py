import ledgerhq_api

from ... import models
from ...operations import Operation, json
from ...types import Response

OPERATION: Operation[models.AccountSplit] = Operation(
    "POST",
    "/api/v1/bank-transactions/{id}/split-account",
    path={"id": "id"},
    header={"x_organization_id": "x-organization-id"},
    body=("json", "application/json"),
    answers={"201": json(models.AccountSplit)},
)


def sync_detailed(
    id: str, *, client: "ledgerhq_api.AuthenticatedClient", body: models.SplitAccountRequest, x_organization_id: str
) -> Response[models.AccountSplit]:
    """Split a row over accounts"""
    return OPERATION.send(client, id=id, x_organization_id=x_organization_id, body=body)


sync = OPERATION.parsed(sync_detailed)
asyncio_detailed = OPERATION.awaiting(sync_detailed)
asyncio = OPERATION.awaiting_parsed(sync_detailed)
