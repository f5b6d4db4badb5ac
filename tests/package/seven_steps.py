"""The seven steps of the README, by a partner who has installed the core alone.

Run by an interpreter that has the wheel and what it asks for: ``seven_steps.py blocking URL
FOLDER``.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx

from ledgerhq_ext import (
    Account,
    AccountAllocation,
    AsyncLedgerHQ,
    BankTransaction,
    Bill,
    BillPayment,
    Deposit,
    DepositLine,
    FinancialPacket,
    JournalEntry,
    JournalLine,
    LedgerHQ,
    OAuth,
    Posting,
    Purchase,
    PurchaseLine,
    Receipt,
    Transfer,
    split_cents,
)
from ledgerhq_ext.errors import LedgerHQError

COMPANY = "Maple Street Coffee"
REDIRECT_URI = "http://127.0.0.1:8400/callback"
DAY = "2026-06-15"


def approve(url: str) -> str:
    """Return the address that the browser comes back to."""
    return httpx.get(url).headers["location"]


def five_kinds(
    checking: Account, savings: Account, sales: Account, supplies: Account, bill: Bill
) -> list[Posting]:
    """Return a posting of each kind."""
    return [
        Purchase(
            txn_date=DAY,
            payee_name="Office Depot",
            source_account_id=checking,
            lines=[PurchaseLine(account_id=supplies, amount=4299)],
        ),
        Deposit(
            txn_date=DAY,
            destination_account_id=checking,
            lines=[DepositLine(account_id=sales, amount=700)],
        ),
        Transfer(txn_date=DAY, from_account_id=checking, to_account_id=savings, amount=300),
        BillPayment(txn_date=DAY, bill_id=bill, source_account_id=checking, amount=1250),
        JournalEntry(
            txn_date=DAY,
            lines=[
                JournalLine(account_id=supplies, debit_amount=5),
                JournalLine(account_id=sales, credit_amount=5),
            ],
        ),
    ]


def payments_of(
    rows: Sequence[BankTransaction],
) -> tuple[list[BankTransaction], list[BankTransaction]]:
    """Return the rows that are money spent: those with an entry, and those without one."""
    payments = [row for row in rows if row.amount < 0]
    linked = [row for row in payments if row.journal_entry_id]
    loose = [row for row in payments if not row.journal_entry_id]
    return linked, loose


def halves(row: BankTransaction, one: Account, other: Account) -> list[AccountAllocation]:
    """Return a split of a row over two accounts."""
    first, second = split_cents(-row.amount, 2)
    return [
        AccountAllocation(account_id=one, amount=first),
        AccountAllocation(account_id=other, amount=second),
    ]


def report(
    receipts: Sequence[Receipt],
    again: Receipt,
    connections: Sequence[Any],
    reviewed: dict[str, str],
    packet: FinancialPacket,
) -> dict[str, Any]:
    """Return what came of it."""
    return {
        "entries": [receipt.journal_entry_id for receipt in receipts],
        "replayed": [receipt.replayed for receipt in (*receipts, again)],
        "again": again.journal_entry_id,
        "connections": [connection.status for connection in connections],
        "reviewed": reviewed,
        "net_income": packet.profit_and_loss.net_income,
        "problems": [str(problem) for problem in packet.problems()],
    }


def blocking(url: str, folder: Path) -> dict[str, Any]:
    """Take the seven steps by the blocking client."""
    with LedgerHQ(OAuth(folder / "tokens.json"), base_url=url, app_name="acme-pos") as hq:
        request = hq.authorization_request(REDIRECT_URI)
        hq.connect(approve(request.url), request)

        companies = {company.name: company for company in hq.organizations(type="client")}
        books = hq.organization(companies[COMPANY])

        accounts = books.accounts()
        checking = accounts.by_code("1010")
        supplies = accounts.by_name("Office supplies")
        bill = books.bill("BILL-1008")
        assert books.tax_rates().by_name("Sales tax").rate == 825
        assert books.contact(name="Metro Parts").id

        postings = five_kinds(
            checking, accounts.by_code("1020"), accounts.by_code("4000"), supplies, bill
        )
        receipts = [
            books.post(posting, source=("acme-pos", str(n))) for n, posting in enumerate(postings)
        ]
        again = books.post(postings[0], source=("acme-pos", "0"))

        connections = books.bank_connections()
        synced = books.bank_transactions(status="unreconciled", source_type="plaid_bank_feed")
        linked, loose = payments_of(list(synced))

        books.reconcile(linked[0])
        books.match(linked[1], journal_entry=linked[1].journal_entry_id)
        books.reclassify(linked[2], accounts.by_code("6900"), reason="Month-end review")
        books.exclude(loose[0])
        books.include(loose[0])
        books.exclude(loose[0])
        books.split(loose[1], halves(loose[1], supplies, accounts.by_code("6500")))
        rows = [linked[0], linked[1], loose[0], loose[1]]
        reviewed = {row.id: books.bank_transaction(row).status for row in rows}

        packet = books.financial_packet("2026-06")
        return report(receipts, again, connections, reviewed, packet)


async def awaiting(url: str, folder: Path) -> dict[str, Any]:
    """Take the seven steps by the asynchronous client."""
    async with AsyncLedgerHQ(
        OAuth(folder / "tokens.json"), base_url=url, app_name="acme-pos"
    ) as hq:
        request = await hq.authorization_request(REDIRECT_URI)
        await hq.connect(await asyncio.to_thread(approve, request.url), request)

        companies = {company.name: company async for company in hq.organizations(type="client")}
        books = hq.organization(companies[COMPANY])

        accounts = await books.accounts()
        checking = accounts.by_code("1010")
        supplies = accounts.by_name("Office supplies")
        bill = await books.bill("BILL-1008")
        assert (await books.tax_rates()).by_name("Sales tax").rate == 825
        assert (await books.contact(name="Metro Parts")).id

        postings = five_kinds(
            checking, accounts.by_code("1020"), accounts.by_code("4000"), supplies, bill
        )
        receipts = [
            await books.post(posting, source=("acme-pos", str(n)))
            for n, posting in enumerate(postings)
        ]
        again = await books.post(postings[0], source=("acme-pos", "0"))

        connections = await books.bank_connections()
        synced = books.bank_transactions(status="unreconciled", source_type="plaid_bank_feed")
        linked, loose = payments_of([row async for row in synced])

        await books.reconcile(linked[0])
        await books.match(linked[1], journal_entry=linked[1].journal_entry_id)
        await books.reclassify(linked[2], accounts.by_code("6900"), reason="Month-end review")
        await books.exclude(loose[0])
        await books.include(loose[0])
        await books.exclude(loose[0])
        await books.split(loose[1], halves(loose[1], supplies, accounts.by_code("6500")))
        rows = [linked[0], linked[1], loose[0], loose[1]]
        reviewed = {row.id: (await books.bank_transaction(row)).status for row in rows}

        packet = await books.financial_packet("2026-06")
        return report(receipts, again, connections, reviewed, packet)


def main(surface: str, url: str, folder: Path) -> None:
    """Take the steps, and write down what came of them, and what had to be imported."""
    try:
        result = (
            blocking(url, folder) if surface == "blocking" else asyncio.run(awaiting(url, folder))
        )
    except LedgerHQError as error:
        raise SystemExit(f"{type(error).__name__}: {error}") from error
    result["modules"] = sorted({name.partition(".")[0] for name in sys.modules})
    result["origin"] = sys.modules["ledgerhq_ext"].__file__
    (folder / "report.json").write_text(json.dumps(result), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
