"""A ledger that is cut short is fetched month by month when asked, and is whole and in order, or
refused.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from attrs import evolve

from ledgerhq_ext import ContractError, FinancialPacket, InputError
from tests.render.books import Books, Way, books
from tests.support.clients import ORG, client
from tests.support.responses import Script

pytestmark = pytest.mark.slow

START, END = dt.date(2026, 1, 15), dt.date(2026, 4, 20)
Change = Callable[[list[Any]], None]


class Service:
    """Answers with packets and ledgers of books, no more than ``most`` lines at a time."""

    def __init__(self, shop: Books, *, most: int = 30, change: Change = lambda lines: None) -> None:
        self.shop, self.most, self.change = shop, most, change
        self.spans: list[tuple[str, str]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        start, end = (
            dt.date.fromisoformat(request.url.params[name]) for name in ("startDate", "endDate")
        )
        packet = self.shop.packet(start, end)
        document = evolve(packet, organization=evolve(packet.organization, id=ORG)).to_dict()
        ledger = document["generalLedger"]
        whole = request.url.path.endswith("financial-packet")
        if not whole:
            self.spans.append((str(start), str(end)))
            self.change(ledger["lines"])
            ledger["totalLines"] = len(ledger["lines"])
        if len(ledger["lines"]) > self.most:
            ledger["lines"] = ledger["lines"][: self.most]
            ledger["truncated"] = True
            document["warnings"] = [
                {"code": "GENERAL_LEDGER_TRUNCATED", "message": "cut"},
                {"code": "BANK_ROWS_TRUNCATED", "message": "only the first 100"},
                {"code": "X", "message": "y"},
            ]
        return httpx.Response(200, json=document if whole else ledger)


def ask(service: Service, **options: Any) -> FinancialPacket:
    return client(Script(service)).organization(ORG).financial_packet(START, END, **options)


@pytest.mark.parametrize(
    "way", [Way(), Way(natural=True, by_day=True), Way(closes=True, month=4)], ids=str
)
def test_the_months_make_the_whole_ledger_in_its_order(way: Way) -> None:
    shop = books(way)
    service = Service(shop)
    packet = ask(service, complete_ledger=True)
    assert packet.general_ledger == shop.packet(START, END).general_ledger
    # What is still missing elsewhere is said all the same.
    assert [warning.code for warning in packet.warnings] == ["BANK_ROWS_TRUNCATED", "X"]
    assert packet.problems() == ()
    assert service.spans == [
        ("2026-01-15", "2026-01-31"),
        ("2026-02-01", "2026-02-28"),
        ("2026-03-01", "2026-03-31"),
        ("2026-04-01", "2026-04-20"),
    ]


def test_a_month_that_is_cut_short_too_is_asked_for_in_parts() -> None:
    shop = books(Way())
    service = Service(shop, most=7)
    assert (
        ask(service, complete_ledger=True).general_ledger == shop.packet(START, END).general_ledger
    )
    assert ("2026-02-01", "2026-02-14") in service.spans


def test_without_being_asked_nothing_more_is_fetched() -> None:
    service = Service(books(Way()))
    assert ask(service).general_ledger.truncated
    assert service.spans == []
    assert not ask(
        Service(books(Way()), most=10_000), complete_ledger=True
    ).general_ledger.truncated


@pytest.mark.sample
def test_a_packet_without_a_ledger_stays_one() -> None:
    service = Service(books(Way()))
    packet = ask(service, include=["trialBalance"], complete_ledger=True)
    assert "trialBalance" in packet.included


def _one_less(lines: list[Any]) -> None:
    if lines[0]["date"] > "2026-04":
        lines.pop()


def _other_entry(lines: list[Any]) -> None:
    lines[0]["entryNumber"] += 1


def _from_nothing(lines: list[Any]) -> None:
    """Running balances begin at nothing with every answer."""
    balances: dict[str, int] = {}
    for line in lines:
        code = line["accountCode"]
        balances[code] = balances.get(code, 0) + line["debit"] - line["credit"]
        line["runningBalance"] = balances[code]


@pytest.mark.parametrize(
    ("change", "pointer", "words"),
    [
        (_one_less, "/generalLedger/totalLines", "request the packet again"),
        (_other_entry, "/generalLedger/lines", "does not begin with the lines of the packet"),
        (_from_nothing, "/generalLedger/lines", "start over with every requested month"),
    ],
)
def test_months_that_do_not_make_up_the_ledger_are_refused(
    change: Change, pointer: str, words: str
) -> None:
    with pytest.raises(ContractError, match=words) as caught:
        ask(Service(books(Way()), change=change), complete_ledger=True)
    assert caught.value.pointer == pointer
    assert caught.value.organization == ORG


def test_a_day_that_is_cut_short_is_refused() -> None:
    with pytest.raises(ContractError, match="holds 1 of 2 lines of 2026-01-18 alone"):
        ask(Service(books(Way()), most=1), complete_ledger=True)


def test_the_flag_is_true_or_false() -> None:
    with pytest.raises(InputError, match="complete_ledger must be True or False"):
        ask(Service(books(Way())), complete_ledger="yes")
