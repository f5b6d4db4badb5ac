import ledgerhq_api

from ... import models
from ...operations import Operation, json
from ...types import Response

OPERATION: Operation[models.GetAccountsByIdResponse] = Operation(
    "POST",
    "/api/v1/accounts",
    header={"x_organization_id": "x-organization-id"},
    body=("json", "application/json"),
    answers={"201": json(models.GetAccountsByIdResponse)},
)


def sync_detailed(
    *, client: "ledgerhq_api.AuthenticatedClient", body: models.AccountCreate, x_organization_id: str
) -> Response[models.GetAccountsByIdResponse]:
    """Create an account"""
    return OPERATION.send(client, x_organization_id=x_organization_id, body=body)


sync = OPERATION.parsed(sync_detailed)
asyncio_detailed = OPERATION.awaiting(sync_detailed)
asyncio = OPERATION.awaiting_parsed(sync_detailed)
