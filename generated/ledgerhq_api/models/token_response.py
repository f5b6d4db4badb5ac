from __future__ import annotations

from ..fields import wire
from ..records import Answer, field, frozen


@frozen(kw_only=True, repr=False)
class TokenResponse(Answer):
    """TokenResponse of the contract.

    Attributes:
        access_token: Begins with mcp_at_.
        expires_in: Lifetime in seconds.
        refresh_token: Single use; begins with mcp_rt_.
        token_type: Bearer
    """

    access_token: str = field(repr=False, metadata=wire("access_token"))
    expires_in: int | None = field(default=None, metadata=wire("expires_in"))
    refresh_token: str | None = field(default=None, repr=False, metadata=wire("refresh_token"))
    scope: str | None = None
    token_type: str | None = field(default=None, metadata=wire("token_type"))
