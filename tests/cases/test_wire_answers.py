"""Answers of somebody else, and lists that end too early or never. Cases t7 and t8."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest

from ledgerhq_ext import ContractError, LedgerHQ
from tests.support.postings import DRAFT
from tests.support.responses import entry

from .wire_support import (
    DAY,
    MOMENT,
    Clock,
    Exchange,
    Handler,
    RawServer,
    account,
    answer,
    async_client,
    bank_row,
    client,
    numbered,
    purchase,
    receipt,
)

pytestmark = pytest.mark.usefixtures("parser")

# --- t7: answers of somebody else


def test_an_answer_left_over_on_the_connection_is_not_taken_for_this_one() -> None:
    def serve(exchange: Exchange) -> bool:
        whole = answer(200, {"accounts": [account(exchange.organization)]})
        return exchange.send(whole + whole if exchange.number == 1 else whole)

    with RawServer(serve) as server, client(server.url) as hq:
        hq.organization("org_1").accounts()
        for _ in range(2):
            assert _names(hq, "org_2") in (["Checking of org_2"], "refused")


def test_an_answer_that_names_another_organization_is_refused() -> None:
    with (
        RawServer(lambda exchange: exchange.reply(200, {"accounts": [account("org_1")]})) as server,
        client(server.url) as hq,
    ):
        assert _names(hq, "org_2") == "refused"


def rates_twice(exchange: Exchange) -> bool:
    """Answer the first request twice, with what does not say whose it is."""
    rate = {
        "id": f"rate_of_{exchange.organization}",
        "name": "VAT",
        "rate": 2000,
        "type": "both",
        "kind": "standard",
        "recoverablePercent": 100,
        "isDefault": True,
        "isActive": True,
    }
    whole = answer(200, {"taxRates": [rate]})
    return exchange.send(whole + whole if exchange.number == 1 else whole)


def test_an_answer_that_names_nobody_is_not_taken_from_an_earlier_request() -> None:
    """It came before the request: the connection is closed, and the read sent on another one."""
    with RawServer(rates_twice) as server, client(server.url) as hq:
        for organization in ("org_1", "org_2", "org_3"):
            [rate] = hq.organization(organization).tax_rates()
            assert rate.id == f"rate_of_{organization}"
        # The request that it would have been taken for never left on that connection.
        assert len(server.requests) == 3


def test_an_answer_that_names_nobody_is_not_taken_from_an_earlier_request_awaited() -> None:
    async def read(url: str) -> list[str]:
        async with async_client(url) as hq:
            ids: list[str] = []
            for organization in ("org_1", "org_2", "org_3"):
                [rate] = await hq.organization(organization).tax_rates()
                ids.append(rate.id)
            return ids

    with RawServer(rates_twice) as server:
        assert asyncio.run(read(server.url)) == ["rate_of_org_1", "rate_of_org_2", "rate_of_org_3"]
        # The request that it would have been taken for never left on that connection.
        assert len(server.requests) == 3


def receipt_twice(exchange: Exchange) -> bool:
    """Answer the first posting twice: the second answer is left over on the connection."""
    whole = answer(201, receipt(exchange, f"je_{exchange.number}"))
    return exchange.send(whole + whole if exchange.number == 1 else whole)


def test_a_receipt_left_over_is_not_taken_for_this_one() -> None:
    with RawServer(receipt_twice) as server, client(server.url) as hq:
        books = hq.organization("org_1")
        assert books.post(purchase(), source=("till", "1")).journal_entry_id == "je_1"
        # On another connection, and on none but that.
        assert books.post(purchase(), source=("till", "2")).journal_entry_id == "je_2"


def test_a_receipt_left_over_is_not_taken_for_this_one_when_awaited() -> None:
    async def post_twice(url: str) -> None:
        async with async_client(url) as hq:
            books = hq.organization("org_1")
            first = await books.post(purchase(), source=("till", "1"))
            assert first.journal_entry_id == "je_1"
            second = await books.post(purchase(), source=("till", "2"))
            assert second.journal_entry_id == "je_2"

    with RawServer(receipt_twice) as server:
        asyncio.run(post_twice(server.url))


def rates_and_entries(exchange: Exchange) -> bool:
    """Answer the first request twice, and create entries."""
    if exchange.method == "POST":
        return exchange.send(answer(201, body=entry().content))
    return rates_twice(exchange)


def test_what_must_not_be_repeated_was_not_sent_where_an_answer_was_left_over() -> None:
    """An entry is created once, on another connection: nothing is unknown of it."""
    with RawServer(rates_and_entries) as server, client(server.url) as hq:
        books = hq.organization("org_1")
        books.tax_rates()
        assert books.create_entry(DRAFT).id == "je_9"
        assert [request.method for request in server.requests] == ["GET", "POST"]


def test_a_row_of_somebody_else_excludes_nothing() -> None:
    """The answer is about another row, and ours stays as it was: nobody knows what was done."""
    clock = Clock()

    def serve(exchange: Exchange) -> bool:
        if exchange.method == "POST":
            return exchange.reply(200, {"transaction": {**bank_row("excluded"), "id": "r2"}})
        return exchange.reply(200, {"transaction": bank_row("unreconciled")})

    with (
        RawServer(serve) as server,
        client(server.url, deadline=60, clock=clock, sleep=clock.sleep) as hq,
    ):
        with pytest.raises(ContractError) as caught:
            hq.organization("org_1").exclude("r1")
        assert caught.value.outcome == "unknown"
        assert caught.value.pointer == "/transaction/id"
        assert server.sent_to("exclude") == 1


def _names(hq: LedgerHQ, organization: str) -> list[str] | str:
    try:
        return [each.name for each in hq.organization(organization).accounts()]
    except ContractError:
        return "refused"


# --- t8: lists that are cut, and lists without an end


def bill(number: int) -> dict[str, Any]:
    """Return a bill."""
    return {
        "id": f"bill_{number}",
        "contactId": "contact_1",
        "billNumber": f"BILL-{number}",
        "status": "received",
        "issueDate": DAY,
        "dueDate": "2026-06-30",
        "total": 100,
        "amountPaid": 0,
        "amountDue": 100,
        "currencyCode": "USD",
        "createdAt": MOMENT,
    }


BILLS = [bill(number) for number in range(1000)]


def page_ignored(exchange: Exchange) -> bool:
    """Give the first page, whichever was asked for."""
    limit = int(exchange.query["limit"])
    return exchange.reply(200, numbered(BILLS[:limit], page=1, limit=limit, total=len(BILLS)))


def second_page_empty(exchange: Exchange) -> bool:
    """Give one page, and empty ones from then on."""
    limit = int(exchange.query["limit"])
    page = int(exchange.query["page"])
    rows = BILLS[:limit] if page == 1 else []
    return exchange.reply(200, numbered(rows, page=page, limit=limit, total=len(BILLS)))


def endless(exchange: Exchange) -> bool:
    """Give the same rows for ever, of a list that is said to be enormous."""
    limit = int(exchange.query["limit"])
    return exchange.reply(200, numbered(BILLS[:limit], page=1, limit=limit, total=10**12))


def endless_cursors(exchange: Exchange) -> bool:
    """Give an empty page and a new cursor, for ever."""
    return exchange.reply(200, {"data": [], "nextCursor": f"cursor_{exchange.number}"})


CUT = [page_ignored, second_page_empty]


@pytest.mark.parametrize("serve", CUT)
def test_a_list_that_is_cut_is_an_error(serve: Handler) -> None:
    with RawServer(serve) as server, client(server.url) as hq, pytest.raises(ContractError):
        list(hq.organization("org_1").bills())


@pytest.mark.parametrize("serve", CUT)
def test_a_list_that_is_cut_does_not_say_that_a_bill_is_missing(serve: Handler) -> None:
    with RawServer(serve) as server, client(server.url) as hq, pytest.raises(ContractError):
        hq.organization("org_1").bill("BILL-900")


# A walk that has given this many pages without one new row has no end.
MOST_PAGES = 200


def test_a_numbered_list_without_an_end_is_an_error() -> None:
    with RawServer(endless) as server, client(server.url) as hq:
        pages = hq.organization("org_1").bills().pages()
        with pytest.raises(ContractError):
            _walk(pages)


def test_a_list_by_cursor_without_an_end_is_an_error() -> None:
    with RawServer(endless_cursors) as server, client(server.url) as hq:
        with pytest.raises(ContractError, match="no end"):
            _walk(hq.organizations().pages())
        assert len(server.requests) <= 4


def _walk(pages: Iterable[object]) -> int:
    count = 0
    for _ in pages:
        count += 1
        if count == MOST_PAGES:
            pytest.fail(f"no end after {count} pages")
    return count
