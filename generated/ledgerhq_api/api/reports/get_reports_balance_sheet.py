import ledgerhq_api

from ... import models
from ...operations import Operation, json
from ...types import UNSET, Response, Unset

OPERATION: Operation[models.BalanceSheet] = Operation(
    "GET",
    "/api/v1/reports/balance-sheet",
    query={"end_date": "endDate"},
    header={"x_organization_id": "x-organization-id"},
    answers={"200": json(models.BalanceSheet)},
)


def sync_detailed(
    *, client: "ledgerhq_api.AuthenticatedClient", end_date: str | Unset = UNSET, x_organization_id: str
) -> Response[models.BalanceSheet]:
    """The balance sheet at a date"""
    return OPERATION.send(client, end_date=end_date, x_organization_id=x_organization_id)


sync = OPERATION.parsed(sync_detailed)
asyncio_detailed = OPERATION.awaiting(sync_detailed)
asyncio = OPERATION.awaiting_parsed(sync_detailed)
