"""The first storm: postings under faults, with workers that are killed and a database that crashes."""

from __future__ import annotations

import datetime as dt
import random
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from ledgerhq_ext import LedgerHQ
from ledgerhq_ext.sandbox import Sandbox
from ledgerhq_ext.store import OutboxSettings, Store, StoredPosting
from ledgerhq_ext.store import _schema as schema
from scripts.storm.figures import CONTEXT, Figures
from scripts.storm.input import Company, companies, key_of, movements, transaction

_ROUTE = "POST /api/v1/*"
_TIMEOUT = 1.0
_DEADLINE = 3.0
_TICK = 0.25
_MONTH = ("2026-06-01", "2026-06-30")


def storm(
    name: str,
    place: str,
    *,
    count: int,
    workers: int = 8,
    kill_every: float = 2.0,
    rare: int = 36,
    crash: Callable[[], None] | None = None,
    limit: float = 600.0,
    margin: float = 3.0,
    seed: int = 4,
) -> Figures:
    """Post ``count`` source transactions through the storm; gives what came of it.

    ``rare`` of each: 429 with Retry-After 1, and stalls past the timeout. ``crash`` stops and starts the database,
    once, when half is posted. ``limit``: seconds after which the storm is given up; ``margin``: of the leases.
    """
    figures = Figures(name)
    with Sandbox() as box, Store(place) as store:
        known = companies(box)
        before = _balances(box, known)
        rows_before = {row["id"] for row in box.bank_rows()}
        entries_before = len(box.entries())
        faults = _let_things_go_wrong(box, rare, seed)
        began = time.monotonic()
        settings = OutboxSettings(lease_margin=margin)
        facts = _Parent(box, store, place, settings, known, count, workers, kill_every, crash, limit, seed).run()
        figures.facts |= {"seconds": round(time.monotonic() - began, 1), **facts}
        box.clear_faults()
        sent = box.summary()["requests"]
        told = Counter[str]()
        for kind, fault in faults:
            told[kind] += fault.hits
        figures.facts["requests to the sandbox"] = sent
        figures.facts["faults"] = f"{told.total()}: " + ", ".join(f"{n} {kind}" for kind, n in told.items())
        _account(figures, box, store, known, count, before, rows_before, entries_before)
    return figures


def _let_things_go_wrong(box: Sandbox, rare: int, seed: int) -> list[tuple[str, Any]]:
    def fault(kind: str, script: Any, rate: float, **more: Any) -> tuple[str, Any]:
        more.setdefault("times", None)
        return kind, box.fault(_ROUTE, script, rate=rate, seed=seed + len(box._box.faults.scripts), **more)

    return [
        fault("429", "status", 0.02, status=429, retry_after=1, times=rare),
        fault("stalled", "stall", 0.02, seconds=1.6, when="after", times=rare),
        fault("answers lost", "lose_response", 0.07),
        fault("lost and locked", "lock_period", 0.01, lose=True, through="2026-12-31"),
        fault("503", "status", 0.05, status=503),
        fault("closed", "close", 0.04),
        fault("cut", "cut_body", 0.04),
    ]


class _Parent:
    """Starts workers, kills and replaces them, unlocks periods, until everything is posted."""

    def __init__(
        self,
        box: Sandbox,
        store: Store,
        place: str,
        settings: OutboxSettings,
        known: list[Company],
        count: int,
        workers: int,
        kill_every: float,
        crash: Callable[[], None] | None,
        limit: float,
        seed: int,
    ) -> None:
        self._box, self._outbox = box, store.outbox(settings)
        self._token = box.access_token()
        self._job = (place, settings, box.url, self._token, known, count, workers)
        self._known, self._count, self._kill_every, self._crash = known, count, kill_every, crash
        self._end = time.monotonic() + limit
        self._random = random.Random(seed)  # noqa: S311 - a storm that can be repeated
        self._workers = [self._start(slot) for slot in range(workers)]
        self._facts = {"workers killed": 0, "workers replaced": 0, "database crashes": 0, "rejected, then retried": 0}

    def _start(self, slot: int) -> Any:
        process = CONTEXT.Process(target=_work, args=(slot, *self._job), daemon=True)
        process.start()
        return process

    def run(self) -> dict[str, Any]:
        kill_at = time.monotonic() + self._kill_every
        while time.monotonic() < self._end:
            time.sleep(_TICK)
            for company in self._known:
                self._box.unlock_period(company.org)
            status = self._outbox.status()
            if status.posted >= self._count:
                break
            self._facts["rejected, then retried"] += self._outbox.retry_rejected(code="PERIOD_LOCKED")
            if self._crash is not None and status.posted >= self._count / 2:
                self._crash()
                self._crash = None
                self._facts["database crashes"] += 1
            if time.monotonic() >= kill_at:
                self._random.choice(self._workers).kill()
                self._facts["workers killed"] += 1
                kill_at += self._kill_every
            self._replace()
        else:
            for process in self._workers:
                process.kill()
        for process in self._workers:
            process.join(20)
            process.kill()
            process.join()
        return self._facts

    def _replace(self) -> None:
        for slot, process in enumerate(self._workers):
            if process.exitcode is not None:
                self._workers[slot] = self._start(slot)
                self._facts["workers replaced"] += 1


