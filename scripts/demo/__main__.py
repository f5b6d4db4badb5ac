"""`make demo`: a partner app goes through the whole LedgerHQ flow against a LedgerHQ in a box.

Everything it makes stands under build/demo/. A second run posts nothing new; a run that was interrupted is
completed by the next one.
"""

from __future__ import annotations

import shutil
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from ledgerhq_ext import LedgerHQ, LedgerHQError, Organization, OrganizationRecord
from ledgerhq_ext.sandbox import Sandbox
from scripts.demo import source
from scripts.demo.partner import AGAIN, STORES, Partner
from scripts.demo.store import Receipts, load, save
from scripts.output import accept_any_text

T = TypeVar("T")
FOLDER = Path(__file__).resolve().parents[2] / "build" / "demo"
SEED = 20260630


def main(folder: Path = FOLDER) -> int:
    """Run the demonstration; 0 when it went through and everything ties."""
    accept_any_text()
    try:
        with _sandbox(folder) as box:
            partner = Partner(box.url, folder, Receipts(folder / "receipts.csv"))
            _make_trouble(box)
            with partner.client() as hq:
                _seven_steps(partner, hq)
            partner.problems += [f"contract: {violation}" for violation in box.contract_violations]
        return _report(partner)
    except KeyboardInterrupt:
        print("\nInterrupted. Run it again: it goes on where it stopped, and posts nothing twice.", file=sys.stderr)
        return 130
    except (LedgerHQError, OSError) as error:
        print(f"\nThe demonstration failed: {error}\nTo begin anew: rm -r {folder}", file=sys.stderr)
        return 1


def _sandbox(folder: Path) -> Sandbox:
    """A sandbox whose books are kept from run to run, at the same address where that is free."""
    state, address = folder / "sandbox.db", folder / "address.json"
    if not state.exists():
        # Receipts of books that are gone would be worth nothing.
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        box = Sandbox(state=state, seed=SEED, auto_approve=True, port=load(address, 0)).start()
    except OSError:
        box = Sandbox(state=state, seed=SEED, auto_approve=True).start()
        (folder / "tokens.json").unlink(missing_ok=True)
    save(address, box.port)
    return box


def _make_trouble(box: Sandbox) -> None:
    """What a real network does now and then: answers get lost after the entry was made, a server is busy."""
    box.fault("POST /api/v1/*", "lose_response", times=None, rate=0.04, seed=1)
    box.fault("POST /api/v1/*", "cut_body", times=None, rate=0.02, seed=2)
    for resource in ("purchases", "deposits", "transfers", "bill-payments", "journal-entries"):
        box.fault(f"POST /api/v1/{resource}", "status", status=503, times=None, rate=0.03, seed=3)


def _seven_steps(partner: Partner, hq: LedgerHQ) -> None:
    _say(1, "Connect as the firm", partner.connect(hq))
    companies = partner.map_clients(hq)
    _say(2, "Map client companies", ", ".join(f"{store} is {known.name}" for store, known in companies.items()))
    books = {store: hq.organization(company) for store, company in companies.items()}
    charts = {store: partner.resolve(books[store], company) for store, company in companies.items()}
    resolved = sum(len(chart.accounts) + len(chart.bills) for chart in charts.values())
    _say(3, "Resolve accounts and bills", f"{resolved} of them, by code and number")
    _post(partner, books, charts, companies)
    _say(5, "Follow bank activity")
    for store, scope in books.items():
        print(f"     {store}: {partner.bank_activity(scope)}")
    _say(6, "Review bank rows", "reclassify, match, split, reconcile, exclude")
    for store, scope in books.items():
        partner.review(scope, store)
    print(f"     {partner.counts['bank_rows_reviewed']} rows reviewed in this run")
    _say(7, "Pull and check the financial packets, and make documents of them")
    for store, scope in books.items():
        print(f"     {store}: {partner.packet(scope, store)}")


def _post(
    partner: Partner,
    books: dict[str, Organization],
    charts: dict[str, source.Chart],
    companies: dict[str, OrganizationRecord],
) -> None:
    shop = source.read_shop()
    _say(4, "Post the month", f"{len(shop)} source transactions of {len(companies)} companies, over a bad network")
    before = _entries(books.values())
    for transaction in _progress(shop):
        partner.post(books[transaction.store], transaction, charts[transaction.store])
    partner.counts["ledger_entries"] = _entries(books.values()) - before
    for transaction in shop[:AGAIN]:
        partner.post_again(books[transaction.store], transaction, charts[transaction.store])
    counts = partner.counts
    print(
        f"     {counts['postings_sent']} posted ({counts['receipts_recovered']} receipts recovered after a lost "
        f"answer), {len(shop) - counts['postings_sent']} had been posted before; "
        f"{counts['ledger_entries']} new entries in the ledger"
    )
    print(f"     {counts['replays']} posted a second time on purpose or after a crash: the first receipts came back")
    if counts["ledger_entries"] != counts["postings_sent"]:
        partner.problems.append(f"{counts['postings_sent']} postings made {counts['ledger_entries']} entries")


def _entries(books: Iterable[Organization]) -> int:
    return sum(scope.entries().page(1, 2).total or 0 for scope in books)


def _progress(items: list[T]) -> Iterator[T]:
    shown = sys.stdout.isatty()
    for number, item in enumerate(items, 1):
        yield item
        if shown and (number % 5 == 0 or number == len(items)):
            filled = 40 * number // len(items)
            print(f"\r     [{'#' * filled}{'.' * (40 - filled)}] {number}/{len(items)}", end="", flush=True)
    if shown:
        print()


def _say(step: int, title: str, told: str = "") -> None:
    print(f"{step}/7  {title}{': ' if told else ''}{told}", flush=True)


def _report(partner: Partner) -> int:
    counts: dict[str, int] = defaultdict(int, partner.counts)
    names = ("postings_sent", "ledger_entries", "receipts_recovered", "replays", "bank_rows_reviewed")
    summary = {
        "companies": len(STORES),
        **{name: counts[name] for name in names},
        "receipts": len(partner.receipts),
        "problems": partner.problems,
    }
    save(partner.folder / "summary.json", summary)
    for problem in partner.problems:
        print(f"PROBLEM  {problem}")
    print(f"\nEverything ties. Look at {_shown(partner.folder)}:" if not partner.problems else "\nLook at:")
    print("  summary.json, receipts.csv")
    for store in STORES:
        print(f"  {store}/packet.html, packet.pdf, ledger.xlsx, packet.json, review.html, decisions.csv")
    return 1 if partner.problems else 0


def _shown(folder: Path) -> str:
    here = Path.cwd()
    return f"{folder.relative_to(here) if folder.is_relative_to(here) else folder}/"


if __name__ == "__main__":
    sys.exit(main())
