"""Which entries could be a posting whose outcome nobody knows: by date, accounts and amount, for people to decide."""

from __future__ import annotations

from typing import Any

from ledgerhq_ext._http.io import Work
from ledgerhq_ext._http.session import Session
from ledgerhq_ext._resources.entries import EntryMethods
from ledgerhq_ext.errors import NotFoundError, PermissionDeniedError
from ledgerhq_ext.models import Entry
from ledgerhq_ext.store._owner import owner_of
from ledgerhq_ext.store._postings import Postings
from ledgerhq_ext.store._rows import Doubt, Failure, StoredPosting

Movement = tuple[str, int, int]
"""Account, debit, credit."""


async def doubts(rows: Postings, session: Session, work: Work) -> list[Doubt]:
    """Return every posting of the client that needs attention, with the posted entries that could be it."""
    owner = owner_of(session)
    postings = await work(lambda: rows.listed("needs_attention", None, owner))
    result: list[Doubt] = []
    for posting in postings:
        try:
            doubt = await _doubt(rows, session, posting, work)
        except (PermissionDeniedError, NotFoundError) as error:
            # One company that left the firm does not hide the others.
            doubt = Doubt(posting=posting, candidates=(), problem=Failure.of(error))
        result.append(doubt)
    return result


async def _doubt(rows: Postings, session: Session, posting: StoredPosting, work: Work) -> Doubt:
    settled = await work(lambda: rows.known_entries(posting.organization_id))
    organization = EntryMethods(session, posting.organization_id)
    day = posting.request["txnDate"]
    candidates: list[Entry] = []
    for entry in await organization.entries(status="posted", start=day, end=day)._all():
        if entry.id not in settled and could_be(entry, posting):
            candidates.append(entry)
    return Doubt(posting=posting, candidates=tuple(candidates))


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
