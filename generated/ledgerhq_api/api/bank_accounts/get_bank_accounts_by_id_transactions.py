import ledgerhq_api

from ... import models
from ...operations import Operation, json
from ...types import UNSET, Response, Unset

OPERATION: Operation[models.GetBankAccountsByIdTransactionsResponse] = Operation(
    "GET",
    "/api/v1/bank-accounts/{id}/transactions",
    path={"id": "id"},
    query={"limit": "limit", "page": "page", "status": "status"},
    header={"x_organization_id": "x-organization-id"},
    answers={"200": json(models.GetBankAccountsByIdTransactionsResponse)},
)


def sync_detailed(
    id: str,
    *,
    client: "ledgerhq_api.AuthenticatedClient",
    limit: int | Unset = UNSET,
    page: int | Unset = UNSET,
    status: models.BankTransactionStatus | str | Unset = UNSET,
    x_organization_id: str,
) -> Response[models.GetBankAccountsByIdTransactionsResponse]:
    """The register of one bank account, newest first"""
    return OPERATION.send(client, id=id, limit=limit, page=page, status=status, x_organization_id=x_organization_id)


sync = OPERATION.parsed(sync_detailed)
asyncio_detailed = OPERATION.awaiting(sync_detailed)
asyncio = OPERATION.awaiting_parsed(sync_detailed)
