import ledgerhq_api

from ... import models
from ...operations import Operation, json
from ...types import Response

OPERATION: Operation[models.GetAccountsResponse] = Operation(
    "GET",
    "/api/v1/accounts",
    header={"x_organization_id": "x-organization-id"},
    answers={"200": json(models.GetAccountsResponse)},
)


def sync_detailed(
    *, client: "ledgerhq_api.AuthenticatedClient", x_organization_id: str
) -> Response[models.GetAccountsResponse]:
    """The chart of accounts, ordered by code"""
    return OPERATION.send(client, x_organization_id=x_organization_id)


sync = OPERATION.parsed(sync_detailed)
asyncio_detailed = OPERATION.awaiting(sync_detailed)
asyncio = OPERATION.awaiting_parsed(sync_detailed)
