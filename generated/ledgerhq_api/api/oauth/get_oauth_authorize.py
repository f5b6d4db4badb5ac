import ledgerhq_api

from ...operations import TEXT, Operation
from ...types import UNSET, Response, Unset

OPERATION: Operation[str] = Operation(
    "GET",
    "/api/oauth/authorize",
    query={
        "client_id": "client_id",
        "code_challenge": "code_challenge",
        "code_challenge_method": "code_challenge_method",
        "redirect_uri": "redirect_uri",
        "response_type": "response_type",
        "scope": "scope",
        "state": "state",
    },
    answers={"200": TEXT},
)


def sync_detailed(
    *,
    client: "ledgerhq_api.AuthenticatedClient | ledgerhq_api.Client",
    client_id: str,
    code_challenge: str,
    code_challenge_method: str,
    redirect_uri: str,
    response_type: str,
    scope: str | Unset = UNSET,
    state: str,
) -> Response[str]:
    """Ask the user for consent

    The user must be an owner or admin of the firm; the token stands for the firm, not for one client
    company.

    Args:
        code_challenge_method: S256, the only method.
        response_type: code
    """
    return OPERATION.send(
        client,
        client_id=client_id,
        code_challenge=code_challenge,
        code_challenge_method=code_challenge_method,
        redirect_uri=redirect_uri,
        response_type=response_type,
        scope=scope,
        state=state,
    )


sync = OPERATION.parsed(sync_detailed)
asyncio_detailed = OPERATION.awaiting(sync_detailed)
asyncio = OPERATION.awaiting_parsed(sync_detailed)
