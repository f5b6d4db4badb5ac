"""Servers that answer badly on purpose, a small ledger, an OAuth service, and clients for them.

None of it uses the sandbox: layer and sandbox have one author, and would share his mistakes. The
ledger follows what is known of the contract, and nothing else.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from socket import AF_INET, IPPROTO_TCP, SHUT_RDWR, TCP_NODELAY, create_server, socket
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from attrs import define, field

from ledgerhq_ext import (
    AsyncLedgerHQ,
    Connection,
    LedgerHQ,
    LedgerHQError,
    Purchase,
    PurchaseLine,
    RetryPolicy,
    TokenStore,
)

ACCESS = "mcp_at_x"
SOURCE = ("till", "1001")
DAY = "2026-06-08"
MOMENT = "2026-06-08T16:00:00.000Z"

# Everything on loopback is over in milliseconds. A test that waits this long has failed.
PATIENCE = 10.0

# A process of its own has to be started first, on a machine that may be busy.
START = 60.0

# For clients that send nothing.
NOWHERE = "http://127.0.0.1:9"

ROOT = Path(__file__).resolve().parents[2]


# --- a server over raw sockets


@define
class Exchange:
    """One request, and the connection to answer it on. `number` counts requests from 1."""

    server: RawServer = field(repr=False)
    connection: socket = field(repr=False)
    number: int
    method: str
    path: str
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def query(self) -> dict[str, str]:
        """Return the parameters behind the path, the first value of each."""
        parameters = parse_qs(urlsplit(self.path).query)
        return {name: values[0] for name, values in parameters.items()}

    @property
    def leaf(self) -> str:
        """Return the last segment of the path."""
        return urlsplit(self.path).path.rpartition("/")[2]

    @property
    def organization(self) -> str:
        """Return whose company is asked about: in a header, or in a path below `/companies/`."""
        header = self.headers.get("x-organization-id")
        if header is not None:
            return header

        return self.path.partition("/companies/")[2].partition("/")[0]

    @property
    def token(self) -> str:
        """Return the bearer token."""
        return self.headers.get("authorization", "").removeprefix("Bearer ")

    @property
    def key(self) -> str:
        """Return the idempotency key."""
        return self.headers.get("idempotency-key", "")

    def send(self, data: bytes) -> bool:
        """Write these bytes, whatever they are. Return True: the connection stays open."""
        self.connection.sendall(data)
        return True

    def reply(
        self,
        status: int,
        document: object = None,
        *,
        headers: Iterable[str] = (),
        body: bytes | None = None,
    ) -> bool:
        """Write a whole answer, a JSON document or a body as it is. Return True, as `send` does."""
        return self.send(answer(status, document, headers=headers, body=body))

    def drip(self, data: bytes, every: float = 0.2) -> bool:
        """Write the bytes again and again, until the server stops. Return False."""
        while not self.server.stopping.wait(every):
            self.send(data)
        return False


def answer(
    status: int,
    document: object = None,
    *,
    headers: Iterable[str] = (),
    body: bytes | None = None,
) -> bytes:
    """Return the bytes of an answer."""
    content = json.dumps(document).encode() if body is None else body
    lines = [
        f"HTTP/1.1 {status} X",
        "Content-Type: application/json",
        f"Content-Length: {len(content)}",
        *headers,
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + content


Handler = Callable[[Exchange], bool]
"""Answers a request; False closes the connection."""


class LoopbackServer:
    """A server on loopback: one thread for each connection, all of them ended by `stop`."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self._guard = threading.Lock()
        self._connections: list[socket] = []
        self._threads: list[threading.Thread] = []
        self._listener = create_server(("127.0.0.1", 0), family=AF_INET, backlog=100)
        # Closing a listener does not wake a thread that waits for it everywhere: look now and then.
        self._listener.settimeout(0.05)
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.url = f"http://{self.address}"

    def serve(self, connection: socket) -> None:
        """Talk to a client until it goes; `OSError` ends the connection. Here: never say a word."""
        self.stopping.wait()

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Close everything, and wait until nobody answers any more."""
        self.stopping.set()
        with self._guard:
            for connection in self._connections:
                _shut_down(connection)

        for thread in list(self._threads):
            thread.join(PATIENCE)
        self._listener.close()

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self.stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except TimeoutError:
                continue

            connection.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
            with self._guard:
                self._connections.append(connection)
            self._start(self._serve_until_it_ends, connection)

    def _serve_until_it_ends(self, connection: socket) -> None:
        with connection:
            try:
                self.serve(connection)
            except OSError:
                pass  # the client went away, as some tests want it to
            finally:
                _shut_down(connection)


class RawServer(LoopbackServer):
    """An HTTP/1.1 server whose handler writes the bytes of its answers itself."""

    def __init__(self, handler: Handler) -> None:
        super().__init__()
        self.handler = handler
        self.requests: list[Exchange] = []

    def sent_to(self, leaf: str) -> int:
        """Return how many requests went to routes that end so."""
        return sum(exchange.leaf == leaf for exchange in self.requests)

    def serve(self, connection: socket) -> None:
        """Read one request after the other, and let the handler answer."""
        with connection.makefile("rb") as stream:
            while (exchange := self._read(connection, stream)) is not None:
                if not self.handler(exchange):
                    break

    def _read(self, connection: socket, stream: Any) -> Exchange | None:
        line = stream.readline().decode("latin-1")
        if not line:
            return None

        method, path, _ = line.split(" ", 2)
        headers: dict[str, str] = {}
        while header := stream.readline().decode("latin-1").strip():
            name, _, value = header.partition(":")
            headers[name.lower()] = value.strip()

        body = stream.read(int(headers.get("content-length", 0)))
        with self._guard:
            number = len(self.requests) + 1
            exchange = Exchange(self, connection, number, method, path, headers, body)
            self.requests.append(exchange)
        return exchange


def _shut_down(connection: socket) -> None:
    with suppress(OSError):  # closed already
        connection.shutdown(SHUT_RDWR)


# --- documents of the contract


def receipt(exchange: Exchange, entry: str = "je_1", **changes: object) -> dict[str, Any]:
    """Return the receipt of a posted purchase."""
    data = {
        "id": "purchase_1",
        "resourceType": "purchase",
        "journalEntryId": entry,
        "bankTransactionIds": [],
        "status": "posted",
        "postedAt": MOMENT,
        "idempotencyKey": exchange.key,
    }
    return {"data": data | changes}


def refusal(code: str, message: str, *, retryable: bool = False) -> dict[str, Any]:
    """Return an error as the posting routes spell it."""
    error = {"code": code, "message": message, "retryable": retryable, "requestId": "req_1"}
    return {"error": error}


def account(organization: str, code: str = "1010") -> dict[str, Any]:
    """Return an account that names its organization."""
    return {
        "id": f"acc_{organization}",
        "organizationId": organization,
        "code": code,
        "name": f"Checking of {organization}",
        "type": "asset",
        "currencyCode": "USD",
        "isActive": True,
    }


def bank_row(status: str) -> dict[str, Any]:
    """Return the bank row `r1` in a status."""
    return {
        "id": "r1",
        "bankAccountId": "ba_1",
        "date": DAY,
        "description": "Coffee",
        "amount": -100,
        "status": status,
        "sourceType": "plaid_bank_feed",
        "pending": False,
        "createdAt": MOMENT,
    }


def numbered(rows: list[dict[str, Any]], *, page: int, limit: int, total: int) -> dict[str, Any]:
    """Return a page of a numbered listing."""
    pages = -(-total // limit)
    place = {"page": page, "limit": limit, "total": total, "totalPages": pages}
    return {"data": rows, "pagination": place}


# --- a ledger


RESOURCES = {
    "purchases": "purchase",
    "deposits": "deposit",
    "transfers": "transfer",
    "bill-payments": "bill_payment",
    "journal-entries": "journal_entry",
}

Fault = str | Handler
"""`lost before`, `lost after` (the entry is made, no answer is sent), or an answer of its own."""


@define
class _Posting:
    digest: str
    receipt: dict[str, Any]
    moment: float


class Ledger(RawServer):
    """Keyed purchases with receipts, and the entries that they made.

    `faults` are taken in turn, one for each posting; `before_answer` is called with a posting whose
    entry is made. `key_life`: seconds after which a key is forgotten, by `clock`. `forgetful`:
    every request makes an entry, whatever its key. `keys_by_route`: a key is known on the route
    that it came by, and nowhere else.
    """

    def __init__(
        self,
        *,
        key_life: float | None = None,
        forgetful: bool = False,
        keys_by_route: bool = False,
    ) -> None:
        super().__init__(self._answer)
        self.entries: list[dict[str, Any]] = []
        self.faults: list[Fault] = []
        self.clock: Callable[[], float] = time.time
        self.before_answer: Callable[[Exchange], object] = lambda _: None
        self._key_life = key_life
        self._forgetful = forgetful
        self._keys_by_route = keys_by_route
        self._keys: dict[tuple[str, str, str], _Posting] = {}
        self._books = threading.Lock()

    def bodies(self) -> list[dict[str, Any]]:
        """Return what the entries were made from, in their order."""
        return [entry["request"] for entry in self.entries]

    def _answer(self, exchange: Exchange) -> bool:
        if exchange.method == "GET" and exchange.leaf == "entries":
            return exchange.reply(200, self._listing(exchange))
        if exchange.method == "GET" and exchange.leaf == "accounts":
            return exchange.reply(200, {"accounts": []})
        if exchange.method != "POST" or exchange.leaf not in RESOURCES:
            return exchange.reply(404, {"error": "Not found"})

        with self._books:
            fault = self.faults.pop(0) if self.faults else None
        if callable(fault):
            return fault(exchange)
        if fault == "lost before":
            return False

        with self._books:
            status, document = self._post(exchange)
        self.before_answer(exchange)
        return False if fault == "lost after" else exchange.reply(status, document)

    def _post(self, exchange: Exchange) -> tuple[int, dict[str, Any]]:
        digest = hashlib.sha256(exchange.body).hexdigest()
        route = exchange.path if self._keys_by_route else ""
        key = (exchange.organization, route, exchange.key)
        known = self._keys.get(key)
        if known is not None and not self._remembers(known):
            known = None

        if known is None or self._forgetful:
            document = self._enter(exchange)
            self._keys[key] = _Posting(digest, document, self.clock())
            return 201, document
        if known.digest != digest:
            return 409, refusal("IDEMPOTENCY_CONFLICT", "The key stands for another payload")
        return 200, known.receipt

    def _remembers(self, posted: _Posting) -> bool:
        return self._key_life is None or self.clock() - posted.moment <= self._key_life

    def _enter(self, exchange: Exchange) -> dict[str, Any]:
        entry = f"je_{len(self.entries)}"
        request = json.loads(exchange.body)
        whose = exchange.organization
        self.entries.append({"id": entry, "organization": whose, "request": request})
        return receipt(exchange, entry, id=f"purchase_of_{entry}")

    def _listing(self, exchange: Exchange) -> dict[str, Any]:
        query = exchange.query
        page = int(query.get("page", 1))
        limit = int(query.get("limit", 100))
        with self._books:
            mine = [each for each in self.entries if each["organization"] == exchange.organization]

        inside = [_entry(each) for each in mine if _between(each["request"]["txnDate"], query)]
        part = inside[(page - 1) * limit : page * limit]
        return numbered(part, page=page, limit=limit, total=len(inside))


def _between(day: str, query: dict[str, str]) -> bool:
    return query.get("startDate", day) <= day <= query.get("endDate", day)


def _entry(entry: dict[str, Any]) -> dict[str, Any]:
    request = entry["request"]
    total = sum(line["amount"] for line in request["lines"])
    spent = [_line(line["accountId"], line["amount"], 0) for line in request["lines"]]
    return {
        "id": entry["id"],
        "entryNumber": int(entry["id"].removeprefix("je_")) + 1,
        "date": request["txnDate"],
        "description": request["payeeName"],
        "status": "posted",
        "sourceType": "purchase",
        "sourceId": f"purchase_of_{entry['id']}",
        "postedAt": MOMENT,
        "createdAt": MOMENT,
        "lines": [*spent, _line(request["sourceAccountId"], 0, total)],
    }


def _line(account_id: str, debit: int, credit: int) -> dict[str, Any]:
    return {
        "id": f"line_{account_id}",
        "accountId": account_id,
        "debitAmount": f"{debit // 100}.{debit % 100:02d}",
        "creditAmount": f"{credit // 100}.{credit % 100:02d}",
        "currencyCode": "USD",
    }


# --- a firm's OAuth service


class Firm(RawServer):
    """OAuth with refresh tokens that rotate and serve once; any other route has no accounts.

    `change` edits a token answer before it is sent. With `gated`, an exchange spends the old token
    at once, and its answer waits for `release`; `arrived` says that it came.
    """

    def __init__(
        self,
        *,
        change: Callable[[dict[str, Any]], object] = lambda _: None,
        gated: bool = False,
        otherwise: Handler = lambda exchange: exchange.reply(200, {"accounts": []}),
    ) -> None:
        super().__init__(self._answer)
        self.living = "mcp_rt_0"
        self.exchanges = 0
        self.refused = 0
        self.arrived = threading.Event()
        self.release = threading.Event()
        if not gated:
            self.release.set()
        self._change = change
        self._otherwise = otherwise

    def connection(self, *, life: float = -400) -> Connection:
        """Return the first connection. Its access token ends in so many seconds."""
        return connection(self.url, life=life)

    def stop(self) -> None:
        """Let waiting answers go, then stop."""
        self.release.set()
        super().stop()

    def _answer(self, exchange: Exchange) -> bool:
        if exchange.path != "/api/oauth/token":
            return self._otherwise(exchange)

        form = parse_qs(exchange.body.decode())
        if form["refresh_token"] != [self.living]:
            self.refused += 1
            return exchange.reply(400, {"error": "invalid_grant"})

        self.exchanges += 1
        self.living = f"mcp_rt_{self.exchanges}"
        document = token_answer(self.exchanges)
        self._change(document)
        self.arrived.set()
        self.release.wait(PATIENCE)
        return exchange.reply(200, document)


def connection(
    issuer: str,
    *,
    life: float,
    access_token: str = "mcp_at_0",
    refresh_token: str = "mcp_rt_0",
) -> Connection:
    """Return a connection whose access token ends in `life` seconds, an hour after it came."""
    now = time.time()
    return Connection(
        issuer=issuer,
        client_id="client",
        access_token=access_token,
        refresh_token=refresh_token,
        obtained_at=now + life - 3600,
        expires_at=now + life,
    )


def keep(store: TokenStore, connection: Connection) -> None:
    """Put a connection into a store as a refresh does: prove that it can be written, then write."""
    section = store.try_lock()
    assert section is not None
    with section:
        section.check_writable()
        section.write(connection)


def assert_connected(firm: Firm, store: TokenStore) -> None:
    """Assert that the next call works, and that no spent token was ever presented again."""
    with client(firm.url, token_store=store) as hq:
        hq.organization("org_1").accounts()

    # A token that is still alive serves the call while the new pair is on its way to the store.
    end = time.monotonic() + PATIENCE
    while _refresh_token(store) != firm.living and not firm.refused and time.monotonic() < end:
        time.sleep(0.01)

    assert firm.refused == 0, "a spent refresh token was presented again"
    assert _refresh_token(store) == firm.living, "the store does not hold the living token"


def _refresh_token(store: TokenStore) -> str | None:
    connection = store.read()
    return None if connection is None else connection.refresh_token


def token_answer(number: int) -> dict[str, Any]:
    """Return the answer of the token endpoint with the n-th pair."""
    return {
        "access_token": f"mcp_at_{number}",
        "token_type": "Bearer",
        "expires_in": 3600,
        "refresh_token": f"mcp_rt_{number}",
        "scope": "mcp",
    }


async def arrival(event: threading.Event) -> None:
    """Wait for an event of a server's thread without blocking the loop."""
    end = time.monotonic() + PATIENCE
    while not event.is_set():
        assert time.monotonic() < end, "the request never reached the server"
        await asyncio.sleep(0.01)


