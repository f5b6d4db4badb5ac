"""One run of a command: the options that every command takes, and what they give it."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import frozen

from ledgerhq_ext import InputError, ReconnectRequired
from ledgerhq_ext.cli import _places as places
from ledgerhq_ext.cli._output import Column, Row, print_json, table_text, write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledgerhq_ext import LedgerHQ, Organization, OrganizationRecord, TokenStore
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

        return Store(self.place)

    @property
    def has_store(self) -> bool:
        """Whether there is a store: opening one that is not there would make it."""
        if self.store_place is None and not os.path.exists(self.place):  # noqa: PTH110
            # Whoever never had one may not have installed its extra.
            return False
        return self.store().exists()

    def existing_store(self) -> Store:
        """Open the store; one that is named and not there would look like an empty outbox.

        Before a client is made, whose tokens may be in the same store, and which would make it.
        Close it, or use it in a ``with`` statement.
        """
        if self.store_place is not None and not self.has_store:
            # The URL of a server may hold a password.
            is_server = self.store_place.startswith("postgresql")
            place = "this URL" if is_server else self.store_place
            raise InputError(f"There is no store at {place}. Check --store, or LEDGERHQ_STORE.")
        return self.store()

    def token_store(self, firm: str | None = None) -> TokenStore:
        """Return the place of a firm's tokens: a file, or the store where there are keys."""
        from ledgerhq_ext import FileTokenStore

        name = firm or self.firm
        keys = _keys()
        if keys:
            return self.store().token_store(keys, name=name)

        path = os.environ.get("LEDGERHQ_TOKEN_FILE")
        # The variable names one file, and a file is one firm's.
        if path and name == self.firm:
            return FileTokenStore(path)
        return FileTokenStore(places.token_file(name))

    # --- who speaks

    @property
    def login_command(self) -> str:
        """The command that logs this firm in."""
        name = "" if self.firm == places.DEFAULT_FIRM else f" --firm {shlex.quote(self.firm)}"
        return f"ledgerhq login{name}"

    @property
    def near_firm(self) -> str:
        """Ask whether the nearest name of a firm that logged in is meant; empty where none is near.

        Only files are looked through: tokens in the store have no list.
        """
        names = places.firms_with_tokens()
        if self.firm in names:
            return ""
        import difflib

        near = difflib.get_close_matches(self.firm, names, n=1)
        return f"Did you mean --firm {shlex.quote(near[0])}?" if near else ""

    @property
    def address(self) -> str | None:
        """The address of the service; None for the library's own default."""
        if self.base_url is not None or _has_api_key():
            return self.base_url
        return stored_address(self.token_store())

    def client(self, firm: str | None = None) -> LedgerHQ:
        """Return a client for a firm. Close it, or use it in a ``with`` statement.

        ``LEDGERHQ_API_KEY`` goes first where it is set; else the firm that logged in speaks.
        """
        from ledgerhq_ext import LedgerHQ

        if _has_api_key():
            return LedgerHQ.from_env(**_settings(self.base_url))
        return self.login_client(firm)

    def login_client(self, firm: str | None = None) -> LedgerHQ:
        """Return a client by the login of a firm, which it may make or forget. Close it.

        Without an address it is the one that the firm logged in to.
        """
        from ledgerhq_ext import LedgerHQ, OAuth

        tokens = self.token_store(firm)
        # The outbox tells firms apart by this name, also where tokens are files.
        credentials = OAuth(tokens, name=firm or self.firm)

        settings = _settings(self.base_url or stored_address(tokens))
        return LedgerHQ.from_env(credentials, **settings)

    def require_login(self) -> None:
        """Raise ``ReconnectRequired`` where nobody logged in under the name of --firm.

        For commands that would have nothing to do, and look as if all was well.
        """
        if not _has_api_key() and self.token_store().read() is None:
            raise ReconnectRequired("not_connected", "there is no login of that name")

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


def _has_api_key() -> bool:
    return bool(os.environ.get("LEDGERHQ_API_KEY"))


def _keys() -> list[str]:
    keys = os.environ.get(KEYS, "").split(",")
    return [key.strip() for key in keys if key.strip()]


def _settings(base_url: str | None) -> dict[str, Any]:
    """Return the settings of a client, but for those that the environment has."""
    settings: dict[str, Any] = {}
    if base_url is not None:
        settings["base_url"] = base_url
    if not os.environ.get("LEDGERHQ_APP_NAME"):
        settings["app_name"] = APP_NAME
    return settings


def stored_address(tokens: TokenStore) -> str | None:
    """Return the address of the service that stored tokens belong to, if there are any."""
    try:
        connection = tokens.read()
    except InputError:
        # Whoever uses the tokens is told; those who write new ones need not be.
        return None
    return None if connection is None else connection.issuer
