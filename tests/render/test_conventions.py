"""Nothing differs in the packet of correct books, whatever the service's ways are; and openings are
never guessed.
"""

from __future__ import annotations

import datetime as dt
import itertools
from random import Random

import pytest
from attrs import evolve

from ledgerhq_ext import render
from ledgerhq_ext.reports.packet import FinancialPacket

from .books import Way, any_books, books

pytestmark = pytest.mark.slow

PERIODS = {
    "a month": ("2026-06-01", "2026-06-30"),
    "a month that begins a year": ("2026-01-01", "2026-01-31"),
    "over the end of a year": ("2025-11-15", "2026-02-14"),
    "a year": ("2026-01-01", "2026-12-31"),
    "a year that is no fiscal one": ("2025-06-01", "2026-05-31"),
    "two years": ("2025-01-01", "2026-12-31"),
    "since the founding": ("2024-03-01", "2026-11-30"),
}
WAYS = [
    Way(
        natural=natural,
        closes=closes,
        restarts=restarts,
        rolls=rolls,
        by_day=other,
        numbers_anew=other,
        month=month,
    )
    for natural, closes, restarts, rolls, other in itertools.product([False, True], repeat=5)
    for month in (1, 4)
    if not (closes and restarts)
] + [Way(natural=natural, closes=True, summary=True) for natural in (False, True)]


@pytest.mark.parametrize("period", PERIODS)
def test_no_way_of_writing_correct_books_differs(period: str) -> None:
    start, end = map(dt.date.fromisoformat, PERIODS[period])
    for way in WAYS:
        assert books(way, step=2).packet(start, end).problems() == (), way


@pytest.mark.parametrize("seed", range(60))
def test_nothing_differs_in_any_correct_books(seed: int) -> None:
    random = Random(seed)
    way = random.choice(WAYS)
    shop = any_books(random, way)
    for start, end in PERIODS.values():
        packet = shop.packet(dt.date.fromisoformat(start), dt.date.fromisoformat(end))
        assert packet.problems() == (), (way, start, end)


@pytest.mark.parametrize(
    ("statement", "lines"),
    [
        ("profit_and_loss", "expenses"),
        ("trial_balance", "accounts"),
        ("general_ledger", "lines"),
    ],
)
@pytest.mark.parametrize("part", ["code", "name"])
def test_an_account_under_the_name_of_another_one_differs(
    statement: str, lines: str, part: str
) -> None:
    packet = books(Way()).packet(dt.date(2026, 6, 1), dt.date(2026, 6, 30))
    report = getattr(packet, statement)
    first, *others = getattr(report, lines)
    other = next(line for line in others if line.account_id != first.account_id)
    attribute = part if statement == "trial_balance" else f"account_{part}"
    renamed = evolve(first, **{attribute: getattr(other, attribute)})
    changed = evolve(packet, **{statement: evolve(report, **{lines: (renamed, *others)})})

    [check] = [check for check in changed.checks() if check.verdict == "differs"]
    assert check.account_id == first.account_id
    assert getattr(other, attribute) in check.reason


def test_an_account_may_be_written_in_several_ways_and_share_its_name() -> None:
    packet = books(Way()).packet(dt.date(2026, 6, 1), dt.date(2026, 6, 30))
    one, other, *others = packet.profit_and_loss.expenses
    spelled = evolve(one, account_name=f" {one.account_name.upper()} (old)")
    same = evolve(other, account_name="Rent of June")
    result = evolve(packet.profit_and_loss, expenses=(spelled, same, *others))
    assert evolve(packet, profit_and_loss=result).problems() == ()

    # A statement without names says the same of all of them.
    nameless = [evolve(line, account_name="(no name)") for line in packet.profit_and_loss.expenses]
    result = evolve(packet.profit_and_loss, expenses=tuple(nameless))
    assert evolve(packet, profit_and_loss=result).problems() == ()


def test_two_years_with_closing_entries_on_natural_sides_are_checked_and_not_left() -> None:
    packet = books(Way(natural=True, closes=True)).packet(
        dt.date(2025, 1, 1), dt.date(2026, 12, 31)
    )
    checks = {check.rule: check for check in packet.checks() if check.verdict == "ties"}
    assert checks["profit and loss = ledger lines of the account"].count == 6
    assert checks["running balance = the one before and its line"].count > 400
    assert checks["balance sheet = trial balance of the account"].count == 8
    page = render.html(packet)
    assert "all tie" in page
    assert "does not tie" not in page.lower()


def single(*, natural: bool, bare: bool) -> FinancialPacket:
    """A packet whose accounts move once each: no step tells on which side balances count up."""
    way = Way(natural=natural)
    whole = books(way, first=dt.date(2026, 1, 1), last=dt.date(2026, 1, 31)).packet(
        dt.date(2026, 1, 12), dt.date(2026, 1, 12)
    )
    assert [line.account_code for line in whole.general_ledger.lines] == ["2000", "6100"]
    if not bare:
        return whole
    return evolve(whole, profit_and_loss=None, balance_sheet=None, trial_balance=None)


@pytest.mark.parametrize(
    "missing", ["balance_sheet", "trial_balance", "both", "profit_and_loss", "general_ledger"]
)
@pytest.mark.parametrize(
    "way", [Way(natural=True, closes=True), Way(rolls=False), Way(restarts=True)], ids=str
)
def test_nothing_differs_where_statements_are_left_out(way: Way, missing: str) -> None:
    names = ["balance_sheet", "trial_balance"] if missing == "both" else [missing]
    for start, end in PERIODS.values():
        whole = books(way, step=2).packet(dt.date.fromisoformat(start), dt.date.fromisoformat(end))
        packet = evolve(whole, **dict.fromkeys(names))  # type: ignore[arg-type]
        assert packet.problems() == ()
        assert any("packet has no" in check.reason for check in packet.checks())


@pytest.mark.sample
@pytest.mark.parametrize("natural", [False, True])
def test_an_opening_balance_is_what_the_balance_at_the_end_tells(natural: bool) -> None:
    """The card began with 125.00 that it owes, on whichever side its balance counts."""
    shown = single(natural=natural, bare=False)
    (card, _) = shown.general_ledger.lines
    sign = 1 if natural else -1
    owes = 125_00 + card.credit
    balance = evolve(card, running_balance=sign * owes)
    trial = shown.trial_balance
    accounts = tuple(
        evolve(line, credit_balance=owes) if line.code == "2000" else line
        for line in trial.accounts
    )
    book = evolve(shown.general_ledger, lines=(balance, shown.general_ledger.lines[1]))
    page = render.html(
        evolve(shown, trial_balance=evolve(trial, accounts=accounts), general_ledger=book)
    )
    ledger = page[page.index('id="account-2000"') : page.index('id="account-6100"')]
    assert ledger.count("Opening balance") == 1
    assert ("125.00" if natural else "(125.00)") in ledger


@pytest.mark.parametrize("natural", [False, True])
def test_no_opening_balance_is_guessed(natural: bool) -> None:
    page = render.html(single(natural=natural, bare=True))
    assert "Opening balance" not in page
    assert page.count("does not include the opening balance of this account") == 2
