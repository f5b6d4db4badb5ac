"""What the storm posts: source transactions that follow from their number alone, and what they must
add up to.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from attrs import frozen

from ledgerhq_ext import (
    BillPayment,
    Deposit,
    JournalEntry,
    JournalLine,
    Posting,
    Purchase,
    PurchaseLine,
    Transfer,
)
from ledgerhq_ext._idempotency import idempotency_key

Source = tuple[str, str]
CODES = ("1010", "1020", "2000", "4000", "6100", "6900")


@frozen
class Company:
    """A client company, with the ids of what its postings refer to."""

    org: str
    bill: str
    accounts: dict[str, str]


def companies(box: Any) -> list[Company]:
    """Return every client company of a sandbox."""
    clients: list[Company] = []
    for client in box.clients:
        sql = "SELECT code, id FROM accounts WHERE organizationId = ?"
        ids = {row["code"]: row["id"] for row in box.rows(sql, client["id"])}
        bill = max(box.documents(client["id"]), key=_amount_due)
        clients.append(Company(client["id"], bill["id"], {code: ids[code] for code in CODES}))
    return clients


def _amount_due(bill: dict[str, Any]) -> int:
    if bill["status"] == "void":
        return 0
    due: int = bill["total"] - bill["amountPaid"]
    return due


def transaction(number: int, clients: list[Company]) -> tuple[Company, Posting, Source]:
    """Return the n-th source transaction: its company, its posting, and its source."""
    company = clients[number % len(clients)]
    accounts = company.accounts
    amount = 100 + number % 9973
    day = f"2026-06-{1 + number % 28:02}"
    line = PurchaseLine(account_id=accounts["6100"], amount=amount)
    request: Posting
    match number // len(clients) % 20:
        case 0:
            request = BillPayment(
                txn_date=day, bill_id=company.bill, source_account_id=accounts["1010"], amount=1
            )
        case 1 | 2 | 3:
            request = Transfer(
                txn_date=day,
                amount=amount,
                memo=f"storm {number}",
                from_account_id=accounts["1010"],
                to_account_id=accounts["1020"],
            )
        case 4 | 5 | 6:
            lines = [
                JournalLine(account_id=accounts["6900"], debit_amount=amount),
                JournalLine(account_id=accounts["4000"], credit_amount=amount),
            ]
            request = JournalEntry(txn_date=day, lines=lines, reference=str(number))
        case 7 | 8 | 9 | 10:
            sale = PurchaseLine(account_id=accounts["4000"], amount=amount)
            request = Deposit(txn_date=day, destination_account_id=accounts["1010"], lines=[sale])
        case _:
            request = Purchase(
                txn_date=day,
                payee_name=f"storm {number}",
                source_account_id=accounts["1010"],
                lines=[line],
            )
    return company, request, (f"till-{number % 7}", str(number))


def key_of(number: int, clients: list[Company]) -> str:
    """Return the key that the n-th source transaction must be posted under."""
    company, request, source = transaction(number, clients)
    return idempotency_key(company.org, request.resource, *source)


def movements(count: int, clients: list[Company]) -> Counter[str]:
    """Return what the first ``count`` do to each account: cents, debits positive."""
    changes: Counter[str] = Counter()
    for number in range(count):
        company, request, _ = transaction(number, clients)
        for account, cents in _changes(request, company):
            changes[account] += cents
    return changes


def _changes(request: Posting, company: Company) -> list[tuple[str, int]]:
    match request:
        case Purchase():
            total = sum(line.amount for line in request.lines)
            return [
                *((line.account_id, line.amount) for line in request.lines),
                (request.source_account_id, -total),
            ]
        case Deposit():
            total = sum(line.amount for line in request.lines)
            return [
                (request.destination_account_id, total),
                *((ln.account_id, -ln.amount) for ln in request.lines),
            ]
        case Transfer():
            return [
                (request.to_account_id, request.amount),
                (request.from_account_id, -request.amount),
            ]
        case BillPayment():
            return [
                (company.accounts["2000"], request.amount),
                (request.source_account_id, -request.amount),
            ]
        case JournalEntry():
            return [
                (line.account_id, line.debit_amount - line.credit_amount) for line in request.lines
            ]
