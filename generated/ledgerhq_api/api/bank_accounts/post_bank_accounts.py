import ledgerhq_api

from ... import models
from ...operations import Operation, json
from ...types import Response

OPERATION: Operation[models.PostBankAccountsResponse] = Operation(
    "POST",
    "/api/v1/bank-accounts",
    header={"x_organization_id": "x-organization-id"},
    body=("json", "application/json"),
    answers={"201": json(models.PostBankAccountsResponse)},
)


def sync_detailed(
    *, client: "ledgerhq_api.AuthenticatedClient", body: models.BankAccountCreate, x_organization_id: str
) -> Response[models.PostBankAccountsResponse]:
    """Create a bank account"""
    return OPERATION.send(client, x_organization_id=x_organization_id, body=body)


sync = OPERATION.parsed(sync_detailed)
asyncio_detailed = OPERATION.awaiting(sync_detailed)
asyncio = OPERATION.awaiting_parsed(sync_detailed)
