from __future__ import annotations

from attrs import frozen

from ..fields import wire
from ..records import Answer


@frozen(kw_only=True, repr=False)
class AuthorizationServerMetadata(Answer):
    """Authorization server metadata (RFC 8414)."""

    response_types_supported: tuple[str, ...] = wire("response_types_supported")
    authorization_endpoint: str | None = wire("authorization_endpoint", default=None)
    code_challenge_methods_supported: tuple[str, ...] | None = wire("code_challenge_methods_supported", default=None)
    grant_types_supported: tuple[str, ...] | None = wire("grant_types_supported", default=None)
    issuer: str | None = None
    registration_endpoint: str | None = wire("registration_endpoint", default=None)
    scopes_supported: tuple[str, ...] | None = wire("scopes_supported", default=None)
    token_endpoint: str | None = wire("token_endpoint", default=None)
    token_endpoint_auth_methods_supported: tuple[str, ...] | None = wire(
        "token_endpoint_auth_methods_supported", default=None
    )
