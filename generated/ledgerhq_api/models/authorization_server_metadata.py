from __future__ import annotations

from ..fields import wire
from ..records import Answer, field, frozen


@frozen(kw_only=True, repr=False)
class AuthorizationServerMetadata(Answer):
    """Authorization server metadata (RFC 8414)."""

    response_types_supported: tuple[str, ...] = field(metadata=wire("response_types_supported"))
    authorization_endpoint: str | None = field(default=None, metadata=wire("authorization_endpoint"))
    code_challenge_methods_supported: tuple[str, ...] | None = field(
        default=None, metadata=wire("code_challenge_methods_supported")
    )
    grant_types_supported: tuple[str, ...] | None = field(default=None, metadata=wire("grant_types_supported"))
    issuer: str | None = None
    registration_endpoint: str | None = field(default=None, metadata=wire("registration_endpoint"))
    scopes_supported: tuple[str, ...] | None = field(default=None, metadata=wire("scopes_supported"))
    token_endpoint: str | None = field(default=None, metadata=wire("token_endpoint"))
    token_endpoint_auth_methods_supported: tuple[str, ...] | None = field(
        default=None, metadata=wire("token_endpoint_auth_methods_supported")
    )
