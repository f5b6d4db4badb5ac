"""The records of the outbox that callers read, and the stored form of receipts and errors."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any, Literal

from attrs import asdict, field, frozen

from ledgerhq_ext.errors import APIError, LedgerHQError, OAuthError
from ledgerhq_ext.models import Entry, Receipt

State = Literal[
    "pending", "leased", "posted", "rejected", "conflict", "needs_attention", "discarded"
]
STATES: tuple[State, ...] = (
    "pending",
    "leased",
    "posted",
    "rejected",
    "conflict",
    "needs_attention",
    "discarded",
)
Why = Literal["settled", "waiting", "paused", "clock", "time", "stopped"]


@frozen(kw_only=True)
class Failure:
    """The reason why the last attempt did not return a receipt.

    ``type`` is the exception's class name, ``code`` the service's error code.
    """

    type: str
    message: str
    outcome: str
    status: int | None = None
    code: str | None = None
    request_id: str | None = None

    @classmethod
    def of(cls, error: LedgerHQError) -> Failure:
        """Return the facts of an exception that are written down."""
        facts: dict[str, Any] = {}
        if isinstance(error, APIError):
            facts = {"status": error.status, "code": error.code, "request_id": error.request_id}
        elif isinstance(error, OAuthError):
            facts = {"code": error.error}
        return cls(type=type(error).__name__, message=error.message, outcome=error.outcome, **facts)

    def to_json(self) -> str:
        """Return it as it stands in the row."""
        return json.dumps(asdict(self))


@frozen(kw_only=True)
class StoredPosting:
    """A source transaction in the outbox. Times are UTC.

    ``key``: its idempotency key. ``request``: the JSON that is sent; its bytes have the SHA-256
    ``digest``. ``due_at``: when it is sent next, or when its lease ends; None if it is not to be
    sent. ``unknown``: true if the entry may be in the books although there is no receipt.
    ``failure``: why the last attempt failed. ``connection`` and ``origin``: its owner; None if it
    has none, because it was added by a plain id or an older release. ``sent_origin`` and
    ``sent_route``: where it was first sent. ``alarm``: what a person has to look at, although it is
    settled.
    ``acknowledgement``: why a person accepted the alarm; None while it is open. ``discard_reason``:
    why a person discarded it. ``holder``: the process that is sending it, until ``due_at`` at the
    latest. ``pruned_at``: the time since which ``request`` holds only the date, accounts and
    amounts (see ``Outbox.prune``).
    """

    id: int
    organization_id: str
    resource: str
    source: tuple[str, str]
    key: str
    digest: str
    state: State
    attempts: int
    unknown: bool
    in_order: bool
    request: dict[str, Any] = field(repr=False)
    first_sent_at: dt.datetime | None
    due_at: dt.datetime | None
    added_at: dt.datetime
    failure: Failure | None
    receipt: Receipt | None
    connection: str | None = None
    origin: str | None = None
    sent_origin: str | None = None
    sent_route: str | None = None
    alarm: str | None = None
    acknowledgement: str | None = None
    holder: str | None = None
    discard_reason: str | None = None
    pruned_at: dt.datetime | None = None


@frozen(kw_only=True)
class Status:
    """The number of postings in each state.

    ``unknown``: how many of these may be in the books without a receipt. ``alarms``: how many
    settled ones a person has to look at (see ``StoredPosting.alarm``). ``distrusted_since``: see
    ``Outbox.distrust``. ``oldest_pending_at``: when the oldest unsettled posting was added.
    ``paused_until``: the end of the last pause (see ``Outbox.pauses``). ``organizations``: the same
    figures per organization, by id. For an organization, ``waits_for`` describes the posting of
    another connection that its postings wait for in order, if any.
    """

    pending: int = 0
    leased: int = 0
    posted: int = 0
    rejected: int = 0
    conflict: int = 0
    needs_attention: int = 0
    discarded: int = 0
    unknown: int = 0
    alarms: int = 0
    distrusted_since: dt.datetime | None = None
    oldest_pending_at: dt.datetime | None = None
    paused_until: dt.datetime | None = None
    waits_for: str | None = None
    organizations: dict[str, Status] = field(factory=dict)

    @property
    def total(self) -> int:
        """The total number of postings."""
        return sum(getattr(self, state) for state in STATES)

    @property
    def needs_person(self) -> bool:
        """True if a posting needs attention, is in conflict, was rejected or has an open alarm."""
        return bool(self.needs_attention or self.conflict or self.rejected or self.alarms)


@frozen(kw_only=True)
class Pause:
    """An organization, or a whole connection (``organization_id`` is None), that is paused until a
    moment (UTC).

    A pause lasts at most 15 minutes; ``Outbox.resume`` lifts it earlier.
    """

    connection: str
    origin: str
    organization_id: str | None
    until: dt.datetime
    reason: str


@frozen(kw_only=True)
class Progress:
    """The counts of a drain so far, and the outcome of its latest attempt."""

    posted: int
    rejected: int
    conflict: int
    needs_attention: int
    put_back: int
    source: tuple[str, str]
    organization_id: str
    state: State


@frozen(kw_only=True)
class DrainResult:
    """The result of a drain: why it returned, and what it did. Remaining postings are counted for
    the client it was called with.

    ``why`` is ``settled`` (nothing is left to send), ``waiting`` (the rest is not due within
    ``wait`` seconds; see ``next_due_at``), ``paused`` (the rest belongs to paused organizations),
    ``clock`` (the rest may already be posted, and the clock that measures the age of its keys
    differs from the service's by more than five minutes: set it), ``time`` (``seconds`` have
    passed) or ``stopped``. ``paused``: the paused organizations, and why. ``waits_for``: the
    organizations where a posting waits in order for one of another connection, with a description
    of that one. ``put_back`` counts attempts that settled nothing; ``last_failure`` is why the last
    of them did, None where nothing is left.
    """

    why: Why
    posted: int
    rejected: int
    conflict: int
    needs_attention: int
    put_back: int
    left: int
    next_due_at: dt.datetime | None
    paused: dict[str, str]
    waits_for: dict[str, str] = field(factory=dict)
    last_failure: Failure | None = None


@frozen(kw_only=True)
class Doubt:
    """A posting that needs attention, and the entries that could match it.

    ``problem`` says why its company's entries could not be read; there are no candidates then.
    """

    posting: StoredPosting
    candidates: tuple[Entry, ...]
    problem: Failure | None = None


def receipt_to_json(receipt: Receipt) -> str:
    """Return a receipt as it stands in the row."""
    values = {**asdict(receipt, recurse=False), "posted_at": receipt.posted_at.isoformat()}
    del values["extra"]
    if receipt.extra:
        values["extra"] = receipt.additional_properties
    return json.dumps(values)


def moment(seconds: float | None) -> dt.datetime | None:
    """Return epoch seconds as a moment in UTC, and None as None."""
    return None if seconds is None else dt.datetime.fromtimestamp(seconds, dt.UTC)
