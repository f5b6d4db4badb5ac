from __future__ import annotations

from attrs import frozen

from ..fields import wire
from ..records import Answer


@frozen(kw_only=True, repr=False)
class ClientRegistration(Answer):
    """ClientRegistration of the contract."""

    client_id: str = wire("client_id")
    redirect_uris: tuple[str, ...] = wire("redirect_uris")
    client_id_issued_at: int | None = wire("client_id_issued_at", default=None)
    client_name: str | None = wire("client_name", default=None)
