import ledgerhq_api

from ... import models
from ...operations import Operation, json
from ...types import UNSET, Response, Unset

OPERATION: Operation[models.GetCompaniesByIdJournalLinesResponse] = Operation(
    "GET",
    "/api/v1/companies/{company_id}/journal-lines",
    path={"company_id": "company_id"},
    query={"end_date": "endDate", "limit": "limit", "page": "page", "start_date": "startDate"},
    answers={"200": json(models.GetCompaniesByIdJournalLinesResponse)},
)


def sync_detailed(
    company_id: str,
    *,
    client: "ledgerhq_api.AuthenticatedClient",
    end_date: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    page: int | Unset = UNSET,
    start_date: str | Unset = UNSET,
) -> Response[models.GetCompaniesByIdJournalLinesResponse]:
    """Lines of posted entries, newest first

    Named by the vendor; everything about its answer is assumed (A).
    """
    return OPERATION.send(
        client, company_id=company_id, end_date=end_date, limit=limit, page=page, start_date=start_date
    )


sync = OPERATION.parsed(sync_detailed)
asyncio_detailed = OPERATION.awaiting(sync_detailed)
asyncio = OPERATION.awaiting_parsed(sync_detailed)
