"""What an answer names about itself is what was asked for, operation by operation, on both
surfaces.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import respx

from ledgerhq_ext import AccountAllocation, ConflictError, ContractError, DocumentAllocation
from tests.support.clients import ORG, connect
from tests.support.clocks import FakeClock
from tests.support.postings import DRAFT, PURCHASE
from tests.support.responses import account, bank_row, entry, receipt
from tests.support.surfaces import Surface, collect, resolve

from .test_packet import GOOD as PACKET

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("parser")]

JSON = dict[str, Any]
ACT = Callable[[Any], Any]
ENTRY: JSON = entry().json()["entry"]


def numbered(*rows: JSON) -> JSON:
    """Return a page that holds the whole list."""
    return {
        "data": list(rows),
        "pagination": {"page": 1, "limit": 100, "total": len(rows), "totalPages": 1},
    }


BANK_ACCOUNT: JSON = {
    "id": "bank_1",
    "accountName": "Checking",
    "accountType": "checking",
    "currencyCode": "USD",
    "balance": 0,
    "isActive": True,
}
TAX_RATE: JSON = {
    "id": "tax_1",
    "name": "Sales tax",
    "rate": 875,
    "type": "sales",
    "kind": "sales_tax_us",
    "recoverablePercent": 0,
    "isDefault": True,
    "isActive": True,
}
CONTACT: JSON = {"id": "con_1", "name": "Ann", "type": "customer"}

# what is asked, its answer, what it says of somebody else, and where that stands
READS: list[tuple[str, ACT, JSON, str, object]] = [
    (
        "tax rates in an envelope with an id",
        lambda books: books.tax_rates(),
        {"taxRates": [TAX_RATE], "organizationId": ORG},
        "organizationId",
        "org_other",
    ),
    (
        "contacts in an envelope with an organization",
        lambda books: collect(books.contacts()),
        {**numbered(CONTACT), "organization": {"id": ORG}},
        "organization/id",
        "org_other",
    ),
    (
        "accounts",
        lambda books: books.accounts(),
        {"accounts": [account("acc_1"), account("acc_2", "1020")]},
        "accounts/1/organizationId",
        "org_other",
    ),
    (
        "bank accounts",
        lambda books: books.bank_accounts(),
        {"bankAccounts": [BANK_ACCOUNT]},
        "bankAccounts/0/organizationId",
        "org_other",
    ),
    (
        "contacts",
        lambda books: collect(books.contacts()),
        numbered(CONTACT),
        "data/0/organizationId",
        "org_other",
    ),
    (
        "an organization id that is none",
        lambda books: books.accounts(),
        {"accounts": [account()]},
        "accounts/0/organizationId",
        5,
    ),
    (
        "the register of a bank account",
        lambda books: collect(books.bank_account_transactions("bank_1")),
        numbered(bank_row(), bank_row(id="btx_2")),
        "data/1/bankAccountId",
        "bank_2",
    ),
    (
        "rows of one bank account",
        lambda books: collect(books.bank_transactions(bank_account="bank_1")),
        numbered(bank_row()),
        "data/0/bankAccountId",
        "bank_2",
    ),
    (
        "a bank transaction",
        lambda books: books.bank_transaction("btx_1"),
        {"transaction": bank_row()},
        "transaction/id",
        "btx_2",
    ),
    (
        "an entry",
        lambda books: books.entry("je_9"),
        {"entry": ENTRY},
        "entry/id",
        "je_8",
    ),
    (
        "an entry of another company",
        lambda books: books.entry("je_9"),
        {"entry": ENTRY},
        "entry/organizationId",
        "org_other",
    ),
    (
        "a packet of another company",
        lambda books: books.financial_packet("2026-01-01", "2026-03-31"),
        PACKET,
        "organization/id",
        "org_other",
    ),
    (
        "a packet from another day on",
        lambda books: books.financial_packet("2026-01-01", "2026-03-31"),
        PACKET,
        "period/startDate",
        "2026-01-02",
    ),
    (
        "a packet up to another day",
        lambda books: books.financial_packet("2026-01-01", "2026-03-31"),
        PACKET,
        "period/endDate",
        "2026-03-30",
    ),
]
READ = pytest.mark.parametrize(
    ("act", "document", "path", "other"), [pytest.param(*case[1:], id=case[0]) for case in READS]
)


def changed(document: JSON, path: str, value: object) -> JSON:
    """Return the document with another value at a path."""
    document = copy.deepcopy(document)
    *steps, last = path.split("/")
    at: Any = document
    for step in steps:
        at = at[int(step)] if step.isdigit() else at[step]
    at[last] = value
    return document


@READ
async def test_a_read_of_something_else(
    web: respx.MockRouter,
    clock: FakeClock,
    surface: Surface,
    act: ACT,
    document: JSON,
    path: str,
    other: object,
) -> None:
    route = web.route(method="GET").respond(json=changed(document, path, other))
    with pytest.raises(ContractError, match="expected the requested") as raised:
        await resolve(act(connect(surface, clock).organization(ORG)))
    assert raised.value.pointer == f"/{path}"
    assert str(other) in raised.value.message
    assert route.call_count == 1


@READ
async def test_a_read_of_what_was_asked_for(
    web: respx.MockRouter,
    clock: FakeClock,
    surface: Surface,
    act: ACT,
    document: JSON,
    path: str,
    other: object,
) -> None:
    answer = changed(document, path, ORG) if path.endswith("organizationId") else document
    web.route(method="GET").respond(json=answer)
    assert await resolve(act(connect(surface, clock).organization(ORG)))


# --- changes

TO_A_BILL = DocumentAllocation(document_type="bill", document_id="bill_1", amount=100)
VERBS: list[tuple[str, ACT, str, JSON, JSON, int, str]] = [
    (
        "exclude",
        lambda books: books.exclude("btx_1"),
        "exclude",
        {"transaction": bank_row()},
        {"transaction": bank_row("excluded", id="btx_2")},
        200,
        "/transaction/id",
    ),
    (
        "include",
        lambda books: books.include("btx_1"),
        "exclude",
        {"transaction": bank_row("excluded")},
        {"transaction": bank_row(id="btx_2")},
        200,
        "/transaction/id",
    ),
    (
        "reconcile",
        lambda books: books.reconcile("btx_1", journal_entry="je_9"),
        "reconcile",
        {"transaction": bank_row()},
        {"transaction": bank_row("reconciled", id="btx_2", journalEntryId="je_9")},
        200,
        "/transaction/id",
    ),
    (
        "split over documents",
        lambda books: books.split("btx_1", [TO_A_BILL]),
        "split",
        {"transaction": bank_row()},
        {"transaction": bank_row("reconciled", id="btx_2")},
        200,
        "/transaction/id",
    ),
    (
        "reclassify",
        lambda books: books.reclassify("btx_1", "acc_2"),
        "reclassify",
        {"transaction": bank_row()},
        {"transaction": bank_row(id="btx_2", accountId="acc_2")},
        200,
        "/transaction/id",
    ),
    (
        "post an entry",
        lambda books: books.post_entry("je_9"),
        "post",
        {"entry": ENTRY},
        {"entry": {**ENTRY, "id": "je_8", "status": "posted"}},
        200,
        "/entry/id",
    ),
    (
        "void an entry",
        lambda books: books.void_entry("je_9"),
        "void",
        {"entry": {**ENTRY, "status": "posted"}},
        {"entry": {**ENTRY, "id": "je_8", "status": "void"}},
        200,
        "/entry/id",
    ),
    (
        "draft an entry",
        lambda books: books.create_entry(DRAFT),
        "entries",
        {},
        {"entry": {**ENTRY, "organizationId": "org_other"}},
        201,
        "/entry/organizationId",
    ),
]


@pytest.mark.parametrize(
    ("act", "leaf", "before", "answer", "status", "pointer"),
    [pytest.param(*case[1:], id=case[0]) for case in VERBS],
)
async def test_a_change_of_something_else_is_unknown(
    web: respx.MockRouter,
    clock: FakeClock,
    surface: Surface,
    act: ACT,
    leaf: str,
    before: JSON,
    answer: JSON,
    status: int,
    pointer: str,
) -> None:
    web.route(method="GET").respond(json=before)
    route = web.route(method="POST", path__regex=f"/{leaf}$").respond(status, json=answer)
    with pytest.raises(ContractError) as raised:
        await resolve(act(connect(surface, clock).organization(ORG)))
    assert (raised.value.pointer, raised.value.outcome) == (pointer, "unknown")
    assert route.call_count == 1, "it may have been carried out"
    assert clock.elapsed <= 5


async def test_an_answer_about_another_row_and_a_row_that_shows_the_change(
    web: respx.MockRouter, clock: FakeClock, surface: Surface
) -> None:
    """The answer was somebody else's; what was asked for was done all the same."""
    rows = [
        httpx.Response(200, json={"transaction": bank_row(status)})
        for status in ("unreconciled", "excluded")
    ]
    web.route(method="GET").mock(side_effect=rows)
    web.route(method="POST").respond(json={"transaction": bank_row("excluded", id="btx_2")})
    excluded = await resolve(connect(surface, clock).organization(ORG).exclude("btx_1"))
    assert (excluded.id, excluded.status) == ("btx_1", "excluded")


