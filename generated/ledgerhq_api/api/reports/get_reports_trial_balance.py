import ledgerhq_api

from ... import models
from ...operations import Operation, json
from ...types import UNSET, Response, Unset

OPERATION: Operation[models.TrialBalance] = Operation(
    "GET",
    "/api/v1/reports/trial-balance",
    query={"end_date": "endDate", "start_date": "startDate"},
    header={"x_organization_id": "x-organization-id"},
    answers={"200": json(models.TrialBalance)},
)


def sync_detailed(
    *,
    client: "ledgerhq_api.AuthenticatedClient",
    end_date: str | Unset = UNSET,
    start_date: str | Unset = UNSET,
    x_organization_id: str,
) -> Response[models.TrialBalance]:
    """The trial balance"""
    return OPERATION.send(client, end_date=end_date, start_date=start_date, x_organization_id=x_organization_id)


sync = OPERATION.parsed(sync_detailed)
asyncio_detailed = OPERATION.awaiting(sync_detailed)
asyncio = OPERATION.awaiting_parsed(sync_detailed)
