import ledgerhq_api

from ... import models
from ...operations import Operation, json
from ...types import Response

OPERATION: Operation[models.GetCompaniesByIdResponse] = Operation(
    "GET", "/api/v1/companies/{id}", path={"id": "id"}, answers={"200": json(models.GetCompaniesByIdResponse)}
)


def sync_detailed(id: str, *, client: "ledgerhq_api.AuthenticatedClient") -> Response[models.GetCompaniesByIdResponse]:
    """A client company of the firm

    The envelope is assumed (A).
    """
    return OPERATION.send(client, id=id)


sync = OPERATION.parsed(sync_detailed)
asyncio_detailed = OPERATION.awaiting(sync_detailed)
asyncio = OPERATION.awaiting_parsed(sync_detailed)