# --- clients and requests


def client(url: str, *, timeout: float = 2, deadline: float = 3, **settings: Any) -> LedgerHQ:
    """Return a blocking client, with an access token unless the settings bring credentials."""
    hq = LedgerHQ(base_url=url, **_with_credentials(settings))
    return hq.with_options(timeout=timeout, deadline=deadline)


def async_client(
    url: str,
    *,
    timeout: float = 2,
    deadline: float = 3,
    **settings: Any,
) -> AsyncLedgerHQ:
    """Return an awaiting client, as `client` does."""
    hq = AsyncLedgerHQ(base_url=url, **_with_credentials(settings))
    return hq.with_options(timeout=timeout, deadline=deadline)


def _with_credentials(settings: dict[str, Any]) -> dict[str, Any]:
    if settings.keys() & {"access_token", "api_key", "token_store"}:
        return settings
    return {"access_token": ACCESS, **settings}


def error_of(call: Callable[[], object]) -> LedgerHQError | None:
    """Return the error of our tree that a call ends in, or None."""
    try:
        call()
    except LedgerHQError as error:
        return error
    return None


def attempts(count: int) -> RetryPolicy:
    """Return the policy that tries so often, without pauses."""
    return RetryPolicy(attempts=count, first_pause=0, longest_pause=0)


