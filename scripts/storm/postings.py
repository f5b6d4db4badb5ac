"""The first storm: postings under faults, workers that are killed, a database that crashes."""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Callable, Sequence
from typing import Any

from attrs import Factory, define, frozen
from sqlalchemy import Connection, select

from ledgerhq_ext import LedgerHQ
from ledgerhq_ext.store import Outbox, OutboxSettings, Store, StoredPosting
from ledgerhq_ext.store import _schema as schema
from scripts.storm.figures import CONTEXT, Figures
from scripts.storm.input import Company, key_of, movements, transaction
from scripts.storm.services import Ledger, Service, service_of

_TIMEOUT = 1.0
_DEADLINE = 3.0
_TICK = 0.25
_DEEDS = (
    "workers killed",
    "workers replaced",
    "database crashes",
    "rejected, then retried",
    "tired, then resumed",
)
_FEW = 20
_PATIENCE = dt.timedelta(seconds=5)


@frozen(kw_only=True)
class Job:
    """The store and the service that the workers use, and what they share to post."""

    place: str
    settings: OutboxSettings
    url: str
    token: str
    companies: list[Company]
    count: int
    workers: int


def storm(
    name: str,
    place: str,
    *,
    count: int,
    ledger: Ledger = "sandbox",
    workers: int = 8,
    kill_every: float = 2.0,
    rare: int = 36,
    crash: Callable[[], None] | None = None,
    limit: float = 1_800.0,
    margin: float = 3.0,
    seed: int = 4,
) -> Figures:
    """Post ``count`` source transactions through the storm, and count what came of it.

    ``ledger``: what they are posted to. ``rare``: how many 429 with Retry-After 1, and stalls past
    the timeout. ``crash`` stops and starts the database, once, when half is posted. ``limit``:
    seconds after which the storm is given up; ``margin``: of the leases.
    """
    figures = Figures(name)
    settings = OutboxSettings(lease_margin=margin)
    with service_of(ledger, seed=seed, rare=rare) as service, Store(place) as store:
        began = time.monotonic()
        job = Job(
            place=place,
            settings=settings,
            url=service.url,
            token=service.token,
            companies=service.companies,
            count=count,
            workers=workers,
        )
        parent = _Parent(
            service=service,
            outbox=store.outbox(settings),
            job=job,
            kill_every=kill_every,
            crash=crash,
            end=began + limit,
            random=random.Random(seed),  # noqa: S311 - a storm that can be repeated
        )
        facts = parent.run()
        figures.facts |= {"seconds": round(time.monotonic() - began, 1), **facts}
        service.stop_faults()
        figures.facts["requests to the service"] = service.requests()
        faults = service.faults()
        kinds = ", ".join(f"{number} {kind}" for kind, number in faults.items())
        figures.facts["faults"] = f"{faults.total()}: {kinds}"
        _account(figures, service, store, count)
    return figures


@define(kw_only=True)
class _Parent:
    """Starts workers, kills and replaces them, unlocks periods, until everything is posted."""

    service: Service
    outbox: Outbox
    job: Job
    kill_every: float
    crash: Callable[[], None] | None
    end: float
    random: random.Random
    workers: list[Any] = Factory(list)
    facts: dict[str, int] = Factory(dict)

    def run(self) -> dict[str, int]:
        """Let it storm, and return what was done to workers and rows."""
        self.facts = dict.fromkeys(_DEEDS, 0)
        self.workers = [self._start(slot) for slot in range(self.job.workers)]
        kill_at = time.monotonic() + self.kill_every
        while time.monotonic() < self.end:
            time.sleep(_TICK)
            if self._is_done():
                self._join(20)
                return self.facts
            if time.monotonic() >= kill_at:
                self.random.choice(self.workers).kill()
                self.facts["workers killed"] += 1
                kill_at += self.kill_every
            self._replace()
        self._join(0)
        return self.facts

    def _is_done(self) -> bool:
        """Mend what people and servers mend; return whether everything is posted."""
        self.service.unlock()
        status = self.outbox.status()
        posted = status.posted
        if posted >= self.job.count:
            return True
        if 0 < status.pending <= _FEW and not status.leased:
            self._resume_tired()
        self.facts["rejected, then retried"] += self.outbox.retry_rejected(code="PERIOD_LOCKED")
        if self.crash is not None and posted >= self.job.count / 2:
            self.crash()
            self.crash = None
            self.facts["database crashes"] += 1
        return False

    def _resume_tired(self) -> None:
        """Be the person who does not wait a quarter of an hour for a posting whose workers were
        often killed.
        """
        soon = dt.datetime.now(dt.UTC) + _PATIENCE
        rows = self.outbox.postings("pending")
        due_times = [row.due_at for row in rows]
        if not due_times or any(due_at is None or due_at <= soon for due_at in due_times):
            return

        # All of them wait for long, and nothing else would wake them within the storm.
        self.outbox.resume()
        self.facts["tired, then resumed"] += len(rows)

    def _start(self, slot: int) -> Any:
        process = CONTEXT.Process(target=_work, args=(slot, self.job), daemon=True)
        process.start()
        return process

    def _replace(self) -> None:
        for slot, process in enumerate(self.workers):
            if process.exitcode is not None:
                self.workers[slot] = self._start(slot)
                self.facts["workers replaced"] += 1

    def _join(self, seconds: float) -> None:
        """Let the workers end within so many seconds each, and kill those that do not."""
        for process in self.workers:
            process.join(seconds)
            process.kill()
            process.join()


