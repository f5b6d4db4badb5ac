"""One run of a command: the options that every command takes, and what they give it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import frozen

from ledgerhq_ext import FileTokenStore, InputError, LedgerHQ, OAuth, Organization, TokenStore
from ledgerhq_ext.cli import _places as places
from ledgerhq_ext.cli._output import Column, Row, print_json, table_text, write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledgerhq_ext import OrganizationRecord
    from ledgerhq_ext.store import Store

APP_NAME = "ledgerhq-cli"
"""How the consent page and LedgerHQ's logs name this program."""

KEYS = "LEDGERHQ_STORE_KEYS"
"""The variable with the keys, separated by commas, that encrypt the tokens of a store."""


@frozen(kw_only=True)
class Invocation:
    """The common options of a command; None where nobody gave one."""

    base_url: str | None = None
    store_place: str | None = None
    firm: str = places.DEFAULT_FIRM
    as_json: bool = False
    debug: bool = False

    # --- where things are

    @property
    def place(self) -> str | Path:
        """The database with links and outbox: a file, or the URL of a PostgreSQL database."""
        return self.store_place or places.default_store()

    def store(self) -> Store:
        """Open the store. Close it, or use it in a ``with`` statement."""
        from ledgerhq_ext.store import Store

        if self.store_place is None:
            places.config_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        return Store(self.place)

    def token_store(self, firm: str | None = None) -> TokenStore:
        """Return where the tokens of a firm are: a file, or encrypted in the store where there are
        keys.
        """
        name = firm or self.firm
        keys = [key.strip() for key in os.environ.get(KEYS, "").split(",") if key.strip()]
        if keys:
            return self.store().token_store(keys, name=name)
        path = os.environ.get("LEDGERHQ_TOKEN_FILE")
        return FileTokenStore(path if path and name == self.firm else places.token_file(name))

    # --- who speaks

    @property
    def address(self) -> str | None:
        """The address of the service; None where it is the library's default, or an API key's."""
        return self.base_url or stored_address(self.token_store())

    def login_client(self) -> LedgerHQ:
        """Return a client that may connect the firm, or forget it. Close it."""
        settings: dict[str, Any] = {}
        if self.address is not None:
            settings["base_url"] = self.address
        return LedgerHQ.from_env(credentials=self._oauth(self.firm), **_named(settings))

    def client(self, firm: str | None = None) -> LedgerHQ:
        """Return a client for a firm. Close it, or use it in a ``with`` statement.

        ``LEDGERHQ_API_KEY`` goes first where it is set; else the firm that logged in speaks.
        Without an address it is the one that the firm logged in to.
        """
        settings: dict[str, Any] = {}
        base_url = self.base_url
        if not os.environ.get("LEDGERHQ_API_KEY"):
            name = firm or self.firm
            settings["credentials"] = self._oauth(name)
            base_url = base_url or stored_address(self.token_store(name))
        if base_url is not None:
            settings["base_url"] = base_url
        return LedgerHQ.from_env(**_named(settings))

    def _oauth(self, firm: str) -> OAuth:
        client_id = os.environ.get("LEDGERHQ_CLIENT_ID") or None
        return OAuth(self.token_store(firm), client_id=client_id, name=firm)

    def company(self, hq: LedgerHQ, name_or_id: str) -> tuple[OrganizationRecord, Organization]:
        """Return the record and the books of one client company."""
        record = hq.company(name_or_id)
        return record, hq.organization(record)

    # --- what it says

    def print(
        self, name: str, rows: Sequence[Row], columns: Sequence[Column], *, empty: str
    ) -> None:
        """Print rows as a table, or as the JSON object ``{name: [row, …]}``."""
        if self.as_json:
            print_json({name: list(rows)})
        else:
            write(table_text(columns, rows, empty=empty))

    def print_one(self, value: Row, text: str) -> None:
        """Print one result: as a text, or as a JSON object."""
        if self.as_json:
            print_json(value)
        else:
            write(text)


def _named(settings: dict[str, Any]) -> dict[str, Any]:
    """Return the settings with the name of this program, unless the environment has another."""
    if os.environ.get("LEDGERHQ_APP_NAME"):
        return settings
    return {**settings, "app_name": APP_NAME}


def stored_address(tokens: TokenStore) -> str | None:
    """Return the address of the service that stored tokens belong to, if there are any."""
    try:
        connection = tokens.read()
    except InputError:
        # Whoever uses the tokens is told; those who write new ones need not be.
        return None
    return None if connection is None else connection.issuer
