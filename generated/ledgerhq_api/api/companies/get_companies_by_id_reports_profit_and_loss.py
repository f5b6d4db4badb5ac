import ledgerhq_api

from ... import models
from ...operations import Operation, json
from ...types import UNSET, Response, Unset

OPERATION: Operation[models.ProfitAndLoss] = Operation(
    "GET",
    "/api/v1/companies/{company_id}/reports/profit-and-loss",
    path={"company_id": "company_id"},
    query={"end_date": "endDate", "start_date": "startDate"},
    answers={"200": json(models.ProfitAndLoss)},
)


def sync_detailed(
    company_id: str,
    *,
    client: "ledgerhq_api.AuthenticatedClient",
    end_date: str | Unset = UNSET,
    start_date: str | Unset = UNSET,
) -> Response[models.ProfitAndLoss]:
    """Profit and loss of a period

    Answers as on the route with the x-organization-id header are assumed (A).
    """
    return OPERATION.send(client, company_id=company_id, end_date=end_date, start_date=start_date)


sync = OPERATION.parsed(sync_detailed)
asyncio_detailed = OPERATION.awaiting(sync_detailed)
asyncio = OPERATION.awaiting_parsed(sync_detailed)
