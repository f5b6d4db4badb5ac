"""The outbox from outside, on both databases, blocking and awaiting."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest

from ledgerhq_ext import (
    IdempotencyConflictError,
    InputError,
    LedgerHQ,
    LedgerHQError,
    PeriodLockedError,
    RetryPolicy,
    TransportError,
    idempotency_key,
)
from ledgerhq_ext._idempotency import fingerprint
from ledgerhq_ext._resources.posting import content_of
from ledgerhq_ext.store import OutboxSettings, Progress, Store
from ledgerhq_ext.store._claims import Choice
from tests.support.clients import core
from tests.support.companies import World
from tests.support.outbox import SOURCE, after, same, the_only, time_passes
from tests.support.surfaces import Surface, resolve

pytestmark = pytest.mark.anyio


async def add_many(outbox: Any, world: World, count: int, **more: Any) -> None:
    for number in range(count):
        await resolve(
            outbox.add(
                world.org, world.purchase(100 + number), source=("till", str(number)), **more
            )
        )


async def test_add_writes_the_intent_down_and_sends_nothing(outbox: Any, maple: World) -> None:
    row = await resolve(outbox.add(maple.org, maple.purchase(), source=SOURCE))
    assert (row.state, row.attempts, row.unknown, row.source) == ("pending", 0, False, SOURCE)
    assert row.key == idempotency_key(maple.org, "purchase", *SOURCE)
    assert row.digest == fingerprint(content_of(maple.purchase()))
    assert maple.sent() == 0


@pytest.mark.parametrize("id", [0, -1, 2, 2**63, 10**30])
async def test_a_number_that_no_posting_has_is_named(outbox: Any, maple: World, id: int) -> None:
    await resolve(outbox.add(maple.org, maple.purchase(), source=SOURCE))
    with pytest.raises(InputError, match=f"There is no posting {id} in the store"):
        await resolve(outbox.posting(id))


async def test_the_same_again_is_a_no_op(outbox: Any, maple: World) -> None:
    first = await resolve(outbox.add(maple.org, maple.purchase(), source=SOURCE))
    assert await resolve(outbox.add(maple.org, maple.purchase(), source=SOURCE)) == first
    assert (await resolve(outbox.status())).total == 1


async def test_another_payload_names_what_differs(outbox: Any, maple: World) -> None:
    await resolve(outbox.add(maple.org, maple.purchase(1), source=SOURCE))
    with pytest.raises(
        InputError, match=r"payload: lines\[0\]\.amount was 1, not 2\. Nothing was changed"
    ):
        await resolve(outbox.add(maple.org, maple.purchase(2), source=SOURCE))


async def test_a_source_transaction_is_found_as_it_would_be_added(
    outbox: Any, maple: World
) -> None:
    assert await resolve(outbox.find(maple.org, maple.purchase(1), source=SOURCE)) is None
    assert (await resolve(outbox.status())).total == 0
    row = await resolve(outbox.add(maple.org, maple.purchase(1), source=SOURCE))
    assert await resolve(outbox.find(maple.org, maple.purchase(1), source=SOURCE)) == row
    with pytest.raises(InputError, match=r"lines\[0\]\.amount was 1, not 2"):
        await resolve(outbox.find(maple.org, maple.purchase(2), source=SOURCE))
    with pytest.raises(InputError, match="in_order"):
        await resolve(outbox.find(maple.org, maple.purchase(1), source=SOURCE, in_order=True))


async def test_drain_posts_each_kind_once_with_the_stored_bytes(
    outbox: Any, hq: Any, maple: World
) -> None:
    requests = maple.of_each_kind()
    for number, request in enumerate(requests):
        await resolve(outbox.add(maple.org, request, source=("till", str(number))))
    drained = await resolve(outbox.drain(hq))
    assert (drained.why, drained.posted, drained.left) == ("settled", 5, 0)
    posted = {posting["idempotencyKey"]: posting for posting in maple.postings()}
    rows = await resolve(outbox.receipts())
    assert len(rows) == len(posted) == 5
    for row, request in zip(rows, requests, strict=True):
        assert same(row.receipt, posted[row.key])
        assert posted[row.key]["request"] == json.loads(content_of(request))


async def test_workers_share_the_work(outbox: Any, hq: Any, maple: World) -> None:
    await add_many(outbox, maple, 30)
    told: list[Progress] = []
    drained = await resolve(outbox.drain(hq, workers=4, on_progress=told.append))
    assert drained.posted == len(maple.postings()) == 30
    assert [progress.posted for progress in told] == list(range(1, 31))


def test_whoever_looks_on_does_not_slow_a_drain_down(store: Store, maple: World) -> None:
    """The next posting is claimed at once, and slept is only while nothing is due."""
    naps: list[float] = []
    books = maple.org
    pairs = [(maple.purchase(), ("till", str(number))) for number in range(10)]
    outbox = store.outbox()
    outbox.add_all(books, pairs)
    token = maple.box.access_token()
    with LedgerHQ(base_url=maple.box.url, access_token=token, sleep=naps.append) as hq:
        drained = outbox.drain(hq, on_progress=lambda _: None)
    assert (drained.why, drained.posted, naps) == ("settled", 10, [])


def test_a_worker_that_fails_is_heard_of_where_no_more_threads_start(
    store: Store, maple: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox = store.outbox()
    outbox.add(maple.org, maple.purchase(), source=SOURCE)
    start = threading.Thread.start
    started: list[threading.Thread] = []

    def start_one(thread: threading.Thread) -> None:
        if thread.name.startswith("ledgerhq_"):
            started.append(thread)
            if len(started) > 1:
                raise RuntimeError("can't start new thread")
        start(thread)

    def fail(_: Progress) -> None:
        raise KeyError(threading.current_thread().name)

    def is_here() -> bool:
        """Let the worker of this thread end at once: the one that did start has it all."""
        return threading.current_thread() is here

    here = threading.current_thread()
    token = maple.box.access_token()
    hq = LedgerHQ(base_url=maple.box.url, access_token=token)
    monkeypatch.setattr(threading.Thread, "start", start_one)
    with hq, pytest.raises(KeyError, match="ledgerhq_0"):
        outbox.drain(hq, workers=3, on_progress=fail, stop=is_here)
    assert len(started) == 2


async def test_a_posted_source_gives_the_stored_receipt_without_a_request(
    outbox: Any, hq: Any, maple: World
) -> None:
    books = hq.organization(maple.org)
    first = await resolve(outbox.post(books, maple.purchase(), source=SOURCE))
    sent = maple.sent()
    again = await resolve(outbox.post(books, maple.purchase(), source=SOURCE))
    assert (again.journal_entry_id, again.replayed, first.replayed) == (
        first.journal_entry_id,
        True,
        False,
    )
    assert maple.sent() == sent == 1


async def test_a_lost_answer_is_asked_for_again(outbox: Any, hq: Any, maple: World) -> None:
    maple.box.fault("POST /api/v1/purchases", "lose_response", times=2)
    await add_many(outbox, maple, 1)
    drained = await resolve(outbox.drain(hq))
    row = the_only(await resolve(outbox.receipts()))
    assert (drained.posted, drained.put_back, row.attempts, row.unknown) == (1, 2, 3, False)
    assert row.receipt is not None
    assert row.receipt.replayed
    assert same(row.receipt, maple.postings()[0])
    assert len(maple.postings()) == 1


async def test_unknown_stays_unknown_when_the_period_is_locked_after_it(
    outbox: Any, hq: Any, maple: World
) -> None:
    """The first attempt's answer is lost before any work, the second is refused: neither settles
    it.
    """
    maple.box.fault("POST /api/v1/purchases", "close", times=1)
    maple.box.lock_period(maple.org, "2026-12-31")
    await add_many(outbox, maple, 1)
    drained = await resolve(outbox.drain(hq, wait=1))
    row = the_only(await resolve(outbox.postings()))
    assert drained.why == "waiting"
    assert (row.state, row.unknown) == ("pending", True)
    assert row.failure is not None
    assert row.failure.code == "PERIOD_LOCKED"
    maple.box.unlock_period(maple.org)
    assert (await resolve(outbox.drain(hq))).posted == 1


async def test_a_rejected_posting_keeps_code_and_message_and_can_be_retried(
    outbox: Any, hq: Any, maple: World
) -> None:
    maple.box.lock_period(maple.org, "2026-12-31")
    await add_many(outbox, maple, 2)
    assert (await resolve(outbox.drain(hq))).rejected == 2
    row = (await resolve(outbox.postings("rejected")))[0]
    assert (row.failure.status, row.failure.code, row.unknown) == (422, "PERIOD_LOCKED", False)
    assert "locked" in row.failure.message.lower()
    maple.box.unlock_period(maple.org)
    assert await resolve(outbox.retry_rejected(code="SOMETHING_ELSE")) == 0
    assert await resolve(outbox.retry_rejected(organization=maple.org, code="PERIOD_LOCKED")) == 2
    assert (await resolve(outbox.drain(hq))).posted == 2


async def test_something_else_under_the_key_is_a_conflict_for_ever(
    outbox: Any, hq: Any, maple: World
) -> None:
    books = hq.organization(maple.org)
    await resolve(books.post(maple.purchase(1), source=SOURCE))
    await resolve(outbox.add(maple.org, maple.purchase(2), source=SOURCE))
    assert (await resolve(outbox.drain(hq))).conflict == 1
    sent = maple.sent()
    assert (await resolve(outbox.drain(hq))).why == "settled"
    assert await resolve(outbox.retry_rejected()) == 0
    with pytest.raises(InputError, match="conflict"):
        await resolve(outbox.post(books, maple.purchase(2), source=SOURCE))
    assert maple.sent() == sent


async def test_post_raises_the_services_error_and_the_row_keeps_it(
    outbox: Any, hq: Any, maple: World
) -> None:
    books = hq.organization(maple.org)
    maple.box.lock_period(maple.org, "2026-12-31")
    with pytest.raises(PeriodLockedError) as caught:
        await resolve(outbox.post(books, maple.purchase(), source=SOURCE))
    assert caught.value.outcome == "rejected"
    assert the_only(await resolve(outbox.postings())).state == "rejected"
    maple.box.unlock_period(maple.org)
    assert (await resolve(outbox.post(books, maple.purchase(), source=SOURCE))).status == "posted"


async def test_post_after_an_unknown_outcome_says_unknown_although_refused(
    outbox: Any, hq: Any, maple: World
) -> None:
    books = hq.organization(maple.org).with_options(retries=RetryPolicy(attempts=1))
    maple.box.fault("POST /api/v1/purchases", "close", times=1)
    with pytest.raises(TransportError):
        await resolve(outbox.post(books, maple.purchase(), source=SOURCE))
    maple.box.lock_period(maple.org, "2026-12-31")
    with pytest.raises(PeriodLockedError) as caught:
        await resolve(outbox.post(books, maple.purchase(), source=SOURCE))
    assert caught.value.outcome == "unknown"


async def test_post_with_a_conflict(outbox: Any, hq: Any, maple: World) -> None:
    books = hq.organization(maple.org)
    await resolve(books.post(maple.purchase(1), source=SOURCE))
    with pytest.raises(IdempotencyConflictError):
        await resolve(outbox.post(books, maple.purchase(2), source=SOURCE))
    assert the_only(await resolve(outbox.postings())).state == "conflict"


async def test_in_order_waits_for_what_comes_before(
    outbox: Any, hq: Any, maple: World, harbor: World
) -> None:
    """The first one fails twice; those behind it wait, those of another company do not."""
    await add_many(outbox, maple, 4, in_order=True)
    await add_many(outbox, harbor, 2, in_order=True)
    maple.box.fault("POST /api/v1/purchases", "status", status=503, times=2)
    assert (await resolve(outbox.drain(hq, workers=4))).posted == 6
    amounts = [posting["request"]["lines"][0]["amount"] for posting in maple.postings()]
    assert amounts == [100, 101, 102, 103]


async def test_an_organization_that_is_closed_does_not_hold_up_the_others(
    outbox: Any, hq: Any, maple: World, harbor: World
) -> None:
    for route in ("POST /api/v1/purchases", "GET /api/v1/bank-accounts"):
        maple.box.fault(route, "status", status=403, times=1)
    await add_many(outbox, maple, 3)
    await add_many(outbox, harbor, 3)
    drained = await resolve(outbox.drain(hq))
    assert (drained.why, drained.posted, drained.left, list(drained.paused)) == (
        "paused",
        3,
        3,
        [maple.org],
    )
    assert len(harbor.postings()) == 3
    assert {row.state for row in await resolve(outbox.postings(organization=maple.org))} == {
        "pending"
    }
    assert (await resolve(outbox.drain(hq))).posted == 0
    assert await resolve(outbox.resume(maple.org)) == 1
    assert (await resolve(outbox.drain(hq))).posted == 3


async def test_a_token_that_is_gone_rejects_nothing(
    outbox: Any, surface: Surface, maple: World, hq: Any
) -> None:
    lost = type(hq)(base_url=maple.box.url, access_token="mcp_at_gone")
    await add_many(outbox, maple, 2)
    drained = await resolve(outbox.drain(lost))
    await resolve(lost.close())
    assert (drained.why, drained.left, drained.rejected, maple.posts()) == ("paused", 2, 0, 1)
    assert (await resolve(outbox.status())).unknown == 0
    [pause] = await resolve(outbox.pauses())
    assert (pause.connection, pause.organization_id, pause.origin) == (
        "default",
        None,
        maple.box.url,
    )
    assert await resolve(outbox.resume()) == 1
    assert (await resolve(outbox.drain(hq))).posted == 2


async def test_only_some_organizations(outbox: Any, hq: Any, maple: World, harbor: World) -> None:
    await add_many(outbox, maple, 1)
    await add_many(outbox, harbor, 1)
    drained = await resolve(outbox.drain(hq, organizations=[hq.organization(harbor.org)]))
    assert (drained.why, drained.posted, len(maple.postings())) == ("settled", 1, 0)


async def test_what_became_of_a_source(outbox: Any, maple: World, harbor: World) -> None:
    """One posting for each company and kind that it was added for."""
    await add_many(outbox, maple, 3)
    first = await resolve(outbox.add(maple.org, maple.purchase(), source=SOURCE))
    second = await resolve(outbox.add(harbor.org, harbor.purchase(), source=SOURCE))
    assert await resolve(outbox.postings(source=SOURCE)) == (first, second)
    assert await resolve(outbox.postings(organization=harbor.org, source=SOURCE)) == (second,)
    assert await resolve(outbox.postings("posted", source=SOURCE)) == ()
    assert await resolve(outbox.postings(source=(SOURCE[0], "no-such"))) == ()
    for source, message in (
        (SOURCE[1], "Give source="),
        ((SOURCE[0], 1), "source id must be a non-empty string, not 1"),
        ((SOURCE[0], "1 "), "source id contains SPACE"),
    ):
        with pytest.raises(InputError, match=message):
            await resolve(outbox.postings(source=source))


async def test_retry_after_slows_its_organization(
    outbox: Any, hq: Any, store: Store, maple: World, harbor: World
) -> None:
    maple.box.fault("POST /api/v1/purchases", "status", status=429, retry_after=600, times=1)
    await add_many(outbox, maple, 3)
    await add_many(outbox, harbor, 5)
    drained = await resolve(outbox.drain(hq, workers=1, wait=10))
    assert (drained.why, drained.posted, drained.left) == ("paused", 5, 3)
    assert list(drained.paused) == [maple.org]
    assert drained.next_due_at is not None
    assert (await resolve(outbox.status())).paused_until is not None
    time_passes(store, 601)
    assert await resolve(outbox.pauses()) == ()
    assert (await resolve(outbox.drain(hq))).posted == 3


async def test_a_refused_connection_leaves_nothing_unknown(
    outbox: Any, hq: Any, maple: World
) -> None:
    down = type(hq)(base_url="http://127.0.0.1:9", access_token="mcp_at_x")
    await add_many(outbox, maple, 1)
    drained = await resolve(outbox.drain(down, **after(1)))
    await resolve(down.close())
    row = the_only(await resolve(outbox.postings()))
    assert drained.posted == 0
    assert (row.state, row.unknown, row.first_sent_at) == ("pending", False, None)
    assert row.failure is not None
    assert row.failure.outcome == "not_sent"


async def test_drain_can_be_stopped(outbox: Any, hq: Any, maple: World) -> None:
    await add_many(outbox, maple, 5)
    drained = await resolve(outbox.drain(hq, **after(2)))
    assert (drained.why, drained.posted, drained.left) == ("stopped", 2, 3)


async def test_drain_ends_in_time(outbox: Any, hq: Any, maple: World) -> None:
    await add_many(outbox, maple, 1)
    drained = await resolve(outbox.drain(hq, seconds=0))
    assert (drained.why, drained.left, maple.sent()) == ("time", 1, 0)


@pytest.mark.parametrize("name", ["wait", "seconds"])
@pytest.mark.parametrize("value", ["60", -1, float("nan"), True])
async def test_no_drain_begins_with_what_is_no_time(
    outbox: Any, hq: Any, maple: World, name: str, value: Any
) -> None:
    await add_many(outbox, maple, 1)
    with pytest.raises(InputError, match=f"{name} must be a number of 0 or more"):
        await resolve(outbox.drain(hq, **{name: value}))
    assert maple.sent() == 0


async def test_nothing_is_sent_past_the_life_of_a_key(
    outbox: Any, hq: Any, store: Store, maple: World
) -> None:
    maple.box.fault("POST /api/v1/purchases", "lose_response", times=1)
    await add_many(outbox, maple, 1)
    await resolve(outbox.drain(hq, **after(1)))
    time_passes(store, 20 * 3600)
    drained = await resolve(outbox.drain(hq))
    row = the_only(await resolve(outbox.postings()))
    assert (drained.why, drained.needs_attention, drained.posted) == ("settled", 1, 0)
    assert (row.state, row.unknown, maple.sent()) == ("needs_attention", True, 1)


async def test_what_never_left_has_no_expiry(
    outbox: Any, hq: Any, store: Store, maple: World
) -> None:
    await add_many(outbox, maple, 1)
    time_passes(store, 365 * 24 * 3600)
    assert (await resolve(outbox.drain(hq))).posted == 1


async def _in_doubt(outbox: Any, hq: Any, store: Store, world: World, request: Any) -> Any:
    world.box.fault("POST /api/v1/*", "lose_response", times=1)
    await resolve(outbox.add(world.org, request, source=SOURCE))
    await resolve(outbox.drain(hq, **after(1)))
    time_passes(store, 20 * 3600)
    await resolve(outbox.drain(hq))
    (doubt,) = await resolve(outbox.candidates(hq))
    return doubt


@pytest.mark.parametrize("kind", range(5))
async def test_reconcile_finds_the_entry(
    outbox: Any, hq: Any, store: Store, maple: World, kind: int
) -> None:
    request = maple.of_each_kind()[kind]
    await resolve(outbox.post(hq.organization(maple.org), request, source=("till", "its-twin")))
    doubt = await _in_doubt(outbox, hq, store, maple, request)
    mine = maple.postings()[-1]["journalEntryId"]
    assert mine in [entry.id for entry in doubt.candidates]
    twin = maple.postings()[0]["journalEntryId"]
    assert twin not in [entry.id for entry in doubt.candidates]


async def test_a_person_decides_that_it_stands(
    outbox: Any, hq: Any, store: Store, maple: World
) -> None:
    doubt = await _in_doubt(outbox, hq, store, maple, maple.purchase())
    (entry,) = doubt.candidates
    row = await resolve(outbox.resolve(doubt.posting, stands_as=entry))
    assert (row.state, row.unknown, row.receipt.journal_entry_id) == ("posted", False, entry.id)
    with pytest.raises(InputError, match="only a posting that needs attention"):
        await resolve(outbox.resolve(doubt.posting, stands_as=None))


async def test_a_person_decides_that_it_does_not_stand(
    outbox: Any, hq: Any, store: Store, maple: World
) -> None:
    doubt = await _in_doubt(outbox, hq, store, maple, maple.purchase())
    row = await resolve(outbox.resolve(doubt.posting, stands_as=None))
    assert (row.state, row.key) == ("pending", doubt.posting.key)
    assert (await resolve(outbox.drain(hq))).posted == 1
    assert len(maple.postings()) == 1


async def test_two_drains_at_once_post_each_once(
    outbox: Any, hq: Any, store: Store, maple: World
) -> None:
    await add_many(outbox, maple, 20)
    rows = core(outbox)
    rows._rows.claim(Choice(terms=rows._terms(core(hq)._session)))  # somebody else took one
    drained = await resolve(outbox.drain(hq, workers=2, wait=1))
    assert (drained.posted, drained.why, drained.left) == (19, "waiting", 1)
    time_passes(store, 16)
    assert (await resolve(outbox.drain(hq))).posted == 1
    assert len(maple.postings()) == 20


async def test_a_bad_request_is_refused_before_it_is_stored(outbox: Any, maple: World) -> None:
    with pytest.raises(InputError, match="source"):
        await resolve(outbox.add(maple.org, maple.purchase(), source="1001"))
    with pytest.raises(InputError, match="A posting must be one of"):
        await resolve(outbox.add(maple.org, "a purchase", source=SOURCE))
    with pytest.raises(LedgerHQError):
        await resolve(outbox.add("", maple.purchase(), source=SOURCE))
    assert (await resolve(outbox.status())).total == 0


async def test_too_short_a_key_lifetime_is_refused(store: Store, surface: Surface, hq: Any) -> None:
    settings = OutboxSettings(key_lifetime=60, lease_margin=60)
    outbox: Any = store.outbox(settings) if surface is LedgerHQ else store.async_outbox(settings)
    with pytest.raises(InputError, match="too long"):
        await resolve(outbox.drain(hq))
