"""Clients, answers, servers and child processes that the cases share. Public names only."""

from __future__ import annotations

import asyncio
import contextlib
import http.server
import inspect
import json
import os
import socket
import socketserver
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx

from ledgerhq_ext import (
    AsyncLedgerHQ,
    Connection,
    FinancialPacket,
    LedgerHQ,
    Pages,
    Purchase,
    PurchaseLine,
    TokenStore,
)

ROOT = Path(__file__).parents[2]
BASE = "https://ledger.test"
ORG = "org_8c1f"
ACCESS_TOKEN = "mcp_at_a1B2c3D4e5F6g7H8"
NOON = 1_782_820_800.0
"""Noon of 30 June 2026 in UTC, as epoch seconds."""
SURFACES = ["blocking", "awaiting"]

Answer = Callable[[httpx.Request], httpx.Response]
JSON = dict[str, Any]
Action = Callable[[Any], Any]
"""What is done with a client."""


# --- clients


class Clock:
    """A clock that moves only when somebody sleeps."""

    def __init__(self, now: float = NOON) -> None:
        self._start = now
        self.elapsed = 0.0

    def now(self) -> float:
        """Return epoch seconds."""
        return self._start + self.elapsed

    def monotonic(self) -> float:
        """Return the seconds that were slept."""
        return self.elapsed

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.elapsed += seconds

    async def asleep(self, seconds: float) -> None:
        """Let time pass."""
        self.sleep(seconds)


def blocking(answer: Answer, **settings: Any) -> LedgerHQ:
    """Return a blocking client whose service is a function."""
    return LedgerHQ(**_settings(answer, settings))


def ask(surface: str, action: Action, answer: Answer, **settings: Any) -> Any:
    """Return what an action gives that is called with a fresh client of a surface.

    What is awaitable is awaited, and pages are read to their end.
    """
    if surface == "blocking":
        with blocking(answer, **settings) as hq:
            result = action(hq)
            return list(result) if isinstance(result, Pages) else result
    return asyncio.run(_ask_awaiting(action, answer, settings))


async def _ask_awaiting(action: Action, answer: Answer, settings: Mapping[str, Any]) -> Any:
    async with AsyncLedgerHQ(**_settings(answer, settings)) as hq:
        result = action(hq)
        if inspect.isawaitable(result):
            return await result
        if hasattr(result, "__aiter__"):
            return [item async for item in result]
        return result


def _settings(answer: Answer, settings: Mapping[str, Any]) -> JSON:
    defaults: dict[str, Any] = {"base_url": BASE, "transport": httpx.MockTransport(answer)}
    if "token_store" not in settings:
        defaults["access_token"] = ACCESS_TOKEN
    return defaults | dict(settings)


# --- requests and answers


def purchase(amount: int = 4299) -> Purchase:
    """Return a purchase of office supplies."""
    return Purchase(
        txn_date="2026-06-08",
        payee_name="Office Depot",
        source_account_id="acc_1010",
        lines=[PurchaseLine(account_id="acc_6100", amount=amount)],
    )


def receipt_body(key: str, **changes: Any) -> JSON:
    """Return the body that acknowledges a purchase."""
    data = {
        "id": f"post_{key[-8:]}",
        "resourceType": "purchase",
        "journalEntryId": f"je_{key[-8:]}",
        "bankTransactionIds": [],
        "status": "posted",
        "postedAt": "2026-06-08T16:00:00.000Z",
        "idempotencyKey": key,
    }
    return {"data": data | changes}


def receipt(request: httpx.Request) -> httpx.Response:
    """Acknowledge a purchase."""
    return httpx.Response(201, json=receipt_body(request.headers["Idempotency-Key"]))


def organization(id: str = ORG, **changes: Any) -> JSON:
    """Return an organization as the service lists it."""
    record = {
        "id": id,
        "name": f"Company {id}",
        "type": "client",
        "slug": id.replace("_", "-"),
        "defaultCurrency": "USD",
        "countryCode": "US",
        "fiscalYearStartMonth": 1,
        "createdAt": "2025-01-01T00:00:00.000Z",
    }
    return record | changes


def organizations(records: Sequence[Any], cursor: str | None = None) -> httpx.Response:
    """Answer with a page of organizations; ``cursor`` leads to the next one."""
    return httpx.Response(200, json={"data": list(records), "nextCursor": cursor})


def bank_row(id: str = "btx_1", **changes: Any) -> JSON:
    """Return an unreconciled row of the bank register."""
    record = {
        "id": id,
        "bankAccountId": "bank_1",
        "date": "2026-06-08",
        "description": "OFFICE DEPOT 0815",
        "amount": -4299,
        "status": "unreconciled",
        "sourceType": "plaid_bank_feed",
        "pending": False,
        "currencyCode": "USD",
        "createdAt": "2026-06-08T16:00:00.000Z",
    }
    return record | changes


