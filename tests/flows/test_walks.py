"""Walking over unreconciled rows while every one of them changes and new ones come in: none twice,
none missed.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.support.companies import World
from tests.support.surfaces import collect, resolve

pytestmark = pytest.mark.anyio


async def one_by_one(pages: Any) -> AsyncIterator[Any]:
    """The items of a lazy list, on either surface, while the caller changes what is listed."""
    if hasattr(pages, "__iter__"):
        for item in pages:
            yield item
    else:
        async for item in pages:
            yield item


def arrives(world: World, number: int) -> str:
    """A row comes in: at the front of the list, or dated back into the middle of it."""
    bank = world.row()["bankAccountId"]
    return world.box.add_bank_row(
        bank, -100 - number, date=("2026-06-30", "2026-06-12", "2026-05-20")[number % 3]
    )


@pytest.mark.parametrize("page_size", [2, 7, 100])
@pytest.mark.parametrize("verb", ["exclude", "reconcile"])
async def test_every_row_is_given_once_while_all_are_changed(
    books: Any, maple: World, verb: str, page_size: int
) -> None:
    there = {row["id"] for row in maple.rows(status="unreconciled")}
    came: set[str] = set()
    given: list[str] = []
    async for row in one_by_one(
        books.bank_transactions(status="unreconciled", page_size=page_size)
    ):
        given.append(row.id)
        await resolve(getattr(books, verb)(row))
        if len(given) % 9 == 0 and len(came) < 12:
            came.add(arrives(maple, len(came)))
    assert len(given) == len(set(given)), "no id twice"
    assert there <= set(given), "none missed"
    assert set(given) <= there | came
    left = {
        row.id
        for row in await collect(
            books.bank_transactions(status="unreconciled", page_size=page_size)
        )
    }
    assert left == (there | came) - set(given), (
        "what came too late to be noticed is in the next walk"
    )


@pytest.mark.parametrize("seed", range(4))
async def test_a_walk_among_others_who_change_rows(books: Any, maple: World, seed: int) -> None:
    """Some rows are changed by the caller, others by somebody else, in any order; some only change
    back.
    """
    chance = random.Random(seed)
    there = {row["id"] for row in maple.rows(status="unreconciled")}
    taken: set[str] = set()
    given: list[str] = []
    pages = books.bank_transactions(status="unreconciled", page_size=chance.choice([2, 3, 5, 11]))
    async for row in one_by_one(pages):
        given.append(row.id)
        draw = chance.random()
        if draw < 0.4:
            await resolve(books.exclude(row))
        elif draw < 0.6:
            other = chance.choice(sorted(there))
            maple.somebody("POST", f"/bank-transactions/{other}/exclude")
            taken.add(other)
        elif draw < 0.7:
            arrives(maple, len(given))
    assert len(given) == len(set(given))
    assert there - taken <= set(given), "whatever matched all the while is given"


async def test_the_register_of_one_account_and_a_span(books: Any, maple: World) -> None:
    bank = (await resolve(books.bank_accounts())).by_name("Company card")
    register = await collect(books.bank_account_transactions(bank, page_size=10))
    assert {row.id for row in register} == {row["id"] for row in maple.rows(bankAccountId=bank.id)}
    assert [row.date for row in register] == sorted((row.date for row in register), reverse=True)
    filtered = books.bank_transactions(
        bank_account=bank,
        start="2026-06-01",
        end="2026-06-30",
        source_type="plaid_bank_feed",
        status="unreconciled",
    )
    wanted = [r for r in register if str(r.date) >= "2026-06-01" and r.status == "unreconciled"]
    assert await collect(filtered) == wanted


async def test_a_page_as_it_is(books: Any, maple: World) -> None:
    page = await resolve(books.bank_transactions(status="unreconciled").page(2, 10))
    assert (len(page.items), page.limit, page.total) == (
        10,
        10,
        len(maple.rows(status="unreconciled")),
    )


@pytest.mark.parametrize("kind", ["lose_response", "cut_body", "status"])
async def test_a_walk_goes_on_over_faults(books: Any, maple: World, kind: Any) -> None:
    maple.box.fault("GET */bank-transactions", kind, after=2, times=2)
    rows = await collect(books.bank_transactions(page_size=20))
    assert sorted(row.id for row in rows) == sorted(row["id"] for row in maple.rows())
