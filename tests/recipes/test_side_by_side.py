"""Ten tasks: ours against a sandbox; the others', where they are installed, against a loopback
server that answers as their services do.
"""

from __future__ import annotations

import ast
import asyncio
import importlib.metadata
import importlib.util
import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from ledgerhq_ext import AsyncLedgerHQ, Deposit, DepositLine, LedgerHQ, Organization
from ledgerhq_ext.sandbox import Sandbox

from .support import ROOT, approve_in

PAGE = ROOT / "docs/side-by-side.md"
FOLDER = ROOT / "docs/side_by_side"
TASKS = [
    "connect", "environment", "list", "lookup", "post", "retries", "error", "raw", "async", "test",
]  # fmt: skip
MISSING = {"with_modern_treasury": {"connect"}, "with_xero": {"async", "test"}}
"""What a package has no way to do. The page says so."""

Answers = dict[str, tuple[int, Any]]


def module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


# --- the page


@pytest.mark.parametrize("name", ["ours", "with_stripe", "with_modern_treasury", "with_xero"])
def test_the_page_shows_every_task(name: str) -> None:
    text = (FOLDER / f"{name}.py").read_text(encoding="utf-8")
    ast.parse(text)
    parts = re.findall(r"\[start:(\w+)\]", text)
    assert parts == [task for task in TASKS if task not in MISSING.get(name, set())]
    page = PAGE.read_text(encoding="utf-8")
    assert re.findall(rf'--8<-- "docs/side_by_side/{name}\.py:(\w+)"', page) == parts


@pytest.mark.parametrize("package", ["stripe", "modern-treasury", "xero-python"])
def test_the_page_names_the_version_that_was_run(package: str) -> None:
    try:
        version = importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        pytest.skip(f"{package} is not installed")
    assert f"{package} {version}" in PAGE.read_text(encoding="utf-8")


# --- ours

ours = module("ours")


@pytest.fixture
def books(service: Sandbox, maple: str) -> Iterator[Organization]:
    with LedgerHQ(base_url=service.url, access_token=service.access_token()) as hq:
        yield hq.organization(maple)


@pytest.fixture
def deposit(books: Organization) -> Deposit:
    accounts = books.accounts()
    line = DepositLine(account_id=ours.account(books), amount=1250)
    return Deposit(
        txn_date="2026-06-08", destination_account_id=accounts.by_code("1010"), lines=[line]
    )


