"""Long lists are walked in memory that grows by a few bytes a row, and what is held is small."""

from __future__ import annotations

import gc
import itertools
import json
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import httpx
import pytest

from ledgerhq_ext import ContractError
from ledgerhq_ext._resources.id_sets import IdSet
from tests.support.clients import ORG, client

pytestmark = pytest.mark.slow

ROWS = 100_000
PAGE = 250
MOST_BYTES_A_ROW = 100


def name(number: int) -> str:
    """An id as long as the service's, 36 characters, and no two in an order."""
    return f"{number * 0x9E3779B97F4A7C15 % 2**64:016x}-4c3d-8e2f-{number:09}"


# As text, since the service of a test must cost less than what is measured.
def bank_row(number: int) -> str:
    day = 30 - number * 30 // ROWS
    return (
        f'{{"id":"{name(number)}","bankAccountId":"{name(number % 3)}","date":"2026-06-{day:02}",'
        f'"description":"CARD 4411 OFFICE DEPOT #{number}","amount":{-4299 - number},'
        '"currencyCode":"USD","status":"unreconciled","sourceType":"plaid_bank_feed",'
        f'"pending":false,"createdAt":"2026-06-30T10:{number // 60 % 60:02}:{number % 60:02}.000Z"}}'
    )


def entry(number: int) -> str:
    own = name(number)
    rest = f'"accountId":"{name(1)}","currencyCode":"USD"'
    return (
        f'{{"id":"{own}","entryNumber":{number},"date":"2026-06-30","description":"Entry {number}",'
        '"status":"posted","createdAt":"2026-06-30T10:00:00.000Z","lines":['
        f'{{"id":"{own}-1","debitAmount":"12.50","creditAmount":"0.00",{rest}}},'
        f'{{"id":"{own}-2","debitAmount":"0.00","creditAmount":"12.50",{rest}}}]}}'
    )


def organization(number: int) -> str:
    return (
        f'{{"id":"{name(number)}","name":"Company {number}","type":"client",'
        '"defaultCurrency":"USD","fiscalYearStartMonth":1}'
    )


class Service:
    """A list of rows that are made when they are asked for, numbered or with cursors."""

    def __init__(self, row: Callable[[int], str], count: int = ROWS) -> None:
        self.row = row
        self.count = count

    def __call__(self, request: httpx.Request) -> httpx.Response:
        asked = request.url.params
        limit = int(asked["limit"])
        page = int(asked.get("page", "1"))
        begin = int(asked.get("cursor") or (page - 1) * limit)
        end = min(begin + limit, self.count)
        rows = ",".join(map(self.row, range(begin, end)))
        place = f'"pagination":{{"page":{page},"limit":{limit},"total":{self.count}}}'
        cursor = f'"{end}"' if end < self.count else "null"
        text = f'{{"data":[{rows}],{place},"nextCursor":{cursor}}}'
        return httpx.Response(200, content=text.encode())


LISTS: dict[str, tuple[Callable[[int], str], Callable[[Any], Any], int]] = {
    "bank rows": (
        bank_row,
        lambda hq: hq.organization(ORG).bank_transactions(page_size=PAGE),
        ROWS,
    ),
    # Their amounts are texts, which takes longer.
    "entries": (entry, lambda hq: hq.organization(ORG).entries(page_size=100), 20_000),
    "organizations": (organization, lambda hq: hq.organizations(), ROWS),
}


@pytest.mark.parametrize("kind", LISTS)
def test_a_long_list_is_walked_in_little_memory(kind: str) -> None:
    row, rows_of, count = LISTS[kind]
    walk = iter(rows_of(client(Service(row, count))))
    # Whatever is made once: readers, modules, the first page.
    for _ in itertools.islice(walk, 2 * PAGE):
        pass
    rest, peak = measured(walk)
    assert rest == count - 2 * PAGE
    assert peak <= MOST_BYTES_A_ROW * count


def measured(walk: Iterator[object]) -> tuple[int, int]:
    """The number of rows, and the most bytes that were allocated on the way."""
    gc.collect()
    tracemalloc.start()
    try:
        base, _ = tracemalloc.get_traced_memory()
        count = sum(1 for _ in walk)
        return count, tracemalloc.get_traced_memory()[1] - base
    finally:
        tracemalloc.stop()


def test_records_take_less_memory_than_dicts() -> None:
    def row(number: int) -> str:
        # Every third is of the same bank account.
        return bank_row(3 * number)

    documents = f"[{','.join(map(row, range(PAGE)))}]"
    rows = client(Service(row, PAGE)).organization(ORG).bank_transactions()
    # The reader is made with the first page.
    rows.page(1, PAGE)
    records = held(lambda: rows.page(1, PAGE).items)
    assert records <= 0.62 * held(lambda: json.loads(documents))


def held(make: Callable[[], Sequence[Any]]) -> int:
    """The bytes of what is made, once all that it was made of is gone."""
    gc.collect()
    tracemalloc.start()
    try:
        everything = make()
        gc.collect()
        assert everything
        return tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("again", [1, 1_500, 4_999], ids=str)
def test_a_long_list_gives_no_row_twice(again: int) -> None:
    def row(number: int) -> str:
        # The last page says an early row again.
        return organization(again if number == 5_000 else number)

    rows = client(Service(row, 5_001)).organizations()
    assert [each.id for each in rows] == [name(number) for number in range(5_000)]


@pytest.mark.sample
def test_a_long_list_that_says_the_same_again_has_no_end() -> None:
    rows = client(Service(lambda number: organization(number % 5_000), 10_000)).organizations()
    ids: list[str] = []
    with pytest.raises(ContractError, match="no end"):
        ids.extend(each.id for each in rows)
    assert len(set(ids)) == 5_000


def test_a_set_of_ids_is_a_set() -> None:
    ids = IdSet()
    numbers = [number * number % 3_989 for number in range(6_000)]
    texts: set[str] = set()
    for at in range(0, len(numbers), 300):
        part = [f"{number}\ud800" for number in numbers[at : at + 300]]
        assert ids.missing(part) == set(part) - texts
        ids.update(part)
        texts.update(part)
        assert len(ids) == len(texts)
    assert all(text in ids for text in texts)
    assert "another" not in ids
