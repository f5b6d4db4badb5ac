"""`make demo`: a partner app goes through the whole LedgerHQ flow against a LedgerHQ in a box.

Everything it makes stands under build/demo/. A second run posts nothing new; a run that was
interrupted is completed by the next one.
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
    """Run the demonstration.

    Return 0 when it went through and everything ties, else 1, or 130 for Ctrl-C.
    """
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
        print(
            "\nInterrupted. Run it again: it goes on where it stopped, and posts nothing twice.",
            file=sys.stderr,
        )
        return 130
    except (LedgerHQError, OSError) as error:
        print(
            f"\nThe demonstration failed: {error}\nTo begin anew: rm -r {folder}", file=sys.stderr
        )
        return 1


def _sandbox(folder: Path) -> Sandbox:
    """Return a sandbox whose books stay from run to run, at the same address where that is free."""
    state = folder / "sandbox.db"
    address = folder / "address.json"
    if not state.exists():
        # Receipts of books that are gone would be worth nothing.
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        box = Sandbox(state=state, seed=SEED, auto_approve=True, port=load(address, 0)).start()
    except OSError:
        box = Sandbox(state=state, seed=SEED, auto_approve=True).start()
        # Tokens belong to an address: those of the old one are not sent to the new one.
        (folder / "tokens.json").unlink(missing_ok=True)
    save(address, box.port)
    return box


def _make_trouble(box: Sandbox) -> None:
    """Do what a real network does: lose answers after the entry was made, be busy."""
    box.fault("POST /api/v1/*", "lose_response", times=None, rate=0.04, seed=1)
    box.fault("POST /api/v1/*", "cut_body", times=None, rate=0.02, seed=2)
    for resource in ("purchases", "deposits", "transfers", "bill-payments", "journal-entries"):
        box.fault(f"POST /api/v1/{resource}", "status", status=503, times=None, rate=0.03, seed=3)


def _seven_steps(partner: Partner, hq: LedgerHQ) -> None:
    _say(1, "Connect as the firm", partner.connect(hq))

    companies = partner.map_clients(hq)
    mapping = [f"{store} is {company.name}" for store, company in companies.items()]
    _say(2, "Map client companies", ", ".join(mapping))

    books = {store: hq.organization(company) for store, company in companies.items()}
    charts = {store: partner.resolve(books[store], company) for store, company in companies.items()}
    records = sum(len(chart.accounts) + len(chart.bills) for chart in charts.values())
    _say(3, "Resolve accounts and bills", f"{records} of them, by code and number")

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
    size = f"{len(shop)} source transactions of {len(companies)} companies"
    _say(4, "Post the month", f"{size}, over a bad network")

    before = _entries(books.values())
    for transaction in _progress(shop):
        partner.post(books[transaction.store], transaction, charts[transaction.store])
    partner.counts["ledger_entries"] = _entries(books.values()) - before
    for transaction in shop[:AGAIN]:
        partner.post_again(books[transaction.store], transaction, charts[transaction.store])

    counts = partner.counts
    postings = counts["postings_sent"]
    entries = counts["ledger_entries"]
    print(
        f"     {postings} posted ({counts['receipts_recovered']} receipts recovered after a lost "
        f"answer), {len(shop) - postings} had been posted before; "
        f"{entries} new entries in the ledger"
    )
    print(
        f"     {counts['replays']} posted a second time on purpose or after a crash: the first "
        "receipts came back"
    )
    if entries != postings:
        partner.problems.append(f"{postings} postings made {entries} entries")


def _entries(books: Iterable[Organization]) -> int:
    return sum(scope.entries().page(1, 2).total or 0 for scope in books)


def _progress(items: list[T]) -> Iterator[T]:
    if not sys.stdout.isatty():
        yield from items
        return

    for number, item in enumerate(items, 1):
        yield item
        if number % 5 == 0 or number == len(items):
            width = 40 * number // len(items)
            bar = f"{'#' * width}{'.' * (40 - width)}"
            print(f"\r     [{bar}] {number}/{len(items)}", end="", flush=True)
    print()


def _say(step: int, title: str, note: str = "") -> None:
    line = f"{step}/7  {title}"
    print(f"{line}: {note}" if note else line, flush=True)


def _report(partner: Partner) -> int:
    counts: dict[str, int] = defaultdict(int, partner.counts)
    summary = {
        "companies": len(STORES),
        "postings_sent": counts["postings_sent"],
        "ledger_entries": counts["ledger_entries"],
        "receipts_recovered": counts["receipts_recovered"],
        "replays": counts["replays"],
        "bank_rows_reviewed": counts["bank_rows_reviewed"],
        "receipts": len(partner.receipts),
        "problems": partner.problems,
    }
    save(partner.folder / "summary.json", summary)

    for problem in partner.problems:
        print(f"PROBLEM  {problem}")
    if partner.problems:
        print("\nLook at:")
    else:
        print(f"\nEverything ties. Look at {_shown(partner.folder)}:")
    print("  summary.json, receipts.csv")
    for store in STORES:
        print(
            f"  {store}/pack.pdf, pack.html, pack.xlsx, working-papers.pdf, packet.html, "
            "packet.pdf, ledger.xlsx, packet.json, review.html, review.xlsx, decisions.csv"
        )
    return 1 if partner.problems else 0


def _shown(folder: Path) -> str:
    here = Path.cwd()
    if folder.is_relative_to(here):
        folder = folder.relative_to(here)
    return f"{folder}/"


if __name__ == "__main__":
    sys.exit(main())
