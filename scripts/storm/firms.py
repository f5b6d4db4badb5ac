"""The storm over two firms in one store: workers that are killed, and a service that moves to a new
host meanwhile.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from typing import Any

from attrs import Factory, define, frozen
from cryptography.fernet import Fernet

from ledgerhq_ext import Connection, LedgerHQ, LedgerHQError
from ledgerhq_ext.store import Doubt, Outbox, OutboxSettings, Store, StoredPosting
from scripts.storm.figures import CONTEXT, Figures
from scripts.storm.firm_postings import FIRMS, Firm, expected_tokens, posting
from scripts.storm.hosts import Host
from scripts.storm.ledger import Books, LedgerEntry

_SETTINGS = OutboxSettings(lease_margin=3.0)
_TIMEOUT = 1.0
_DEADLINE = 3.0
_TICK = 0.1


@frozen
class Job:
    """The store and the service that a worker uses, and the postings that are its share."""

    place: str
    key: bytes
    url: str
    connection: str
    numbers: range


def storm(
    name: str,
    place: str,
    *,
    count: int,
    keys_moved: bool,
    workers: int = 3,
    kill_every: float = 2.0,
    limit: float = 1_800.0,
    seed: int = 6,
) -> Figures:
    """Post ``count`` source transactions of each firm, by so many workers each, and count what came
    of it.

    When half is posted the old host is gone, every worker is killed, and the store moves.
    ``keys_moved``: the old host redirects, and the new one knows its keys; else it refuses
    connections, and a person settles what may stand. ``limit``: seconds after which the storm is
    given up.
    """
    figures = Figures(name)
    books = Books({firm.token: firm.companies for firm in FIRMS})
    old = Host(books, {}, seed=seed)
    new = Host(books, old.keys if keys_moved else {}, seed=seed + 1)
    began = time.monotonic()
    with old, new, Store(place) as store:
        parent = _Parent(
            store=store,
            place=place,
            old=old,
            new=new,
            keys_moved=keys_moved,
            count=count,
            workers=workers,
            kill_every=kill_every,
            end=began + limit,
            random=random.Random(seed),  # noqa: S311 - a storm that can be repeated
        )
        figures.facts |= parent.run()
        figures.facts["seconds"] = round(time.monotonic() - began, 1)
        figures.facts["postings sent to the old host, and to the new one"] = (
            f"{old.postings}, {new.postings}"
        )
        faults = old.faults + new.faults
        kinds = ", ".join(f"{number} {kind}" for kind, number in faults.items())
        figures.facts["faults"] = f"{faults.total()}: {kinds}"
        _account(figures, books, store, count)
    return figures


@define(kw_only=True)
class _Parent:
    """Starts, kills and replaces workers, moves the host, and is the person who decides."""

    store: Store
    place: str
    old: Host
    new: Host
    keys_moved: bool
    count: int
    workers: int
    kill_every: float
    end: float
    random: random.Random
    key: bytes = Factory(Fernet.generate_key)
    running: dict[tuple[str, int], Any] = Factory(dict)
    facts: dict[str, int] = Factory(Counter)

    def run(self) -> dict[str, int]:
        """Let it storm until everything is posted or time is up, and return what was done."""
        for firm in FIRMS:
            _connect(self.store, self.key, firm, self.old.url)
        total = self.count * len(FIRMS)
        self._storm_until(total // 2, self.old.url)
        self._move()
        self._storm_until(total, self.new.url)
        self._kill_all()
        return self.facts

    def _storm_until(self, posted: int, url: str) -> None:
        outbox = self.store.outbox(_SETTINGS)
        kill_at = time.monotonic() + self.kill_every
        while time.monotonic() < self.end:
            status = outbox.status()
            if status.posted >= posted:
                return
            if status.needs_attention:
                self._decide(outbox, url)
            self._start_missing(url)
            if time.monotonic() >= kill_at:
                self._kill(self.random.choice(list(self.running.values())))
                kill_at += self.kill_every
            time.sleep(_TICK)

    def _start_missing(self, url: str) -> None:
        for firm in FIRMS:
            for slot in range(self.workers):
                process = self.running.get((firm.name, slot))
                if process is not None and process.exitcode is None:
                    continue
                numbers = range(slot, self.count, self.workers)
                job = Job(self.place, self.key, url, firm.name, numbers)
                process = CONTEXT.Process(target=_work, args=(job,), daemon=True)
                process.start()
                self.running[firm.name, slot] = process
                self.facts["workers started"] += 1

    def _move(self) -> None:
        if self.keys_moved:
            self.old.redirect(self.new.url)
        else:
            self.old.leave()
        # Time for the workers to meet a host that is not there any more.
        time.sleep(_TICK)
        self._kill_all()
        move = self.store.move_host(self.old.url, self.new.url, keys_moved=self.keys_moved)
        self.facts["left to a person by the move"] = move.needs_attention

    def _kill_all(self) -> None:
        for process in self.running.values():
            self._kill(process)

    def _kill(self, process: Any) -> None:
        if process.exitcode is None:
            process.kill()
            self.facts["workers killed"] += 1
        process.join()

    def _decide(self, outbox: Outbox, url: str) -> None:
        """Be the person: look up what may stand, and settle it."""
        for firm in FIRMS:
            with _client(self.store, self.key, firm.name, url) as hq:
                for doubt in outbox.candidates(hq):
                    self._settle(outbox, doubt)

    def _settle(self, outbox: Outbox, doubt: Doubt) -> None:
        if doubt.candidates:
            outbox.resolve(doubt.posting, stands_as=doubt.candidates[0])
            self.facts["settled by an entry"] += 1
        else:
            outbox.resolve(doubt.posting, stands_as=None)
            self.facts["settled by sending again"] += 1


def _connect(store: Store, key: bytes, firm: Firm, url: str) -> None:
    now = time.time()
    connection = Connection(
        issuer=url,
        client_id="storm",
        access_token=firm.token,
        refresh_token=f"mcp_rt_{firm.name}",
        obtained_at=now,
        expires_at=now + 3600,
    )
    section = store.token_store(key, name=firm.name).try_lock()
    assert section is not None
    with section:
        section.write(connection)


def _client(store: Store, key: bytes, name: str, url: str) -> LedgerHQ:
    tokens = store.token_store(key, name=name)
    return LedgerHQ(base_url=url, token_store=tokens, timeout=_TIMEOUT, deadline=_DEADLINE)


def _work(job: Job) -> None:
    """Write a worker's share down, then send what is its firm's, until it is killed."""
    with Store(job.place) as store, _client(store, job.key, job.connection, job.url) as hq:
        outbox = store.outbox(_SETTINGS)
        try:
            companies = [hq.organization(record) for record in hq.organizations(type="client")]
        except LedgerHQError:
            # The old host is leaving, or the machine is busy. The parent starts another one.
            return
        # A worker that replaces a dead one adds the last few again, which changes nothing.
        numbers = {int(row.source[1]) for row in outbox.postings(hq=hq)}
        begin = max(len(numbers.intersection(job.numbers)) - 5, 0)
        for number in job.numbers[begin:]:
            books = companies[number % len(companies)]
            # Both firms have a source transaction of this name.
            outbox.add(books, posting(number, books.id), source=("till", str(number)))
        while True:
            outbox.drain(hq, workers=2, wait=2)
            time.sleep(_TICK)


# --- the account


def _account(figures: Figures, books: Books, store: Store, count: int) -> None:
    total = count * len(FIRMS)
    outbox = store.outbox(_SETTINGS)
    status = outbox.status()
    figures.check("source transactions posted, by the store", status.posted, total)
    figures.check("leased", status.leased, 0)
    figures.check(
        "in any other state, or unknown", status.total - status.posted + status.unknown, 0
    )

    by_key = {entry.receipt["idempotencyKey"]: entry for entry in books.entries}
    expected = expected_tokens(count)
    figures.check("entries made", len(books.entries), total)
    figures.check(
        "source transactions with an entry in the ledger",
        len(by_key.keys() & expected.keys()),
        total,
    )
    strays = [
        key
        for key, entry in by_key.items()
        if entry.token != expected.get(key) or not _is_at_home(entry)
    ]
    figures.check("entries by another firm's token, or in another company", len(strays), 0)
    figures.check("postings with the other firm's token", books.foreign_postings, 0)

    rows = outbox.receipts()
    equal = sum(row.key in by_key and _equals(row, by_key[row.key]) for row in rows)
    figures.check("receipts in the store that equal the ledger's", equal, total)
    figures.check("rows with an alarm", sum(row.alarm is not None for row in rows), 0)


def _is_at_home(entry: LedgerEntry) -> bool:
    """Return whether an entry names no account of another company."""
    strangers = [
        company for firm in FIRMS for company in firm.companies if company != entry.company
    ]
    return not any(company in str(entry.request) for company in strangers)


def _equals(row: StoredPosting, entry: LedgerEntry) -> bool:
    receipt = row.receipt
    assert receipt is not None
    return (
        receipt.id,
        receipt.journal_entry_id,
        receipt.resource_type,
        receipt.idempotency_key,
    ) == (
        entry.receipt["id"],
        entry.receipt["journalEntryId"],
        entry.receipt["resourceType"],
        entry.receipt["idempotencyKey"],
    )
