from __future__ import annotations

from ..fields import wire
from ..records import Body, define, field
from ..types import UNSET, Unset


@define
class TokenRequest(Body):
    """authorization_code: code, redirect_uri, code_verifier, client_id. refresh_token: refresh_token,
    client_id.

    Attributes:
        grant_type: authorization_code or refresh_token.
    """

    grant_type: str = field(metadata=wire("grant_type"))
    client_id: str | Unset = field(default=UNSET, metadata=wire("client_id"))
    code: str | Unset = field(default=UNSET, repr=False)
    code_verifier: str | Unset = field(default=UNSET, repr=False, metadata=wire("code_verifier"))
    redirect_uri: str | Unset = field(default=UNSET, metadata=wire("redirect_uri"))
    refresh_token: str | Unset = field(default=UNSET, repr=False, metadata=wire("refresh_token"))
