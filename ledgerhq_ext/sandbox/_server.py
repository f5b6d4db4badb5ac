"""`Sandbox`: a box that can be started, looked into, and made to fail."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from starlette.applications import Starlette

from ledgerhq_ext.sandbox import _accounts as accounts
from ledgerhq_ext.sandbox import _bank as bank
from ledgerhq_ext.sandbox import _contract as contracts
from ledgerhq_ext.sandbox import _faults as faults
from ledgerhq_ext.sandbox import _firms as firms
from ledgerhq_ext.sandbox import _tokens as tokens
from ledgerhq_ext.sandbox._app import application
from ledgerhq_ext.sandbox._box import Box
from ledgerhq_ext.sandbox._clock import Clock
from ledgerhq_ext.sandbox._rehearsal import rehearse
from ledgerhq_ext.sandbox._routes import JSON, Settings
from ledgerhq_ext.sandbox._seed import template
from ledgerhq_ext.sandbox._serving import BackgroundServer
from ledgerhq_ext.sandbox._state import State
from ledgerhq_ext.sandbox._views import Views

_CLIENT = "sandbox"


class Sandbox(Views):
    """A LedgerHQ in a box.

    As a context manager it serves on a loopback port (`port=0`: a free one) from a background
    thread. Without being started, `app` is the ASGI application for in-process clients.

    `contract` is an OpenAPI document, or a file with one, to serve in place of the vendored one.
    Answers are brought into the form that it declares. ValueError where that cannot be done, with
    the operation and a JSON pointer to the property.
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
            raise ValueError(
                f"The sandbox has no passwords, so it serves on loopback only, not on {host}."
            )
        self.host: str = host
        self.port: int = port
        self._auto_approve = auto_approve
        self._settings = Settings(auto_approve, access_token_lifetime, refresh_token_lifetime)
        self._contract = contracts.load(contract)
        if contract is not None:
            rehearse(self._contract)
        self._path = Path(state) if state is not None else None
        self._seed = seed
        self._box = self._new_box(clock or Clock())
        self._app = application(self._box)
        self._server = BackgroundServer(self._app)
        self._keys: dict[str, str] = {}

    @property
    def app(self) -> Starlette:
        """The ASGI application."""
        return self._app

    @property
    def url(self) -> str:
        """The address at which it answers. RuntimeError until it is started."""
        if not self._server.is_started:
            raise RuntimeError(
                "The sandbox is not started: use it in a with statement, or call start()."
            )
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    def start(self) -> Sandbox:
        """Serve from a background thread, and return once it answers.

        Does nothing where it serves already.

        OSError where it cannot listen on the address.
        """
        if not self._server.is_started:
            self.port = self._server.start(self.host, self.port)
        return self

    def stop(self) -> None:
        """Stop serving. The state stays."""
        self._server.stop()

    def close(self) -> None:
        """Stop serving and let go of the state."""
        self.stop()
        self._box.state.close()

    def reset(self) -> None:
        """Begin anew, with a fresh state and no faults, under the same address."""
        if self._path is not None:
            raise RuntimeError(
                "A state in a file is never discarded: delete the file, or use a state in memory."
            )
        # The box stays, as the application holds it; only its state is another one.
        fresh = self._new_box(Clock(frozen=self.clock.frozen))
        self._box.state.close()
        self._box.reset(fresh.state)
        self._settings.auto_approve = self._auto_approve
        self._settings.firm = None
        self._keys = {}

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def clock(self) -> Clock:
        """The time in the sandbox."""
        return self._box.state.clock

    def advance(self, seconds: float) -> None:
        """Let time pass: tokens expire, rows grow old."""
        self.clock.advance(seconds)

    def api_key(self, organization: str) -> str:
        """Return the API key of an organization; the same one each time.

        LookupError where there is none.
        """
        self._require(organization)
        if organization not in self._keys:
            with self._box.state.transaction():
                self._keys[organization] = tokens.add_api_key(self._box.state, organization)
        return self._keys[organization]

    def add_firm(self, name: str) -> str:
        """Add a firm without client companies, and return its id.

        Its tokens see its own companies only.
        """
        return firms.add_firm(self._box.state, name)

    def add_company(
        self,
        name: str,
        currency: str,
        *,
        empty: bool = True,
        firm: str | None = None,
        country: str = "US",
        fiscal_year_start_month: int = 1,
    ) -> str:
        """Add a client company to a firm (by its id; the first when left out), and return its id.

        Its books are empty, down to the chart of accounts. With `empty=False` they hold what those
        of the seeded companies do: chart, contacts, bank accounts, bills, six months of history.
        ValueError for a blank name, an unknown currency or a month outside of 1 to 12; LookupError
        for an unknown firm.
        """
        company = firms.new_company(name, currency, country, fiscal_year_start_month)
        return firms.add_company(self._box.state, self._firm(firm), company, empty=empty)

    def add_account(
        self,
        company: str,
        code: str,
        name: str,
        type: str,
        *,
        sub_type: str | None = None,
        currency: str | None = None,
    ) -> str:
        """Add an account, in the company's own currency when left out, and return its id.

        Money is spent from an asset account whose `sub_type` is "bank" or "cash", or from a
        liability account. ValueError for a code in use, an unknown type or currency; LookupError
        for an unknown company.
        """
        self._require(company)
        fields = {"code": code, "name": name, "type": type, "subType": sub_type}
        if currency is not None:
            fields["currencyCode"] = currency
        return accounts.add_account(self._box.state, self._settings, company, fields)

    def approve(self, firm: str | None = None) -> None:
        """Let the consent page answer by itself, for a firm.

        The firm is named by its id; the first when left out.
        """
        self._settings.firm = self._firm(firm)
        self._settings.auto_approve = True

    def token_response(self, firm: str | None = None) -> JSON:
        """Return a new pair of tokens, as the token endpoint answers it, without a browser.

        The tokens are those of the client `sandbox`, for a firm (by its id; the first when left
        out).
        """
        firm = self._firm(firm)
        with self._box.state.transaction() as db:
            db.execute("INSERT OR IGNORE INTO clients VALUES (?, 'Sandbox', '[]', 0)", (_CLIENT,))
            return tokens.mint(self._box.state, self._settings, _CLIENT, firm)

    def access_token(self, firm: str | None = None) -> str:
        """Return an access token of a firm (by its id; the first when left out)."""
        return str(self.token_response(firm)["access_token"])

    def lock_period(self, organization: str, through: str) -> None:
        """Lock an organization's books through a date such as "2026-06-30"."""
        self._require(organization)
        faults.lock_period(self._box.state, organization, through)

    def unlock_period(self, organization: str) -> None:
        """Open an organization's books again."""
        self._require(organization)
        faults.lock_period(self._box.state, organization, None)

    def fault(self, route: str, kind: faults.Kind, **options: Any) -> faults.Fault:
        """Put a script in force: fault("POST /api/v1/purchases", "lose_response", times=2)."""
        return self._box.faults.add(faults.Fault(route, kind, **options))

    @contextmanager
    def failing(self, route: str, kind: faults.Kind, **options: Any) -> Iterator[faults.Fault]:
        """Let requests to a route fail for the length of a block.

            with box.failing("POST /api/v1/purchases", "lose_response"):
                books.post(purchase, source=("till", "1001"))

        The kinds and their options are those of ``fault``. AssertionError when the block ends and
        no request has met the fault: what the test says of it would not be true.
        """
        script = self.fault(route, kind, **options)
        try:
            yield script
        finally:
            self._box.faults.remove(script)
        if script.hits == 0:
            raise AssertionError(f"no request to {route!r} met the fault {kind!r}")

    def clear_faults(self) -> None:
        """Take all fault scripts out of force."""
        self._box.faults.clear()

    def add_bank_row(
        self,
        bank_account: str,
        amount: int,
        *,
        description: str = "NEW ROW",
        date: str | None = None,
    ) -> str:
        """Let a row come in from a bank account's feed, and return its id.

        `amount` is in minor units, negative for money out; `date` is the sandbox's day when left
        out. LookupError where there is no such bank account.
        """
        with self._box.state.transaction():
            return bank.feed_row(self._box.state, bank_account, amount, description, date)

    def _firm(self, firm: str | None) -> str:
        ids = [str(row["id"]) for row in self.firms]
        if firm is None:
            # The one that every box begins with.
            return ids[0]
        if firm not in ids:
            raise LookupError(f"there is no firm {firm}")
        return firm

    def _new_box(self, clock: Clock) -> Box:
        state = State(self._path, clock, self._seed)
        if state.is_empty():
            state.fill_from(template(self._seed))
        state.resume()
        return Box(state, self._contract, self._settings)