ACCOUNTS = [AccountAllocation(account_id="acc_1", amount=100)]
ODD_SUCCESSES: list[tuple[str, ACT, str, JSON, JSON]] = [
    (
        "reconcile, without the entry",
        lambda books: books.reconcile("btx_1", journal_entry="je_9"),
        "reconcile",
        {"transaction": bank_row("reconciled")},
        bank_row("reconciled", journalEntryId="je_9"),
    ),
    (
        "match, without anything",
        lambda books: books.match("btx_1", journal_entry="je_9"),
        "match",
        {},
        bank_row("reconciled", journalEntryId="je_9"),
    ),
    (
        "split, with a blank entry",
        lambda books: books.split("btx_1", ACCOUNTS),
        "split-account",
        {"journalEntryId": " "},
        bank_row("reconciled", journalEntryId="je_9"),
    ),
    (
        "reclassify, with another account",
        lambda books: books.reclassify("btx_1", "acc_2"),
        "reclassify",
        {"transaction": bank_row(accountId="acc_7")},
        bank_row(accountId="acc_2"),
    ),
]
odd_successes = pytest.mark.parametrize(
    ("act", "leaf", "answer", "shown"),
    [pytest.param(*case[1:], id=case[0]) for case in ODD_SUCCESSES],
)


@odd_successes
async def test_a_success_that_says_less_than_was_asked_for_is_unknown(
    web: respx.MockRouter,
    clock: FakeClock,
    surface: Surface,
    act: ACT,
    leaf: str,
    answer: JSON,
    shown: JSON,
) -> None:
    web.route(method="GET").respond(json={"transaction": bank_row()})
    status = 201 if leaf == "split-account" else 200
    route = web.route(method="POST", path__regex=f"/{leaf}$").respond(status, json=answer)
    with pytest.raises(ConflictError, match="btx_1 came back with") as raised:
        await resolve(act(connect(surface, clock).organization(ORG)))
    assert (raised.value.outcome, raised.value.method) == ("unknown", "POST")
    assert route.call_count == 1


