"""The five postings: receipts, replays, and one entry for one source transaction whatever happens
on the way.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from ledgerhq_ext import (
    BillPayment,
    Deposit,
    DepositLine,
    IdempotencyConflictError,
    InputError,
    JournalEntry,
    JournalLine,
    NotFoundError,
    PeriodLockedError,
    Posting,
    RateLimitError,
    RetryPolicy,
    ServerError,
    Transfer,
    TransportError,
    idempotency_key,
)
from tests.support.clocks import FakeClock
from tests.support.companies import World
from tests.support.surfaces import Surface, resolve, together
from tests.support.waiting import Gate

pytestmark = pytest.mark.anyio
ROUTE = "POST */purchases"
DAY = dt.date(2026, 6, 9)
ONCE = RetryPolicy(attempts=1)

POSTINGS: dict[str, tuple[Callable[[World], Posting], list[int]]] = {
    "purchase": (lambda w: w.purchase(), [-4299]),
    "deposit": (
        lambda w: Deposit(
            txn_date=DAY, payer_name="Riverside Hotel", destination_account_id=w.account("1010"),
            lines=[DepositLine(account_id=w.account("4000"), amount=1000)],
        ),
        [1000],
    ),
    "transfer": (
        lambda w: Transfer(
            txn_date=DAY, from_account_id=w.account("1010"), to_account_id=w.account("1020"), amount=700
        ),
        [-700, 700],
    ),
    "bill_payment": (
        lambda w: BillPayment(
            txn_date=DAY, bill_id=w.bill("BILL-1008")["id"], source_account_id=w.account("1010"), amount=25_000
        ),
        [-25_000],
    ),
    "journal_entry": (
        lambda w: JournalEntry(
            txn_date=DAY, memo="Depreciation",
            lines=[JournalLine(account_id=w.account("6600"), debit_amount=500),
                   JournalLine(account_id=w.account("1590"), credit_amount=500)],
        ),
        [],
    ),
}  # fmt: skip


def entries_made(world: World) -> int:
    """Entries that postings made."""
    return len([entry for entry in world.box.entries(world.org) if entry["sourceId"] is not None])


@pytest.mark.parametrize("resource", POSTINGS)
async def test_a_posting_gives_its_receipt_and_the_same_one_again(
    books: Any, maple: World, resource: str
) -> None:
    make, amounts = POSTINGS[resource]
    before = entries_made(maple)
    receipt = await resolve(books.post(make(maple), source=("acme-pos", "1001")))
    assert (receipt.resource_type, receipt.status, receipt.replayed) == (resource, "posted", False)
    assert receipt.idempotency_key == idempotency_key(maple.org, resource, "acme-pos", "1001")
    rows = [maple.row(id=row_id) for row_id in receipt.bank_transaction_ids]
    assert sorted(row["amount"] for row in rows) == amounts
    again = await resolve(books.post(make(maple), source=("acme-pos", "1001")))
    assert again.replayed
    assert again.journal_entry_id == receipt.journal_entry_id
    assert entries_made(maple) == before + 1


@pytest.mark.parametrize(
    ("faults", "replayed"),
    [
        ([("lose_response", {})], True),
        ([("lose_response", {"times": 3})], True),
        ([("status", {"times": 2})], False),
        ([("status", {"status": 500})], False),
        ([("status_after_commit", {})], True),
        ([("status_after_commit", {"status": 504, "body": "<html>"})], True),
        ([("cut_body", {})], True),
        ([("close", {})], False),
        ([("status", {"status": 429, "retry_after": 3})], False),
        ([("lock_period", {"lose": True})], True),
        ([("stall", {"seconds": 1, "when": "after"})], True),
        ([("lose_response", {}), ("status", {}), ("cut_body", {})], True),
    ],
    ids=lambda value: "+".join(kind for kind, _ in value) if isinstance(value, list) else None,
)
async def test_one_entry_whatever_happens_on_the_way(
    books: Any,
    maple: World,
    stall_gate: Gate,
    faults: list[tuple[Any, dict[str, Any]]],
    replayed: bool,
) -> None:
    before = entries_made(maple)
    for kind, options in faults:
        maple.box.fault(ROUTE, kind, **options)
    receipt = await resolve(
        books.with_options(timeout=1).post(maple.purchase(), source=("acme-pos", "1"))
    )
    assert receipt.replayed is replayed
    [posting] = maple.box.postings(maple.org)
    assert posting["journalEntryId"] == receipt.journal_entry_id
    assert posting["bankTransactionIds"] == list(receipt.bank_transaction_ids)
    assert entries_made(maple) == before + 1
    keys = {record["idempotencyKey"] for record in maple.box.requests} - {None}
    assert keys == {receipt.idempotency_key}


async def test_a_wait_that_was_asked_for_is_waited(
    books: Any, maple: World, clock: FakeClock
) -> None:
    started = clock.elapsed
    maple.box.fault(ROUTE, "status", status=429, retry_after=7)
    await resolve(books.post(maple.purchase(), source=("acme-pos", "1")))
    assert 7 <= clock.elapsed - started < 8
    maple.box.fault(ROUTE, "status", status=429, retry_after=3600)
    with pytest.raises(RateLimitError) as caught:
        await resolve(books.post(maple.purchase(), source=("acme-pos", "2")))
    assert caught.value.outcome == "rejected"
    assert clock.elapsed - started < 60, "a wait that does not fit the deadline raises at once"


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("lose_response", TransportError),
        ("cut_body", TransportError),
        ("status_after_commit", ServerError),
    ],
)
async def test_unknown_is_told_and_settled_by_posting_again(
    books: Any, maple: World, kind: Any, error: type[Exception]
) -> None:
    maple.box.fault(ROUTE, kind)
    with pytest.raises(error) as caught:
        await resolve(
            books.with_options(retries=ONCE).post(maple.purchase(), source=("acme-pos", "1"))
        )
    assert getattr(caught.value, "outcome") == "unknown"  # noqa: B009 - of any of the three
    assert (await resolve(books.post(maple.purchase(), source=("acme-pos", "1")))).replayed


async def test_only_a_receipt_settles_an_unknown_outcome(books: Any, maple: World) -> None:
    """The period is locked after the commit, and the service refuses the repetition: still
    ``unknown``.
    """
    maple.box.fault(ROUTE, "lock_period", lose=True)
    locked = {
        "error": {
            "code": "PERIOD_LOCKED",
            "message": "Locked",
            "retryable": False,
            "requestId": "req_1",
        }
    }
    maple.box.fault(ROUTE, "status", status=422, body=locked)
    with pytest.raises(PeriodLockedError) as caught:
        await resolve(books.post(maple.purchase(), source=("acme-pos", "1")))
    assert caught.value.outcome == "unknown"
    assert (await resolve(books.post(maple.purchase(), source=("acme-pos", "1")))).replayed
    assert len(maple.box.postings(maple.org)) == 1


async def test_rejections_say_that_nothing_was_booked(books: Any, maple: World) -> None:
    with pytest.raises(NotFoundError) as missing:
        await resolve(
            books.post(maple.purchase(source_account_id="nowhere"), source=("acme-pos", "1"))
        )
    assert (missing.value.outcome, missing.value.code) == ("rejected", "NOT_FOUND")
    assert missing.value.request_id is not None
    maple.box.lock_period(maple.org, through="2026-06-30")
    with pytest.raises(PeriodLockedError) as locked:
        await resolve(books.post(maple.purchase(), source=("acme-pos", "1")))
    assert locked.value.outcome == "rejected"
    maple.box.unlock_period(maple.org)
    assert not (await resolve(books.post(maple.purchase(), source=("acme-pos", "1")))).replayed


async def test_another_payload_under_a_key_is_a_conflict_sent_once(
    books: Any, maple: World
) -> None:
    await resolve(books.post(maple.purchase(), source=("acme-pos", "1")))
    with pytest.raises(IdempotencyConflictError) as caught:
        await resolve(books.post(maple.purchase(4300), source=("acme-pos", "1")))
    assert caught.value.outcome == "rejected"
    assert maple.posts("/purchases") == 2
    assert len(maple.box.postings(maple.org)) == 1


async def test_one_source_transaction_at_the_same_time(
    books: Any, maple: World, surface: Surface
) -> None:
    before = entries_made(maple)
    found = await together(
        surface, [lambda: books.post(maple.purchase(), source=("acme-pos", "1"))] * 8
    )
    assert len({receipt.journal_entry_id for receipt in found}) == 1
    assert [receipt.replayed for receipt in found].count(False) == 1
    assert entries_made(maple) == before + 1


async def test_companies_do_not_share_keys(hq: Any, maple: World) -> None:
    harbor = World(maple.box, "harbor-bike-repair")
    one = await resolve(hq.organization(maple.org).post(maple.purchase(), source=("acme-pos", "1")))
    other = await resolve(
        hq.organization(harbor.org).post(harbor.purchase(), source=("acme-pos", "1"))
    )
    assert not other.replayed
    assert one.idempotency_key != other.idempotency_key


async def test_key_overrides_source(books: Any, maple: World) -> None:
    receipt = await resolve(books.post(maple.purchase(), key="ledgerhq-purchase-1001"))
    assert receipt.idempotency_key == "ledgerhq-purchase-1001"


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"source": "acme-pos"},
        {"source": ("acme-pos",)},
        {"source": ("a", "")},
        {"key": "two words"},
    ],
)
async def test_what_is_no_source_is_refused_here(
    books: Any, maple: World, arguments: dict[str, Any]
) -> None:
    with pytest.raises(InputError) as caught:
        await resolve(books.post(maple.purchase(), **arguments))
    assert caught.value.outcome == "not_sent"
    assert len(maple.box.requests) == 0
