"""Handlers of requests: the call they get, the reply they return, the table they stand in."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ledgerhq_ext.sandbox._contract import normal_path
from ledgerhq_ext.sandbox._errors import Shape
from ledgerhq_ext.sandbox._state import State

JSON = dict[str, Any]
Row = sqlite3.Row

_BELOW_A_COMPANY = "/api/v1/companies/{}/"
# What the company paths call otherwise than the routes with a header.
_OTHER_NAMES = {("GET", "journal-entries"): "entries"}


@dataclass
class Settings:
    """The settings of a box's OAuth. Lifetimes are seconds."""

    auto_approve: bool = False
    access_token_lifetime: float = 3600
    refresh_token_lifetime: float = 30 * 86400
    code_lifetime: float = 600
    firm: str | None = None
    """The firm that the consent page answers for, where nobody picks one; None for the first."""


@dataclass
class Reply:
    """An answer."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    media_type: str = "application/json"


@dataclass
class Call:
    """A checked request, with the state that its handler works on."""

    state: State
    settings: Settings
    base_url: str = ""
    request_id: str = ""
    values: tuple[str, ...] = ()
    query: JSON = field(default_factory=dict)
    headers: JSON = field(default_factory=dict)
    body: Any = None
    firm: str = ""
    bound_to: str | None = None
    scope: str = ""
    organization: JSON = field(default_factory=dict)

    @property
    def db(self) -> sqlite3.Connection:
        """The connection, inside the transaction of this call."""
        return self.state.db

    @property
    def org(self) -> str:
        """The id of the organization that the call is about."""
        return str(self.organization["id"])

    @property
    def currency(self) -> str:
        """The currency of the organization's books."""
        return str(self.organization["defaultCurrency"])

    def one(self, sql: str, *values: Any) -> Row | None:
        """Return the first row of a query, if any."""
        row: Row | None = self.db.execute(sql, values).fetchone()
        return row

    def all(self, sql: str, *values: Any) -> list[Row]:
        """Return all rows of a query."""
        return self.db.execute(sql, values).fetchall()

    def insert(self, table: str, **columns: Any) -> None:
        """Add a row. Table and columns are names of our own, never input."""
        names = ", ".join(columns)
        marks = ", ".join("?" * len(columns))
        sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608
        self.db.execute(sql, tuple(columns.values()))


Handler = Callable[[Call], Reply]


@dataclass(frozen=True)
class Route:
    """A handler, and what its endpoint has in common with others."""

    handler: Handler
    scoped: bool = True
    errors: Shape = "plain"
    keyed: bool = False


@dataclass(frozen=True)
class Target:
    """The handler of a request, with the values of its own path.

    `key` is the method and path under which it stands; `company` is there where the path names it.
    """

    key: tuple[str, str]
    route: Route
    values: tuple[str, ...]
    company: str | None = None


class Routes(dict[tuple[str, str], Route]):
    """Handlers by method and path template (the names of its parameters do not count)."""

    def find(self, method: str, path: str, values: tuple[str, ...]) -> Target | None:
        """Find the handler of a path: its own, or below a company that of the header route."""
        path = normal_path(path)
        own = self.get((method, path))
        if own is not None:
            return Target((method, path), own, values)
        if not path.startswith(_BELOW_A_COMPANY):
            return None

        rest = path.removeprefix(_BELOW_A_COMPANY)
        name = _OTHER_NAMES.get((method, rest), rest)
        key = (method, f"/api/v1/{name}")
        header_route = self.get(key)
        # What is not about a company cannot stand below one.
        if header_route is None or not header_route.scoped:
            return None
        return Target(key, header_route, values[1:], company=values[0])

    def add(
        self,
        method: str,
        path: str,
        *,
        scoped: bool = True,
        errors: Shape = "plain",
        keyed: bool = False,
    ) -> Callable[[Handler], Handler]:
        """Return a decorator that registers a handler."""

        def register(handler: Handler) -> Handler:
            """Put the handler into the table, and return it as it is."""
            self[method, normal_path(path)] = Route(handler, scoped, errors, keyed)
            return handler

        return register
