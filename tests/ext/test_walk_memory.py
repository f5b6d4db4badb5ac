"""Long lists are walked in memory that grows by a few bytes a row, and what is held is small."""

from __future__ import annotations

import gc
import itertools
import json
import tracemalloc
import uuid
from collections.abc import Callable, Iterator
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
    """An id as the service has them: 36 characters."""
    return str(uuid.UUID(int=number * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128))


def bank_row(number: int) -> dict[str, Any]:
    return {
        "id": name(number),
        "bankAccountId": name(-1 - number % 3),
        "date": f"2026-06-{30 - number * 30 // ROWS:02}",
        "description": f"CARD 4411 OFFICE DEPOT #{number}",
        "amount": -4299 - number,
        "currencyCode": "USD",
        "status": "unreconciled",
        "sourceType": "plaid_bank_feed",
        "pending": False,
        "createdAt": f"2026-06-30T10:{number // 60 % 60:02}:{number % 60:02}.000Z",
    }


def entry(number: int) -> dict[str, Any]:
    lines = [
        {"id": f"{name(number)}-{side}", "accountId": name(-1), side: "12.50", other: "0.00"}
        for side, other in [("debitAmount", "creditAmount"), ("creditAmount", "debitAmount")]
    ]
    return {
        "id": name(number),
        "entryNumber": number,
        "date": "2026-06-30",
        "description": f"Entry {number}",
        "status": "posted",
        "createdAt": "2026-06-30T10:00:00.000Z",
        "lines": [{**line, "currencyCode": "USD"} for line in lines],
    }


def organization(number: int) -> dict[str, Any]:
    return {
        "id": name(number),
        "name": f"Company {number}",
        "type": "client",
        "defaultCurrency": "USD",
        "fiscalYearStartMonth": 1,
    }


class Service:
    """A list of rows that are made when they are asked for, numbered or with cursors."""

    def __init__(self, row: Callable[[int], dict[str, Any]], count: int = ROWS) -> None:
        self.row = row
        self.count = count

    def __call__(self, request: httpx.Request) -> httpx.Response:
        asked = request.url.params
        limit = int(asked["limit"])
        page = int(asked.get("page", "1"))
        begin = int(asked.get("cursor") or (page - 1) * limit)
        end = min(begin + limit, self.count)
        document = {
            "data": [self.row(number) for number in range(begin, end)],
            "pagination": {"page": page, "limit": limit, "total": self.count},
            "nextCursor": str(end) if end < self.count else None,
        }
        return httpx.Response(200, json=document)


LISTS: dict[str, tuple[Callable[[int], dict[str, Any]], Callable[[Any], Any]]] = {
    "bank rows": (bank_row, lambda hq: hq.organization(ORG).bank_transactions(page_size=PAGE)),
    "entries": (entry, lambda hq: hq.organization(ORG).entries(page_size=PAGE)),
    "organizations": (organization, lambda hq: hq.organizations()),
}


@pytest.mark.parametrize("kind", LISTS)
def test_a_long_list_is_walked_in_little_memory(kind: str) -> None:
    row, rows_of = LISTS[kind]
    walk = iter(rows_of(client(Service(row))))
    # Whatever is made once: readers, modules, the first page.
    for _ in itertools.islice(walk, 2 * PAGE):
        pass
    count, peak = measured(walk)
    assert count == ROWS - 2 * PAGE
    assert peak <= MOST_BYTES_A_ROW * ROWS


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
    row, rows_of = LISTS["bank rows"]
    documents = json.dumps([row(number) for number in range(2_000)])
    rows = rows_of(client(Service(row, 2_000)))
    list(rows)
    assert held(lambda: list(rows)) <= 0.62 * held(lambda: json.loads(documents))


def held(make: Callable[[], list[Any]]) -> int:
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
    def row(number: int) -> dict[str, Any]:
        # The last page says an early row again.
        return organization(again if number == 5_000 else number)

    rows = client(Service(row, 5_001)).organizations()
    assert [each.id for each in rows] == [name(number) for number in range(5_000)]


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
