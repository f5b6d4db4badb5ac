import ledgerhq_api

from ... import models
from ...operations import Operation, json
from ...types import Response

OPERATION: Operation[models.PostingResponse] = Operation(
    "POST",
    "/api/v1/purchases",
    header={"idempotency_key": "idempotency-key", "x_organization_id": "x-organization-id"},
    body=("json", "application/json"),
    answers={"200": json(models.PostingResponse), "201": json(models.PostingResponse)},
)


def sync_detailed(
    *,
    client: "ledgerhq_api.AuthenticatedClient",
    body: models.PurchaseRequest,
    idempotency_key: str,
    x_organization_id: str,
) -> Response[models.PostingResponse]:
    """Post a purchase

    Posts at once, and makes bank-register rows where a bank-linked account is involved. Status 200 on a
    replay is assumed (A).
    """
    return OPERATION.send(client, idempotency_key=idempotency_key, x_organization_id=x_organization_id, body=body)


sync = OPERATION.parsed(sync_detailed)
asyncio_detailed = OPERATION.awaiting(sync_detailed)
asyncio = OPERATION.awaiting_parsed(sync_detailed)
