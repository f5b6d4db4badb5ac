import ledgerhq_api

from ... import models
from ...operations import Operation, json
from ...types import Response

OPERATION: Operation[models.TokenResponse] = Operation(
    "POST",
    "/api/oauth/token",
    body=("data", "application/x-www-form-urlencoded"),
    answers={"200": json(models.TokenResponse)},
)


def sync_detailed(
    *, client: "ledgerhq_api.AuthenticatedClient | ledgerhq_api.Client", body: models.TokenRequest
) -> Response[models.TokenResponse]:
    """Exchange a code, or refresh

    Refresh tokens rotate and are single use: the old one is deleted when it is used.
    """
    return OPERATION.send(client, body=body)


sync = OPERATION.parsed(sync_detailed)
asyncio_detailed = OPERATION.awaiting(sync_detailed)
asyncio = OPERATION.awaiting_parsed(sync_detailed)
