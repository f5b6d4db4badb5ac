"""Which entries could be a posting whose outcome nobody knows: by date, accounts and amount, for people to decide."""

from __future__ import annotations

from functools import partial
from typing import Any

from ledgerhq_ext import books
from ledgerhq_ext.firm import Firm
from ledgerhq_ext.flow import Flow, work
from ledgerhq_ext.models import Entry
from ledgerhq_ext.pages import all_items
from ledgerhq_ext.scope import Scope
from ledgerhq_ext.store.postings import Postings
from ledgerhq_ext.store.rows import Doubt, StoredPosting

Movement = tuple[str, int, int]
"""Account, debit, credit."""


def doubts(rows: Postings, firm: Firm[Any]) -> Flow[list[Doubt]]:
    """Every posting that needs attention, with the posted entries that could be it."""
    found = []
    for posting in (yield from work(lambda: rows.listed("needs_attention", None))):
        scope = Scope(firm._session, posting.organization_id)
        known = yield from work(partial(rows.known_entries, posting.organization_id))
        day = posting.request["txnDate"]
        entries = yield from all_items(books.entries(scope, status="posted", start=day, end=day))
        fitting = [entry for entry in entries if entry.id not in known and could_be(entry, posting)]
        found.append(Doubt(posting=posting, candidates=tuple(fitting)))
    return found


def could_be(entry: Entry, posting: StoredPosting) -> bool:
    """Whether an entry has the date of a posting, moves as much, and moves it on the accounts that it names."""
    wanted = movements(posting.resource, posting.request)
    there = {(line.account_id, line.debit_amount > 0) for line in entry.lines}
    total = sum(line.debit_amount for line in entry.lines)
    asked = max(sum(debit for _, debit, _ in wanted), sum(credit for *_, credit in wanted))
    same_day = entry.date.isoformat() == posting.request["txnDate"]
    return same_day and total == asked and {(account, debit > 0) for account, debit, _ in wanted} <= there


def movements(resource: str, request: dict[str, Any]) -> list[Movement]:
    """What a request moves on the accounts that it names."""
    lines = request.get("lines", ())
    amount = request.get("amount") or sum(line.get("amount", 0) for line in lines)
    if resource == "purchase":
        return [*((line["accountId"], line["amount"], 0) for line in lines), (request["sourceAccountId"], 0, amount)]
    if resource == "deposit":
        return [
            (request["destinationAccountId"], amount, 0),
            *((line["accountId"], 0, line["amount"]) for line in lines),
        ]
    if resource == "transfer":
        return [(request["toAccountId"], amount, 0), (request["fromAccountId"], 0, amount)]
    if resource == "bill_payment":
        return [(request["sourceAccountId"], 0, amount)]
    return [(line["accountId"], line.get("debitAmount", 0), line.get("creditAmount", 0)) for line in lines]
