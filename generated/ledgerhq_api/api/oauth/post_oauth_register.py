import ledgerhq_api

from ... import models
from ...operations import Operation, json
from ...types import Response

OPERATION: Operation[models.ClientRegistration] = Operation(
    "POST", "/api/oauth/register", body=("json", "application/json"), answers={"201": json(models.ClientRegistration)}
)


def sync_detailed(
    *, client: "ledgerhq_api.AuthenticatedClient | ledgerhq_api.Client", body: models.ClientRegistrationRequest
) -> Response[models.ClientRegistration]:
    """Register a public client"""
    return OPERATION.send(client, body=body)


sync = OPERATION.parsed(sync_detailed)
asyncio_detailed = OPERATION.awaiting(sync_detailed)
asyncio = OPERATION.awaiting_parsed(sync_detailed)
