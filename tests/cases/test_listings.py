"""A list is every row once, or an error: giving up never looks like success."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import httpx
import pytest

from ledgerhq_ext import ContractError

from .support import ORG, SURFACES, Answer, ask, bank_row, organization, organizations, page_of

TOTAL = 250
ROWS = [bank_row(f"btx_{number}") for number in range(TOTAL)]
Slice = Callable[[int, int], Sequence[Any]]

parametrize_surfaces = pytest.mark.parametrize("surface", SURFACES)


def numbered(rows_of: Slice) -> Answer:
    """Return a service whose pages hold what a function of page and limit gives."""

    def answer(request: httpx.Request) -> httpx.Response:
        page = int(request.url.params["page"])
        limit = int(request.url.params["limit"])
        body = page_of(rows_of(page, limit), total=TOTAL, page=page)
        body["pagination"]["limit"] = limit
        return httpx.Response(200, json=body)

    return answer


def as_asked(page: int, limit: int) -> Sequence[Any]:
    return ROWS[(page - 1) * limit : page * limit]


def pages_of_50(page: int, limit: int) -> Sequence[Any]:
    return ROWS[(page - 1) * 50 : page * 50]


def half_of_each_page(page: int, limit: int) -> Sequence[Any]:
    return as_asked(page, limit)[:50]


def the_first_page_again(page: int, limit: int) -> Sequence[Any]:
    return ROWS[:limit]


def a_row_more_than_asked(page: int, limit: int) -> Sequence[Any]:
    return ROWS[(page - 1) * limit : page * limit + 1]


def pages_from_zero(page: int, limit: int) -> Sequence[Any]:
    return ROWS[page * limit : (page + 1) * limit]


@parametrize_surfaces
@pytest.mark.parametrize(
    "rows_of",
    [
        as_asked,
        a_row_more_than_asked,
        pages_of_50,
        half_of_each_page,
        the_first_page_again,
        pages_from_zero,
    ],
)
def test_a_numbered_walk_is_whole_or_an_error(surface: str, rows_of: Slice) -> None:
    try:
        rows = ask(surface, lambda hq: hq.organization(ORG).bank_transactions(), numbered(rows_of))
    except ContractError:
        # Right for every service but the one that does what it was asked.
        assert rows_of is not as_asked
    else:
        ids = [row.id for row in rows]
        assert sorted(ids) == sorted(row["id"] for row in ROWS)


@parametrize_surfaces
def test_a_cursor_walk_over_pages_that_overlap(surface: str) -> None:
    company = {number: organization(f"org_{number}") for number in range(1, 6)}
    pages = {
        None: organizations([company[1], company[2], company[3]], "cursor_1"),
        "cursor_1": organizations([company[3], company[4]], "cursor_2"),
        "cursor_2": organizations([company[4], company[5]]),
    }

    def answer(request: httpx.Request) -> httpx.Response:
        return pages[request.url.params.get("cursor")]

    records = ask(surface, lambda hq: hq.organizations(), answer)
    assert [record.id for record in records] == ["org_1", "org_2", "org_3", "org_4", "org_5"]
