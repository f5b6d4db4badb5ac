"""The migration from `dubbl`: what the page says of it is asked of the package itself."""

from __future__ import annotations

import importlib.metadata
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dubbl
import httpx
import pytest
import respx

from ledgerhq_ext import (
    BankAccount,
    DraftEntry,
    InputError,
    JournalEntry,
    JournalLine,
    LedgerHQ,
    NotFoundError,
    Organization,
    TransportError,
)
from ledgerhq_ext.sandbox import Sandbox

from .support import ROOT

PAGE = ROOT / "docs/migrating/from-dubbl.md"
BASE = "https://dubbl.test"
CALL = r'self\._client\.(get|post|patch|put|delete)\(\s*f?"([^"]+)"'


@pytest.fixture
def theirs(service: Sandbox, maple: str) -> Iterator[Any]:
    """The client of `dubbl`, connected to the sandbox by an API key."""
    client = dubbl.Dubbl(
        api_key=service.api_key(maple), organization_id=maple, base_url=service.url
    )
    yield client
    client._client.close()


@pytest.fixture
def books(service: Sandbox, maple: str) -> Iterator[Organization]:
    """Ours, connected by the same key."""
    with LedgerHQ(api_key=service.api_key(maple), base_url=service.url) as hq:
        yield hq.organization(maple)


def test_the_page_names_the_version_that_is_looked_at() -> None:
    version = importlib.metadata.version("dubbl")
    assert f"`dubbl` {version}" in PAGE.read_text(encoding="utf-8")


def test_the_page_counts_the_routes_that_both_have() -> None:
    contract = json.loads((ROOT / "openapi/openapi.json").read_text(encoding="utf-8"))
    ours = set()
    for path, item in contract["paths"].items():
        ours |= {(method.upper(), re.sub(r"\{\w+\}", "{}", path)) for method in item}

    own = set()
    for module in Path(dubbl.__file__).with_name("resources").glob("*.py"):
        blocking = module.read_text(encoding="utf-8").split("class Async")[0]
        for method, path in re.findall(CALL, blocking):
            route = re.sub(r"\{[^}]+\}", "{}", path)
            own.add((method.upper(), f"/api/v1{route}"))
    text = " ".join(PAGE.read_text(encoding="utf-8").split())
    assert f"calls {len(own)} routes" in text
    assert f"{len(own & ours)} of them are in LedgerHQ's contract" in text


def test_lists(theirs: Any, books: Organization) -> None:
    accounts = theirs.accounts.list()["accounts"]
    assert [account["id"] for account in accounts] == [account.id for account in books.accounts()]

    page = theirs.contacts.list(limit=2)
    contacts = list(books.contacts())
    assert len(page["data"]) == 2
    assert len(contacts) == page["pagination"]["total"] > 2

    account = theirs.bank_accounts.list()["bankAccounts"][0]
    assert isinstance(books.bank_accounts().by_name(account["accountName"]), BankAccount)
    rows = theirs.bank_accounts.list_transactions(account["id"], status="unreconciled")
    own_rows = books.bank_transactions(bank_account=account["id"], status="unreconciled")
    assert len(list(own_rows)) == rows["pagination"]["total"]

    bills = {bill["billNumber"] for bill in theirs.bills.list()["data"]}
    assert books.bill("BILL-1008").bill_number in bills
    rates = theirs.tax_rates.list()["taxRates"]
    assert [rate["id"] for rate in rates] == [rate.id for rate in books.tax_rates()]


def test_exclude_toggles_there_and_not_here(theirs: Any, books: Organization) -> None:
    loose = [row for row in books.bank_transactions(status="unreconciled") if row.amount < 0]
    row = next(row for row in loose if not row.journal_entry_id)
    answers = [theirs.bank_transactions.exclude(row.id) for _ in range(2)]
    states = [answer["transaction"]["status"] for answer in answers]
    assert states == ["excluded", "unreconciled"]
    assert [books.exclude(row.id).status for _ in range(2)] == ["excluded", "excluded"]


