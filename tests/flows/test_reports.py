"""Reports: packets that tie in every currency, statements that agree with them, periods in words."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from ledgerhq_ext import InputError, Period
from ledgerhq_ext.reports.packet import REPORTS
from tests.support.companies import HARBOR, MAPLE, NORDIC, SAKURA, World
from tests.support.surfaces import resolve

pytestmark = pytest.mark.anyio
each_company = pytest.mark.parametrize("slug", [MAPLE, HARBOR, NORDIC, SAKURA])


def days(period: Period) -> tuple[str, str]:
    return str(period.start), str(period.end)


@each_company
async def test_the_packet_ties_and_the_statements_agree_with_it(
    hq: Any, maple: World, slug: str
) -> None:
    """Two of the statements spell decimals on the wire: yen without, euros and dollars with two
    digits.
    """
    world = World(maple.box, slug)
    books = hq.organization(world.org)
    await resolve(books.post(world.purchase(), source=("acme-pos", "1")))
    span = ("2026-04-01", "2026-06-30")
    packet = await resolve(books.financial_packet(*span))
    assert packet.problems() == ()
    assert (packet.organization.id, str(packet.period.start_date), str(packet.period.end_date)) == (
        world.org,
        *span,
    )
    assert await resolve(books.trial_balance(*span)) == packet.trial_balance
    assert await resolve(books.balance_sheet(span[1])) == packet.balance_sheet
    assert await resolve(books.profit_and_loss(*span)) == packet.profit_and_loss
    assert await resolve(books.general_ledger(*span)) == packet.general_ledger
    assert await resolve(books.bank_reconciliation_status()) == packet.bank_reconciliation_status
    supplies = [
        line for line in packet.general_ledger.lines if line.account_id == world.account("6100")
    ]
    assert 4299 in [line.debit for line in supplies]


@each_company
@pytest.mark.parametrize(
    "span",
    [
        ("2026-06-01", "2026-06-30"),
        ("2026-01-01", "2026-06-30"),
        ("2025-07-01", "2026-06-30"),
        ("2025-05-15", "2026-05-14"),
        ("2024-07-01", "2026-06-30"),
        ("2020-01-01", "2026-12-31"),
        ("2019-01-01", "2019-12-31"),
    ],
)
async def test_nothing_differs_in_the_packet_of_any_period(
    hq: Any, maple: World, slug: str, span: tuple[str, str]
) -> None:
    """Over fiscal years of four companies, which begin in several months, with earnings that reach
    the next year.
    """
    packet = await resolve(hq.organization(World(maple.box, slug).org).financial_packet(*span))
    assert packet.problems() == ()


@each_company
async def test_the_trial_balance_is_that_of_the_entries(hq: Any, maple: World, slug: str) -> None:
    world = World(maple.box, slug)
    sums: dict[str, int] = {}
    for entry in world.box.entries(world.org):
        for line in entry["lines"] if entry["date"] <= "2026-06-30" else ():
            sums[line["accountId"]] = (
                sums.get(line["accountId"], 0) + line["debit"] - line["credit"]
            )
    found = await resolve(hq.organization(world.org).trial_balance("2026-01-01", "2026-06-30"))
    for line in found.accounts:
        if line.type in ("asset", "liability"):
            assert line.debit_balance - line.credit_balance == sums[line.account_id], line.name


@pytest.mark.parametrize(
    ("slug", "words", "start", "end"),
    [
        (MAPLE, "last quarter", "2026-01-01", "2026-03-31"),
        (MAPLE, "this year", "2026-01-01", "2026-12-31"),
        (HARBOR, "this year", "2025-07-01", "2026-06-30"),
        (HARBOR, "last year", "2024-07-01", "2025-06-30"),
        (HARBOR, "FY2026", "2025-07-01", "2026-06-30"),
        (SAKURA, "this year", "2026-04-01", "2027-03-31"),
        (SAKURA, "last quarter", "2026-01-01", "2026-03-31"),
        (SAKURA, "last calendar year", "2025-01-01", "2025-12-31"),
        (SAKURA, "year to date", "2026-04-01", "2026-06-30"),
        (SAKURA, "2026-06", "2026-06-01", "2026-06-30"),
    ],
)
async def test_words_mean_the_companys_own_year(
    hq: Any, maple: World, slug: str, words: str, start: str, end: str
) -> None:
    books = hq.organization(World(maple.box, slug).org)
    assert days(await resolve(books.period(words))) == (start, end)
    packet = await resolve(books.financial_packet(words, include=["profitAndLoss"]))
    assert (str(packet.period.start_date), str(packet.period.end_date)) == (start, end)
    asked = [
        record["path"] for record in maple.box.requests if record["path"].endswith("/organizations")
    ]
    assert len(asked) == 1, "the company's own record is asked for once"


async def test_periods_as_they_come(hq: Any, books: Any) -> None:
    day = dt.date(2026, 6, 1)
    for given in (
        (day, "2026-06-30"),
        (Period(day, "2026-06-30"),),
        ("2026-06-01", dt.date(2026, 6, 30)),
    ):
        assert days(await resolve(books.period(*given))) == ("2026-06-01", "2026-06-30")
    for bad in (
        (day,),
        (Period(day, day), day),
        ("yesterday",),
        ("2026-06-30", "2026-06-01"),
        ("2026-02-30", day),
    ):
        with pytest.raises(InputError):
            await resolve(books.period(*bad))
    with pytest.raises(InputError, match="not one of the firm's organizations"):
        await resolve(hq.organization("org-unknown").period("last quarter"))


async def test_a_packet_holds_what_was_asked_for(books: Any) -> None:
    names = ["profitAndLoss", "trialBalance"]
    packet = await resolve(books.financial_packet("this quarter", include=names))
    assert packet.included == tuple(names)
    assert packet.problems() == ()
    assert set(packet.to_dict()) & {*REPORTS} == set(names)
    one = await resolve(books.financial_packet("this quarter", include="balanceSheet"))
    assert one.balance_sheet.assets.total
    with pytest.raises(InputError, match=r"include=\['profitAndLoss'\]"):
        _ = one.profit_and_loss


async def test_a_truncated_ledger_is_incomplete_and_no_problem(books: Any) -> None:
    packet = await resolve(books.financial_packet("this quarter", general_ledger_limit=5))
    assert packet.problems() == ()
    undone = [check for check in packet.checks() if "the ledger holds 5 of" in check.reason]
    assert {check.verdict for check in undone} == {"not checkable"}
    assert packet.warnings
    ledger = await resolve(books.general_ledger("this quarter", limit=5))
    assert ledger.problems() == ()
    assert ledger.checks()[0].reason.startswith("it is truncated: it holds 5 of")


async def test_the_rest_of_a_ledger_is_fetched_when_asked(books: Any) -> None:
    whole = await resolve(books.financial_packet("2025-05-01", "2026-06-30"))
    packet = await resolve(
        books.financial_packet(
            "2025-05-01", "2026-06-30", general_ledger_limit=50, complete_ledger=True
        )
    )
    assert len(packet.general_ledger.lines) == len(whole.general_ledger.lines) > 50
    assert [line.entry_number for line in packet.general_ledger.lines] == [
        line.entry_number for line in whole.general_ledger.lines
    ]
    assert (packet.problems(), packet.warnings) == ((), ())


@pytest.mark.parametrize(
    "asked",
    [
        {"include": ["cashFlow"]},
        {"include": []},
        {"general_ledger_limit": 0},
        {"general_ledger_limit": True},
    ],
)
async def test_what_no_packet_has_is_refused_here(
    books: Any, maple: World, asked: dict[str, Any]
) -> None:
    with pytest.raises(InputError):
        await resolve(books.financial_packet("2026-06-01", "2026-06-30", **asked))
    assert len(maple.box.requests) == 0
