"""Comparing an entry of the ledger with what a posting asked for: by date, amount and accounts."""

from __future__ import annotations

from typing import Any

from ledgerhq_ext._plain import counted
from ledgerhq_ext.models import Entry
from ledgerhq_ext.store._rows import StoredPosting

Movement = tuple[str, int, int]
"""Account id, debit and credit in cents; one of the two is 0."""


def mismatches(entry: Entry, posting: StoredPosting) -> tuple[str, ...]:
    """Return how an entry differs from a posting, in words; empty if they match."""
    try:
        request_movements = movements(posting.resource, posting.request)
        day = posting.request["txnDate"]
    except (KeyError, TypeError, AttributeError):
        return ("the payload of the posting cannot be read",)

    differences: list[str] = []
    if entry.date.isoformat() != day:
        differences.append(f"its date is {entry.date}, not {day}")

    entry_total = sum(line.debit_amount for line in entry.lines)
    # A bill payment names one side only: the other account is the service's to choose.
    debits = sum(debit for _, debit, _ in request_movements)
    credits = sum(credit for *_, credit in request_movements)
    total = max(debits, credits)
    if entry_total != total:
        differences.append(f"its amount is {counted(entry_total, 'cent')}, not {total}")

    sides = {(line.account_id, line.debit_amount > 0) for line in entry.lines}
    for account, debit, _ in request_movements:
        if (account, debit > 0) not in sides:
            verb = "debit" if debit else "credit"
            differences.append(f"it does not {verb} the account {account}")
    return tuple(differences)


def movements(resource: str, request: dict[str, Any]) -> list[Movement]:
    """Return the movements of a request on the accounts that it names."""
    lines = request.get("lines", ())
    amount = request.get("amount") or sum(line.get("amount", 0) for line in lines)
    if resource == "purchase":
        expenses = [(line["accountId"], line["amount"], 0) for line in lines]
        return [*expenses, (request["sourceAccountId"], 0, amount)]
    if resource == "deposit":
        incomes = [(line["accountId"], 0, line["amount"]) for line in lines]
        return [(request["destinationAccountId"], amount, 0), *incomes]
    if resource == "transfer":
        return [(request["toAccountId"], amount, 0), (request["fromAccountId"], 0, amount)]
    if resource == "bill_payment":
        return [(request["sourceAccountId"], 0, amount)]

    journal: list[Movement] = []
    for line in lines:
        debit = line.get("debitAmount", 0)
        credit = line.get("creditAmount", 0)
        journal.append((line["accountId"], debit, credit))
    return journal


_COMPARED = frozenset(
    {
        "txnDate",
        "lines",
        "accountId",
        "sourceAccountId",
        "destinationAccountId",
        "fromAccountId",
        "toAccountId",
        "amount",
        "debitAmount",
        "creditAmount",
    }
)


def outline(request: dict[str, Any]) -> dict[str, Any]:
    """Return the part of a request that ``mismatches`` compares: its day, accounts and amounts, and
    none of its words.
    """
    fields = {name: value for name, value in request.items() if name in _COMPARED}
    if "lines" in fields:
        fields["lines"] = [outline(line) for line in fields["lines"]]
    return fields
