import ledgerhq_api

from ... import models
from ...operations import Operation, json
from ...types import Response

OPERATION: Operation[models.GetBankFeedsResponse] = Operation(
    "GET",
    "/api/v1/bank-feeds",
    header={"x_organization_id": "x-organization-id"},
    answers={"200": json(models.GetBankFeedsResponse)},
)


def sync_detailed(
    *, client: "ledgerhq_api.AuthenticatedClient", x_organization_id: str
) -> Response[models.GetBankFeedsResponse]:
    """The bank feeds"""
    return OPERATION.send(client, x_organization_id=x_organization_id)


sync = OPERATION.parsed(sync_detailed)
asyncio_detailed = OPERATION.awaiting(sync_detailed)
asyncio = OPERATION.awaiting_parsed(sync_detailed)
