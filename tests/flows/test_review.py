"""Bank review under faults: verbs that toggle, or refuse the second time, are carried out once and
told truly.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from attrs import frozen

from ledgerhq_ext import AccountAllocation, ConflictError, DocumentAllocation, Event, LedgerHQError
from tests.support.clocks import FakeClock
from tests.support.companies import World
from tests.support.surfaces import Hook, resolve
from tests.support.waiting import Gate

pytestmark = pytest.mark.anyio
FREE = {"status": "unreconciled", "journalEntryId": None}


@frozen
class Verb:
    """A verb, a row for it, how it is called, and whether what it did can be read back afterwards."""

    name: str
    row: Callable[[World], str]
    call: Callable[[World, Any, str], Any]
    before: str = "unreconciled"
    after: str = "reconciled"
    path: str = ""
    readable: bool = True

    @property
    def route(self) -> str:
        return f"POST */bank-transactions/{{id}}/{self.path or self.name}"


def free_row(description: str) -> Callable[[World], str]:
    return lambda world: str(world.row(description=description, **FREE)["id"])


def booked_row(world: World) -> str:
    return str(
        next(row["id"] for row in world.rows(status="unreconciled") if row["journalEntryId"])
    )


def bills(world: World) -> list[DocumentAllocation]:
    found = [world.bill(number) for number in ("BILL-1006", "BILL-1007")]
    return [
        DocumentAllocation(document_type="bill", document_id=bill["id"], amount=bill["total"])
        for bill in found
    ]


def accounts(world: World) -> list[AccountAllocation]:
    shares = {"6100": 20_000, "6900": 3_940}
    return [
        AccountAllocation(account_id=world.account(code), amount=amount)
        for code, amount in shares.items()
    ]


VERBS = [
    Verb("exclude", free_row("WHOLESALE CLUB"), lambda w, b, row: b.exclude(row), after="excluded"),
    Verb(
        "include",
        lambda w: str(w.row(status="excluded")["id"]),
        lambda w, b, row: b.include(row),
        before="excluded",
        after="unreconciled",
        path="exclude",
    ),
    Verb("reconcile", booked_row, lambda w, b, row: b.reconcile(row)),
    Verb(
        "match",
        free_row("WIRE IN OWNER"),
        lambda w, b, row: b.match(row, journal_entry=w.entry("Owner contribution")),
    ),
    Verb(
        "match a bill",
        free_row("ACH METRO PARTS"),
        lambda w, b, row: b.match(row, bill=w.bill("BILL-1003")["id"]),
        path="match",
        readable=False,
    ),
    Verb(
        "split",
        free_row("WHOLESALE CLUB"),
        lambda w, b, row: b.split(row, accounts(w)),
        path="split-account",
    ),
    Verb(
        "split over bills",
        free_row("BATCH PAYMENT SUPPLIERS"),
        lambda w, b, row: b.split(row, bills(w)),
        path="split",
        readable=False,
    ),
]
each_verb = pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
each_readable_verb = pytest.mark.parametrize(
    "verb", [v for v in VERBS if v.readable], ids=lambda verb: verb.name
)

COMMITTED: dict[str, tuple[Any, dict[str, Any]]] = {
    "lost": ("lose_response", {}),
    "cut": ("cut_body", {}),
    "503 after": ("status_after_commit", {}),
    "500 after": ("status_after_commit", {"status": 500}),
    "stalled": ("stall", {"seconds": 1, "when": "after"}),
}
NOT_DONE: dict[str, tuple[Any, dict[str, Any]]] = {"503": ("status", {}), "closed": ("close", {})}


@each_verb
async def test_carried_out_once_however_often_it_is_asked_for(
    books: Any, maple: World, verb: Verb
) -> None:
    row_id = verb.row(maple)
    await resolve(verb.call(maple, books, row_id))
    after = maple.row(id=row_id)
    assert after["status"] == verb.after
    if verb.readable:
        await resolve(verb.call(maple, books, row_id))
    else:
        with pytest.raises(ConflictError) as caught:
            await resolve(verb.call(maple, books, row_id))
        assert caught.value.outcome == "not_sent"
    assert maple.row(id=row_id) == after
    assert maple.posts() == 1


@each_verb
@pytest.mark.parametrize("fault", COMMITTED)
async def test_an_answer_that_is_lost_after_the_commit(
    books: Any, maple: World, stall_gate: Gate, verb: Verb, fault: str
) -> None:
    """The state is read again: what can be read back counts as done, the rest is ``unknown``;
    nothing is resent.
    """
    row_id, (kind, options) = verb.row(maple), COMMITTED[fault]
    maple.box.fault(verb.route, kind, **options)
    patient = books.with_options(timeout=1)
    if verb.readable:
        result = await resolve(verb.call(maple, patient, row_id))
        assert getattr(result, "status", verb.after) == verb.after
    else:
        with pytest.raises(LedgerHQError) as caught:
            await resolve(verb.call(maple, patient, row_id))
        assert caught.value.outcome == "unknown"
    assert maple.row(id=row_id)["status"] == verb.after
    assert maple.posts() == 1


@each_verb
@pytest.mark.parametrize("fault", NOT_DONE)
async def test_an_answer_that_says_nothing_is_unknown_after_five_seconds(
    books: Any, maple: World, clock: FakeClock, verb: Verb, fault: str
) -> None:
    """One POST, then only reads: a request that hangs somewhere could still undo a second one."""
    row_id, (kind, options), started = verb.row(maple), NOT_DONE[fault], clock.elapsed
    maple.box.fault(verb.route, kind, **options)
    with pytest.raises(LedgerHQError) as caught:
        await resolve(verb.call(maple, books.with_options(deadline=20), row_id))
    assert caught.value.outcome == "unknown"
    assert 4.9 <= clock.elapsed - started <= 5.1
    assert maple.posts() == 1
    assert maple.row(id=row_id)["status"] == verb.before
    await resolve(verb.call(maple, books, row_id))
    assert maple.row(id=row_id)["status"] == verb.after


@each_readable_verb
async def test_a_request_that_hangs_is_waited_for(
    books: Any, maple: World, hooks: list[Hook], verb: Verb
) -> None:
    """It fails here and is carried out over there a little later."""
    row_id, events = verb.row(maple), iter(range(100))
    maple.box.fault(verb.route, "status")

    def late(event: Event) -> None:
        if event.kind == "response" and next(events) == 3:
            carry_out(maple, verb, row_id)

    hooks.append(late)
    await resolve(verb.call(maple, books, row_id))
    assert maple.row(id=row_id)["status"] == verb.after
    assert maple.posts() == 2


def carry_out(world: World, verb: Verb, row_id: str) -> None:
    """What the hanging request does when it gets there."""
    bodies: dict[str, Any] = {
        "reconcile": {"journalEntryId": world.row(id=row_id)["journalEntryId"]},
        "match": {
            "matchType": "existing_journal",
            "journalEntryId": world.entry("Owner contribution"),
        },
        "split": {
            "allocations": [
                {"accountId": share.account_id, "amount": share.amount} for share in accounts(world)
            ]
        },
    }
    path = f"/bank-transactions/{row_id}/{verb.path or verb.name}"
    world.somebody("POST", path, bodies.get(verb.name))


@each_verb
async def test_too_many_requests_were_not_carried_out(books: Any, maple: World, verb: Verb) -> None:
    row_id = verb.row(maple)
    maple.box.fault(verb.route, "status", status=429, retry_after=1)
    await resolve(verb.call(maple, books, row_id))
    assert maple.row(id=row_id)["status"] == verb.after
    assert maple.posts() == 2


@each_verb
async def test_reads_around_a_verb_are_repeated(books: Any, maple: World, verb: Verb) -> None:
    row_id = verb.row(maple)
    maple.box.fault("GET */bank-transactions/{id}", "lose_response", times=2)
    await resolve(verb.call(maple, books, row_id))
    assert maple.row(id=row_id)["status"] == verb.after
