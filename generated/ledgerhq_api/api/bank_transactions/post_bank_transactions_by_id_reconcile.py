import ledgerhq_api

from ... import models
from ...operations import Operation, json
from ...types import Response

OPERATION: Operation[models.GetBankTransactionsByIdResponse] = Operation(
    "POST",
    "/api/v1/bank-transactions/{id}/reconcile",
    path={"id": "id"},
    header={"x_organization_id": "x-organization-id"},
    body=("json", "application/json"),
    answers={"200": json(models.GetBankTransactionsByIdResponse)},
)


def sync_detailed(
    id: str, *, client: "ledgerhq_api.AuthenticatedClient", body: models.ReconcileRequest, x_organization_id: str
) -> Response[models.GetBankTransactionsByIdResponse]:
    """Mark a row reconciled"""
    return OPERATION.send(client, id=id, x_organization_id=x_organization_id, body=body)


sync = OPERATION.parsed(sync_detailed)
asyncio_detailed = OPERATION.awaiting(sync_detailed)
asyncio = OPERATION.awaiting_parsed(sync_detailed)
