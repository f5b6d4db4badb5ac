"""After a lost answer to a verb, the row is read again for as long as that may help, on both
surfaces.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
import respx
from attrs import evolve

from ledgerhq_ext import (
    AccountAllocation,
    APIError,
    ConflictError,
    DocumentAllocation,
    InputError,
    TransportError,
    ValidationError,
)
from tests.support.clients import ORG, connect, options
from tests.support.clocks import FakeClock
from tests.support.responses import bank_row, entry
from tests.support.surfaces import Surface, resolve

pytestmark = pytest.mark.anyio

DEADLINE = 90


def service(
    web: respx.MockRouter, read: Callable[[float | None], httpx.Response], clock: FakeClock
) -> respx.Route:
    """Mock a service that loses the answer to a verb; ``read`` takes the seconds since (None
    before).
    """
    lost_at: list[float] = []

    def lose(_: httpx.Request) -> httpx.Response:
        lost_at.append(clock.elapsed)
        raise httpx.RemoteProtocolError("Server disconnected without sending a response.")

    def look(_: httpx.Request) -> httpx.Response:
        return read(clock.elapsed - lost_at[0] if lost_at else None)

    web.route(method="GET").mock(side_effect=look)
    return web.route(method="POST").mock(side_effect=lose)


def shown(status: str, **more: object) -> httpx.Response:
    return httpx.Response(200, json={"transaction": bank_row(status, **more)})


async def test_the_old_state_for_five_seconds_is_enough(
    web: respx.MockRouter, clock: FakeClock, surface: Surface
) -> None:
    verb = service(web, lambda _: shown("unreconciled"), clock)
    books = connect(surface, clock, deadline=DEADLINE).organization(ORG)
    with pytest.raises(TransportError) as raised:
        await resolve(books.exclude("btx_1"))
    assert raised.value.outcome == "unknown"
    assert clock.elapsed == pytest.approx(5)
    assert verb.call_count == 1


async def test_a_reclassification_is_looked_for_as_long(
    web: respx.MockRouter, clock: FakeClock, surface: Surface
) -> None:
    verb = service(web, lambda _: shown("unreconciled"), clock)
    books = connect(surface, clock, deadline=DEADLINE).organization(ORG)
    with pytest.raises(TransportError) as raised:
        await resolve(books.reclassify("btx_1", "acc_2"))
    assert raised.value.outcome == "unknown"
    assert clock.elapsed == pytest.approx(5)
    assert verb.call_count == 1


def reclassified(
    web: respx.MockRouter, clock: FakeClock, row: dict[str, object], lines: list[str]
) -> None:
    """Mock a service that loses the answer; its entry has lines on these accounts, l1, l2, …"""
    sides = {"debitAmount": "7.00", "creditAmount": "0.00", "currencyCode": "USD"}
    entry_lines = [
        {"id": f"l{number}", "accountId": account, **sides}
        for number, account in enumerate(lines, 1)
    ]
    web.get(path__regex="/entries/je_9$").mock(side_effect=lambda _: entry(lines=entry_lines))
    service(web, lambda _: shown("unreconciled", **row), clock)


@pytest.mark.parametrize(
    ("row", "lines", "asked", "line_id"),
    [
        ({"accountId": "acc_2"}, [], {}, None),
        ({"accountId": "acc_2", "journalEntryId": "je_9"}, ["acc_1", "acc_2"], {}, "l2"),
        # Nobody knows which of them was moved.
        ({"accountId": "acc_2", "journalEntryId": "je_9"}, ["acc_2", "acc_2"], {}, None),
        (
            {"accountId": "acc_2", "journalEntryId": "je_9"},
            ["acc_2", "acc_2"],
            {"journal_line_id": "l1"},
            "l1",
        ),
        (
            {"accountId": "acc_2", "contactId": "con_1", "taxRateId": "tax_1"},
            [],
            {"contact": "con_1", "tax_rate": "tax_1"},
            None,
        ),
        ({"accountId": "acc_2", "contactId": "con_1", "taxRateId": "tax_1"}, [], {}, None),
    ],
)
async def test_a_reclassification_that_row_and_entry_show_counts(
    web: respx.MockRouter,
    clock: FakeClock,
    surface: Surface,
    row: dict[str, object],
    lines: list[str],
    asked: dict[str, str],
    line_id: str | None,
) -> None:
    reclassified(web, clock, row, lines)
    books = connect(surface, clock, deadline=DEADLINE).organization(ORG)
    result = await resolve(books.reclassify("btx_1", "acc_2", **asked))
    assert result.transaction.account_id == "acc_2"
    assert result.journal_line_id == line_id


@pytest.mark.parametrize(
    ("row", "lines", "asked"),
    [
        # The row had this account before, and the line of its entry another one.
        ({"accountId": "acc_2", "journalEntryId": "je_9"}, ["acc_1", "acc_3"], {}),
        (
            {"accountId": "acc_2", "journalEntryId": "je_9"},
            ["acc_1", "acc_2"],
            {"journal_line_id": "l1"},
        ),
        ({"accountId": "acc_2", "contactId": "con_1"}, [], {"contact": "con_2"}),
        ({"accountId": "acc_2", "taxRateId": "tax_1"}, [], {"tax_rate": "tax_2"}),
    ],
)
async def test_a_part_of_a_reclassification_does_not_count(
    web: respx.MockRouter,
    clock: FakeClock,
    surface: Surface,
    row: dict[str, object],
    lines: list[str],
    asked: dict[str, str],
) -> None:
    reclassified(web, clock, row, lines)
    books = connect(surface, clock, deadline=DEADLINE).organization(ORG)
    with pytest.raises(TransportError) as raised:
        await resolve(books.reclassify("btx_1", "acc_2", **asked))
    assert raised.value.outcome == "unknown"


@pytest.mark.parametrize("after", [0, 2, 4.9])
async def test_a_change_that_shows_in_time_counts(
    web: respx.MockRouter, clock: FakeClock, surface: Surface, after: float
) -> None:
    def read(since: float | None) -> httpx.Response:
        return shown("excluded" if since is not None and since >= after else "unreconciled")

    verb = service(web, read, clock)
    books = connect(surface, clock, deadline=DEADLINE).organization(ORG)
    excluded = await resolve(books.exclude("btx_1"))
    assert excluded.status == "excluded"
    assert verb.call_count == 1


@pytest.mark.parametrize("in_the_end", ["excluded", "unreconciled"])
async def test_a_service_that_is_down_says_nothing(
    web: respx.MockRouter, clock: FakeClock, surface: Surface, in_the_end: str
) -> None:
    """The five seconds are those in which the row can be read."""

    def read(since: float | None) -> httpx.Response:
        if since is None:
            return shown("unreconciled")
        return shown(in_the_end) if since >= 30 else httpx.Response(503)

    service(web, read, clock)
    books = connect(surface, clock, **options(attempts=1, deadline=DEADLINE)).organization(ORG)
    if in_the_end == "excluded":
        assert (await resolve(books.exclude("btx_1"))).status == "excluded"
    else:
        with pytest.raises(TransportError) as raised:
            await resolve(books.exclude("btx_1"))
        assert raised.value.outcome == "unknown"
    assert 30 <= clock.elapsed < 45


@pytest.mark.parametrize("status", [200, 503])
async def test_the_deadline_ends_the_looking(
    web: respx.MockRouter, clock: FakeClock, surface: Surface, status: int
) -> None:
    def read(since: float | None) -> httpx.Response:
        return shown("unreconciled") if since is None or status == 200 else httpx.Response(status)

    service(web, read, clock)
    books = connect(surface, clock, deadline=3).organization(ORG)
    with pytest.raises(TransportError) as raised:
        await resolve(books.exclude("btx_1"))
    assert raised.value.outcome == "unknown"
    assert clock.elapsed <= 3.5


# --- answers that say something else


@pytest.mark.parametrize(
    ("status", "outcome"), [("unreconciled", "rejected"), ("Excluded", "unknown")]
)
@pytest.mark.parametrize("after", ["excluded", "unreconciled"])
async def test_an_answer_with_another_status_is_no_answer(
    web: respx.MockRouter, clock: FakeClock, surface: Surface, status: str, outcome: str, after: str
) -> None:
    """The row, read again, says whether it was carried out."""
    web.route(method="GET").mock(side_effect=[shown("unreconciled"), shown(after)])
    verb = web.route(method="POST").mock(return_value=shown(status))
    books = connect(surface, clock).organization(ORG)
    if after == "excluded":
        assert (await resolve(books.exclude("btx_1"))).status == "excluded"
    else:
        with pytest.raises(ConflictError, match=f"came back {status}") as raised:
            await resolve(books.exclude("btx_1"))
        assert raised.value.outcome == outcome
    assert verb.call_count == 1


RECONCILED = shown("reconciled", journalEntryId="je_8").json()
VERBS: dict[str, tuple[Callable[[Any], Any], dict[str, Any]]] = {
    "reconcile": (lambda books: books.reconcile("btx_1", journal_entry="je_9"), RECONCILED),
    "match": (
        lambda books: books.match("btx_1", journal_entry="je_9"),
        {"matchType": "existing_journal", "journalEntryId": "je_8"},
    ),
}


@pytest.mark.parametrize(("act", "answer"), VERBS.values(), ids=VERBS)
@pytest.mark.parametrize("entry", ["je_9", "je_8"])
async def test_an_answer_with_another_entry_is_no_answer(
    web: respx.MockRouter,
    clock: FakeClock,
    surface: Surface,
    act: Callable[[Any], Any],
    answer: dict[str, Any],
    entry: str,
) -> None:
    rows = [shown("unreconciled"), shown("reconciled", journalEntryId=entry)]
    web.route(method="GET").mock(side_effect=rows)
    web.route(method="POST").respond(json=answer)
    books = connect(surface, clock).organization(ORG)
    if entry == "je_9":
        assert (await resolve(act(books))).journal_entry_id == "je_9"
    else:
        with pytest.raises(ConflictError, match="came back with the entry je_8") as raised:
            await resolve(act(books))
        assert raised.value.outcome == "unknown"


async def test_the_answer_of_a_reconciliation_is_its_result(
    web: respx.MockRouter, clock: FakeClock, surface: Surface
) -> None:
    look = web.route(method="GET").mock(return_value=shown("unreconciled", journalEntryId="je_9"))
    web.route(method="POST").mock(return_value=shown("reconciled", journalEntryId="je_9"))
    books = connect(surface, clock).organization(ORG)
    assert (await resolve(books.reconcile("btx_1"))).status == "reconciled"
    assert look.call_count == 1


@pytest.mark.parametrize("statement", ["rec_1", "rec_2", None])
async def test_a_row_of_another_reconciliation_is_a_conflict(
    web: respx.MockRouter, clock: FakeClock, surface: Surface, statement: str | None
) -> None:
    row = shown("reconciled", journalEntryId="je_9", reconciliationId="rec_1")
    web.route(method="GET").mock(return_value=row)
    verb = web.route(method="POST")
    books = connect(surface, clock).organization(ORG)
    if statement == "rec_2":
        with pytest.raises(ConflictError, match="already reconciled, but not as requested"):
            await resolve(books.reconcile("btx_1", reconciliation_id=statement))
    else:
        same = await resolve(books.reconcile("btx_1", reconciliation_id=statement))
        assert same.reconciliation_id == "rec_1"
    assert not verb.called


async def test_a_reclassification_that_is_refused_is_not_looked_for(
    web: respx.MockRouter, clock: FakeClock, surface: Surface
) -> None:
    look = web.route(method="GET").mock(return_value=shown("unreconciled", accountId="acc_2"))
    web.route(method="POST").respond(400, json={"error": "The entry has several lines"})
    books = connect(surface, clock).organization(ORG)
    with pytest.raises(ValidationError, match="several lines"):
        await resolve(books.reclassify("btx_1", "acc_2"))
    assert not look.called


@pytest.mark.parametrize("status", [403, 404])
async def test_an_error_that_says_nothing_about_the_row_is_not_looked_into(
    web: respx.MockRouter, clock: FakeClock, surface: Surface, status: int
) -> None:
    # Somebody else may exclude the row just then: this caller was not allowed to.
    look = web.route(method="GET").mock(side_effect=[shown("unreconciled"), shown("excluded")])
    web.route(method="POST").respond(status, json={"error": "No"})
    books = connect(surface, clock).organization(ORG)
    with pytest.raises(APIError, match="No") as raised:
        await resolve(books.exclude("btx_1"))
    assert raised.value.status == status
    assert look.call_count == 1


# --- what is refused before anything is sent


TO_ACCOUNT = AccountAllocation(account_id="acc_2", amount=100)
TO_BILL = DocumentAllocation(document_type="bill", document_id="bill_1", amount=100)


@pytest.mark.parametrize(
    ("allocations", "more", "message"),
    [
        ([], {}, "not a mixture"),
        ([TO_ACCOUNT, TO_BILL], {}, "not a mixture"),
        ([TO_BILL, "bill_2"], {}, "not a mixture"),
        (TO_ACCOUNT, {}, "not a mixture"),
        ([TO_ACCOUNT], {"date": "2026-06-08"}, "date and method apply to payments of documents"),
        ([TO_ACCOUNT], {"method": "card"}, "date and method apply to payments of documents"),
    ],
)
async def test_a_split_that_cannot_be_meant_is_refused_before_anything_is_sent(
    web: respx.MockRouter,
    clock: FakeClock,
    surface: Surface,
    allocations: Any,
    more: dict[str, str],
    message: str,
) -> None:
    books = connect(surface, clock).organization(ORG)
    with pytest.raises(InputError, match=message):
        await resolve(books.split("btx_1", allocations, **more))
    assert not web.calls


@pytest.mark.parametrize(
    ("split", "message"),
    [
        ([evolve(TO_ACCOUNT, amount=99)], "add up to 99 cents, but the row is 100 cents"),
        ([TO_ACCOUNT, TO_ACCOUNT], "add up to 200 cents, but the row is 100 cents"),
        ([TO_BILL, TO_BILL], "add up to 200 cents, which is more than the row's 100 cents"),
    ],
)
async def test_a_split_of_another_amount_is_refused_by_the_row(
    web: respx.MockRouter, clock: FakeClock, surface: Surface, split: Any, message: str
) -> None:
    web.route(method="GET").mock(return_value=shown("unreconciled"))
    verb = web.route(method="POST")
    books = connect(surface, clock).organization(ORG)
    with pytest.raises(InputError, match=message):
        await resolve(books.split("btx_1", split))
    assert not verb.called


@pytest.mark.parametrize(
    ("targets", "message"),
    [
        ({}, "exactly one of journal_entry, payment, bill and invoice"),
        ({"bill": "bill_1", "payment": "pay_1"}, "exactly one of journal_entry, payment, bill"),
        ({"payment": "pay_1", "method": "card"}, "apply to the new payment of a bill"),
        ({"journal_entry": "je_9", "amount": 100}, "apply to the new payment of a bill"),
        ({"journal_entry": "je_9", "date": "2026-06-08"}, "apply to the new payment of a bill"),
    ],
)
async def test_a_match_that_cannot_be_meant_is_refused_before_anything_is_sent(
    web: respx.MockRouter, clock: FakeClock, surface: Surface, targets: Any, message: str
) -> None:
    books = connect(surface, clock).organization(ORG)
    with pytest.raises(InputError, match=message):
        await resolve(books.match("btx_1", **targets))
    assert not web.calls


# --- a row that is reconciled already


def side(account: str, debit: str, credit: str) -> dict[str, str]:
    amounts = {"debitAmount": debit, "creditAmount": credit, "currencyCode": "USD"}
    return {"id": f"line_{account}", "accountId": account, **amounts}


@pytest.mark.parametrize("amount", [-100, 100])
@pytest.mark.parametrize(
    ("accounts", "entry_id", "is_same"),
    [
        (["acc_2", "acc_3"], "je_9", True),
        (["acc_3", "acc_2"], "je_9", True),
        (["acc_2", "acc_4"], "je_9", False),
        (["acc_2", "acc_3"], None, False),
    ],
)
async def test_a_row_that_was_split_before_counts_where_it_was_split_the_same(
    web: respx.MockRouter,
    clock: FakeClock,
    surface: Surface,
    amount: int,
    accounts: list[str],
    entry_id: str | None,
    is_same: bool,
) -> None:
    bank = side("acc_1", "0.00", "1.00") if amount < 0 else side("acc_1", "1.00", "0.00")
    shares = [("acc_2", "0.60"), ("acc_3", "0.40")]
    others = [
        side(account, share, "0.00") if amount < 0 else side(account, "0.00", share)
        for account, share in shares
    ]
    web.get(path__regex="/entries/je_9$").mock(side_effect=lambda _: entry(lines=[bank, *others]))
    row = shown("reconciled", amount=amount, journalEntryId=entry_id)
    web.route(method="GET").mock(return_value=row)
    verb = web.route(method="POST")
    cents = {"acc_2": 60, "acc_3": 40, "acc_4": 40}
    split = [AccountAllocation(account_id=id, amount=cents[id]) for id in accounts]
    books = connect(surface, clock).organization(ORG)
    if is_same:
        assert (await resolve(books.split("btx_1", split))).journal_entry_id == "je_9"
    else:
        with pytest.raises(ConflictError, match="already reconciled, but not as requested"):
            await resolve(books.split("btx_1", split))
    assert not verb.called


async def test_a_row_that_was_split_over_documents_is_a_conflict(
    web: respx.MockRouter, clock: FakeClock, surface: Surface
) -> None:
    web.route(method="GET").mock(return_value=shown("reconciled", journalEntryId="je_9"))
    verb = web.route(method="POST")
    books = connect(surface, clock).organization(ORG)
    with pytest.raises(ConflictError, match="cannot be read back"):
        await resolve(books.split("btx_1", [TO_BILL]))
    assert not verb.called
