"""A reviewed file, carried out: every line by itself, and again as often as wanted."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Literal

from attrs import frozen

from ledgerhq_ext.bodies import AccountShare, DocumentShare
from ledgerhq_ext.client import Organization
from ledgerhq_ext.errors import AuthenticationError, InputError, LedgerHQError, OAuthError
from ledgerhq_ext.models import Account, BankTransaction
from ledgerhq_ext.money import to_cents, to_string
from ledgerhq_ext.plain import no_formula, plain
from ledgerhq_ext.review.decisions import Decision, read_decisions

Status = Literal["done", "already", "refused", "unknown", "not_tried"]
_AFTER = {"exclude": "excluded", "include": "unreconciled"}


@frozen
class Result:
    """What became of one decision.

    ``already``: it was so before. ``refused``: nothing changed, ``message`` says why. ``unknown``: it may have been
    carried out; applying the file again settles it. ``not_tried``: the connection was lost before its turn.
    """

    decision: Decision
    status: Status
    message: str = ""


@frozen
class Report:
    """What became of a file, in its order."""

    results: tuple[Result, ...]

    @property
    def ok(self) -> bool:
        """Whether all of it stands in the books."""
        return not self.failed

    @property
    def failed(self) -> tuple[Result, ...]:
        """What does not, or may not."""
        return tuple(result for result in self.results if result.status not in ("done", "already"))

    def __str__(self) -> str:
        counts = Counter(result.status for result in self.results)
        lines = [", ".join(f"{count} {status}" for status, count in counts.items()) or "nothing to do"]
        for result in self.failed:
            decision = result.decision
            lines.append(
                f"line {decision.line}: {decision.action} {decision.transaction_id}: {result.status}: {result.message}"
            )
        return "\n".join(plain(line) for line in lines)

    def write(self, path: str | Path) -> Path:
        """The results as CSV."""
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\r\n")
        writer.writerow(["line", "transaction_id", "action", "status", "message"])
        for result in self.results:
            decision = result.decision
            said = no_formula(plain(result.message))
            writer.writerow([decision.line, decision.transaction_id, decision.action, result.status, said])
        Path(path).write_text(buffer.getvalue(), encoding="utf-8-sig", newline="")
        return Path(path)


def apply(
    books: Organization, file: str | Path | io.TextIOBase, *, on_result: Callable[[Result], None] | None = None
) -> Report:
    """Carry out the decisions of a reviewed CSV file (its columns: ``read_decisions``).

    A file with anything malformed, or with an account nobody has, is refused with ``InputError`` before anything is
    changed. After that every line counts for itself: one that fails is reported and the next one is tried, until
    the connection itself is lost. Applying a file again does nothing a second time. ``on_result`` hears of every
    line at once, for progress or a journal.
    """
    decisions = read_decisions(file)
    accounts = _accounts(books, decisions)
    results: list[Result] = []
    lost = ""
    for decision in decisions:
        result = Result(decision, "not_tried", lost)
        if not lost:
            result, lost = _one(books, decision, accounts)
        results.append(result)
        if on_result:
            on_result(result)
    return Report(tuple(results))


def _accounts(books: Organization, decisions: tuple[Decision, ...]) -> dict[str, Account]:
    """The accounts the decisions name, by code or id."""
    named: dict[str, int] = {}
    for decision in decisions:
        shares = [name for name, _ in decision.shares if ":" not in name]
        for name in filter(None, [decision.account, *shares]):
            named.setdefault(name, decision.line)
    if not named:
        return {}
    every = list(books.accounts())
    known = {account.id: account for account in every} | {account.code: account for account in every}
    if missing := [f"\n  line {line}: account {name!r}" for name, line in named.items() if name not in known]:
        raise InputError(f"nothing was changed, these accounts are not in the books:{''.join(missing)}")
    return {name: known[name] for name in named}


def _one(books: Organization, decision: Decision, accounts: dict[str, Account]) -> tuple[Result, str]:
    """Carry out one decision; with a message where no further one can succeed."""
    try:
        row = books.bank_transaction(decision.transaction_id)
        _unchanged(books, row, decision)
        if _stands(row, decision, accounts):
            return Result(decision, "already"), ""
        # A row that is reconciled already is no news, if its verb accepts that it is.
        before = row.status == "reconciled"
        _VERBS[decision.action](books, row, decision, accounts)
        return Result(decision, "already" if before and decision.action != "reclassify" else "done"), ""
    except (AuthenticationError, OAuthError) as error:
        return Result(decision, _status(error), str(error)), f"not tried: {error.message}"
    except LedgerHQError as error:
        return Result(decision, _status(error), str(error)), ""


def _status(error: LedgerHQError) -> Status:
    return "unknown" if error.outcome == "unknown" else "refused"


def _currency(books: Organization, row: BankTransaction) -> str:
    return row.currency_code or books.info().default_currency


def _unchanged(books: Organization, row: BankTransaction, decision: Decision) -> None:
    """Nobody decided about a row that looks different by now."""
    if not decision.amount:
        return
    currency = _currency(books, row)
    if to_cents(decision.amount, currency) != row.amount:
        now = to_string(row.amount, currency)
        raise InputError(f"the row is {now} {currency} by now, it was reviewed as {decision.amount}.")


def _stands(row: BankTransaction, decision: Decision, accounts: dict[str, Account]) -> bool:
    if decision.action == "reclassify":
        return row.account_id == accounts[decision.account].id
    return row.status == _AFTER.get(decision.action)


_Verb = Callable[[Organization, BankTransaction, Decision, dict[str, Account]], Any]


def _reclassify(books: Organization, row: BankTransaction, decision: Decision, accounts: dict[str, Account]) -> None:
    books.reclassify(row, accounts[decision.account], reason=decision.reason or None)


def _reconcile(books: Organization, row: BankTransaction, decision: Decision, _: dict[str, Account]) -> None:
    kind, target = decision.target or ("entry", None)
    if kind != "entry":
        raise InputError(f"reconcile takes an entry, not a {kind}: match does.")
    books.reconcile(row, journal_entry=target)


def _match(books: Organization, row: BankTransaction, decision: Decision, _: dict[str, Account]) -> None:
    kind, target = decision.target or ("entry", row.journal_entry_id)
    if not target:
        raise InputError("the row has no entry of its own to match: name a target.")
    books.match(
        row,
        journal_entry=target if kind == "entry" else None,
        payment=target if kind == "payment" else None,
        bill=target if kind == "bill" else None,
        invoice=target if kind == "invoice" else None,
    )


def _split(books: Organization, row: BankTransaction, decision: Decision, accounts: dict[str, Account]) -> None:
    cents = partial(to_cents, currency=_currency(books, row))
    if ":" not in decision.shares[0][0]:
        books.split(
            row, [AccountShare(account_id=accounts[name].id, amount=cents(amount)) for name, amount in decision.shares]
        )
        return
    parts = [(*name.partition(":"), cents(amount)) for name, amount in decision.shares]
    books.split(
        row, [DocumentShare(document_type=kind, document_id=ident, amount=amount) for kind, _, ident, amount in parts]
    )


def _exclude(books: Organization, row: BankTransaction, _: Decision, __: dict[str, Account]) -> None:
    books.exclude(row)


def _include(books: Organization, row: BankTransaction, _: Decision, __: dict[str, Account]) -> None:
    books.include(row)


_VERBS: dict[str, _Verb] = {
    "reconcile": _reconcile,
    "reclassify": _reclassify,
    "match": _match,
    "split": _split,
    "exclude": _exclude,
    "include": _include,
}
