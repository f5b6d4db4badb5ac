import ledgerhq_api

from ... import models
from ...operations import Operation, json
from ...types import UNSET, Response, Unset

OPERATION: Operation[models.GeneralLedger] = Operation(
    "GET",
    "/api/v1/companies/{company_id}/reports/general-ledger",
    path={"company_id": "company_id"},
    query={"end_date": "endDate", "limit": "limit", "start_date": "startDate"},
    answers={"200": json(models.GeneralLedger)},
)


def sync_detailed(
    company_id: str,
    *,
    client: "ledgerhq_api.AuthenticatedClient",
    end_date: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    start_date: str | Unset = UNSET,
) -> Response[models.GeneralLedger]:
    """The general ledger of a period

    Answers as on the route with the x-organization-id header are assumed (A).
    """
    return OPERATION.send(client, company_id=company_id, end_date=end_date, limit=limit, start_date=start_date)


sync = OPERATION.parsed(sync_detailed)
asyncio_detailed = OPERATION.awaiting(sync_detailed)
asyncio = OPERATION.awaiting_parsed(sync_detailed)
