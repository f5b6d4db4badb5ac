"""Adding many postings in one call: what is written down, where it stops, and what it needs."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledgerhq_ext import InputError, Purchase
from ledgerhq_ext._idempotency import key_of_source
from ledgerhq_ext.store import AddResult, Outbox, Store
from tests.cases.wire_support import purchase
from tests.support.surfaces import resolve

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

ORG = "org_1"
MANY = 600
"""More than two parts."""
Pair = tuple[Purchase, tuple[str, str]]


def pair(number: int, amount: int | None = None) -> Pair:
    return purchase(amount or number), ("till", str(number))


def pairs(last: int, first: int = 1) -> Iterator[Pair]:
    for number in range(first, last + 1):
        yield pair(number)


async def numbers(outbox: Any) -> list[int]:
    """Return the numbers of what is in the store, in the order of adding."""
    return [int(posting.source[1]) for posting in await resolve(outbox.postings())]


async def test_all_are_written_down_in_their_order_and_once(outbox: Any) -> None:
    single = await resolve(outbox.add(ORG, purchase(3), source=("till", "3")))
    assert await resolve(outbox.add_all(ORG, pairs(MANY))) == AddResult(new=MANY - 1, known=1)
    assert await numbers(outbox) == [3, 1, 2, *range(4, MANY + 1)]
    assert await resolve(outbox.add_all(ORG, pairs(MANY))) == AddResult(new=0, known=MANY)
    assert await resolve(outbox.add_all(ORG, [])) == AddResult(new=0, known=0)

    rows = await resolve(outbox.postings())
    assert rows[0] == single
    standing = {(row.state, row.unknown, row.in_order, row.attempts) for row in rows}
    assert standing == {("pending", False, False, 0)}
    # It is the same as adding each alone.
    last = await resolve(outbox.add(ORG, purchase(MANY), source=("till", str(MANY))))
    assert last == rows[-1]


async def test_it_stops_at_the_first_that_is_refused(outbox: Any) -> None:
    """What stands before it is written down; mended, the same call goes on."""
    await resolve(outbox.add(ORG, purchase(7777), source=("till", "400")))
    with pytest.raises(
        InputError,
        match=r"number 400 was not added: .*was 7777, not 400.* The 399 postings before it are",
    ):
        await resolve(outbox.add_all(ORG, pairs(MANY)))
    assert await numbers(outbox) == [400, *range(1, 400)]

    mended = [pair(400, 7777) if number == 400 else pair(number) for number in range(1, MANY + 1)]
    assert await resolve(outbox.add_all(ORG, mended)) == AddResult(new=MANY - 400, known=400)
    assert await numbers(outbox) == [400, *range(1, 400), *range(401, MANY + 1)]


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        ((purchase(), ("till",)), "Give source="),
        ((purchase(), ("till", "")), "source id"),
        (purchase(), "Give pairs of a posting and its source"),
        (("no posting", ("till", "3")), "posting"),
        (pair(2, 9), "stands in this call twice, with two payloads"),
    ],
)
async def test_what_is_no_posting_is_named_by_its_number(
    outbox: Any, odd: Any, reason: str
) -> None:
    with pytest.raises(InputError, match=rf"number 3 was not added: .*{reason}"):
        await resolve(outbox.add_all(ORG, [pair(1), pair(2), odd, pair(4)]))
    assert await numbers(outbox) == [1, 2]


@pytest.mark.parametrize(
    ("number", "before"),
    [
        (0, "0 postings before it are"),
        (1, "1 posting before it is"),
        (2, "2 postings before it are"),
    ],
)
async def test_what_stands_before_it_is_counted(outbox: Any, number: int, before: str) -> None:
    with pytest.raises(InputError, match=before):
        await resolve(outbox.add_all(ORG, [*pairs(number), (purchase(), ("till", ""))]))


async def test_the_same_twice_in_one_call_is_one(outbox: Any) -> None:
    twice = [pair(1), pair(2), pair(1), pair(3)]
    assert await resolve(outbox.add_all(ORG, twice)) == AddResult(new=3, known=1)
    assert await numbers(outbox) == [1, 2, 3]


async def test_an_iterable_that_fails_leaves_what_it_gave(outbox: Any) -> None:
    def broken() -> Iterator[Pair]:
        yield from pairs(301)
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        await resolve(outbox.add_all(ORG, broken()))
    assert await numbers(outbox) == list(range(1, 302))


async def test_a_key_that_is_taken_stops_it(outbox: Any) -> None:
    """Somebody gave another source transaction the very key."""
    key = key_of_source(ORG, "purchase", "till", "3")
    await resolve(outbox.add(ORG, purchase(9), source=("till", "9"), key=key))
    with pytest.raises(InputError, match=r"number 3 was not added: The key \S+ already belongs"):
        await resolve(outbox.add_all(ORG, pairs(4)))
    assert await numbers(outbox) == [9, 1, 2]

    with pytest.raises(InputError, match="already belongs to another source") as raised:
        await resolve(outbox.find(ORG, purchase(3), source=("till", "3")))
    known, refused, new = await resolve(outbox.find_all(ORG, pairs(4, 2)))
    assert (known.source, str(refused), new) == (("till", "2"), str(raised.value), None)


async def test_a_distrusted_store_leaves_what_is_added_to_people(outbox: Any) -> None:
    await resolve(outbox.add_all(ORG, pairs(2)))
    since = (await resolve(outbox.postings()))[0].added_at
    await resolve(outbox.distrust(since=since))
    assert await resolve(outbox.add_all(ORG, pairs(300))) == AddResult(new=298, known=2)
    status = await resolve(outbox.status())
    assert (status.needs_attention, status.pending, status.unknown) == (300, 0, 300)

    await resolve(outbox.trust())
    await resolve(outbox.add_all(ORG, pairs(301)))
    assert (await resolve(outbox.status())).pending == 1


async def test_in_order(outbox: Any) -> None:
    await resolve(outbox.add_all(ORG, pairs(300), in_order=True))
    assert all(row.in_order for row in await resolve(outbox.postings()))
    with pytest.raises(InputError, match=r"number 1 was not added: .*in_order=True, not False"):
        await resolve(outbox.add_all(ORG, pairs(1)))


def test_ten_times_as_many_need_no_more_memory(tmp_path: Path) -> None:
    with Store(tmp_path / "books.db") as store:
        outbox = store.outbox()
        outbox.add_all(ORG, pairs(600))
        few = peak(outbox, 1_001, 2_000)
        many = peak(outbox, 10_001, 20_000)
    assert many < 1.5 * few


def collected(last: int, first: int) -> Iterator[Pair]:
    """Yield pairs, and collect cycles meanwhile: Python waits with that for as long as it likes."""
    for number in range(first, last + 1):
        if number % 250 == 0:
            gc.collect()
        yield pair(number)


def peak(outbox: Outbox, first: int, last: int) -> int:
    """Return the bytes that adding so many holds at most at one time."""
    tracemalloc.start()
    try:
        outbox.add_all(ORG, collected(last, first))
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


async def test_many_are_looked_up_in_one_call(outbox: Any) -> None:
    """Each as ``find`` says it: one that differs does not hide the others."""
    await resolve(outbox.add_all(ORG, pairs(MANY)))
    asked = [
        pair(MANY),
        pair(MANY + 1),
        pair(2, 9),
        pair(1),
        (purchase(), ("till", "3 ")),
        *pairs(MANY),
    ]
    standings = await resolve(outbox.find_all(ORG, asked))
    rows = await resolve(outbox.postings())
    assert (standings[0], standings[1], standings[3]) == (rows[-1], None, rows[0])
    assert standings[5:] == rows
    for at, reason in ((2, "amount was 2, not 9"), (4, "source id")):
        with pytest.raises(InputError, match=reason) as raised:
            await resolve(outbox.find(ORG, asked[at][0], source=asked[at][1]))
        assert isinstance(standings[at], InputError)
        assert str(standings[at]) == str(raised.value)

    assert await resolve(outbox.find_all(ORG, [])) == ()
    assert await resolve(outbox.find_all("org_2", [pair(1)])) == (None,)
    [in_order] = await resolve(outbox.find_all(ORG, [pair(1)], in_order=True))
    assert "in_order=False, not True" in str(in_order)
    with pytest.raises(InputError, match="Give pairs of a posting and its source"):
        await resolve(outbox.find_all(ORG, [purchase()]))