def _work(
    slot: int,
    place: str,
    settings: OutboxSettings,
    url: str,
    token: str,
    known: list[Company],
    count: int,
    workers: int,
) -> None:
    """One worker: write its share down, then send whatever is pending, until all of it is posted."""
    with Store(place) as store, LedgerHQ(base_url=url, access_token=token, timeout=_TIMEOUT, deadline=_DEADLINE) as hq:
        outbox = store.outbox(settings)
        share = range(slot, count, workers)
        # A worker that replaces a dead one goes over the last of what stands there again: that is a no-op.
        there = _written(store)
        begin = max(sum(number in there for number in share) - 5, 0)
        for number in share[begin:]:
            company, request, source = transaction(number, known)
            outbox.add(company.org, request, source=source)
        while outbox.status().posted < count:
            outbox.drain(hq, workers=2, wait=5)
            time.sleep(_TICK)


def _written(store: Store) -> set[int]:
    found = store._database.read(lambda db: db.execute(select(schema.postings.c.source_id)).scalars().all())
    return {int(id) for id in found}


# --- the account


def _balances(box: Sandbox, known: list[Company]) -> dict[str, int]:
    found: dict[str, int] = {}
    with LedgerHQ(base_url=box.url, access_token=box.access_token()) as hq:
        for company in known:
            balance = hq.organization(company.org).trial_balance(*_MONTH)
            found |= {line.account_id: line.debit_balance - line.credit_balance for line in balance.accounts}
    return found


def _account(
    figures: Figures,
    box: Sandbox,
    store: Store,
    known: list[Company],
    count: int,
    before: dict[str, int],
    rows_before: set[str],
    entries_before: int,
) -> None:
    status = store.outbox().status()
    figures.check("source transactions posted, by the store", status.posted, count)
    figures.check("in any other state, or unknown", status.total - status.posted + status.unknown, 0)
    ledger = {posting["idempotencyKey"]: posting for posting in box.postings()}
    entries = {posting["journalEntryId"] for posting in ledger.values()}
    expected = {key_of(number, known) for number in range(count)}
    figures.check("source transactions with exactly one entry in the ledger", len(expected & ledger.keys()), count)
    figures.check("entries made", len(box.entries()) - entries_before, count)
    figures.check("entries that belong to a source transaction", len(entries), count)
    rows = store.outbox().receipts()
    equal = sum(row.key in ledger and receipt_equals(row, ledger[row.key]["receipt"]) for row in rows)
    figures.check("receipts in the store that equal the sandbox's", equal, count)
    named = {id for row in rows if row.receipt for id in row.receipt.bank_transaction_ids}
    new = {row["id"]: row["journalEntryId"] for row in box.bank_rows() if row["id"] not in rows_before}
    figures.check("bank rows made, and those that receipts name", len(new), len(named))
    figures.check("bank rows that belong to none of the receipts", len(set(new) ^ named), 0)
    figures.check("bank rows whose entry belongs to none", len(set(new.values()) - entries), 0)
    after, moved = _balances(box, known), movements(count, known)
    off = [id for id in after.keys() | moved if after.get(id, 0) - before.get(id, 0) != moved[id]]
    figures.check("accounts whose balance is not that of the input", len(off), 0)
    figures.check("answers of the sandbox that do not fit the contract", len(box.contract_violations), 0)


def receipt_equals(row: StoredPosting, told: dict[str, Any]) -> bool:
    """Whether a stored receipt is the one that the sandbox keeps."""
    receipt = row.receipt
    return receipt is not None and told == {
        "id": receipt.id,
        "resourceType": receipt.resource_type,
        "journalEntryId": receipt.journal_entry_id,
        "bankTransactionIds": list(receipt.bank_transaction_ids),
        "status": receipt.status,
        "postedAt": receipt.posted_at.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "idempotencyKey": receipt.idempotency_key,
    }
