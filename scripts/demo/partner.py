"""The partner app "acme-pos": the seven steps of the LedgerHQ flow, written as a partner would write them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
from attrs import define, field

from ledgerhq_ext import (
    AccountAllocation,
    Event,
    FileTokenStore,
    LedgerHQ,
    Organization,
    OrganizationRecord,
    ReconnectRequired,
)
from scripts.demo import documents, source
from scripts.demo.store import Receipts, load, save

APP = "acme-pos"
REDIRECT_URI = "http://127.0.0.1:8400/callback"
MONTH, MONTH_BEFORE = "2026-06", "2026-05"
STORES = {"downtown": "Maple Street Coffee", "harbor": "Harbor Bike Repair", "ginza": "Sakura Stationery KK"}
VERBS = ("reclassify", "match", "split", "reconcile", "exclude")
ROWS_PER_VERB = 2
AGAIN = 5


@define
class Partner:
    """The app, with what it keeps in a folder and what it counts in one run."""

    base_url: str
    folder: Path
    receipts: Receipts
    counts: Counter[str] = field(factory=Counter)
    problems: list[str] = field(factory=list)
    lost: int = 0

    def client(self) -> LedgerHQ:
        """A client over the app's stored connection."""
        store = FileTokenStore(self.folder / "tokens.json")
        return LedgerHQ(base_url=self.base_url, token_store=store, app_name=APP, hooks=[self._on_event])

    def _on_event(self, event: Event) -> None:
        self.lost += event.kind == "failure"

    # 1
    def connect(self, hq: LedgerHQ) -> str:
        """Connect as the firm, unless a connection is stored."""
        try:
            next(iter(hq.organizations()))
        except ReconnectRequired:
            request = hq.authorization_request(REDIRECT_URI)
            # The demonstration plays the browser; the sandbox approves by itself.
            answer = httpx.get(request.url, follow_redirects=False)
            hq.connect(answer.headers["location"], request)
            return "connected by OAuth (PKCE), tokens in tokens.json (mode 0600)"
        return "already connected: the stored tokens are used again"

    # 2
    def map_clients(self, hq: LedgerHQ) -> dict[str, OrganizationRecord]:
        """Which organization each of the app's stores is."""
        by_name = {company.name: company for company in hq.organizations(type="client")}
        mapping = {store: by_name[name] for store, name in STORES.items()}
        save(self.folder / "clients.json", {store: company.id for store, company in mapping.items()})
        return mapping

    # 3
    def resolve(self, books: Organization, company: OrganizationRecord) -> source.Chart:
        """The ids that the store's transactions refer to."""
        bills = {bill.bill_number: bill.id for bill in books.bills()}
        return source.Chart(books.accounts(), bills, company.default_currency)

    # 4
    def post(self, books: Organization, transaction: source.Transaction, chart: source.Chart) -> None:
        """Post one source transaction, unless its receipt is there; keep the receipt."""
        if transaction.source_id in self.receipts:
            return
        lost_before = self.lost
        receipt = books.post(source.request(transaction, chart), source=(APP, transaction.source_id))
        recovered = receipt.replayed and self.lost > lost_before
        self.counts["receipts_recovered"] += recovered
        self.counts["replays" if receipt.replayed and not recovered else "postings_sent"] += 1
        self.receipts.add(transaction.source_id, receipt)

    def post_again(self, books: Organization, transaction: source.Transaction, chart: source.Chart) -> None:
        """Post something that was posted before: its first receipt has to come back."""
        receipt = books.post(source.request(transaction, chart), source=(APP, transaction.source_id))
        self.counts["replays"] += 1
        if not receipt.replayed or receipt.journal_entry_id != self.receipts.entry_of(transaction.source_id):
            self.problems.append(f"{transaction.source_id}: posting it again made another entry")

    # 5
    def bank_activity(self, books: Organization) -> str:
        """One line on the bank: what is connected, what waits for review."""
        connections = books.bank_connections()
        waiting = sum(1 for _ in books.bank_transactions(status="unreconciled"))
        ill = [f"{c.bank_account.account_name}: {c.error or c.status}" for c in connections if not c.is_connected]
        told = f"{len(connections) - len(ill)} of {len(connections)} bank accounts connected, {waiting} rows to review"
        return f"{told} ({'; '.join(ill)})" if ill else told

    # 6
    def review(self, books: Organization, store: str) -> None:
        """Carry out the review decisions; they are written down first, so that a broken run can go on."""
        path = self.folder / store / "review.json"
        decisions: dict[str, str] = load(path, None) or dict(_decide(books))
        save(path, decisions)
        done = self.folder / store / "reviewed.json"
        reviewed: list[str] = load(done, [])
        for row_id, verb in decisions.items():
            if row_id not in reviewed:
                _apply(books, row_id, verb)
                self.counts["bank_rows_reviewed"] += 1
                reviewed.append(row_id)
                save(done, reviewed)

    # 7
    def packet(self, books: Organization, store: str) -> str:
        """Pull the packet of the month, check it, and make documents of it that people read."""
        packet = books.financial_packet(MONTH, general_ledger_limit=5000)
        self.problems += [f"{packet.organization.name}: {problem}" for problem in packet.problems()]
        folder = self.folder / store
        save(folder / "packet.json", packet.to_dict())
        before = books.financial_packet(MONTH_BEFORE, general_ledger_limit=5000)
        wrong = list(documents.write(folder, store, packet, before))
        self.problems += wrong
        waiting = documents.write_review(folder, store, books, packet)
        lines = len(packet.general_ledger.lines)
        verified = "not verified" if wrong else "documents verified"
        return (
            f"{lines} ledger lines, {len(packet.problems())} problems, {verified}; {waiting} bank rows left to review"
        )


def _decide(books: Organization) -> Iterator[tuple[str, str]]:
    """Which row gets which verb: two rows a verb, of what the feed brought in."""
    feed = books.bank_transactions(status="unreconciled", source_type="plaid_bank_feed")
    spent = [row for row in feed if row.amount < 0 and not row.pending]
    linked = iter([row for row in spent if row.journal_entry_id])
    loose = iter([row for row in spent if not row.journal_entry_id])
    for verb in VERBS:
        pool = loose if verb in ("split", "exclude") else linked
        for _ in range(ROWS_PER_VERB):
            yield next(pool).id, verb


def _apply(books: Organization, row_id: str, verb: str) -> None:
    """Carry out one decision. Every verb may be repeated: done is done."""
    row, accounts = books.bank_transaction(row_id), books.accounts()
    if verb == "reclassify":
        books.reclassify(row, accounts.by_code("6900"), reason="month-end review")
    elif verb == "match" and row.journal_entry_id:
        books.match(row, journal_entry=row.journal_entry_id)
    elif verb == "split":
        half = abs(row.amount) // 2
        shares = {"6100": half, "6500": abs(row.amount) - half}
        books.split(
            row, [AccountAllocation(account_id=accounts.by_code(c).id, amount=part) for c, part in shares.items()]
        )
    elif verb == "reconcile":
        books.reconcile(row)
    elif verb == "exclude":
        books.exclude(row)
