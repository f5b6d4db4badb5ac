from __future__ import annotations

from ..fields import wire
from ..records import Body, define, field
from ..types import UNSET, Unset


@define
class ClientRegistrationRequest(Body):
    """ClientRegistrationRequest of the contract."""

    redirect_uris: list[str] = field(metadata=wire("redirect_uris"))
    client_name: str | Unset = field(default=UNSET, metadata=wire("client_name"))
