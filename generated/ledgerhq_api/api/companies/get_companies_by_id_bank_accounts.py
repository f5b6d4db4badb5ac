import ledgerhq_api

from ... import models
from ...operations import Operation, json
from ...types import Response

OPERATION: Operation[models.GetBankAccountsResponse] = Operation(
    "GET",
    "/api/v1/companies/{company_id}/bank-accounts",
    path={"company_id": "company_id"},
    answers={"200": json(models.GetBankAccountsResponse)},
)


def sync_detailed(
    company_id: str, *, client: "ledgerhq_api.AuthenticatedClient"
) -> Response[models.GetBankAccountsResponse]:
    """The bank accounts

    Answers as on the route with the x-organization-id header are assumed (A).
    """
    return OPERATION.send(client, company_id=company_id)


sync = OPERATION.parsed(sync_detailed)
asyncio_detailed = OPERATION.awaiting(sync_detailed)
asyncio = OPERATION.awaiting_parsed(sync_detailed)
