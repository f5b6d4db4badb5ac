from __future__ import annotations

from attrs import frozen

from ..fields import wire
from ..records import Answer


@frozen(kw_only=True, repr=False)
class TokenResponse(Answer):
    """TokenResponse of the contract.

    Attributes:
        access_token: Begins with mcp_at_.
        expires_in: Lifetime in seconds.
        refresh_token: Single use; begins with mcp_rt_.
        token_type: Bearer
    """

    access_token: str = wire("access_token")
    expires_in: int | None = wire("expires_in", default=None)
    refresh_token: str | None = wire("refresh_token", default=None)
    scope: str | None = None
    token_type: str | None = wire("token_type", default=None)
