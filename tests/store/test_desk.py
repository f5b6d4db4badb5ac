"""Several workers at once: one transaction serves all who wait, and what befalls one of them costs
the others nothing.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from attrs import evolve, frozen
from sqlalchemy import Connection, insert, update

from ledgerhq_ext import LedgerHQ
from ledgerhq_ext.models import Receipt
from ledgerhq_ext.store import Outbox, Store, StoredPosting, StoreError
from ledgerhq_ext.store import _faultpoints as faultpoints
from ledgerhq_ext.store._claims import Choice, Claim
from ledgerhq_ext.store._desk import Desk, Visit
from ledgerhq_ext.store._outcomes import End
from ledgerhq_ext.store._pauses import write_pause
from ledgerhq_ext.store._postings import Postings
from ledgerhq_ext.store._schema import moved_hosts, postings
from ledgerhq_ext.store._verdict import Hold, Verdict, accept
from scripts.bench.claims import measured
from tests.cases.wire_support import PATIENCE, purchase
from tests.support.clients import core
from tests.support.outbox import OPTIONS, time_passes

ORG = "org_1"
_P = postings.c
COUNT = 5


class Interruption(BaseException):
    """What ends a worker from outside."""


@frozen
class Office:
    """A store with some postings, and the rows that a drain's desk works on."""

    store: Store
    outbox: Outbox
    rows: Postings
    choice: Choice

    def claims(self, count: int = COUNT) -> list[Claim]:
        """Lease so many postings, by one transaction."""
        return self.rows.claim_some(self.choice, count).claims

    def posting(self, claim: Claim) -> StoredPosting:
        return self.outbox.posting(claim.id)


@pytest.fixture
def office(store: Store) -> Iterator[Office]:
    outbox = store.outbox()
    for number in range(COUNT):
        outbox.add(ORG, purchase(number + 1), source=("till", str(number)))
    with LedgerHQ(base_url="http://127.0.0.1:9", access_token="mcp_at_x", **OPTIONS) as hq:
        terms = core(outbox)._terms(core(hq)._session)
        yield Office(store, outbox, core(outbox)._rows, Choice(terms=terms))


def receipt(entry: str) -> Verdict:
    return accept(
        Receipt(
            id=f"doc_{entry}",
            resource_type="purchase",
            journal_entry_id=entry,
            bank_transaction_ids=(),
            status="posted",
            posted_at=dt.datetime(2026, 6, 8, tzinfo=dt.UTC),
            idempotency_key="key",
        )
    )


def ends(claims: list[Claim]) -> list[End]:
    """Return a receipt of its own for each claim."""
    return [End(claim=claim, verdict=receipt(f"je_{claim.id}")) for claim in claims]


def states(office: Office) -> list[str]:
    return [posting.state for posting in office.outbox.postings()]


def serve_together(desk: Desk, visits: list[Visit]) -> list[BaseException | None]:
    """Let all visits wait while one is served, then be served; return what each raised."""
    errors: list[BaseException | None] = [None] * len(visits)

    def visit(number: int) -> None:
        try:
            desk.serve(visits[number])
        except BaseException as error:
            errors[number] = error

    threads = [threading.Thread(target=visit, args=(number,)) for number in range(len(visits))]
    with desk._turn:
        for number, thread in enumerate(threads, 1):
            thread.start()
            wait_until(partial(has_visits, desk, number))
    for thread in threads:
        thread.join(PATIENCE)
    return errors


def has_visits(desk: Desk, count: int) -> bool:
    return len(desk._queue) == count


