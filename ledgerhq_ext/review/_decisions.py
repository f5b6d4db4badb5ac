"""A reviewed file: read whole, and refused whole when anything in it cannot be meant."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from attrs import frozen

from ledgerhq_ext.errors import InputError
from ledgerhq_ext.review._amounts import comma_amount, point_amount
from ledgerhq_ext.review._decision_file import DecisionFile, Line, read_lines

T = TypeVar("T")

ACTIONS = ("reconcile", "reclassify", "match", "split", "exclude", "include")
_TARGETS = ("entry", "payment", "bill", "invoice")
_NEEDS = {"reclassify": "account", "split": "shares"}
_TAKES = {"target": ("match", "reconcile"), "shares": ("split",)}
_SHOWN = 20


@frozen(kw_only=True)
class Decision:
    """One line of the file, its amounts in major units with a decimal point.

    ``shares``: (account, or ``bill:ID`` / ``invoice:ID``, and the amount). ``amount``, ``status``
    and ``entry`` (the id of the linked one, empty for none) are what the row was when it was
    reviewed; empty, and None for the entry, where the file does not say.
    """

    line: int
    transaction_id: str
    action: str
    account: str = ""
    target: tuple[str, str] | None = None
    shares: tuple[tuple[str, str], ...] = ()
    reason: str = ""
    amount: str = ""
    status: str = ""
    entry: str | None = None


def read_decisions(file: DecisionFile) -> tuple[Decision, ...]:
    """Return the decisions of a CSV file, in its order; of a path, or of a stream of text or bytes.

    Columns: ``transaction_id``; ``action`` (reconcile, reclassify, match, split, exclude, include,
    or empty); ``account`` (code or id, for reclassify); ``target`` (``entry:ID``, ``payment:ID``,
    ``bill:ID``, ``invoice:ID``, for match and reconcile; the row's own entry unless given);
    ``shares`` (``6100=12.50; 6500=7.50`` or ``bill:ID=20.00``, for split); ``reason``. Where
    ``amount``, ``status`` or ``entry`` (``entry:ID``, and anything after it) is there, the row must
    still have it. The other columns of ``ReviewTable.decisions`` are for people.

    The file is as a spreadsheet saves it: UTF-8, or UTF-16 with its mark; with commas, or with
    semicolons or tabs, where amounts may have a decimal comma (``1.234,50``). Raises ``InputError``
    that lists everything that is wrong, by line.
    """
    decisions: list[Decision] = []
    problems: list[str] = []
    for line in read_lines(file):
        try:
            decision = _decision(line)
        except InputError as error:
            problems.append(f"line {line.number}: {error.message}")
            continue
        if decision is not None:
            decisions.append(decision)

    problems += _contradictions(decisions)
    if problems:
        more = f"\n  … and {len(problems) - _SHOWN} more" if len(problems) > _SHOWN else ""
        listed = "".join(f"\n  {problem}" for problem in problems[:_SHOWN])
        raise InputError(f"nothing was sent, the decisions need correction:{listed}{more}")
    return tuple(decisions)


def _decision(line: Line) -> Decision | None:
    if line.problem:
        raise InputError(line.problem)
    cells = line.cells
    action = cells["action"].lower()
    if not action:
        return None
    if action not in ACTIONS:
        raise InputError(f"action {action!r}: one of {', '.join(ACTIONS)}, or nothing.")
    if not cells["transaction_id"]:
        raise InputError("no transaction_id.")
    needed = _NEEDS.get(action)
    if needed and not cells.get(needed):
        raise InputError(f"{action} needs the column {needed}.")

    read_amount = comma_amount if line.has_commas else point_amount

    def read_shares(text: str) -> tuple[tuple[str, str], ...]:
        return _shares(text, read_amount)

    amount = cells.get("amount", "")
    return Decision(
        line=line.number,
        transaction_id=cells["transaction_id"],
        action=action,
        account=cells.get("account", "") if action == "reclassify" else "",
        target=_cell(line, "target", action, _target),
        shares=_cell(line, "shares", action, read_shares) or (),
        reason=cells.get("reason", ""),
        amount=read_amount(amount, "amount") if amount else "",
        status=cells.get("status", "").lower(),
        entry=_entry(cells["entry"]) if "entry" in cells else None,
    )


def _cell(line: Line, name: str, action: str, read: Callable[[str], T]) -> T | None:
    """Return a cell, read; refused under an action that has no use for it.

    ``account`` is none of them: it is filled in beforehand, and ignored where it is not needed.
    """
    text = line.cells.get(name, "")
    if not text:
        return None
    if action not in _TAKES[name]:
        raise InputError(f"{name} means nothing to {action}.")
    return read(text)


def _target(text: str) -> tuple[str, str]:
    kind, _, ident = (part.strip() for part in text.partition(":"))
    if kind not in _TARGETS or not ident:
        raise InputError(f"target {text!r}: write entry:ID, payment:ID, bill:ID or invoice:ID.")
    return kind, ident


def _entry(text: str) -> str:
    """Return the id of ``entry:ID (what people know it by)``, or nothing."""
    target = text.partition(" ")[0]
    return _target(target)[1] if target else ""


def _shares(text: str, read_amount: Callable[[str, str], str]) -> tuple[tuple[str, str], ...]:
    shares: list[tuple[str, str]] = []
    for part in text.split(";"):
        if not part.strip():
            continue
        name, sign, amount = (piece.strip() for piece in part.rpartition("="))
        if not (name and sign and amount) or amount.startswith("-"):
            raise InputError(f"share {part.strip()!r}: write 6100=12.50, or bill:ID=12.50.")
        shares.append((name, read_amount(amount, "share")))
    if len({":" in name for name, _ in shares}) > 1:
        raise InputError("shares are of accounts or of documents, not of both.")
    return tuple(shares)


def _contradictions(decisions: list[Decision]) -> Iterator[str]:
    """A row may be reclassified and then reconciled; anything else about it is said once."""
    seen: dict[tuple[str, bool], Decision] = {}
    for decision in decisions:
        key = (decision.transaction_id, decision.action == "reclassify")
        first = seen.setdefault(key, decision)
        if first is not decision:
            yield f"line {decision.line}: {decision.transaction_id} already stands in line {first.line}"
