import ledgerhq_api

from ... import models
from ...operations import Operation, json
from ...types import UNSET, Response, Unset

OPERATION: Operation[models.FinancialPacket] = Operation(
    "GET",
    "/api/v1/reports/financial-packet",
    query={
        "end_date": "endDate",
        "general_ledger_limit": "generalLedgerLimit",
        "include": "include",
        "start_date": "startDate",
    },
    header={"x_organization_id": "x-organization-id"},
    answers={"200": json(models.FinancialPacket)},
)


def sync_detailed(
    *,
    client: "ledgerhq_api.AuthenticatedClient",
    end_date: str,
    general_ledger_limit: int | Unset = UNSET,
    include: str | Unset = UNSET,
    start_date: str,
    x_organization_id: str,
) -> Response[models.FinancialPacket]:
    """The financial packet of a period"""
    return OPERATION.send(
        client,
        end_date=end_date,
        general_ledger_limit=general_ledger_limit,
        include=include,
        start_date=start_date,
        x_organization_id=x_organization_id,
    )


sync = OPERATION.parsed(sync_detailed)
asyncio_detailed = OPERATION.awaiting(sync_detailed)
asyncio = OPERATION.awaiting_parsed(sync_detailed)
