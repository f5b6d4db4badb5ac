"""`Sandbox`: a box that can be started, looked into, and made to fail."""

from __future__ import annotations

import json
import socket
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import uvicorn
from starlette.applications import Starlette

from ledgerhq_ext.sandbox import _bank as bank
from ledgerhq_ext.sandbox import _contract as contracts
from ledgerhq_ext.sandbox import _faults as faults
from ledgerhq_ext.sandbox import _tokens as tokens
from ledgerhq_ext.sandbox._app import application
from ledgerhq_ext.sandbox._box import Box
from ledgerhq_ext.sandbox._clock import Clock
from ledgerhq_ext.sandbox._routes import JSON, Settings
from ledgerhq_ext.sandbox._seed import template
from ledgerhq_ext.sandbox._state import State
from ledgerhq_ext.sandbox._wire import SandboxProtocol

_CLIENT = "sandbox"


class Sandbox:
    """A LedgerHQ in a box.

    As a context manager it serves on a loopback port (`port=0`: a free one) from a background thread.
    Without being started, `app` is the ASGI application for in-process clients.
    """

    def __init__(
        self,
        *,
        state: str | Path | None = None,
        contract: str | Path | dict[str, Any] | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        clock: Clock | None = None,
        seed: int | None = None,
        auto_approve: bool = False,
        access_token_lifetime: float = 3600,
        refresh_token_lifetime: float = 30 * 86400,
    ) -> None:
        if host not in ("127.0.0.1", "::1", "localhost"):
            raise ValueError(f"the sandbox has no passwords, so it serves on loopback only, not on {host}")
        self.host: str = host
        self.port: int = port
        self._settings = Settings(auto_approve, access_token_lifetime, refresh_token_lifetime)
        self._contract = contracts.load(contract)
        self._path = Path(state) if state is not None else None
        self._seed = seed
        self._box = self._new_box(clock or Clock())
        self._app = application(self._box)
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self._keys: dict[str, str] = {}

    @property
    def app(self) -> Starlette:
        """The ASGI application."""
        return self._app

    @property
    def url(self) -> str:
        """Where it answers, once started."""
        if self._server is None:
            raise RuntimeError("the sandbox is not started: use it in a with statement, or call start()")
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    def start(self) -> Sandbox:
        """Serve from a background thread."""
        if self._server is None:
            listener = _listen(self.host, self.port)
            self.port = listener.getsockname()[1]
            self._server = uvicorn.Server(_config(self._app))
            self._thread = threading.Thread(
                target=self._server.run, args=([listener],), name="ledgerhq-sandbox", daemon=True
            )
            self._thread.start()
            while not self._server.started and self._thread.is_alive():
                time.sleep(0.002)
        return self

    def stop(self) -> None:
        """Stop serving. The state stays."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join()
        self._server = self._thread = None

    def close(self) -> None:
        """Stop serving and let go of the state."""
        self.stop()
        self._box.state.close()

    def reset(self) -> None:
        """Begin anew, with a fresh state and no faults, under the same address."""
        if self._path is not None:
            raise RuntimeError("a state in a file is not thrown away")
        old, fresh = self._box, self._new_box(Clock(frozen=self.clock.frozen))
        old.state.close()
        old.reset(fresh.state)
        self._keys = {}

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def clock(self) -> Clock:
        """The time in the sandbox."""
        return self._box.state.clock

    def advance(self, seconds: float) -> None:
        """Let time pass: tokens expire, rows grow old."""
        self.clock.advance(seconds)

    @property
    def organizations(self) -> list[JSON]:
        """The firm and its client companies."""
        return self.rows("SELECT * FROM organizations ORDER BY type DESC, name")

    @property
    def clients(self) -> list[JSON]:
        """The client companies."""
        return [row for row in self.organizations if row["type"] == "client"]

    def api_key(self, organization: str) -> str:
        """An API key of an organization."""
        self._require(organization)
        if organization not in self._keys:
            with self._box.state.transaction():
                self._keys[organization] = tokens.add_api_key(self._box.state, organization)
        return self._keys[organization]

    def token_response(self) -> JSON:
        """A new pair of tokens of the client `sandbox`, without a browser."""
        with self._box.state.transaction() as db:
            db.execute("INSERT OR IGNORE INTO clients VALUES (?, 'Sandbox', '[]', 0)", (_CLIENT,))
            return tokens.mint(self._box.state, self._settings, _CLIENT)

    def access_token(self) -> str:
        """An access token of the firm, without a browser."""
        return str(self.token_response()["access_token"])

    def lock_period(self, organization: str, through: str) -> None:
        """Lock an organization's books through a date."""
        self._require(organization)
        faults.lock_period(self._box.state, organization, through)

    def unlock_period(self, organization: str) -> None:
        """Open an organization's books again."""
        self._require(organization)
        faults.lock_period(self._box.state, organization, None)

    def fault(self, route: str, kind: faults.Kind, **options: Any) -> faults.Fault:
        """Put a fault script in force, such as fault("POST /api/v1/purchases", "lose_response", times=2)."""
        return self._box.faults.add(faults.Fault(route, kind, **options))

    def clear_faults(self) -> None:
        """No more faults."""
        self._box.faults.clear()

    def add_bank_row(
        self, bank_account: str, amount: int, *, description: str = "NEW ROW", date: str | None = None
    ) -> str:
        """Let a row come in from a bank account's feed; gives its id."""
        with self._box.state.transaction():
            return bank.feed_row(self._box.state, bank_account, amount, description, date)

    def entries(self, organization: str | None = None) -> list[JSON]:
        """Journal entries with their lines, in minor units, in the order of their numbers."""
        found = self.rows(
            """SELECT * FROM entries WHERE organizationId = coalesce(?, organizationId)
            ORDER BY organizationId, entryNumber""",
            organization,
        )
        lines: dict[str, list[JSON]] = {}
        for line in self.rows("SELECT * FROM lines ORDER BY journalEntryId, position"):
            lines.setdefault(line["journalEntryId"], []).append(line)
        return [{**entry, "lines": lines.get(entry["id"], [])} for entry in found]

    def postings(self, organization: str | None = None) -> list[JSON]:
        """What was posted under idempotency keys, in the order of posting."""
        found = self.rows(
            "SELECT * FROM postings WHERE organizationId = coalesce(?, organizationId) ORDER BY seq",
            organization,
        )
        parsed = [
            {**row, "request": json.loads(row["request"]), "receipt": json.loads(row["receipt"])} for row in found
        ]
        return [{**row, "bankTransactionIds": row["receipt"]["bankTransactionIds"]} for row in parsed]

    def bank_rows(self, organization: str | None = None) -> list[JSON]:
        """The rows of the bank register, oldest first."""
        sql = "SELECT * FROM bankRows WHERE organizationId = coalesce(?, organizationId) ORDER BY date, seq"
        return self.rows(sql, organization)

    def documents(self, organization: str, kind: str = "bill") -> list[JSON]:
        """Bills, or invoices (which no route lists), by number."""
        sql = "SELECT * FROM documents WHERE organizationId = ? AND kind = ? ORDER BY number"
        return self.rows(sql, organization, kind)

    def payments(self, organization: str) -> list[JSON]:
        """Payments of bills and invoices, which no route lists."""
        return self.rows("SELECT * FROM payments WHERE organizationId = ? ORDER BY paymentNumber", organization)

    def rows(self, sql: str, *values: Any) -> list[JSON]:
        """What a query of your own finds in the state."""
        return self._box.state.rows(sql, *values)

    @property
    def requests(self) -> list[JSON]:
        """The last requests: method, path, status, organization, idempotency key, fault. No tokens."""
        return list(self._box.requests)

    @property
    def keys_in_flight(self) -> list[str]:
        """Idempotency keys whose postings are being worked on."""
        return [key for _, key in self._box.keys_in_flight.copy()]

    @property
    def oauth_log(self) -> list[JSON]:
        """Codes and refresh tokens presented, as hashes, with the outcome."""
        return self.rows("SELECT * FROM oauthLog ORDER BY seq")

    @property
    def refresh_tokens_presented_twice(self) -> list[str]:
        """Hashes of refresh tokens that were presented more than once."""
        return self._box.presented_twice()

    @property
    def contract_violations(self) -> list[JSON]:
        """Answers of the sandbox that did not fit the contract. Should be empty."""
        return self._box.contract_violations

    @property
    def filled(self) -> set[str]:
        """Required response fields that the sandbox did not know, and made up from their schema."""
        return self._box.filled

    def summary(self) -> JSON:
        """Counts of what there is."""
        return self._box.summary()

    def _new_box(self, clock: Clock) -> Box:
        state = State(self._path, clock, self._seed)
        if state.is_empty():
            state.fill_from(template())
        state.resume()
        return Box(state, self._contract, self._settings)

    def _require(self, organization: str) -> None:
        if not self.rows("SELECT 1 FROM organizations WHERE id = ?", organization):
            raise LookupError(f"no organization {organization}")


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio switches Nagle's delay off only for sockets that name their protocol.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(2048)
    except OverflowError:
        listener.close()
        raise ValueError(f"a port is a number from 0 to 65535, not {port}") from None
    except OSError as error:
        listener.close()
        raise OSError(error.errno, f"cannot listen on port {port} of {host}: {error.strerror}") from error
    return listener


def _config(app: Starlette) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=SandboxProtocol,
        loop="asyncio",
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        log_level="critical",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=60,
        timeout_graceful_shutdown=1,
    )
