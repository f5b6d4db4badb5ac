import ledgerhq_api

from ... import models
from ...operations import Operation, json
from ...types import UNSET, Response, Unset

OPERATION: Operation[models.GetBankAccountsByIdTransactionsResponse] = Operation(
    "GET",
    "/api/v1/bank-transactions",
    query={
        "bank_account_id": "bankAccountId",
        "end_date": "endDate",
        "limit": "limit",
        "page": "page",
        "source_type": "sourceType",
        "start_date": "startDate",
        "status": "status",
    },
    header={"x_organization_id": "x-organization-id"},
    answers={"200": json(models.GetBankAccountsByIdTransactionsResponse)},
)


def sync_detailed(
    *,
    client: "ledgerhq_api.AuthenticatedClient",
    bank_account_id: str | Unset = UNSET,
    end_date: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    page: int | Unset = UNSET,
    source_type: str | Unset = UNSET,
    start_date: str | Unset = UNSET,
    status: models.BankTransactionStatus | str | Unset = UNSET,
    x_organization_id: str,
) -> Response[models.GetBankAccountsByIdTransactionsResponse]:
    """Rows of the bank register, newest first"""
    return OPERATION.send(
        client,
        bank_account_id=bank_account_id,
        end_date=end_date,
        limit=limit,
        page=page,
        source_type=source_type,
        start_date=start_date,
        status=status,
        x_organization_id=x_organization_id,
    )


sync = OPERATION.parsed(sync_detailed)
asyncio_detailed = OPERATION.awaiting(sync_detailed)
asyncio = OPERATION.awaiting_parsed(sync_detailed)
