"""Results of the bank review that are read back from a row and its entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledgerhq_ext import _seam, models
from ledgerhq_ext._resources.scope import Scope

if TYPE_CHECKING:
    from ledgerhq_ext._bodies import Reclassify
    from ledgerhq_ext.postings import AccountAllocation


async def reclassification(
    scope: Scope, transaction_id: str, request: Reclassify
) -> models.Reclassification | None:
    """Return the reclassification, if the row and its entry show it; else None.

    Routes: ``GET /api/v1/bank-transactions/{id}`` and ``GET /api/v1/entries/{id}``.
    """
    row = await scope._fetch(_seam.BANK_TRANSACTION, id=transaction_id)
    entry = None
    if row.journal_entry_id:
        entry = await scope._fetch(_seam.ENTRY, id=row.journal_entry_id)
    if not _is_reclassified(row, request):
        return None

    line_id = request.journal_line_id
    if entry is not None:
        line_ids = _moved_lines(entry, request)
        if not line_ids:
            return None
        # Of several nobody knows which one was moved.
        if len(line_ids) == 1:
            line_id = line_ids[0]
    return models.Reclassification(
        transaction=row, journal_entry_id=row.journal_entry_id, journal_line_id=line_id
    )


def _is_reclassified(row: models.BankTransaction, request: Reclassify) -> bool:
    """Return True when a row has everything that a request names."""
    if row.account_id != request.account_id:
        return False

    # What a request leaves out may be anything.
    has_contact = request.contact_id in (None, row.contact_id)
    has_tax_rate = request.tax_rate_id in (None, row.tax_rate_id)
    return has_contact and has_tax_rate


def _moved_lines(entry: models.Entry, request: Reclassify) -> list[str | None]:
    """Return the ids of the lines that stand on the account of a request."""
    line_ids: list[str | None] = [
        line.id for line in entry.lines if line.account_id == request.account_id
    ]
    if request.journal_line_id is None:
        return line_ids

    return [id for id in line_ids if id == request.journal_line_id]


def is_split_over(
    entry: models.Entry, row: models.BankTransaction, allocations: tuple[AccountAllocation, ...]
) -> bool:
    """Return True when an entry's lines on the other side of the bank are the allocations."""
    lines: list[tuple[str, int]] = []
    for line in entry.lines:
        # Money out of the bank is a credit there, and debits on the other side.
        amount = line.debit_amount if row.amount < 0 else line.credit_amount
        if amount:
            lines.append((line.account_id, amount))

    # The service may keep the lines in another order.
    expected = [(allocation.account_id, allocation.amount) for allocation in allocations]
    return sorted(lines) == sorted(expected)
