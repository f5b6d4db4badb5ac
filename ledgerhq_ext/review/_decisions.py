"""A reviewed file: all of it is read, and all of it is refused when anything in it cannot be
meant.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress

from attrs import frozen

from ledgerhq_ext._amounts import comma_amount, point_amount
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.review._columns import Line
from ledgerhq_ext.review._decision_file import DecisionFile, read_lines

ACTIONS = ("reconcile", "reclassify", "match", "split", "exclude", "include")
LEAVE = "leave"
"""Says that a row is left as it is, as an empty action does."""
_TARGETS = ("entry", "payment", "bill", "invoice")
_DOCUMENTS = ("bill:", "invoice:")
_NEEDS = {"reclassify": "account", "split": "shares"}
"""The column that an action needs."""
_TAKES = {"target": ("match", "reconcile"), "shares": ("split",)}
"""The actions that have a use for a column."""
_SHOWN = 20
"""How many problems of a file its error lists."""


@frozen(kw_only=True)
class Decision:
    """One line of the file. Amounts are in major units with a decimal point.

    ``shares`` are pairs of an account (or ``bill:ID`` / ``invoice:ID``) and an amount.
    ``organization`` (an id), ``date``, ``amount``, ``status`` and ``entry`` (the id of the linked
    entry, empty for none) are those of the row when it was reviewed. They are empty (``date`` and
    ``entry`` are None) if the file does not say.
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
    organization: str = ""
    date: dt.date | None = None


def read_decisions(file: DecisionFile) -> tuple[Decision, ...]:
    """Return the decisions in a CSV file or a workbook, in file order. Pass a path, or a stream of
    text or bytes.

    Columns: ``transaction_id``; ``action`` (reconcile, reclassify, match, split, exclude, include,
    or empty or ``leave``); ``account`` (code, id, or code and name, for reclassify); ``target``
    (``entry:ID``, ``payment:ID``, ``bill:ID``, ``invoice:ID``, followed by anything in parentheses,
    for match and reconcile; the row's own entry unless given); ``shares`` (``6100=12.50;
    6500=7.50`` or ``bill:ID=20.00``, for split); ``reason``. If ``organization``, ``date``,
    ``amount``, ``status`` or ``entry`` (``entry:ID``, followed by anything) is given, the row must
    still have it; a date of a CSV file that is not written as 2026-06-30 is left alone, because
    spreadsheets rewrite it. The other columns of ``ReviewTable.decisions`` are for people.

    CSV can be saved by any spreadsheet: in UTF-8, or UTF-16 with a byte-order mark; separated by
    commas, or by semicolons or tabs, in which case amounts may have a decimal comma
    (``1.234,50``). A workbook (.xlsx, see ``ReviewTable.workbook``) needs the extra ``review``; its
    amounts and dates are numbers and dates, or formulas with a stored result. Raises an
    ``InputError`` that lists every problem by line.
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
        lines = problems[:_SHOWN]
        if len(problems) > _SHOWN:
            lines.append(f"… and {len(problems) - _SHOWN} more")
        listed = "\n  ".join(lines)
        raise InputError(f"Nothing was sent, because the decisions need correction:\n  {listed}")
    return tuple(decisions)


def _decision(line: Line) -> Decision | None:
    """Return the decision of a line; None where its action is left empty."""
    if line.problem:
        raise InputError(line.problem)
    cells = line.cells
    action = cells["action"].lower()
    if action in ("", LEAVE):
        return None
    if action not in ACTIONS:
        raise InputError(
            f"action {action!r} is not valid. Use one of {', '.join(ACTIONS)}, or leave it empty."
        )
    if not cells["transaction_id"]:
        raise InputError("transaction_id is missing.")
    _check_cells(action, cells)

    read_share = comma_amount if line.has_commas else point_amount
    # A number of a workbook has been written down with a point.
    read_amount = point_amount if line.is_typed else read_share
    amount = cells.get("amount", "")
    if amount:
        amount = read_amount(amount, "amount")
    # It is filled in beforehand, and ignored where it is not needed.
    account = cells.get("account", "") if action == "reclassify" else ""
    target = cells.get("target", "")
    return Decision(
        line=line.number,
        transaction_id=cells["transaction_id"],
        action=action,
        account=account,
        target=_target(target) if target else None,
        shares=_shares(cells.get("shares", ""), read_share),
        reason=cells.get("reason", ""),
        amount=amount,
        status=cells.get("status", "").lower(),
        entry=_entry(cells["entry"]) if "entry" in cells else None,
        organization=cells.get("organization", ""),
        date=_date(cells.get("date", ""), line),
    )


def _check_cells(action: str, cells: Mapping[str, str]) -> None:
    """Raise ``InputError`` for an action without the cell that it needs, and for one with a cell
    that it has no use for: somebody meant another action.
    """
    needed_column = _NEEDS.get(action)
    if needed_column and not cells.get(needed_column):
        raise InputError(f"{action} requires the column {needed_column}.")

    for column, actions in _TAKES.items():
        if action in actions:
            continue
        # Ignored, it would be a decision that nobody carries out.
        if cells.get(column):
            raise InputError(f"{column} does not apply to {action}.")


def _date(text: str, line: Line) -> dt.date | None:
    """Return the date of a row; None where there is none, or a spreadsheet rewrote it in CSV."""
    with suppress(ValueError):
        return dt.date.fromisoformat(text)
    if text and line.is_typed:
        raise InputError(f"date {text!r} is not a date such as 2026-06-30.")
    return None


def _target(text: str) -> tuple[str, str]:
    """Return kind and id of ``bill:ID (what people know it by)``."""
    reference, _, _ = text.partition(" (")
    kind, _, ident = (part.strip() for part in reference.partition(":"))
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
        # People end a list with its separator.
        if part.strip():
            shares.append(_share(part.strip(), read_amount))

    if text and not shares:
        raise InputError(f"shares {text!r}: write 6100=12.50; 6500=7.50, or bill:ID=20.00.")
    kinds = {is_document(name) for name, _ in shares}
    if len(kinds) > 1:
        raise InputError("shares must name accounts or documents, not both.")
    return tuple(shares)


def _share(text: str, read_amount: Callable[[str, str], str]) -> tuple[str, str]:
    """Return the name and the amount of ``6100=12.50``, or of ``bill:ID=12.50``."""
    # The last sign: an id may hold one.
    name, _, amount = text.rpartition("=")
    name = name.strip()
    amount = amount.strip()
    is_complete = name != "" and amount != ""
    # Shares have no sign, the row has: its direction is that of all of them.
    if not is_complete or amount.startswith("-"):
        raise InputError(f"share {text!r}: write 6100=12.50, or bill:ID=12.50.")
    return name, read_amount(amount, "share")


def is_document(name: str) -> bool:
    """Return whether a share is of a document (``bill:ID``), and not of an account."""
    # The name of an account may hold a colon too.
    return name.startswith(_DOCUMENTS)


def _contradictions(decisions: list[Decision]) -> Iterator[str]:
    """Yield what is said about a row twice.

    It may be reclassified and then reconciled; anything else about it is said once.
    """
    first_of: dict[tuple[str, bool], Decision] = {}
    for decision in decisions:
        id = decision.transaction_id
        first = first_of.setdefault((id, decision.action == "reclassify"), decision)
        if first is not decision:
            yield f"line {decision.line}: {id} is already in line {first.line}"
