from __future__ import annotations

from ..records import Answer, frozen


@frozen(kw_only=True, repr=False)
class PacketWarning(Answer):
    """A warning of the service, such as a truncated ledger."""

    code: str
    message: str
