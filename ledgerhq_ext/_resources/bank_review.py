"""The bank review of an organization: reclassify, match, split, reconcile, exclude, include."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Unpack, overload

import ledgerhq_ext
from ledgerhq_ext import _references as references
from ledgerhq_ext import _seam, models
from ledgerhq_ext._http.options import CallOptions
from ledgerhq_ext._references import Identified
from ledgerhq_ext._resources.bank_results import is_split_over, reclassification
from ledgerhq_ext._resources.scope import Scope, day_or_none
from ledgerhq_ext._resources.settling import Turn, odd_success, watch
from ledgerhq_ext.errors import InputError, LedgerHQError

if TYPE_CHECKING:
    from ledgerhq_ext._bodies import MatchTo
    from ledgerhq_ext.postings import AccountAllocation, DocumentAllocation


class BankReviewMethods(Scope):
    """The bank review of an organization. Every verb is safe to call twice.

    A row that is still pending is changed like any other, because it was named explicitly.
    (``review.apply``, which reads files with many decisions, skips pending rows.)

    If a request gets no usable response, the row is read until it shows the change, for at most
    five seconds (longer while it cannot be read, within the deadline). After that the error is
    raised, with the outcome ``unknown``.
    """

    async def reclassify(
        self,
        transaction: str | Identified,
        account: str | Identified,
        *,
        journal_line_id: str | Identified | None = None,
        contact: str | Identified | None = None,
        tax_rate: str | Identified | None = None,
        reason: str | None = None,
        **options: Unpack[CallOptions],
    ) -> models.Reclassification:
        """Move a row, and the non-bank line of its linked entry if there is one, to another
        account.

        ``journal_line_id`` is required if the linked entry has several such lines (otherwise
        ``ValidationError``). Raises ``PeriodLockedError`` in a locked period. Nothing is read
        first, because the same classification a second time changes nothing. The request is sent
        once. If there is no response, the row and its entry are read, and the call succeeds if they
        show the change within five seconds.

        Route: ``POST /api/v1/bank-transactions/{id}/reclassify``.
        """
        books = self._with(options)
        transaction_id = books._id_of(transaction, references.TRANSACTION)
        from ledgerhq_ext._bodies import Reclassify

        body = Reclassify(
            account_id=books._id_of(account, references.ACCOUNT),
            journal_line_id=books._id_or_none(journal_line_id, references.ENTRY_LINE),
            contact_id=books._id_or_none(contact, references.CONTACT),
            tax_rate_id=books._id_or_none(tax_rate, references.TAX_RATE),
            reason=reason,
        )
        deadline = books._session.deadline()
        problem: LedgerHQError
        try:
            result = await books._fetch(_seam.RECLASSIFY, id=transaction_id, body=body)
        except LedgerHQError as error:
            if error.outcome != "unknown":
                raise
            problem = error
        else:
            account_id = result.transaction.account_id
            if account_id in (None, body.account_id):
                return result
            oddity = f"with the account {account_id}, not {body.account_id}"
            conflict = odd_success(f"bank transaction {transaction_id}", oddity, "unknown")
            problem = books._explain(
                conflict, _seam.RECLASSIFY, id=transaction_id, has_outcome=True
            )

        async def look() -> models.Reclassification | None:
            """Return the reclassification, if the row shows it by now."""
            return await reclassification(books._until(deadline), transaction_id, body)

        shown = await watch(books, deadline, look)
        if shown is None:
            raise problem
        return shown

    async def exclude(
        self, transaction: str | Identified, **options: Unpack[CallOptions]
    ) -> models.BankTransaction:
        """Exclude a row from the books. A row that is already excluded is returned unchanged.

        The route toggles, so the row is read first and at most one request is sent. Raises
        ``ConflictError`` for a reconciled row. Route: ``POST
        /api/v1/bank-transactions/{id}/exclude``.
        """
        async with self._with(options)._turn(
            transaction, before="unreconciled", after="excluded"
        ) as turn:
            return await turn.settle(_seam.EXCLUDE)

    async def include(
        self, transaction: str | Identified, **options: Unpack[CallOptions]
    ) -> models.BankTransaction:
        """Include an excluded row again. A row that is already unreconciled is returned unchanged.

        Works like ``exclude`` otherwise. Route: ``POST /api/v1/bank-transactions/{id}/exclude``.
        """
        async with self._with(options)._turn(
            transaction, before="excluded", after="unreconciled"
        ) as turn:
            # The route toggles: a row that is included already would be excluded by it.
            return await turn.settle(_seam.EXCLUDE)

    async def reconcile(
        self,
        transaction: str | Identified,
        *,
        journal_entry: str | Identified | None = None,
        reconciliation_id: str | Identified | None = None,
        **options: Unpack[CallOptions],
    ) -> models.BankTransaction:
        """Mark a row as reconciled with an entry: ``journal_entry``, or the linked one by default.

        A row with neither is reconciled without an entry, so the ledger lacks its amount: use
        ``split`` or ``match`` for it instead. A row that is already reconciled with the same entry
        is returned unchanged. Raises ``ConflictError`` if it is reconciled with another one. Route:
        ``POST /api/v1/bank-transactions/{id}/reconcile``.
        """
        from ledgerhq_ext._bodies import Reconcile

        books = self._with(options)
        entry_id = books._id_or_none(journal_entry, references.ENTRY)
        statement_id = books._id_or_none(reconciliation_id, references.RECONCILIATION)
        async with books._turn(transaction, before="unreconciled", after="reconciled") as turn:
            # Without the known entry the service would clear the row's link to it.
            entry_id = entry_id or turn.record.journal_entry_id
            if turn.record.status == "unreconciled":
                body = Reconcile(reconciliation_id=statement_id, journal_entry_id=entry_id)
                row = await turn.send(_seam.RECONCILE, body, entry_id=entry_id)
                if row is not None:
                    return row

            same_entry = turn.record.journal_entry_id == entry_id
            if not same_entry or statement_id not in (None, turn.record.reconciliation_id):
                raise turn.conflict()
            return turn.record

    async def match(
        self,
        transaction: str | Identified,
        *,
        journal_entry: str | Identified | None = None,
        payment: str | Identified | None = None,
        bill: str | Identified | None = None,
        invoice: str | Identified | None = None,
        amount: int | None = None,
        date: dt.date | str | None = None,
        method: str | None = None,
        **options: Unpack[CallOptions],
    ) -> models.Match:
        """Match a row with exactly one entry, payment, bill or invoice.

        ``amount`` (cents), ``date`` and ``method`` (how it was paid, as text) apply to the new
        payment of a bill or an invoice. A row that is already reconciled with the same entry counts
        as success. Raises ``ConflictError`` if it was matched with anything else.

        Route: ``POST /api/v1/bank-transactions/{id}/match``.
        """
        books = self._with(options)
        body = _match_body(
            entry_id=books._id_or_none(journal_entry, references.ENTRY),
            payment_id=books._id_or_none(payment, references.PAYMENT),
            bill_id=books._id_or_none(bill, references.BILL),
            invoice_id=books._id_or_none(invoice, references.INVOICE),
            amount=amount,
            date=date,
            method=method,
        )
        async with books._turn(transaction, before="unreconciled", after="reconciled") as turn:
            if turn.record.status == "unreconciled":
                match = await turn.send(_seam.MATCH, body, entry_id=body.journal_entry_id)
                if match is not None:
                    return match

            # A row shows its entry, and no payment, bill or invoice.
            entry_id = body.journal_entry_id
            if entry_id is None or turn.record.journal_entry_id != entry_id:
                raise turn.conflict()
            return models.Match(match_type="existing_journal", journal_entry_id=entry_id)

    @overload
    async def split(
        self,
        transaction: str | Identified,
        allocations: Sequence[ledgerhq_ext.AccountAllocation],
        *,
        date: dt.date | str | None = None,
        method: str | None = None,
        **options: Unpack[CallOptions],
    ) -> models.AccountSplit: ...
    @overload
    async def split(
        self,
        transaction: str | Identified,
        allocations: Sequence[ledgerhq_ext.DocumentAllocation],
        *,
        date: dt.date | str | None = None,
        method: str | None = None,
        **options: Unpack[CallOptions],
    ) -> models.DocumentSplit: ...
    async def split(
        self,
        transaction: str | Identified,
        allocations: Sequence[ledgerhq_ext.AccountAllocation]
        | Sequence[ledgerhq_ext.DocumentAllocation],
        *,
        date: dt.date | str | None = None,
        method: str | None = None,
        **options: Unpack[CallOptions],
    ) -> models.AccountSplit | models.DocumentSplit:
        """Split a row across accounts (``AccountAllocation``) or documents
        (``DocumentAllocation``).

        Allocations to accounts must add up to the row's absolute amount, in cents. ``date`` (by
        default the row's own) and ``method`` (how it was paid, as text) apply to payments of
        documents. A row that was already split across the same accounts and amounts counts as
        success. Raises ``ConflictError`` if it was split across documents, which cannot be read
        back.

        Routes: ``POST /api/v1/bank-transactions/{id}/split-account`` and ``/split``.
        """
        from ledgerhq_ext.postings import AccountAllocation, DocumentAllocation

        books = self._with(options)
        items = tuple(allocations) if isinstance(allocations, Iterable) else ()
        accounts = tuple(item for item in items if isinstance(item, AccountAllocation))
        documents = tuple(item for item in items if isinstance(item, DocumentAllocation))
        if accounts and len(accounts) == len(items):
            if date is not None or method is not None:
                raise InputError(
                    "date and method apply to payments of documents, not to a split across "
                    "accounts."
                )
            return await books._split_accounts(transaction, accounts)
        if documents and len(documents) == len(items):
            day = day_or_none(date)
            return await books._split_documents(transaction, documents, day, method)
        raise InputError(
            "allocations must be one or more AccountAllocations, or one or more "
            "DocumentAllocations, not a mixture."
        )

    async def _split_accounts(
        self, transaction: str | Identified, allocations: tuple[AccountAllocation, ...]
    ) -> models.AccountSplit:
        from ledgerhq_ext._bodies import SplitAccounts

        async with self._turn(transaction, before="unreconciled", after="reconciled") as turn:
            if turn.record.status == "unreconciled":
                total = sum(allocation.amount for allocation in allocations)
                magnitude = abs(turn.record.amount)
                if total != magnitude:
                    raise InputError(
                        f"The allocations add up to {total} cents, but the row is {magnitude} "
                        "cents."
                    )
                body = SplitAccounts(allocations=allocations)
                result = await turn.send(_seam.SPLIT_ACCOUNTS, body, makes_entry=True)
                if result is not None:
                    return result

            # Split already: over these accounts, or over others.
            row = turn.record
            if row.journal_entry_id is None:
                raise turn.conflict()
            entry = await turn.scope._fetch(_seam.ENTRY, id=row.journal_entry_id)
            if not is_split_over(entry, row, allocations):
                raise turn.conflict()
            return models.AccountSplit(journal_entry_id=entry.id)

    async def _split_documents(
        self,
        transaction: str | Identified,
        allocations: tuple[DocumentAllocation, ...],
        day: dt.date | None,
        method: str | None,
    ) -> models.DocumentSplit:
        from ledgerhq_ext._bodies import SplitDocuments

        async with self._turn(transaction, before="unreconciled", after="reconciled") as turn:
            row = turn.record
            if row.status == "unreconciled":
                total = sum(allocation.amount for allocation in allocations)
                magnitude = abs(row.amount)
                if total > magnitude:
                    raise InputError(
                        f"The allocations add up to {total} cents, which is more than the row's "
                        f"{magnitude} cents."
                    )
                body = SplitDocuments(allocations=allocations, date=day or row.date, method=method)
                result = await turn.send(_seam.SPLIT_DOCUMENTS, body)
                if result is not None:
                    return result

            # Which documents a reconciled row paid cannot be read back.
            raise turn.conflict()

    def _turn(
        self, transaction: str | Identified, *, before: str, after: str
    ) -> Turn[models.BankTransaction]:
        transaction_id = self._id_of(transaction, references.TRANSACTION)
        name = f"bank transaction {transaction_id}"
        operation = _seam.BANK_TRANSACTION
        return Turn(self, name, operation, transaction_id, before=before, after=after)


def _match_body(
    *,
    entry_id: str | None,
    payment_id: str | None,
    bill_id: str | None,
    invoice_id: str | None,
    amount: int | None,
    date: dt.date | str | None,
    method: str | None,
) -> MatchTo:
    from ledgerhq_ext._bodies import MatchTo

    targets = {
        "existing_journal": entry_id,
        "existing_payment": payment_id,
        "bill": bill_id,
        "invoice": invoice_id,
    }
    match_types = [name for name, target in targets.items() if target is not None]
    if len(match_types) != 1:
        raise InputError(
            "Match a row with exactly one of journal_entry, payment, bill and invoice."
        )
    is_new_payment = match_types[0] in ("bill", "invoice")
    if not is_new_payment and (amount, date, method) != (None, None, None):
        raise InputError(
            "amount, date and method apply to the new payment of a bill or an invoice, not to an "
            "entry or a payment that is there already."
        )
    return MatchTo(
        match_type=match_types[0],
        journal_entry_id=entry_id,
        payment_id=payment_id,
        bill_id=bill_id,
        invoice_id=invoice_id,
        amount=amount,
        date=day_or_none(date),
        method=method,
    )
