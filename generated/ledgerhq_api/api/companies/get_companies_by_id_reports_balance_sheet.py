import ledgerhq_api

from ... import models
from ...operations import Operation, json
from ...types import UNSET, Response, Unset

OPERATION: Operation[models.BalanceSheet] = Operation(
    "GET",
    "/api/v1/companies/{company_id}/reports/balance-sheet",
    path={"company_id": "company_id"},
    query={"end_date": "endDate"},
    answers={"200": json(models.BalanceSheet)},
)


def sync_detailed(
    company_id: str, *, client: "ledgerhq_api.AuthenticatedClient", end_date: str | Unset = UNSET
) -> Response[models.BalanceSheet]:
    """The balance sheet at a date

    Answers as on the route with the x-organization-id header are assumed (A).
    """
    return OPERATION.send(client, company_id=company_id, end_date=end_date)


sync = OPERATION.parsed(sync_detailed)
asyncio_detailed = OPERATION.awaiting(sync_detailed)
asyncio = OPERATION.awaiting_parsed(sync_detailed)
