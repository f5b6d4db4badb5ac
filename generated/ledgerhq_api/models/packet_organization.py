from __future__ import annotations

from ..records import Answer, frozen


@frozen(kw_only=True, repr=False)
class PacketOrganization(Answer):
    """Whose packet it is.

    Attributes:
        default_currency: ISO 4217 currency code.
    """

    id: str
    name: str
    default_currency: str
