from __future__ import annotations

from attrs import frozen

from ..records import Answer


@frozen(kw_only=True, repr=False)
class PacketWarning(Answer):
    """PacketWarning of the contract."""

    code: str
    message: str
