"""The settings of an outbox."""

from __future__ import annotations

from attrs import field, frozen

from ledgerhq_ext._checks import number
from ledgerhq_ext.errors import KEY_LIFETIME


@frozen(kw_only=True)
class OutboxSettings:
    """The time limits of an outbox, in seconds.

    ``key_lifetime`` is how long after the first send the service is trusted to remember an
    idempotency key. LedgerHQ promises no time; the default of 20 hours stays below the shortest
    lifetime that is common elsewhere, one day. ``lease_margin`` is how much longer than a call's
    deadline a lease lasts.
    """

    key_lifetime: float = field(default=KEY_LIFETIME, validator=number(60, 10**9))
    lease_margin: float = field(default=30.0, validator=number(1, 86_400))
