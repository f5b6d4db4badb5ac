import ledgerhq_api

from ... import models
from ...operations import Operation, json
from ...types import Response

OPERATION: Operation[models.PostingResponse] = Operation(
    "POST",
    "/api/v1/companies/{company_id}/purchases",
    path={"company_id": "company_id"},
    header={"idempotency_key": "idempotency-key"},
    body=("json", "application/json"),
    answers={"200": json(models.PostingResponse), "201": json(models.PostingResponse)},
)


def sync_detailed(
    company_id: str, *, client: "ledgerhq_api.AuthenticatedClient", body: models.PurchaseRequest, idempotency_key: str
) -> Response[models.PostingResponse]:
    """Post a purchase

    The same key and receipt as on the route with the x-organization-id header are assumed (A).
    """
    return OPERATION.send(client, company_id=company_id, idempotency_key=idempotency_key, body=body)


sync = OPERATION.parsed(sync_detailed)
asyncio_detailed = OPERATION.awaiting(sync_detailed)
asyncio = OPERATION.awaiting_parsed(sync_detailed)
