from __future__ import annotations

from attrs import define

from ..fields import wire
from ..records import Body
from ..types import UNSET, Unset


@define
class TokenRequest(Body):
    """authorization_code: code, redirect_uri, code_verifier, client_id. refresh_token: refresh_token,
    client_id.

    Attributes:
        grant_type: authorization_code or refresh_token.
    """

    grant_type: str = wire("grant_type")
    client_id: str | Unset = wire("client_id", default=UNSET)
    code: str | Unset = UNSET
    code_verifier: str | Unset = wire("code_verifier", default=UNSET)
    redirect_uri: str | Unset = wire("redirect_uri", default=UNSET)
    refresh_token: str | Unset = wire("refresh_token", default=UNSET)
