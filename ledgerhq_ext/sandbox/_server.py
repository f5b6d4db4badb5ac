"""`Sandbox`: a LedgerHQ that can be started, inspected, and made to fail."""

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
    """A local LedgerHQ for tests and demos.

    As a context manager, it serves on a loopback port (`port=0` picks a free one) from a background
    thread. Without starting it, you can use `app`, the ASGI application, with in-process clients.

    `contract` is an OpenAPI document, or a file with one, to serve instead of the vendored one.
    Responses are converted to the form that it declares. Raises ValueError, with the operation and
    a JSON pointer to the property, if that is not possible.
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
                f"The sandbox has no passwords, so it serves only on loopback, not on {host}."
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
        """The base URL of the sandbox. Raises RuntimeError until it is started."""
        if not self._server.is_started:
            raise RuntimeError(
                "The sandbox is not started. Use it in a with statement, or call start()."
            )
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    def start(self) -> Sandbox:
        """Start serving from a background thread, and return once it responds.

        Does nothing if it is already serving.

        Raises OSError if it cannot listen on the address.
        """
        if not self._server.is_started:
            self.port = self._server.start(self.host, self.port)
        return self

    def stop(self) -> None:
        """Stop serving. The state is kept."""
        self._server.stop()

    def close(self) -> None:
        """Stop serving and release the state."""
        self.stop()
        self._box.state.close()

    def reset(self) -> None:
        """Start over with a fresh state and no faults, at the same address."""
        if self._path is not None:
            raise RuntimeError(
                "A state in a file is never discarded. Delete the file, or use a state in memory."
            )
        # The box stays, as the application holds it; only its state is another one.
        fresh = self._new_box(self.clock.anew())
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
        """The sandbox's clock."""
        return self._box.state.clock

    def advance(self, seconds: float) -> None:
        """Advance the clock by some seconds, so that tokens expire and rows age."""
        self.clock.advance(seconds)

    def api_key(self, organization: str) -> str:
        """Return the API key of an organization, the same one each time.

        Raises LookupError if there is no such organization.
        """
        self._require(organization)
        if organization not in self._keys:
            with self._box.state.transaction():
                self._keys[organization] = tokens.add_api_key(self._box.state, organization)
        return self._keys[organization]

    def add_firm(self, name: str) -> str:
        """Add a firm without client companies, and return its id.

        Its tokens only see its own companies.
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
        """Add a client company to a firm (by id; by default the first one), and return its id.

        Its books are empty, without a chart of accounts. With `empty=False` they have the same
        content as those of the seeded companies: chart of accounts, contacts, bank accounts, bills,
        and six months of history. Raises ValueError for a blank name, an unknown currency or a
        month outside 1 to 12, and LookupError for an unknown firm.
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
        """Add an account (by default in the company's own currency), and return its id.

        Money can be spent from an asset account whose `sub_type` is "bank" or "cash", or from a
        liability account. Raises ValueError for a code in use, an unknown type or currency, and
        LookupError for an unknown company.
        """
        self._require(company)
        fields = {"code": code, "name": name, "type": type, "subType": sub_type}
        if currency is not None:
            fields["currencyCode"] = currency
        return accounts.add_account(self._box.state, self._settings, company, fields)

    def approve(self, firm: str | None = None) -> None:
        """Approve the consent page automatically for a firm.

        The firm is given by its id; by default it is the first one.
        """
        self._settings.firm = self._firm(firm)
        self._settings.auto_approve = True

    def token_response(self, firm: str | None = None) -> JSON:
        """Return a new token response, as from the token endpoint, without a browser.

        The tokens belong to the OAuth client `sandbox`, for a firm (by id; by default the first
        one).
        """
        firm = self._firm(firm)
        with self._box.state.transaction() as db:
            db.execute("INSERT OR IGNORE INTO clients VALUES (?, 'Sandbox', '[]', 0)", (_CLIENT,))
            return tokens.mint(self._box.state, self._settings, _CLIENT, firm)

    def access_token(self, firm: str | None = None) -> str:
        """Return an access token of a firm (by id; by default the first one)."""
        return str(self.token_response(firm)["access_token"])

    def lock_period(self, organization: str, through: str) -> None:
        """Lock an organization's books through a date such as "2026-06-30"."""
        self._require(organization)
        faults.lock_period(self._box.state, organization, through)

    def unlock_period(self, organization: str) -> None:
        """Unlock an organization's books."""
        self._require(organization)
        faults.lock_period(self._box.state, organization, None)

    def fault(self, route: str, kind: faults.Kind, **options: Any) -> faults.Fault:
        """Add a fault script: fault("POST /api/v1/purchases", "lose_response", times=2)."""
        return self._box.faults.add(faults.Fault(route, kind, **options))

    @contextmanager
    def failing(self, route: str, kind: faults.Kind, **options: Any) -> Iterator[faults.Fault]:
        """Make requests to a route fail within a block.

            with box.failing("POST /api/v1/purchases", "lose_response"):
                books.post(purchase, source=("till", "1001"))

        The kinds and their options are those of ``fault``. Raises AssertionError if no request met
        the fault by the end of the block, because the test would then prove nothing.
        """
        script = self.fault(route, kind, **options)
        try:
            yield script
        finally:
            self._box.faults.remove(script)
        if script.hits == 0:
            raise AssertionError(f"no request to {route!r} met the fault {kind!r}")

    def clear_faults(self) -> None:
        """Remove all fault scripts."""
        self._box.faults.clear()

    def add_bank_row(
        self,
        bank_account: str,
        amount: int,
        *,
        description: str = "NEW ROW",
        date: str | None = None,
    ) -> str:
        """Add a row from a bank account's feed, and return its id.

        `amount` is in minor units, negative for money out; `date` is the sandbox's current date by
        default. Raises LookupError if there is no such bank account, and ValueError for an amount,
        a date or a description that cannot be.
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