@odd_successes
async def test_a_success_that_says_less_and_a_row_that_shows_the_change(
    web: respx.MockRouter,
    clock: FakeClock,
    surface: Surface,
    act: ACT,
    leaf: str,
    answer: JSON,
    shown: JSON,
) -> None:
    lines = [
        {"id": "l1", "accountId": "acc_1", "debitAmount": "1.00", "creditAmount": "0.00"},
        {"id": "l2", "accountId": "acc_9", "debitAmount": "0.00", "creditAmount": "1.00"},
    ]
    entry = {**ENTRY, "lines": [{**line, "currencyCode": "USD"} for line in lines]}
    rows = [bank_row()] * (leaf != "reclassify") + [shown]
    web.route(method="GET", path__regex="/entries/").respond(json={"entry": entry})
    web.route(method="GET", path__regex="/bank-transactions/").mock(
        side_effect=[httpx.Response(200, json={"transaction": row}) for row in rows]
    )
    status = 201 if leaf == "split-account" else 200
    route = web.route(method="POST", path__regex=f"/{leaf}$").respond(status, json=answer)
    assert await resolve(act(connect(surface, clock).organization(ORG)))
    assert route.call_count == 1


async def test_what_names_nothing_is_not_compared(
    web: respx.MockRouter, clock: FakeClock, surface: Surface
) -> None:
    """A split over accounts does not say which row was split: there is nothing to compare."""
    web.route(method="GET").respond(json={"transaction": bank_row()})
    web.route(method="POST").respond(201, json={"journalEntryId": "je_9"})
    books = connect(surface, clock).organization(ORG)
    split = await resolve(books.split("btx_1", ACCOUNTS))
    assert split.journal_entry_id == "je_9"


