"""The records of the outbox that callers read, and how receipts and errors are written down."""

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
    """The reason why the last attempt did not end in a receipt.

    ``type`` is the exception's class, ``code`` the service's.
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

    ``unknown``: an entry may stand in the books although there is no receipt. ``failure``: the last
    attempt's. ``connection`` and ``origin`` say whose it is; None: anybody's, because it was added
    by a plain id or an older release. ``sent_origin`` and ``sent_route`` say where its first send
    went. ``alarm``: what a person has to look at, although it is settled; ``acknowledgement``: why
    a person who has looked lets it be, None while the alarm is open. ``discard_reason``: why a
    person laid it to rest. ``holder``: which process has it in its hands, until ``due_at`` at the
    latest. ``pruned_at``: since when ``request`` holds no more than day, accounts and amounts (see
    ``Outbox.prune``).
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

    ``unknown``: of these, how many may stand without a receipt. ``alarms``: how many a person has
    to look at, although they are settled (see ``StoredPosting.alarm``). ``distrusted_since``: see
    ``Outbox.distrust``. ``oldest_pending_at``: when the oldest one that is not settled was added.
    ``paused_until``: the end of the last pause (see ``Outbox.pauses``). ``organizations``: the same
    of each organization, by its id. Of an organization, ``waits_for`` is a sentence on the posting
    of another connection that its postings wait for in order, if any.
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
        """The number of all postings."""
        return sum(getattr(self, state) for state in STATES)


@frozen(kw_only=True)
class Pause:
    """An organization, or a whole connection (``organization_id`` is None), that is left alone
    until a moment (UTC).

    A pause lasts a quarter of an hour at the most; ``Outbox.resume`` lifts it.
    """

    connection: str
    origin: str
    organization_id: str | None
    until: dt.datetime
    reason: str


@frozen(kw_only=True)
class Progress:
    """The counts of a drain after one more attempt, and how this attempt ended."""

    posted: int
    rejected: int
    conflict: int
    needs_attention: int
    put_back: int
    source: tuple[str, str]
    organization_id: str
    state: State


@frozen(kw_only=True)
class Drained:
    """The result of a drain: why it returned, and what it did. What is left counts for the client
    that it was called with.

    ``why``: ``settled`` (nothing is left to send), ``waiting`` (what is left is not due within
    ``wait`` seconds: see ``next_due_at``), ``paused`` (what is left belongs to organizations that
    are left alone for a while), ``clock`` (what is left may stand already, and the clock that knows
    for how long is more than five minutes off the service's: set it), ``time`` (``seconds`` are
    over) or ``stopped``. ``paused``: these organizations, and why. ``waits_for``: the organizations
    where something waits in order for a posting of another connection, with a sentence on that one.
    ``put_back`` counts attempts that settled nothing.
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


@frozen(kw_only=True)
class Doubt:
    """A posting that needs attention, and the entries that could be it.

    ``problem``: why its company's entries could not be read; then there are no candidates.
    """

    posting: StoredPosting
    candidates: tuple[Entry, ...]
    problem: Failure | None = None


def receipt_to_json(receipt: Receipt) -> str:
    """Return a receipt as it stands in the row."""
    values = {**asdict(receipt), "posted_at": receipt.posted_at.isoformat()}
    del values["extra"]
    if receipt.extra:
        values["extra"] = receipt.additional_properties
    return json.dumps(values)


def moment(seconds: float | None) -> dt.datetime | None:
    """Return epoch seconds as a moment in UTC, and None as None."""
    return None if seconds is None else dt.datetime.fromtimestamp(seconds, dt.UTC)
