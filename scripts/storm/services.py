"""What a storm posts to: the sandbox, or the second ledger; the storm and its account are the same
for both.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Literal, Self

from ledgerhq_ext import LedgerHQ
from ledgerhq_ext.sandbox import Sandbox
from ledgerhq_ext.store import StoredPosting
from scripts.storm.figures import Figures
from scripts.storm.hosts import FAULTS, Host
from scripts.storm.input import CODES, Company, companies
from scripts.storm.ledger import PAYABLES, Books, movements_of

Ledger = Literal["sandbox", "second"]
_MONTH = ("2026-06-01", "2026-06-30")
_ROUTE = "POST /api/v1/*"
_TOKEN = "mcp_at_storm"  # noqa: S105 - of a ledger on loopback


def service_of(ledger: Ledger, *, seed: int, rare: int = 0, calm: bool = False) -> Service:
    """Return a service that is not started yet.

    ``rare``: how many answers of the slow kinds (429, stalls) there are. ``calm``: nothing goes
    wrong with answers.
    """
    if ledger == "sandbox":
        return SandboxService(seed, rare, calm=calm)
    return SecondLedger(seed, rare, calm=calm)


class Service(ABC):
    """A ledger that is served over HTTP, badly, and says afterwards what stands in its books."""

    url: str
    token: str
    companies: list[Company]

    def __init__(self) -> None:
        self._parts = ExitStack()

    @abstractmethod
    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._parts.close()

    @abstractmethod
    def unlock(self) -> None:
        """Unlock the periods that its faults have locked."""

    @abstractmethod
    def stop_faults(self) -> None:
        """Answer well from now on."""

    @abstractmethod
    def requests(self) -> int:
        """Return how many postings it was sent, or requests if it does not tell them apart."""

    @abstractmethod
    def faults(self) -> Counter[str]:
        """Return what went wrong, and how often."""

    @abstractmethod
    def receipts(self) -> list[dict[str, Any]]:
        """Return the receipts of everything that was posted, as the ledger itself keeps them."""

    @abstractmethod
    def entry_count(self) -> int:
        """Return how many entries were made since it was started."""

    @abstractmethod
    def balances(self) -> dict[str, int]:
        """Return what every account has gained since it was started, in cents, debits positive."""

    @abstractmethod
    def check_own(self, figures: Figures, rows: tuple[StoredPosting, ...]) -> None:
        """Check the bank rows of the postings, where this ledger has some, and its own problems."""

    @abstractmethod
    def problems(self) -> int:
        """Return how often the ledger did, or was asked to do, what the contract does not allow."""


class SandboxService(Service):
    """The sandbox, with its faults."""

    def __init__(self, seed: int, rare: int, *, calm: bool) -> None:
        super().__init__()
        self._seed = seed
        self._rare = rare
        self._is_calm = calm
        self._faults: list[tuple[str, Any]] = []

    def __enter__(self) -> Self:
        self._box = self._parts.enter_context(Sandbox())
        self.url = self._box.url
        self.token = self._box.access_token()
        self.companies = companies(self._box)
        self._balances_before = self._balances()
        self._rows_before = {row["id"] for row in self._box.bank_rows()}
        self._entries_before = len(self._box.entries())
        if not self._is_calm:
            self._let_things_go_wrong()
        return self

    def _let_things_go_wrong(self) -> None:
        self._add_fault("429", "status", 0.02, status=429, retry_after=1, times=self._rare)
        self._add_fault("stalled", "stall", 0.02, seconds=1.6, when="after", times=self._rare)
        self._add_fault("answers lost", "lose_response", 0.07)
        self._add_fault("lost and locked", "lock_period", 0.01, lose=True, through="2026-12-31")
        self._add_fault("503", "status", 0.05, status=503)
        self._add_fault("closed", "close", 0.04)
        self._add_fault("cut", "cut_body", 0.04)

    def _add_fault(self, kind: str, script: Any, rate: float, **more: Any) -> None:
        more.setdefault("times", None)
        seed = self._seed + len(self._faults)
        self._faults.append((kind, self._box.fault(_ROUTE, script, rate=rate, seed=seed, **more)))

    def unlock(self) -> None:
        """Unlock the periods of all companies."""
        for company in self.companies:
            self._box.unlock_period(company.org)

    def stop_faults(self) -> None:
        """Answer every request from now on."""
        self._box.clear_faults()

    def requests(self) -> int:
        """Return how many requests have come."""
        count: int = self._box.summary()["requests"]
        return count

    def faults(self) -> Counter[str]:
        """Return how often each kind of fault has hit."""
        counts = Counter[str]()
        for kind, fault in self._faults:
            counts[kind] += fault.hits
        return counts

    def receipts(self) -> list[dict[str, Any]]:
        """Return the receipt of each posting, as it was answered."""
        return [posting["receipt"] for posting in self._box.postings()]

    def entry_count(self) -> int:
        """Return how many entries the postings have made."""
        return len(self._box.entries()) - self._entries_before

    def balances(self) -> dict[str, int]:
        """Return what the postings have moved on each account, in cents, debits being positive."""
        before = self._balances_before
        return {
            account: cents - before.get(account, 0) for account, cents in self._balances().items()
        }

    def _balances(self) -> dict[str, int]:
        balances: dict[str, int] = {}
        with LedgerHQ(base_url=self.url, access_token=self.token) as hq:
            for company in self.companies:
                trial = hq.organization(company.org).trial_balance(*_MONTH)
                balances |= {
                    line.account_id: line.debit_balance - line.credit_balance
                    for line in trial.accounts
                }
        return balances

    def check_own(self, figures: Figures, rows: tuple[StoredPosting, ...]) -> None:
        """Check what only this service can be asked for."""
        named = {id for row in rows if row.receipt for id in row.receipt.bank_transaction_ids}
        entries = {receipt["journalEntryId"] for receipt in self.receipts()}
        fresh: dict[str, str] = {}
        for row in self._box.bank_rows():
            if row["id"] not in self._rows_before:
                fresh[row["id"]] = row["journalEntryId"]
        figures.check("bank rows made, and those that receipts name", len(fresh), len(named))
        figures.check("bank rows that belong to none of the receipts", len(fresh.keys() ^ named), 0)
        figures.check(
            "bank rows whose entry belongs to none", len(set(fresh.values()) - entries), 0
        )
        figures.check("answers of the sandbox that do not fit the contract", self.problems(), 0)

    def problems(self) -> int:
        """Return how many things are wrong that no posting should bring about."""
        return len(self._box.contract_violations)


class SecondLedger(Service):
    """The ledger that shares no code with the sandbox, on one host."""

    def __init__(self, seed: int, rare: int, *, calm: bool) -> None:
        super().__init__()
        self._seed = seed
        self._rates: dict[str, float] = {}
        if not calm:
            self._rates = {**FAULTS, "locked": 0.01}
        if rare and not calm:
            self._rates["429"] = 0.001

    def __enter__(self) -> Self:
        self.token = _TOKEN
        self.companies = [_company(number) for number in range(4)]
        self._books = Books({self.token: [company.org for company in self.companies]})
        self._host = self._parts.enter_context(
            Host(self._books, {}, seed=self._seed, faults=self._rates)
        )
        self.url = self._host.url
        return self

    def unlock(self) -> None:
        """Do nothing: it locks a period for one answer only."""

    def stop_faults(self) -> None:
        """Answer every request from now on."""
        self._host.rates = {}

    def requests(self) -> int:
        """Return how many requests have come."""
        return self._host.postings

    def faults(self) -> Counter[str]:
        """Return how often each kind of fault has hit."""
        return self._host.faults

    def receipts(self) -> list[dict[str, Any]]:
        """Return the receipt of each posting, as it was answered."""
        return [entry.receipt for entry in self._books.entries]

    def entry_count(self) -> int:
        """Return how many entries the postings have made."""
        return len(self._books.entries)

    def balances(self) -> dict[str, int]:
        """Return what the postings have moved on each account, in cents, debits being positive."""
        balances = Counter[str]()
        for entry in self._books.entries:
            for account, debit, credit in movements_of(entry):
                # The bill alone says which account it is owed on.
                name = f"{entry.company}-2000" if account == PAYABLES else account
                balances[name] += debit - credit
        return dict(balances)

    def check_own(self, figures: Figures, rows: tuple[StoredPosting, ...]) -> None:
        """Check what only this service can be asked for."""
        named = sum(len(row.receipt.bank_transaction_ids) for row in rows if row.receipt)
        figures.check("bank rows that receipts name, where there are none", named, 0)
        figures.check(
            "entries or postings in another company than their accounts'", self.problems(), 0
        )

    def problems(self) -> int:
        """Return how many things are wrong that no posting should bring about."""
        strays = [entry for entry in self._books.entries if entry.company not in str(entry.request)]
        return len(strays) + self._books.foreign_postings


def _company(number: int) -> Company:
    org = f"second-{number + 1}"
    return Company(org, f"{org}-bill", {code: f"{org}-{code}" for code in CODES})
