import ledgerhq_api

from ... import models
from ...operations import Operation, json
from ...types import UNSET, Response, Unset

OPERATION: Operation[models.GetEntriesResponse] = Operation(
    "GET",
    "/api/v1/entries",
    query={"end_date": "endDate", "limit": "limit", "page": "page", "start_date": "startDate", "status": "status"},
    header={"x_organization_id": "x-organization-id"},
    answers={"200": json(models.GetEntriesResponse)},
)


def sync_detailed(
    *,
    client: "ledgerhq_api.AuthenticatedClient",
    end_date: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    page: int | Unset = UNSET,
    start_date: str | Unset = UNSET,
    status: models.EntryStatus | str | Unset = UNSET,
    x_organization_id: str,
) -> Response[models.GetEntriesResponse]:
    """Journal entries, newest first"""
    return OPERATION.send(
        client,
        end_date=end_date,
        limit=limit,
        page=page,
        start_date=start_date,
        status=status,
        x_organization_id=x_organization_id,
    )


sync = OPERATION.parsed(sync_detailed)
asyncio_detailed = OPERATION.awaiting(sync_detailed)
asyncio = OPERATION.awaiting_parsed(sync_detailed)
