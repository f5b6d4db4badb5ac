"""Both surfaces driven by one text: what is awaitable is awaited, what is lazy is read to its end."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from ledgerhq_ext import AsyncLedgerHQ, Event, LedgerHQ, Purchase, PurchaseLine
from ledgerhq_ext.sandbox import Sandbox

MAPLE, HARBOR, NORDIC, SAKURA = "maple-street-coffee", "harbor-bike-repair", "nordic-design", "sakura-stationery"


class Clock:
    """Noon of 30 June 2026, until somebody sleeps."""

    def __init__(self) -> None:
        self.time = 1_782_820_800.0

    def now(self) -> float:
        return self.time

    def monotonic(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds

    async def asleep(self, seconds: float) -> None:
        self.time += seconds


Surface = type[LedgerHQ] | type[AsyncLedgerHQ]
Hook = Callable[[Event], None]


def connect(surface: Surface, box: Sandbox, clock: Clock, **settings: Any) -> Any:
    """A client of either surface; nobody really sleeps."""
    kind: Any = surface
    sleep = clock.sleep if surface is LedgerHQ else clock.asleep
    return kind(base_url=box.url, clock=clock, sleep=sleep, **settings)


async def done(value: Any) -> Any:
    """What a method gives."""
    return await value if inspect.isawaitable(value) else value


async def every(pages: Any) -> list[Any]:
    """What a lazy list gives."""
    return list(pages) if hasattr(pages, "__iter__") else [item async for item in pages]


async def together(surface: Surface, calls: list[Callable[[], Any]]) -> list[Any]:
    """What calls give that are made at the same time: exceptions too."""
    if surface is AsyncLedgerHQ:
        return await asyncio.gather(*(call() for call in calls), return_exceptions=True)

    def caught(call: Callable[[], Any]) -> Any:
        try:
            return call()
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(caught, calls))


def later(surface: Surface, ready: Callable[[], object], call: Callable[[], Any]) -> Callable[[], Any]:
    """The call, begun when something is so."""

    async def begin_awaiting() -> Any:
        while not ready():
            await asyncio.sleep(0.005)
        return await call()

    def begin() -> Any:
        while not ready():
            time.sleep(0.005)
        return call()

    return begin_awaiting if surface is AsyncLedgerHQ else begin


class World:
    """The sandbox, seen from outside of the client under test, for one company."""

    def __init__(self, box: Sandbox, slug: str = MAPLE) -> None:
        self.box = box
        self.org = str(next(found["id"] for found in box.organizations if found["slug"] == slug))

    def account(self, code: str) -> str:
        """A ledger account's id."""
        found = self.box.rows("SELECT id FROM accounts WHERE organizationId = ? AND code = ?", self.org, code)
        return str(found[0]["id"])

    def bill(self, number: str) -> dict[str, Any]:
        """A bill."""
        return next(bill for bill in self.box.documents(self.org) if bill["number"] == number)

    def entry(self, description: str) -> str:
        """An entry's id."""
        return str(next(found["id"] for found in self.box.entries(self.org) if found["description"] == description))

    def rows(self, **columns: Any) -> list[dict[str, Any]]:
        """The rows of the register that have these values."""
        found = self.box.bank_rows(self.org)
        return [row for row in found if all(row[name] == value for name, value in columns.items())]

    def row(self, **columns: Any) -> dict[str, Any]:
        """One such row."""
        return self.rows(**columns)[0]

    def posts(self, verb: str = "") -> int:
        """How many POSTs of a verb arrived."""
        return sum(r["method"] == "POST" and r["path"].endswith(verb) for r in self.box.requests)

    def somebody(self, method: str, path: str, body: dict[str, Any] | None = None) -> None:
        """A person in LedgerHQ does something."""
        headers = {"authorization": f"Bearer {self.box.access_token()}", "x-organization-id": self.org}
        with httpx.Client(base_url=f"{self.box.url}/api/v1", headers=headers, verify=False) as http:
            http.request(method, path, json=body).raise_for_status()

    def purchase(self, amount: int = 4299, **changes: Any) -> Purchase:
        """A purchase of office supplies from the checking account."""
        given: dict[str, Any] = {
            "txn_date": "2026-06-08",
            "payee_name": "Office Depot",
            "source_account_id": self.account("1010"),
            "lines": [PurchaseLine(account_id=self.account("6100"), amount=amount)],
        }
        return Purchase(**given | changes)