def wait_until(condition: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(1000):
        if condition():
            return
        pause.wait(0.01)
    pytest.fail("it did not come to it")


def desk_of(office: Office) -> Desk:
    return Desk(office.rows, lambda: office.choice)


def test_who_waits_together_is_served_by_one_transaction(office: Office) -> None:
    """Each gets a posting of its own; none is leased for later."""
    moments: list[str] = []
    faultpoints.hook = moments.append
    visits = [Visit() for _ in range(3)]
    try:
        assert serve_together(desk_of(office), visits) == [None] * 3
    finally:
        faultpoints.hook = None
    assert moments == ["claim: before the commit", "claim: after the commit"]
    assert len({visit.following.id for visit in visits if visit.following}) == 3
    assert states(office) == ["leased"] * 3 + ["pending"] * 2


@pytest.mark.parametrize("count", [1, 2])
def test_an_exchange_is_three_statements_for_however_many(office: Office, count: int) -> None:
    """One for all receipts, one that finds all postings, one that leases them: the look at all
    lanes, and whether the host has moved, is not asked again for each. None is a savepoint.
    """
    desk = desk_of(office)
    first = [Visit() for _ in range(count)]
    assert serve_together(desk, first) == [None] * count
    claims = [visit.following for visit in first if visit.following]
    second = [Visit(end=end) for end in ends(claims)]
    with measured(office.store) as reading:
        assert serve_together(desk, second) == [None] * count
    is_left = ["pending"] * (COUNT - 2 * count)
    assert states(office) == ["posted"] * count + ["leased"] * count + is_left

    # SQLite, which is in this process, takes each receipt and each lease by itself.
    is_sqlite = office.store._database.path is not None
    assert reading.statements == (1 + 2 * count if is_sqlite else 3)


@pytest.mark.parametrize("place", ["postgres"], indirect=True)
def test_an_exchange_reads_none_of_the_other_rows(office: Office) -> None:
    """A server that is not told how many rows an update is for reads the whole table."""
    others = ((purchase(1), ("more", str(number))) for number in range(500))
    with LedgerHQ(base_url="http://127.0.0.1:9", access_token="mcp_at_x", **OPTIONS) as hq:
        office.outbox.add_all(hq.organization("org_2"), others)
    desk = desk_of(office)
    visits = [Visit() for _ in range(2)]
    assert serve_together(desk, visits) == [None] * 2
    claims = [visit.following for visit in visits if visit.following]
    with measured(office.store) as reading:
        assert serve_together(desk, [Visit(end=end) for end in ends(claims)]) == [None] * 2
    assert 0 < reading.visits <= 50


@pytest.mark.parametrize("hindrance", ["a pause of the company", "a pause of the firm", "a move"])
def test_the_lane_of_the_last_postings_is_asked_whether_it_may_go_on(
    office: Office, hindrance: str
) -> None:
    """Another process may have written it down since."""
    desk = desk_of(office)
    first = Visit()
    desk.serve(first)
    assert first.following
    owner = office.choice.terms.owner

    def hinder(db: Connection) -> None:
        if hindrance == "a move":
            values = {"old_origin": owner.origin, "new_origin": "http://new", "moved_at": 0.0}
            db.execute(insert(moved_hosts).values(values))
        else:
            hold = Hold(seconds=60, reason="busy", whole_connection="firm" in hindrance)
            write_pause(db, owner, ORG, hold)

    office.store._database.write("test", hinder)
    second = Visit(end=ends([first.following])[0])
    desk.serve(second)
    assert second.is_written
    assert second.following is None
    assert states(office) == ["posted"] + ["pending"] * (COUNT - 1)


def test_others_that_were_due_before_wait_for_no_more_than_a_run_of_one_lane(
    office: Office,
) -> None:
    """A lane that always has something due does not keep a worker from the other lanes."""
    for number in range(60):
        office.outbox.add(ORG, purchase(100 + number), source=("more", str(number)))
    desk = desk_of(office)
    visit = Visit()
    desk.serve(visit)
    office.outbox.add("org_2", purchase(7), source=("other", "1"))

    def make_first(db: Connection) -> None:
        db.execute(update(postings).where(_P.organization_id == "org_2").values(due_at=1.0))

    office.store._database.write("test", make_first)
    companies: list[str] = []
    for _ in range(55):
        assert visit.following
        companies.append(visit.following.organization_id)
        visit = Visit(end=ends([visit.following])[0])
        desk.serve(visit)
    assert companies.index("org_2") == 50


def test_ends_and_claims_of_a_batch(office: Office) -> None:
    """What is posted is final, and who has had enough gets nothing."""
    visits = [Visit(end=end, takes_next=False) for end in ends(office.claims(4))]
    visits[0].takes_next = True
    assert serve_together(desk_of(office), visits) == [None] * 4
    assert all(visit.is_written for visit in visits)
    assert states(office) == ["posted"] * 4 + ["leased"]
    assert [visit.following is not None for visit in visits] == [True, False, False, False]


def test_a_lease_that_is_lost_costs_the_others_nothing(office: Office) -> None:
    batch = ends(office.claims())
    batch[1] = evolve(batch[1], claim=evolve(batch[1].claim, lease="another"))
    batch[2] = evolve(batch[2], verdict=Verdict(state="rejected", unknown=False))
    batch[3] = End(
        claim=evolve(batch[3].claim, lease="another"),
        verdict=Verdict(state="pending", unknown=True, pause=600),
    )
    are_written, _ = office.rows.finish_and_claim(batch, office.choice, 0)
    # A receipt is never lost: it settles its row also where the lease was.
    assert are_written == [True, True, True, False, True]
    assert states(office) == ["posted", "posted", "rejected", "leased", "posted"]


@pytest.mark.parametrize("is_settled_before", [True, False])
def test_one_entry_for_two_postings_of_a_batch(office: Office, is_settled_before: bool) -> None:
    """Each keeps its receipt; the entry settles the first one, and the second has an alarm."""
    claims = office.claims()
    if is_settled_before:
        assert office.rows.finish(claims.pop(0), receipt("je_twice"))
    batch = ends(claims)
    batch[1] = evolve(batch[1], verdict=receipt("je_twice"))
    if not is_settled_before:
        batch[0] = evolve(batch[0], verdict=receipt("je_twice"))

    visits = [Visit(end=end, takes_next=False) for end in batch]
    assert serve_together(desk_of(office), visits) == [None] * len(batch)
    assert all(visit.is_written for visit in visits)
    assert states(office) == ["posted"] * COUNT
    alarms = [posting.id for posting in office.outbox.postings() if posting.alarm]
    assert alarms == [batch[1].claim.id]
    assert "je_twice" in str(office.posting(batch[1].claim).alarm)


def test_who_has_to_be_served_alone_gets_its_next_posting_when_it_comes_again(
    office: Office,
) -> None:
    claims = office.claims(2)
    assert office.rows.finish(claims[0], receipt("je_twice"))
    desk = desk_of(office)
    visit = Visit(end=End(claim=claims[1], verdict=receipt("je_twice")))
    desk.serve(visit)
    assert visit.is_written
    assert visit.following is None
    assert office.posting(claims[1]).alarm

    again = Visit()
    desk.serve(again)
    assert again.following
    assert states(office) == ["posted"] * 2 + ["leased"] + ["pending"] * 2


def test_what_the_database_refuses_of_one_costs_the_others_nothing(office: Office) -> None:
    batch = ends(office.claims())
    too_odd: Any = object()
    batch[2] = evolve(batch[2], verdict=evolve(batch[2].verdict, receipt=too_odd))
    visits = [Visit(end=end, takes_next=False) for end in batch]

    errors = serve_together(desk_of(office), visits)
    assert [error is not None for error in errors] == [False, False, True, False, False]
    assert states(office) == ["posted", "posted", "leased", "posted", "posted"]
    assert getattr(errors[2], "outcome", "unknown") == "unknown"


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
@pytest.mark.parametrize("state", ["leased", "posted"])
def test_what_the_driver_raises_is_an_error_of_the_store(office: Office, state: str) -> None:
    """Also where a statement does not go through SQLAlchemy."""
    desk = desk_of(office)
    first = Visit()
    desk.serve(first)
    assert first.following
    trigger = (
        f"CREATE TRIGGER refuse BEFORE UPDATE ON {postings.name} WHEN NEW.state = '{state}' "
        "BEGIN SELECT RAISE(ABORT, 'refused by a trigger'); END"
    )
    office.store._database.write("test", lambda db: db.exec_driver_sql(trigger))
    visit = Visit(end=ends([first.following])[0])
    if state == "leased":
        # Its receipt is written down by itself. For its next posting it comes again.
        desk.serve(visit)
        assert visit.is_written
        visit = Visit()
    with pytest.raises(StoreError, match="refused by a trigger"):
        desk.serve(visit)


def test_an_outage_is_told_to_each_with_what_is_known_of_its_posting(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []

    def fail(batch: list[End], *_: Any) -> Any:
        calls.append(len(batch))
        problem = StoreError("The store failed: gone.")
        problem._is_outage = True
        raise problem

    claims = office.claims(2)
    not_sent = Verdict(state="pending", unknown=False, failure=None)
    visits = [
        Visit(end=End(claim=claims[0], verdict=receipt("je_1"))),
        Visit(end=End(claim=claims[1], verdict=not_sent)),
        Visit(),
    ]
    monkeypatch.setattr(office.rows, "finish_and_claim", fail)
    errors = serve_together(desk_of(office), visits)
    assert calls == [2], "nobody waits for the same database twice"
    assert [type(error) for error in errors] == [StoreError] * 3
    assert len({id(error) for error in errors}) == 3
    outcomes = [error.outcome for error in errors if isinstance(error, StoreError)]
    assert outcomes == ["unknown", "unknown", "not_sent"]


def test_an_interruption_is_that_of_one_worker(office: Office) -> None:
    moments: list[str] = []

    def interrupt_the_first(name: str) -> None:
        moments.append(name)
        if len(moments) == 1:
            raise Interruption

    visits = [Visit(end=end) for end in ends(office.claims(4))]
    faultpoints.hook = interrupt_the_first
    try:
        errors = serve_together(desk_of(office), visits)
    finally:
        faultpoints.hook = None
    # The others come again, and take its end along; it gets nothing to send.
    assert sum(isinstance(error, Interruption) for error in errors) == 1
    assert sum(error is None for error in errors) == 3
    assert states(office) == ["posted"] * 4 + ["leased"]
    [visit] = [visit for visit in visits if visit.following]
    assert errors[visits.index(visit)] is None


@pytest.mark.parametrize("is_late_first", [True, False])
def test_a_late_receipt_that_comes_in_together_with_the_next_ones_is_loud(
    office: Office, *, is_late_first: bool
) -> None:
    """Its worker has lost the lease, and its entry is not the one of the row: both must be seen."""
    (late,) = office.claims(1)
    time_passes(office.store, 3600)
    again = office.rows.claim_one(late.id, office.choice.terms)
    (other,) = office.claims(1)
    assert again
    assert again.lease != late.lease

    theirs = End(claim=late, verdict=receipt("je_late"))
    its_ends = [theirs, *ends([again, other])]
    if not is_late_first:
        its_ends.reverse()
    visits = [Visit(end=end, takes_next=False) for end in its_ends]
    assert serve_together(desk_of(office), visits) == [None] * 3

    assert [visit.is_written for visit in visits] == [end is not theirs for end in its_ends]
    posting = office.posting(again)
    assert posting.receipt
    assert posting.receipt.journal_entry_id == f"je_{again.id}"
    assert posting.alarm
    assert "je_late" in posting.alarm
