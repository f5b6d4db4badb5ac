import ledgerhq_api

from ... import models
from ...operations import Operation, json
from ...types import Response

OPERATION: Operation[models.GetBankTransactionsByIdResponse] = Operation(
    "POST",
    "/api/v1/bank-transactions/{id}/exclude",
    path={"id": "id"},
    header={"x_organization_id": "x-organization-id"},
    answers={"200": json(models.GetBankTransactionsByIdResponse)},
)


def sync_detailed(
    id: str, *, client: "ledgerhq_api.AuthenticatedClient", x_organization_id: str
) -> Response[models.GetBankTransactionsByIdResponse]:
    """Exclude a row, or include an excluded one again

    It toggles (P): an excluded row becomes unreconciled again.
    """
    return OPERATION.send(client, id=id, x_organization_id=x_organization_id)


sync = OPERATION.parsed(sync_detailed)
asyncio_detailed = OPERATION.awaiting(sync_detailed)
asyncio = OPERATION.awaiting_parsed(sync_detailed)
