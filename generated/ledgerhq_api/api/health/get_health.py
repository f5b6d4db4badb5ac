import ledgerhq_api

from ... import models
from ...operations import Operation, json
from ...types import Response

OPERATION: Operation[models.Health] = Operation("GET", "/api/health", answers={"200": json(models.Health)})


def sync_detailed(*, client: "ledgerhq_api.AuthenticatedClient | ledgerhq_api.Client") -> Response[models.Health]:
    """Whether the service answers"""
    return OPERATION.send(client)


sync = OPERATION.parsed(sync_detailed)
asyncio_detailed = OPERATION.awaiting(sync_detailed)
asyncio = OPERATION.awaiting_parsed(sync_detailed)