def test_ours_connects_and_is_made_from_the_environment(
    service: Sandbox, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LEDGERHQ_API_KEY", raising=False)
    monkeypatch.setenv("LEDGERHQ_BASE_URL", service.url)
    monkeypatch.setenv("LEDGERHQ_TOKEN_FILE", str(tmp_path / "tokens.json"))
    with ours.from_environment() as hq:
        request = ours.begin(hq, "http://127.0.0.1:8400/callback")
        ours.end(hq, approve_in(request.url), request)
        assert len(list(hq.organizations(type="client"))) == 4


def test_ours_lists_and_posts(
    service: Sandbox, maple: str, books: Organization, deposit: Deposit
) -> None:
    rows = [row for row in service.bank_rows(maple) if row["status"] == "unreconciled"]
    assert len(ours.payees(books)) == len(rows)
    first = ours.post(books, deposit, "1001")
    assert ours.post(books, deposit, "1001").journal_entry_id == first.journal_entry_id
    assert ours.raw(books, deposit, "1001") == (200, "application/json")
    assert len(service.postings(maple)) == 1

    with ours.patient(service.access_token(), service.url) as hq:
        service.fault("GET /api/v1/organizations", "status", status=503, times=2)
        assert len(list(hq.organizations(type="client"))) == 4


def test_ours_explains_an_error(
    service: Sandbox, maple: str, books: Organization, deposit: Deposit
) -> None:
    service.lock_period(maple, "2026-12-31")
    request_id, outcome = ours.refusal(books, deposit, "1001")
    assert request_id.startswith("req_")
    assert outcome == "rejected"


def test_ours_awaited_and_offline(service: Sandbox, maple: str, books: Organization) -> None:
    async def payees() -> list[str | None]:
        token = service.access_token()
        async with AsyncLedgerHQ(base_url=service.url, access_token=token) as hq:
            names: list[str | None] = await ours.awaited(hq, maple)
            return names

    assert asyncio.run(payees()) == ours.payees(books)
    assert ours.offline() == 4


# --- theirs


class Service(ThreadingHTTPServer):
    """Answers by path, and keeps what was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        self.answers: Answers = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_port}"

    def headers_of(self, path: str) -> dict[str, str]:
        """Return the headers of the last request to a path."""
        return [headers for asked, headers in self.requests if asked == path][-1]


class _Handler(BaseHTTPRequestHandler):
    server: Service
    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.requests.append((parts.path, headers))
        answers = self.server.answers
        status, document = answers.get(self.path) or answers[parts.path]
        content = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        for name in ("request-id", "x-request-id", "xero-correlation-id"):
            self.send_header(name, "req_of_theirs")
        self.end_headers()
        self.wfile.write(content)

    def do_GET(self) -> None:
        """Answer a GET."""
        self._answer()

    def do_POST(self) -> None:
        """Answer a POST."""
        self._answer()

    def do_PUT(self) -> None:
        """Answer a PUT."""
        self._answer()

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing."""


@pytest.fixture
def loopback() -> Iterator[Service]:
    with Service() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def listing(*names: str) -> dict[str, Any]:
    rows = [{"id": name, "object": "customer", "name": name} for name in names]
    return {"object": "list", "url": "/v1/customers", "has_more": False, "data": rows}


@pytest.mark.filterwarnings("ignore")
def test_stripe(loopback: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    stripe = pytest.importorskip("stripe")
    theirs = module("with_stripe")
    monkeypatch.setenv("STRIPE_SECRET_KEY", "sk_test_x")
    assert isinstance(theirs.from_environment(), stripe.StripeClient)
    assert isinstance(theirs.patient("sk_test_x"), stripe.StripeClient)

    loopback.answers = {
        "/oauth/token": (200, {"access_token": "a", "refresh_token": "r"}),
        "/v1/customers": (200, listing("Ann", "Bo")),
        "/v1/customers/search": (200, listing("Ann") | {"object": "search_result"}),
        "/v1/customers/cus_1": (200, {"id": "cus_1", "object": "customer"}),
        "/v1/payment_intents": (200, {"id": "pi_1", "object": "payment_intent"}),
    }
    addresses = {"api": loopback.url, "connect": loopback.url}
    client = stripe.StripeClient("sk_test_x", client_id="ca_1", base_addresses=addresses)
    assert "state=s" in theirs.begin(client, "https://app.example/callback", "s")
    assert theirs.end(client, "code").access_token == "a"
    assert theirs.names(client) == ["Ann", "Bo"]
    assert theirs.customer(client).data[0].name == "Ann"
    assert theirs.post(client, "1001").id == "pi_1"
    assert loopback.headers_of("/v1/payment_intents")["idempotency-key"] == "till-1001"
    assert theirs.raw(client) == (200, "application/json")
    assert asyncio.run(theirs.awaited(client)) == ["Ann", "Bo"]
    assert theirs.offline(loopback.url).v1.customers.retrieve("cus_1").id == "cus_1"

    refusal = {"error": {"code": "parameter_invalid_integer", "message": "No."}}
    loopback.answers["/v1/payment_intents"] = (400, refusal)
    assert theirs.refusal(client) == ("req_of_theirs", "parameter_invalid_integer")
    assert callable(client.construct_event)
    # It makes a key of its own where it is given none.
    assert loopback.headers_of("/v1/payment_intents")["idempotency-key"] != "till-1001"


@pytest.mark.filterwarnings("ignore")
def test_modern_treasury(loopback: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    modern_treasury = pytest.importorskip("modern_treasury")
    theirs = module("with_modern_treasury")
    monkeypatch.setenv("MODERN_TREASURY_API_KEY", "x")
    monkeypatch.setenv("MODERN_TREASURY_ORGANIZATION_ID", "x")
    monkeypatch.setenv("MODERN_TREASURY_BASE_URL", loopback.url)
    loopback.answers = {
        "/api/counterparties": (200, {"id": "cp_2", "name": "Bo"}),
        "/api/counterparties?per_page=100": (200, [{"id": "cp_1", "name": "Ann"}]),
        "/api/counterparties?email=orders%40beanbrothers.example": (200, [{"id": "cp_1"}]),
        "/api/counterparties/cp_1": (200, {"id": "cp_1", "name": "Ann"}),
        "/api/counterparties/no-such-id": (404, {"errors": {"code": "resource_not_found"}}),
        "/api/payment_orders": (201, {"id": "po_1"}),
    }
    with theirs.from_environment() as client:
        assert theirs.names(client) == ["Ann"]
        assert theirs.counterparty(client).id == "cp_1"
        assert theirs.post(client, "1001").id == "po_1"
        assert loopback.headers_of("/api/payment_orders")["idempotency-key"] == "till-1001"
        client.counterparties.create(name="Ann")
        assert loopback.headers_of("/api/counterparties")["idempotency-key"]
        assert callable(client.webhooks.validate_signature)
        assert theirs.refusal(client) == ("req_of_theirs", 404)
        status, kind, party = theirs.raw(client)
        assert (status, kind, party.name) == (200, "application/json", "Ann")
    with theirs.patient() as client:
        assert client.max_retries == 4

    async def awaited() -> list[str]:
        async with modern_treasury.AsyncModernTreasury() as client:
            names: list[str] = await theirs.awaited(client)
            return names

    assert asyncio.run(awaited()) == ["Ann"]
    monkeypatch.delenv("MODERN_TREASURY_BASE_URL")
    with theirs.offline(lambda _: httpx.Response(200, json=[])) as client:
        assert theirs.names(client) == []


@pytest.mark.filterwarnings("ignore")
def test_xero(loopback: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    accounting = pytest.importorskip("xero_python.accounting")
    theirs = module("with_xero")
    monkeypatch.setenv("XERO_CLIENT_ID", "x")
    monkeypatch.setenv("XERO_CLIENT_SECRET", "x")
    assert theirs.from_environment().client_id == "x"

    kept: dict[str, Any] = {
        "access_token": "a", "expires_in": 1800, "expires_at": 4_102_444_800.0,
        "token_type": "Bearer", "scope": "accounting.transactions",
    }  # fmt: skip
    client = theirs.connected(kept, lambda: kept, lambda token: kept.update(token))
    api = accounting.AccountingApi(client, loopback.url)
    row = {"Type": "RECEIVE", "Contact": {"Name": "Ann"}, "LineItems": [], "BankAccount": {}}
    rows = {"BankTransactions": [row]}
    loopback.answers = {
        "/BankTransactions": (200, rows),
        "/BankTransactions?page=2&pageSize=100": (200, {"BankTransactions": []}),
        "/Accounts": (200, {"Accounts": [{"Code": "200"}]}),
    }
    assert theirs.contacts(api, "tenant") == ["Ann"]
    assert theirs.account(api, "tenant").code == "200"
    assert theirs.patient(api, "tenant").accounts[0].code == "200"
    status, kind, _ = theirs.raw(api, "tenant")
    assert (status, kind) == (200, "application/json")
    sale = accounting.BankTransaction(
        type="RECEIVE",
        bank_account=accounting.Account(code="090"),
        line_items=[accounting.LineItem(unit_amount=12.5)],
    )
    several = accounting.BankTransactions(bank_transactions=[sale])
    theirs.post(api, "tenant", several, "1001")
    assert loopback.headers_of("/BankTransactions")["idempotency-key"] == "till-1001"
    loopback.answers["/Accounts"] = (403, {"Title": "Forbidden"})
    assert theirs.refusal(api, "tenant") == ("req_of_theirs", 403)