def purchase(amount: int = 100, *, account_id: str = "acc_expenses") -> Purchase:
    """Return a purchase of one line."""
    line = PurchaseLine(account_id=account_id, amount=amount)
    return Purchase(
        txn_date=DAY,
        payee_name="Coffee",
        source_account_id="acc_checking",
        lines=[line],
    )


class Clock:
    """A clock that moves only when somebody sleeps, to be handed in with its `sleep`."""

    def __init__(self) -> None:
        self.passed = 0.0

    def now(self) -> float:
        """Return seconds since the epoch."""
        return 1_780_000_000.0 + self.passed

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        return self.passed

    def sleep(self, seconds: float) -> None:
        """Let the seconds pass at once."""
        self.passed += seconds


# --- what a store's file holds, changed from outside

# Every moment is epoch seconds; no count and no amount of these tests is as large.
_MOMENTS = "BETWEEN 1e9 AND 1e10"


def let_time_pass(place: Path, seconds: float) -> None:
    """Make everything in a store's file older: leases and pauses end, keys are forgotten."""
    with _opened(place) as db:
        for table, column in _columns(db):
            numeric = f"typeof({column}) IN ('real', 'integer') AND {column} {_MOMENTS}"
            db.execute(f"UPDATE {table} SET {column} = {column} - ? WHERE {numeric}", (seconds,))


def tamper(place: Path, marker: bytes, edit: Callable[[bytes], bytes]) -> None:
    """Edit each value in a store's file that holds the marker, as a failing disk would."""
    count = 0
    with _opened(place) as db:
        for table, column in _columns(db):
            rows = db.execute(f"SELECT rowid, {column} FROM {table}").fetchall()
            for row, value in rows:
                content = value.encode() if isinstance(value, str) else value
                if isinstance(content, bytes) and marker in content:
                    changed = (edit(content), row)
                    db.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", changed)
                    count += 1
    assert count == 1, f"{marker!r} is in {count} values of the store"


@contextmanager
def _opened(place: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(place, timeout=PATIENCE)) as db, db:
        yield db


def _columns(db: sqlite3.Connection) -> list[tuple[str, str]]:
    tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    columns = []
    for (table,) in tables:
        rows = db.execute(f"PRAGMA table_info({table})").fetchall()
        columns += [(table, column[1]) for column in rows]
    return columns


def public(value: object) -> dict[str, Any]:
    """Return everything that a value shows to its user, by name."""
    names = [name for name in dir(value) if not name.startswith("_")]
    members = {name: getattr(value, name) for name in names}
    return {name: member for name, member in members.items() if not callable(member)}
