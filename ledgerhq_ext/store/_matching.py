"""Whether an entry of the ledger is what a posting asked for: by date, amount and accounts."""

from __future__ import annotations

from typing import Any

from ledgerhq_ext.models import Entry
from ledgerhq_ext.store._rows import StoredPosting

Movement = tuple[str, int, int]
"""Account, debit, credit."""


def mismatches(entry: Entry, posting: StoredPosting) -> tuple[str, ...]:
    """Return in what an entry differs from a posting, in words; nothing where it could be it."""
    try:
        wanted = movements(posting.resource, posting.request)
        day = posting.request["txnDate"]
    except (KeyError, TypeError, AttributeError):
        return ("the payload of the posting cannot be read",)

    differences: list[str] = []
    if entry.date.isoformat() != day:
        differences.append(f"its date is {entry.date}, not {day}")

    total = sum(line.debit_amount for line in entry.lines)
    asked = max(sum(debit for _, debit, _ in wanted), sum(credit for *_, credit in wanted))
    if total != asked:
        differences.append(f"it moves {total} cents, not {asked}")

    there = {(line.account_id, line.debit_amount > 0) for line in entry.lines}
    for account, debit, _ in wanted:
        if (account, debit > 0) not in there:
            differences.append(
                f"it does not {'debit' if debit else 'credit'} the account {account}"
            )
    return tuple(differences)


def movements(resource: str, request: dict[str, Any]) -> list[Movement]:
    """What a request moves on the accounts that it names."""
    lines = request.get("lines", ())
    amount = request.get("amount") or sum(line.get("amount", 0) for line in lines)
    if resource == "purchase":
        return [
            *((line["accountId"], line["amount"], 0) for line in lines),
            (request["sourceAccountId"], 0, amount),
        ]
    if resource == "deposit":
        return [
            (request["destinationAccountId"], amount, 0),
            *((line["accountId"], 0, line["amount"]) for line in lines),
        ]
    if resource == "transfer":
        return [(request["toAccountId"], amount, 0), (request["fromAccountId"], 0, amount)]
    if resource == "bill_payment":
        return [(request["sourceAccountId"], 0, amount)]
    return [
        (line["accountId"], line.get("debitAmount", 0), line.get("creditAmount", 0))
        for line in lines
    ]


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
    """What ``mismatches`` asks of a request: its day, accounts and amounts, and none of its words."""
    fields = {name: value for name, value in request.items() if name in _COMPARED}
    if "lines" in fields:
        fields["lines"] = [outline(line) for line in fields["lines"]]
    return fields
