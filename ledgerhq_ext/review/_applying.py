"""Carrying out a reviewed file: every line by itself, and again as often as one likes."""

from __future__ import annotations

import csv
import io
import os
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Literal

from attrs import frozen

from ledgerhq_ext._amounts import cents_of
from ledgerhq_ext._files import write_text
from ledgerhq_ext._handle import check_handle
from ledgerhq_ext._plain import no_formula, plain
from ledgerhq_ext.client import AsyncOrganization
from ledgerhq_ext.errors import InputError, LedgerHQError, is_about_login
from ledgerhq_ext.models import Account, BankTransaction
from ledgerhq_ext.money import to_cents, to_string
from ledgerhq_ext.postings import AccountAllocation, DocumentAllocation
from ledgerhq_ext.review._decided_accounts import accounts_of
from ledgerhq_ext.review._decision_file import DecisionFile
from ledgerhq_ext.review._decisions import Decision, is_document, read_decisions
from ledgerhq_ext.review._expectations import AFTER, Expectation, expectations

Status = Literal["done", "already", "refused", "unknown", "not_tried"]
_TOGGLES = ("exclude", "include")
"""Actions that are done when the row has their status, however it got there."""


@frozen
class Result:
    """The outcome of one decision.

    ``already``: the row was already in this state. ``refused``: nothing changed; ``message`` says
    why. ``unknown``: it may have been carried out; apply the file again to settle it.
    ``not_tried``: the connection was lost before it could be tried.
    """

    decision: Decision
    status: Status
    message: str = ""


@frozen
class Report:
    """The outcome of a file: the result of every decision, in file order."""

    results: tuple[Result, ...]

    @property
    def ok(self) -> bool:
        """True if every decision is in the books."""
        return not self.failed

    @property
    def failed(self) -> tuple[Result, ...]:
        """The results of decisions that are not in the books, or might not be."""
        return tuple(result for result in self.results if result.status not in ("done", "already"))

    def __str__(self) -> str:
        counts = Counter(result.status for result in self.results)
        totals = ", ".join(f"{count} {status}" for status, count in counts.items())
        lines = [totals or "nothing to do"]
        # What stands in the books needs nobody.
        for result in self.failed:
            decision = result.decision
            lines.append(
                f"line {decision.line}: {decision.action} {decision.transaction_id}: "
                f"{result.status}: {result.message}"
            )
        return "\n".join(plain(line) for line in lines)

    def write(self, path: str | os.PathLike[str]) -> Path:
        """Write the results to a CSV file that spreadsheets can read. Raises ``InputError`` if the
        file cannot be written.
        """
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\r\n")
        writer.writerow(["line", "transaction_id", "action", "status", "message"])
        for result in self.results:
            decision = result.decision
            message = no_formula(plain(result.message))
            writer.writerow(
                [decision.line, decision.transaction_id, decision.action, result.status, message]
            )
        return write_text(path, buffer.getvalue(), mark=True)


async def async_apply(
    organization: AsyncOrganization,
    file: DecisionFile,
    *,
    pending: bool = False,
    on_result: Callable[[Result], None] | None = None,
) -> Report:
    """Apply the decisions in a reviewed CSV file or workbook (see ``read_decisions`` for its
    columns).

    A file that is malformed, that is of another organization, or that names an account that does
    not match exactly one account in the books, raises ``InputError`` before anything is changed.
    After that, each line is applied independently: one that fails is reported and the next one is
    tried, until the connection itself is lost. A row whose date, amount, status or entry is no
    longer the one that was reviewed is refused. So is a row that is still pending, because the bank
    may replace it, unless ``pending`` is true. Applying a file again changes nothing. ``on_result``
    is called with each result immediately, for progress or logging.
    """
    check_handle(organization, AsyncOrganization, "organization")
    # All that can be wrong with the file itself is said before the first row is touched.
    decisions = read_decisions(file)
    _check_organization(organization.id, decisions)
    accounts = await accounts_of(organization, decisions)
    reviewer = _Reviewer(organization, accounts, expected=expectations(decisions), pending=pending)
    results: list[Result] = []
    for decision in decisions:
        result = await reviewer.result(decision)
        results.append(result)
        if on_result:
            on_result(result)
    return Report(tuple(results))


def _check_organization(id: str, decisions: tuple[Decision, ...]) -> None:
    """Raise ``InputError`` for decisions about the rows of another organization."""
    for decision in decisions:
        if decision.organization not in ("", id):
            raise InputError(
                f"Nothing was changed, because line {decision.line} is about the organization "
                f"{decision.organization}, and not about {id}. Apply the file to its own "
                "organization."
            )


