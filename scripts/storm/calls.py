"""Every call of the layer, as a storm makes it, on either surface."""

from __future__ import annotations

import asyncio
import datetime as dt
import inspect
from collections.abc import Iterator
from typing import Any, Literal

from attrs import field, frozen

from ledgerhq_ext import (
    AccountAllocation,
    BillPayment,
    Deposit,
    DocumentAllocation,
    DraftEntry,
    JournalEntry,
    JournalLine,
    Purchase,
    PurchaseLine,
    Transfer,
)

COMPANY = "org_1"
_DAY = dt.date(2026, 6, 8)
_REDIRECT = "http://127.0.0.1:1/cb"
_LINE = PurchaseLine(account_id="a2", amount=100)
_SIDES = (
    JournalLine(account_id="a1", debit_amount=5),
    JournalLine(account_id="a2", credit_amount=5),
)

Target = Literal["company", "firm", "stale"]
"""What a call is made on: a company, a client with a token, or one that has to refresh first."""


@frozen
class Call:
    """A method and its arguments; ``is_list``: its result is a list that is read to its end."""

    name: str
    arguments: tuple[Any, ...] = ()
    keywords: dict[str, Any] = field(factory=dict)
    label: str = field(kw_only=True)
    target: Target = field(default="company", kw_only=True)
    is_list: bool = field(default=False, kw_only=True)

    @label.default
    def _name(self) -> str:
        return self.name

    def make(self, client: Any, stale_client: Any) -> Any:
        """Make the call on the client that it asks for, and return what it gave."""
        target = stale_client if self.target == "stale" else client
        if self.target == "company":
            target = client.organization(COMPANY)

        # By name, so that one list of calls does for both surfaces.
        result = getattr(target, self.name)(*self.arguments, **self.keywords)
        return list(result) if self.is_list else result


def _post(posting: Any) -> Call:
    label = f"post {posting.resource}"
    return Call("post", (posting,), {"source": ("s", "1")}, label=label)


CALLS = (
    Call("health", target="firm"),
    Call("organizations", target="firm", is_list=True),
    Call("request", ("GET", "/api/v1/organizations"), target="firm"),
    Call("organizations", label="refresh", target="stale", is_list=True),
    Call("register_client", ([_REDIRECT],), target="stale"),
    Call("authorization_request", (_REDIRECT,), target="stale"),
    _post(Purchase(txn_date=_DAY, payee_name="P", source_account_id="a1", lines=[_LINE])),
    _post(Deposit(txn_date=_DAY, destination_account_id="a1", lines=[_LINE])),
    _post(Transfer(txn_date=_DAY, from_account_id="a1", to_account_id="a2", amount=5)),
    _post(BillPayment(txn_date=_DAY, bill_id="b", source_account_id="a1", amount=5)),
    _post(JournalEntry(txn_date=_DAY, lines=_SIDES)),
    Call("record"),
    Call("accounts"),
    Call("bank_accounts"),
    Call("tax_rates"),
    Call("contacts", is_list=True),
    Call("contact", (), {"name": "Ann"}),
    Call("bills", is_list=True),
    Call("bill", ("B-1",)),
    Call("bank_feeds"),
    Call("bank_feed_health"),
    Call("bank_connections"),
    Call("entries", is_list=True),
    Call("entry", ("e",)),
    Call("create_entry", (DraftEntry(date=_DAY, description="d", lines=_SIDES),)),
    Call("post_entry", ("e",)),
    Call("void_entry", ("e",)),
    Call("bank_transactions", is_list=True),
    Call("bank_account_transactions", ("b",), is_list=True),
    Call("bank_transaction", ("r",)),
    Call("reclassify", ("r", "a")),
    Call("match", ("r",), {"journal_entry": "e"}),
    Call("split", ("r", [AccountAllocation(account_id="a", amount=1)])),
    Call(
        "split",
        ("r", [DocumentAllocation(document_type="bill", document_id="b", amount=1)]),
        label="split over documents",
    ),
    Call("reconcile", ("r",)),
    Call("exclude", ("r",)),
    Call("include", ("r",)),
    Call("financial_packet", ("2026-06",)),
    Call("trial_balance", ("2026-06",)),
    Call("balance_sheet", ("2026-06-30",)),
    Call("profit_and_loss", ("2026-06",)),
    Call("general_ledger", ("2026-06",)),
    Call("bank_reconciliation_status"),
)


class Awaited:
    """An asynchronous handle, used like a blocking one.

    What it returns is awaited, and lists are read to their end.
    """

    def __init__(self, handle: Any, runner: asyncio.Runner) -> None:
        self._handle = handle
        self._runner = runner

    def __getattr__(self, name: str) -> Any:
        member = getattr(self._handle, name)

        def call(*arguments: Any, **keywords: Any) -> Any:
            """Call the asynchronous method, and wait for what it returns."""
            result = member(*arguments, **keywords)
            if inspect.iscoroutine(result):
                return self._runner.run(result)
            return Awaited(result, self._runner)

        return call

    def __iter__(self) -> Iterator[Any]:
        async def everything() -> list[Any]:
            """Read a list to its end."""
            return [item async for item in self._handle]

        return iter(self._runner.run(everything()))
