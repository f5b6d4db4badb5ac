import ledgerhq_api

from ... import models
from ...operations import Operation, json
from ...types import Response

OPERATION: Operation[models.Reclassification] = Operation(
    "POST",
    "/api/v1/bank-transactions/{id}/reclassify",
    path={"id": "id"},
    header={"x_organization_id": "x-organization-id"},
    body=("json", "application/json"),
    answers={"200": json(models.Reclassification)},
)


def sync_detailed(
    id: str, *, client: "ledgerhq_api.AuthenticatedClient", body: models.ReclassifyRequest, x_organization_id: str
) -> Response[models.Reclassification]:
    """Move a row to another account

    Updates the row's classification. Where an entry is linked, moves the chosen editable non-bank
    journal line to the account; journalLineId is required when the entry has several such lines.
    Period-locked (422) and void entries are rejected.
    """
    return OPERATION.send(client, id=id, x_organization_id=x_organization_id, body=body)


sync = OPERATION.parsed(sync_detailed)
asyncio_detailed = OPERATION.awaiting(sync_detailed)
asyncio = OPERATION.awaiting_parsed(sync_detailed)
