from __future__ import annotations

from ..fields import wire
from ..records import Answer, field, frozen


@frozen(kw_only=True, repr=False)
class ClientRegistration(Answer):
    """A registered OAuth client (``POST /api/oauth/register``)."""

    client_id: str = field(metadata=wire("client_id"))
    redirect_uris: tuple[str, ...] = field(metadata=wire("redirect_uris"))
    client_id_issued_at: int | None = field(default=None, metadata=wire("client_id_issued_at"))
    client_name: str | None = field(default=None, metadata=wire("client_name"))
