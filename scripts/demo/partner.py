"""The partner app "acme-pos": the seven steps of the flow, as a partner would write them."""

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
from ledgerhq_ext.pack import read_pack
from scripts.demo import documents, source
from scripts.demo.store import Receipts, load, save

APP = "acme-pos"
REDIRECT_URI = "http://127.0.0.1:8400/callback"
MONTH = "2026-06"
MONTH_BEFORE = "2026-05"
STORES = {
    "downtown": "Maple Street Coffee",
    "harbor": "Harbor Bike Repair",
    "ginza": "Sakura Stationery KK",
}
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
    failures: int = 0
    """Attempts that got no answer."""

    def client(self) -> LedgerHQ:
        """Return a client over the app's stored connection."""
        store = FileTokenStore(self.folder / "tokens.json")
        return LedgerHQ(
            base_url=self.base_url, token_store=store, app_name=APP, hooks=[self._on_event]
        )

    def _on_event(self, event: Event) -> None:
        if event.kind == "failure":
            self.failures += 1

    # 1
    def connect(self, hq: LedgerHQ) -> str:
        """Connect as the firm, unless a connection is stored; return a line on it."""
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
        """Return the organization that each of the app's stores is, and write it down."""
        by_name = {company.name: company for company in hq.organizations(type="client")}
        mapping = {store: by_name[name] for store, name in STORES.items()}

        # Kept by the app: a name may change, the id does not.
        save(
            self.folder / "clients.json", {store: company.id for store, company in mapping.items()}
        )
        return mapping

    # 3
    def resolve(self, books: Organization, company: OrganizationRecord) -> source.Chart:
        """Return the ids that the store's transactions refer to."""
        bills = {bill.bill_number: bill.id for bill in books.bills()}
        return source.Chart(books.accounts(), bills, company.default_currency)

    # 4
    def post(
        self, books: Organization, transaction: source.Transaction, chart: source.Chart
    ) -> None:
        """Post one source transaction, unless its receipt is there; keep the receipt."""
        if transaction.source_id in self.receipts:
            return

        failures_before = self.failures
        receipt = books.post(
            source.request(transaction, chart), source=(APP, transaction.source_id)
        )
        had_failure = self.failures > failures_before
        if receipt.replayed and not had_failure:
            # An earlier run posted it, and ended before it could keep the receipt.
            self.counts["replays"] += 1
        else:
            self.counts["postings_sent"] += 1
        if receipt.replayed and had_failure:
            # The first attempt of this call posted it, and its answer got lost.
            self.counts["receipts_recovered"] += 1
        self.receipts.add(transaction.source_id, receipt)

    def post_again(
        self, books: Organization, transaction: source.Transaction, chart: source.Chart
    ) -> None:
        """Post something that was posted before: its first receipt has to come back."""
        source_id = transaction.source_id
        receipt = books.post(source.request(transaction, chart), source=(APP, source_id))
        self.counts["replays"] += 1
        is_first_entry = receipt.journal_entry_id == self.receipts.entry_of(source_id)
        if not receipt.replayed or not is_first_entry:
            self.problems.append(f"{source_id}: posting it again made another entry")

    # 5
    def bank_activity(self, books: Organization) -> str:
        """Return one line on the bank: what is connected, what waits for review."""
        connections = books.bank_connections()
        problems = []
        for connection in connections:
            if not connection.is_connected:
                name = connection.bank_account.account_name
                problems.append(f"{name}: {connection.error or connection.status}")

        total = len(connections)
        rows = sum(1 for _ in books.bank_transactions(status="unreconciled"))
        line = f"{total - len(problems)} of {total} bank accounts connected, {rows} rows to review"
        if problems:
            return f"{line} ({'; '.join(problems)})"
        return line

    # 6
    def review(self, books: Organization, store: str) -> None:
        """Carry out the review decisions.

        They are written down first, so that a broken run can go on.
        """
        path = self.folder / store / "review.json"
        decisions: dict[str, str] = load(path, None) or dict(_decide(books))
        save(path, decisions)

        journal = self.folder / store / "reviewed.json"
        reviewed: list[str] = load(journal, [])
        for row_id, verb in decisions.items():
            if row_id in reviewed:
                continue
            _apply(books, row_id, verb)
            self.counts["bank_rows_reviewed"] += 1
            reviewed.append(row_id)
            save(journal, reviewed)

    # 7
    def packet(self, books: Organization, store: str) -> str:
        """Pull and check packet and pack of the month, make documents, and return a line."""
        packet = books.financial_packet(MONTH, general_ledger_limit=5000)
        packet_problems = packet.problems()
        self.problems += [f"{packet.organization.name}: {problem}" for problem in packet_problems]
        folder = self.folder / store
        save(folder / "packet.json", packet.to_dict())

        before = books.financial_packet(MONTH_BEFORE, general_ledger_limit=5000)
        document_problems = list(documents.write(folder, store, packet, before))
        pack = read_pack(books, MONTH, groups=documents.GROUPS)
        self.problems += [f"{packet.organization.name}: {problem}" for problem in pack.problems()]
        document_problems += documents.write_pack(folder, store, pack)
        self.problems += document_problems
        rows = documents.write_review(folder, store, books, packet)

        lines = len(packet.general_ledger.lines)
        verdict = "not verified" if document_problems else "documents verified"
        return (
            f"{lines} ledger lines, {len(packet_problems)} problems, {verdict}; "
            f"{rows} bank rows left to review"
        )


def _decide(books: Organization) -> Iterator[tuple[str, str]]:
    """Yield row ids with the verb for each: two rows a verb, of money out from the feed."""
    linked: list[str] = []
    loose: list[str] = []
    for row in books.bank_transactions(status="unreconciled", source_type="plaid_bank_feed"):
        if row.amount >= 0 or row.pending:
            continue
        pool = linked if row.journal_entry_id else loose
        pool.append(row.id)

    for verb in VERBS:
        # What has an entry already cannot be split, and is not a duplicate.
        pool = loose if verb in ("split", "exclude") else linked
        for _ in range(ROWS_PER_VERB):
            yield pool.pop(0), verb


def _apply(books: Organization, row_id: str, verb: str) -> None:
    """Carry out one decision. Every verb may be repeated: done is done."""
    row = books.bank_transaction(row_id)
    accounts = books.accounts()
    if verb == "reclassify":
        books.reclassify(row, accounts.by_code("6900"), reason="month-end review")
    elif verb == "match" and row.journal_entry_id:
        books.match(row, journal_entry=row.journal_entry_id)
    elif verb == "split":
        half = abs(row.amount) // 2
        supplies = AccountAllocation(account_id=accounts.by_code("6100").id, amount=half)
        rest = abs(row.amount) - half
        software = AccountAllocation(account_id=accounts.by_code("6500").id, amount=rest)
        books.split(row, [supplies, software])
    elif verb == "reconcile":
        books.reconcile(row)
    elif verb == "exclude":
        books.exclude(row)