def _work(slot: int, job: Job) -> None:
    """Add this worker's share to the outbox, then drain until everything is posted."""
    with (
        Store(job.place) as store,
        LedgerHQ(
            base_url=job.url, access_token=job.token, timeout=_TIMEOUT, deadline=_DEADLINE
        ) as hq,
    ):
        outbox = store.outbox(job.settings)
        share = range(slot, job.count, job.workers)
        # A worker that replaces a dead one adds the last few again, which changes nothing.
        numbers = _numbers_in(store)
        begin = max(len(numbers.intersection(share)) - 5, 0)
        for number in share[begin:]:
            company, request, source = transaction(number, job.companies)
            outbox.add(company.org, request, source=source)
        while outbox.status().posted < job.count:
            outbox.drain(hq, workers=2, wait=5)
            time.sleep(_TICK)


def _numbers_in(store: Store) -> set[int]:
    """Return the numbers of the source transactions that the store has, whatever became of them."""

    def read(db: Connection) -> Sequence[str]:
        """Read the ids of all source transactions."""
        return db.execute(select(schema.postings.c.source_id)).scalars().all()

    return {int(source_id) for source_id in store._database.read(read)}


# --- the account


def _account(figures: Figures, service: Service, store: Store, count: int) -> None:
    status = store.outbox().status()
    figures.check("source transactions posted, by the store", status.posted, count)
    figures.check(
        "in any other state, or unknown", status.total - status.posted + status.unknown, 0
    )

    ledger = {receipt["idempotencyKey"]: receipt for receipt in service.receipts()}
    entries = {receipt["journalEntryId"] for receipt in ledger.values()}
    expected = {key_of(number, service.companies) for number in range(count)}
    figures.check(
        "source transactions with exactly one entry in the ledger",
        len(expected & ledger.keys()),
        count,
    )
    figures.check("entries made", service.entry_count(), count)
    figures.check("entries that belong to a source transaction", len(entries), count)

    rows = store.outbox().receipts()
    equal = sum(row.key in ledger and receipt_equals(row, ledger[row.key]) for row in rows)
    figures.check("receipts in the store that equal the ledger's", equal, count)

    balances = service.balances()
    moved = movements(count, service.companies)
    off = [
        account for account in balances.keys() | moved if balances.get(account, 0) != moved[account]
    ]
    figures.check("accounts whose balance is not that of the input", len(off), 0)
    service.check_own(figures, rows)


def receipt_equals(row: StoredPosting, document: dict[str, Any]) -> bool:
    """Return whether a stored receipt is the one that the ledger keeps."""
    receipt = row.receipt
    return receipt is not None and document == {
        "id": receipt.id,
        "resourceType": receipt.resource_type,
        "journalEntryId": receipt.journal_entry_id,
        "bankTransactionIds": list(receipt.bank_transaction_ids),
        "status": receipt.status,
        "postedAt": receipt.posted_at.astimezone(dt.UTC)
        .isoformat(timespec="milliseconds")
        .replace("+00:00", "Z"),
        "idempotencyKey": receipt.idempotency_key,
    }
