import ledgerhq_api

from ... import models
from ...operations import Operation, json
from ...types import UNSET, Response, Unset

OPERATION: Operation[models.GetCompaniesByIdReconciliationsResponse] = Operation(
    "GET",
    "/api/v1/companies/{company_id}/reconciliations",
    path={"company_id": "company_id"},
    query={"limit": "limit", "page": "page"},
    answers={"200": json(models.GetCompaniesByIdReconciliationsResponse)},
)


def sync_detailed(
    company_id: str,
    *,
    client: "ledgerhq_api.AuthenticatedClient",
    limit: int | Unset = UNSET,
    page: int | Unset = UNSET,
) -> Response[models.GetCompaniesByIdReconciliationsResponse]:
    """Finished reconciliations, newest first

    Named by the vendor; everything about its answer is assumed (A).
    """
    return OPERATION.send(client, company_id=company_id, limit=limit, page=page)


sync = OPERATION.parsed(sync_detailed)
asyncio_detailed = OPERATION.awaiting(sync_detailed)
asyncio = OPERATION.awaiting_parsed(sync_detailed)
