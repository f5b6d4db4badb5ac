import ledgerhq_api

from ... import models
from ...operations import Operation, json
from ...types import UNSET, Response, Unset

OPERATION: Operation[models.GetBillsResponse] = Operation(
    "GET",
    "/api/v1/bills",
    query={"limit": "limit", "page": "page", "status": "status"},
    header={"x_organization_id": "x-organization-id"},
    answers={"200": json(models.GetBillsResponse)},
)


def sync_detailed(
    *,
    client: "ledgerhq_api.AuthenticatedClient",
    limit: int | Unset = UNSET,
    page: int | Unset = UNSET,
    status: models.BillStatus | str | Unset = UNSET,
    x_organization_id: str,
) -> Response[models.GetBillsResponse]:
    """Bills of suppliers"""
    return OPERATION.send(client, limit=limit, page=page, status=status, x_organization_id=x_organization_id)


sync = OPERATION.parsed(sync_detailed)
asyncio_detailed = OPERATION.awaiting(sync_detailed)
asyncio = OPERATION.awaiting_parsed(sync_detailed)
