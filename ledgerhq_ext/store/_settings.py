"""The settings of an outbox."""

from __future__ import annotations

from attrs import field, frozen

from ledgerhq_ext._checks import number
from ledgerhq_ext.errors import KEY_LIFETIME


@frozen(kw_only=True)
class OutboxSettings:
    """The patience and the care of an outbox, both in seconds.

    ``key_lifetime``: for how long after the first send the service is trusted to remember a key;
    nobody has promised a time. 20 hours stay below the shortest life that is usual elsewhere, a
    day. ``lease_margin``: how much longer than a call's deadline a lease lasts.
    """

    key_lifetime: float = field(default=KEY_LIFETIME, validator=number(60, 10**9))
    lease_margin: float = field(default=30.0, validator=number(1, 86_400))