def test_an_entry_is_sent_in_cents_and_comes_back_in_dollars(
    theirs: Any, books: Organization
) -> None:
    accounts = books.accounts()
    debit = {"accountId": accounts.by_code("1010").id, "debitAmount": 500, "creditAmount": 0}
    credit = {"accountId": accounts.by_code("4000").id, "debitAmount": 0, "creditAmount": 500}
    draft = theirs.entries.create(date="2026-06-08", description="Cash", lines=[debit, credit])
    entry = theirs.entries.post(draft["entry"]["id"])["entry"]
    assert entry["lines"][0]["debitAmount"] == "5.00"

    lines = [JournalLine.of(accounts.by_code("1010"), 500)]
    lines.append(JournalLine.of(accounts.by_code("4000"), -500))
    own_draft = books.create_entry(DraftEntry(date="2026-06-08", description="Cash", lines=lines))
    own_entry = books.post_entry(own_draft)
    assert own_entry.lines[0].debit_amount == 500
    assert books.entry(entry["id"]).lines[0].debit_amount == 500

    # With a key, and in one step.
    posting = JournalEntry(txn_date="2026-06-08", lines=lines)
    first = books.post(posting, source=("acme", "1"))
    assert books.post(posting, source=("acme", "1")).journal_entry_id == first.journal_entry_id


def test_statements(theirs: Any, books: Organization) -> None:
    theirs_totals = theirs.reports.trial_balance(start_date="2026-01-01", end_date="2026-03-31")
    ours = books.trial_balance("2026-01-01", "2026-03-31")
    assert isinstance(theirs_totals["totalDebits"], str)
    assert ours.total_debits == round(float(theirs_totals["totalDebits"]) * 100)


def test_a_timeout_posts_again_without_a_key_there() -> None:
    """And here it is `unknown`, after one request: nobody knows whether the draft is there."""
    draft = {"entry": {"id": "je_1"}}
    answers: list[httpx.Response | Exception] = [
        httpx.ReadTimeout("no answer"),
        httpx.Response(201, json=draft),
    ]
    with respx.mock(base_url=BASE) as web:
        route = web.post("/api/v1/entries").mock(side_effect=answers)
        client = dubbl.Dubbl(api_key="dk_live_x", base_url=BASE)
        client.entries.create(date="2026-06-08", description="Cash", lines=[])
        assert route.call_count == 2
        assert "idempotency-key" not in route.calls[0].request.headers
        client._client.close()

    sent: list[str] = []

    def never_answer(request: httpx.Request) -> httpx.Response:
        sent.append(request.url.path)
        raise httpx.ReadTimeout("no answer")

    lines = [JournalLine.of("acc_1", 500), JournalLine.of("acc_2", -500)]
    transport = httpx.MockTransport(never_answer)
    with LedgerHQ(api_key="dk_live_x", base_url=BASE, transport=transport) as hq:
        draft_entry = DraftEntry(date="2026-06-08", description="Cash", lines=lines)
        with pytest.raises(TransportError) as failure:
            hq.organization("org_1").create_entry(draft_entry)
    assert failure.value.outcome == "unknown"
    assert sent == ["/api/v1/entries"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 429, 500])
def test_its_errors_of_most_statuses_cannot_be_made(status: int) -> None:
    with respx.mock(base_url=BASE) as web:
        web.get("/api/v1/accounts").respond(status, json={"error": "No."})
        client = dubbl.Dubbl(api_key="dk_live_x", base_url=BASE)
        with pytest.raises(TypeError, match="status_code"):
            client.accounts.list()
        client._client.close()


@pytest.mark.parametrize("status", [422, 503])
def test_it_repeats_no_other_status_and_reads_no_structured_error(status: int) -> None:
    body = {"error": {"code": "PERIOD_LOCKED", "message": "The period is locked."}}
    with respx.mock(base_url=BASE) as web:
        route = web.get("/api/v1/accounts").respond(status, json=body)
        client = dubbl.Dubbl(api_key="dk_live_x", base_url=BASE)
        with pytest.raises(dubbl.APIError) as failure:
            client.accounts.list()
        assert route.call_count == 1
        assert str(failure.value) == f"[{status}] API error"
        client._client.close()


def test_errors_and_floats_here(books: Organization) -> None:
    with pytest.raises(NotFoundError) as failure:
        books.entry("no-such-entry")
    assert failure.value.request_id is not None
    wrong: Any = 5.5
    with pytest.raises(InputError, match="cents"):
        JournalLine(account_id="acc_1", debit_amount=wrong)