def page_of(rows: Sequence[Any], *, total: int | None = None, page: int = 1) -> JSON:
    """Return one numbered page that holds rows."""
    count = len(rows) if total is None else total
    pages = max(-(-count // 100), 1)
    pagination = {"page": page, "limit": 100, "total": count, "totalPages": pages}
    return {"data": list(rows), "pagination": pagination}


def tax_rates(_: httpx.Request | None = None) -> httpx.Response:
    """Answer that there are no tax rates."""
    return httpx.Response(200, json={"taxRates": []})


def packet(
    *,
    organization_name: str = "Maple Street Coffee",
    currency: str = "USD",
    ledger: Sequence[JSON] | None = None,
) -> FinancialPacket:
    """Return the packet of May 2026 with these lines in its ledger, read from an answer."""
    lines = entry_lines() if ledger is None else ledger
    body = packet_body(organization_name, currency, lines)
    with blocking(lambda _: httpx.Response(200, json=body)) as hq:
        return hq.organization(ORG).financial_packet("2026-05-01", "2026-05-31")


def entry_lines(**changes: Any) -> list[JSON]:
    """Return the two lines of an entry in a general ledger."""
    credit = {
        "accountId": "acc_4000",
        "accountCode": "4000",
        "accountName": "Sales",
        "debit": 0,
        "credit": 125000,
        "runningBalance": 125000,
    }
    return [ledger_line(**changes), ledger_line(**credit | changes)]


def ledger_line(**changes: Any) -> JSON:
    """Return a line of a general ledger."""
    line = {
        "date": "2026-05-04",
        "entryNumber": 1,
        "accountId": "acc_1010",
        "accountCode": "1010",
        "accountName": "Checking",
        "description": "Till close",
        "reference": None,
        "debit": 125000,
        "credit": 0,
        "runningBalance": 125000,
    }
    return line | changes


def packet_body(organization_name: str, currency: str, ledger: Sequence[JSON]) -> JSON:
    """Return the answer that holds a packet of May 2026."""
    sales = {"accountId": "acc_4000", "accountCode": "4000", "accountName": "Sales"}
    checking = {"accountId": "acc_1010", "accountCode": "1010", "accountName": "Checking"}
    earnings = {"accountId": None, "accountCode": None, "accountName": "Current Year Earnings"}
    return {
        "organization": {"id": ORG, "name": organization_name, "defaultCurrency": currency},
        "period": {"startDate": "2026-05-01", "endDate": "2026-05-31"},
        "generatedAt": "2026-06-30T12:00:00.000Z",
        "amountUnit": "integer_cents",
        "warnings": [],
        "profitAndLoss": {
            "revenue": [sales | {"balance": 125000}],
            "totalRevenue": 125000,
            "expenses": [],
            "totalExpenses": 0,
            "netIncome": 125000,
        },
        "balanceSheet": {
            "assets": {"accounts": [checking | {"balance": 125000}], "total": 125000},
            "liabilities": {"accounts": [], "total": 0},
            "equity": {"accounts": [earnings | {"balance": 125000}], "total": 125000},
        },
        "trialBalance": {
            "accounts": [
                _trial_line("1010", "Checking", "asset", debit=125000),
                _trial_line("4000", "Sales", "revenue", credit=125000),
            ],
            "totalDebits": 125000,
            "totalCredits": 125000,
        },
        "generalLedger": {"lines": list(ledger), "truncated": False, "totalLines": len(ledger)},
        "bankReconciliationStatus": {"accounts": []},
    }


def _trial_line(code: str, name: str, type: str, *, debit: int = 0, credit: int = 0) -> JSON:
    return {
        "accountId": f"acc_{code}",
        "code": code,
        "name": name,
        "type": type,
        "debitBalance": debit,
        "creditBalance": credit,
    }


# --- tokens


class RotatingTokens:
    """The token route of a service that deletes a refresh token when it is used.

    The firm has one company; whatever else is asked for is answered with no tax rates. ``changes``
    alter each token answer, and ``OMIT`` takes a field out of it; ``carry`` makes the answer of
    the fields. ``refresh_tokens`` are those that were presented.
    """

    def __init__(
        self, carry: Callable[[Any], httpx.Response] | None = None, **changes: Any
    ) -> None:
        self.refresh_tokens: list[str] = []
        self.alive = refresh_token(1)
        self._carry = carry or (lambda body: httpx.Response(200, json=body))
        self._changes = changes

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/oauth/register":
            form = json.loads(request.content)
            registration = {"client_id": "app_1", "redirect_uris": form["redirect_uris"]}
            return httpx.Response(201, json=registration)
        if request.url.path.endswith(("/organizations", "/companies")):
            return organizations([organization()])
        if request.url.path != "/api/oauth/token":
            return tax_rates()
        form = parse_qs(request.content.decode())
        if form["grant_type"] == ["refresh_token"]:
            (token,) = form["refresh_token"]
            self.refresh_tokens.append(token)
            if token != self.alive:
                return httpx.Response(400, json={"error": "invalid_grant"})
        return self._next_pair()

    def _next_pair(self) -> httpx.Response:
        number = len(self.refresh_tokens) + 1
        self.alive = refresh_token(number)
        pair = {
            "access_token": access_token(number),
            "refresh_token": self.alive,
            "token_type": "Bearer",
            "expires_in": 3600,
            "scope": "mcp",
        }
        body = {name: value for name, value in (pair | self._changes).items() if value is not OMIT}
        return self._carry(body)


OMIT = object()
"""In the place of a value: the answer does not name this field."""


def access_token(number: int) -> str:
    """Return the access token of a generation of tokens."""
    return f"mcp_at_generation{number:04}"


def refresh_token(number: int) -> str:
    """Return the refresh token of a generation of tokens."""
    return f"mcp_rt_generation{number:04}"


def expired_connection() -> Connection:
    """Return the first pair of tokens, whose access token has expired."""
    return Connection(
        issuer=BASE,
        client_id="app_1",
        access_token=access_token(1),
        refresh_token=refresh_token(1),
        obtained_at=NOON - 7200,
        expires_at=NOON - 3600,
    )


def write_connection(store: TokenStore, connection: Connection) -> None:
    """Put a connection into a store that nobody uses yet."""
    section = store.try_lock()
    assert section is not None
    with section:
        section.write(connection)


# --- servers


class LoopbackServer:
    """An HTTP/1.1 server on a loopback port that keeps connections open.

    ``respond`` gets the handler of each request; ``stop`` ends every connection.
    """

    def __init__(self, respond: Callable[[Exchange], None]) -> None:
        handler = type("Handler", (Exchange,), {"respond": staticmethod(respond)})
        self._server = _Server(("127.0.0.1", 0), handler)
        serve = self._server.serve_forever
        self._thread = threading.Thread(target=serve, args=(0.01,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def stop(self) -> None:
        """Stop serving and end the connections that are open."""
        self._server.shutdown()
        self._server.end_connections()
        self._server.server_close()
        self._thread.join()


class Exchange(http.server.BaseHTTPRequestHandler):
    """One connection of a ``LoopbackServer``; ``served`` counts its answers."""

    protocol_version = "HTTP/1.1"
    timeout = 60
    respond: Callable[[Exchange], None]

    def setup(self) -> None:
        super().setup()
        self.served = 0

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def handle_request(self) -> None:
        """Answer one request."""
        type(self).respond(self)

    do_GET = handle_request  # noqa: N815 - the name is the base class's
    do_POST = handle_request  # noqa: N815 - as above

    def json(self) -> Any:
        """Return the body of the request."""
        length = int(self.headers.get("content-length") or 0)
        content = self.rfile.read(length)
        return json.loads(content) if content else None

    def answer(self, body: Any, status: int = 200) -> None:
        """Answer the request."""
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        self.served += 1


class _Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._connections: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def end_connections(self) -> None:
        for connection in self._connections:
            # The client may have ended it first.
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a client that goes away is what many cases are about."""


@contextlib.contextmanager
def refusing_port() -> Iterator[int]:
    """Give a port of this machine that refuses connections for as long as the block lasts."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        yield int(holder.getsockname()[1])


# --- child processes


def run_python(
    code: str,
    *arguments: str | Path,
    flags: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    prefix: Sequence[str] = (),
) -> str:
    """Return what code prints in a process of its own that imports the packages of this checkout.

    ``environment`` is the child's whole environment; that of this process unless it is said.
    ``prefix`` is a command that runs the interpreter.
    """
    # By sys.path and not by a variable, so that isolated interpreters see the checkout too.
    folders = [str(ROOT), str(ROOT / "generated")]
    whole = f"import sys\nsys.path[:0] = {folders!r}\n{code}"
    command = [*prefix, sys.executable, *flags, "-c", whole, *map(str, arguments)]
    return run(command, environment=environment)


def run(
    command: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    timeout: float = 60,
) -> str:
    """Return what a command prints; one that fails is no ``AssertionError`` that a case expects."""
    child = subprocess.run(
        command,
        env=dict(os.environ if environment is None else environment),
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=timeout,
        check=False,
    )
    if child.returncode != 0:
        raise RuntimeError(f"exit status {child.returncode}: {child.stdout}{child.stderr}")
    return child.stdout
