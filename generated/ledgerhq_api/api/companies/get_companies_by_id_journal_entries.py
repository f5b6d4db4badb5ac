import ledgerhq_api

from ... import models
from ...operations import Operation, json
from ...types import UNSET, Response, Unset

OPERATION: Operation[models.GetEntriesResponse] = Operation(
    "GET",
    "/api/v1/companies/{company_id}/journal-entries",
    path={"company_id": "company_id"},
    query={"end_date": "endDate", "limit": "limit", "page": "page", "start_date": "startDate", "status": "status"},
    answers={"200": json(models.GetEntriesResponse)},
)


def sync_detailed(
    company_id: str,
    *,
    client: "ledgerhq_api.AuthenticatedClient",
    end_date: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    page: int | Unset = UNSET,
    start_date: str | Unset = UNSET,
    status: models.EntryStatus | str | Unset = UNSET,
) -> Response[models.GetEntriesResponse]:
    """Journal entries, newest first

    What /entries lists; answers as there are assumed (A).
    """
    return OPERATION.send(
        client, company_id=company_id, end_date=end_date, limit=limit, page=page, start_date=start_date, status=status
    )


sync = OPERATION.parsed(sync_detailed)
asyncio_detailed = OPERATION.awaiting(sync_detailed)
asyncio = OPERATION.awaiting_parsed(sync_detailed)