# --- receipts


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"idempotencyKey": "other"}, "/data/idempotencyKey"),
        ({"resourceType": "transfer"}, "/data/resourceType"),
        ({"status": "pending"}, "/data/status"),
        ({"status": ""}, "/data/status"),
        ({"status": "Posted"}, "/data/status"),
        ({"journalEntryId": ""}, "/data/journalEntryId"),
        ({"journalEntryId": " \t"}, "/data/journalEntryId"),
        ({"journalEntryId": "\u200b"}, "/data/journalEntryId"),
        ({"organizationId": "org_other"}, "/data/organizationId"),
    ],
)
async def test_a_receipt_of_something_else_is_none(
    web: respx.MockRouter, clock: FakeClock, surface: Surface, change: JSON, pointer: str
) -> None:
    def wrong(request: httpx.Request) -> httpx.Response:
        return httpx.Response(201, json={"data": {**receipt(request).json()["data"], **change}})

    route = web.post("/api/v1/purchases").mock(side_effect=wrong)
    with pytest.raises(ContractError) as raised:
        await resolve(connect(surface, clock).organization(ORG).post(PURCHASE, key="k"))
    assert (raised.value.pointer, raised.value.outcome) == (pointer, "unknown")
    assert route.call_count == 1


@pytest.mark.parametrize(
    ("beside", "pointer"),
    [
        ({"organizationId": "org_other"}, "/organizationId"),
        ({"organization": {"id": "org_other"}}, "/organization/id"),
        ({"companyId": "org_other"}, "/companyId"),
        ({"company": {"id": "org_other"}}, "/company/id"),
        ({"error": "Not posted"}, "/error"),
        ({"error": {"code": "VALIDATION_ERROR", "message": "Not posted"}}, "/error"),
    ],
)
async def test_a_receipt_in_an_envelope_that_contradicts_it_is_none(
    web: respx.MockRouter, clock: FakeClock, surface: Surface, beside: JSON, pointer: str
) -> None:
    def contradictory(request: httpx.Request) -> httpx.Response:
        return httpx.Response(201, json={**receipt(request).json(), **beside})

    route = web.post("/api/v1/purchases").mock(side_effect=contradictory)
    with pytest.raises(ContractError) as raised:
        await resolve(connect(surface, clock).organization(ORG).post(PURCHASE, key="k"))
    assert (raised.value.pointer, raised.value.outcome) == (pointer, "unknown")
    assert route.call_count == 1


# --- errors that were sent as a success


@pytest.mark.parametrize("error", ["Closed for repairs", {"message": "Closed for repairs"}])
@pytest.mark.parametrize("beside", [{}, {"accounts": []}], ids=["alone", "beside a list"])
async def test_an_error_in_a_success_is_read_as_one(
    web: respx.MockRouter, clock: FakeClock, surface: Surface, beside: JSON, error: object
) -> None:
    """An empty list beside it is not taken for a company without accounts."""
    web.route(method="GET").respond(json={**beside, "error": error})
    with pytest.raises(ContractError, match="Closed for repairs") as raised:
        await resolve(connect(surface, clock).organization(ORG).accounts())
    assert raised.value.pointer == "/error"


@pytest.mark.parametrize(
    ("said", "pointer"),
    [({"errors": [{"message": "Closed"}]}, "/errors"), ({"success": False}, "/success")],
    ids=str,
)
async def test_a_success_that_says_it_is_none(
    web: respx.MockRouter, clock: FakeClock, surface: Surface, said: JSON, pointer: str
) -> None:
    def contradictory(request: httpx.Request) -> httpx.Response:
        return httpx.Response(201, json={**receipt(request).json(), **said})

    web.route(method="GET").respond(json={"accounts": [], **said})
    web.route(method="POST").mock(side_effect=contradictory)
    books = connect(surface, clock).organization(ORG)
    for act in (books.accounts, lambda: books.post(PURCHASE, key="k")):
        with pytest.raises(ContractError) as raised:
            await resolve(act())
        assert raised.value.pointer == pointer


async def test_no_error_in_a_success_is_no_error(
    web: respx.MockRouter, clock: FakeClock, surface: Surface
) -> None:
    said: JSON = {"error": None, "errors": [], "success": True}
    web.route(method="GET").respond(json={"accounts": [account("acc_1")], **said})
    assert len(await resolve(connect(surface, clock).organization(ORG).accounts())) == 1
