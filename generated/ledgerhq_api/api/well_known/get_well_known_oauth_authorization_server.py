import ledgerhq_api

from ... import models
from ...operations import Operation, json
from ...types import Response

OPERATION: Operation[models.AuthorizationServerMetadata] = Operation(
    "GET", "/.well-known/oauth-authorization-server", answers={"200": json(models.AuthorizationServerMetadata)}
)


def sync_detailed(
    *, client: "ledgerhq_api.AuthenticatedClient | ledgerhq_api.Client"
) -> Response[models.AuthorizationServerMetadata]:
    """Metadata of the OAuth endpoints (RFC 8414)"""
    return OPERATION.send(client)


sync = OPERATION.parsed(sync_detailed)
asyncio_detailed = OPERATION.awaiting(sync_detailed)
asyncio = OPERATION.awaiting_parsed(sync_detailed)
