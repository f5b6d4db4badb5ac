from __future__ import annotations

from attrs import frozen

from ..records import Answer


@frozen(kw_only=True, repr=False)
class PacketWarning(Answer):
    """A warning of the service, such as a truncated ledger."""

    code: str
    message: str
