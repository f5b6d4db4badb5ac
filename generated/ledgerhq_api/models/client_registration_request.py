from __future__ import annotations

from attrs import define

from ..fields import wire
from ..records import Body
from ..types import UNSET, Unset


@define
class ClientRegistrationRequest(Body):
    """ClientRegistrationRequest of the contract."""

    redirect_uris: list[str] = wire("redirect_uris")
    client_name: str | Unset = wire("client_name", default=UNSET)