class _Reviewer:
    """Carries out decisions, one by one, until the connection is lost."""

    def __init__(
        self,
        organization: AsyncOrganization,
        accounts: dict[str, Account],
        *,
        expected: dict[str, Expectation],
        pending: bool,
    ) -> None:
        self._organization = organization
        self._accounts = accounts
        self._expected = expected
        self._pending = pending
        self._end = ""
        """Why no further decision is tried, once the connection is lost."""

    async def result(self, decision: Decision) -> Result:
        """Carry out one decision, and return its outcome."""
        if self._end:
            return Result(decision, "not_tried", self._end)
        try:
            status = await self._carry_out(decision)
        except LedgerHQError as error:
            if is_about_login(error):
                # No further decision can succeed.
                self._end = f"not tried: {error.message}"
            # The row is read first: what fails there has changed nothing.
            may_stand = error._has_outcome and error.outcome == "unknown"
            return Result(decision, "unknown" if may_stand else "refused", str(error))
        return Result(decision, status)

    async def _carry_out(self, decision: Decision) -> Status:
        row = await self._organization.bank_transaction(decision.transaction_id)
        await self._check_unchanged(row, decision)
        if self._stands(row, decision):
            return "already"
        if row.pending and not self._pending:
            raise InputError(
                "The row is still pending, and the bank may replace it. Decide about it once "
                "it is posted, or apply the file with pending=True."
            )

        # A row that is reconciled already is no news, if its verb accepts that it is.
        was_reconciled = row.status == "reconciled"
        await _VERBS[decision.action](self, row, decision)
        return "already" if was_reconciled and decision.action != "reclassify" else "done"

    async def _check_unchanged(self, row: BankTransaction, decision: Decision) -> None:
        """Raise ``InputError`` when the row looks different by now: nobody decided about that."""
        self._expected[decision.transaction_id].check(row, decision)
        if not decision.amount:
            return
        currency = await self._currency(row)
        if to_cents(decision.amount, currency) != row.amount:
            amount = to_string(row.amount, currency)
            raise InputError(
                f"The row is now {amount} {currency}, but it was reviewed as {decision.amount}."
            )

    async def _currency(self, row: BankTransaction) -> str:
        if row.currency_code:
            return row.currency_code
        return (await self._organization.record()).default_currency

    def _stands(self, row: BankTransaction, decision: Decision) -> bool:
        """Return whether a row is as the decision wants it, whoever made it so."""
        # Asked before the verb: to exclude a second time would include the row again.
        if decision.action == "reclassify":
            return row.account_id == self._accounts[decision.account].id
        return decision.action in _TOGGLES and row.status == AFTER[decision.action]

    async def reclassify(self, row: BankTransaction, decision: Decision) -> None:
        """Move the row to the account of the decision."""
        account = self._accounts[decision.account]
        await self._organization.reclassify(row, account, reason=decision.reason or None)

    async def reconcile(self, row: BankTransaction, decision: Decision) -> None:
        """Reconcile the row, with its own entry unless the decision names one."""
        kind, target = decision.target or ("entry", None)
        if kind != "entry":
            raise InputError(
                f"reconcile takes entry:ID, and not {kind}:{target}. Use match instead."
            )
        await self._organization.reconcile(row, journal_entry=target)

    async def match(self, row: BankTransaction, decision: Decision) -> None:
        """Match the row with the target of the decision, its own entry unless one is named."""
        if decision.target is not None:
            kind, target = decision.target
        elif row.journal_entry_id:
            kind = "entry"
            target = row.journal_entry_id
        else:
            raise InputError("The row has no linked entry to match. Name a target.")
        arguments: dict[str, Any] = {"journal_entry" if kind == "entry" else kind: target}
        await self._organization.match(row, **arguments)

    async def split(self, row: BankTransaction, decision: Decision) -> None:
        """Split the row over the accounts, or the documents, of the decision."""
        currency = await self._currency(row)
        accounts: list[AccountAllocation] = []
        documents: list[DocumentAllocation] = []
        for name, amount in decision.shares:
            cents = cents_of(amount, currency)
            if is_document(name):
                kind, _, id = name.partition(":")
                documents.append(
                    DocumentAllocation(document_type=kind, document_id=id, amount=cents)
                )
            else:
                account_id = self._accounts[name].id
                accounts.append(AccountAllocation(account_id=account_id, amount=cents))
        # A decision names the ones or the others, never both.
        await self._organization.split(row, documents or accounts)

    async def exclude(self, row: BankTransaction, _: Decision) -> None:
        """Exclude the row."""
        await self._organization.exclude(row)

    async def include(self, row: BankTransaction, _: Decision) -> None:
        """Include the row again."""
        await self._organization.include(row)


_VERBS: dict[str, Callable[[_Reviewer, BankTransaction, Decision], Awaitable[None]]] = {
    "reconcile": _Reviewer.reconcile,
    "reclassify": _Reviewer.reclassify,
    "match": _Reviewer.match,
    "split": _Reviewer.split,
    "exclude": _Reviewer.exclude,
    "include": _Reviewer.include,
}
