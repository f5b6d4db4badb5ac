"""A reviewed file: read whole, and refused whole when anything in it cannot be meant."""

from __future__ import annotations

import codecs
import csv
import io
import os
import re
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any, TypeVar

from attrs import frozen

from ledgerhq_ext._files import read_file, shown, to_path
from ledgerhq_ext.errors import InputError

T = TypeVar("T")

ACTIONS = ("reconcile", "reclassify", "match", "split", "exclude", "include")
COLUMNS = (
    "transaction_id",
    "date",
    "payee",
    "amount",
    "currency",
    "likely",
    "action",
    "account",
    "target",
    "shares",
    "reason",
)
"""Only ``transaction_id`` and ``action`` must be there; a row without an action is left alone."""
LARGEST, LONGEST = 8 << 20, 50_000
_AMOUNT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,4})?", re.ASCII)
_TARGETS = ("entry", "payment", "bill", "invoice")
_NEEDS = {"reclassify": "account", "split": "shares"}
_TAKES = {"account": ("reclassify",), "target": ("match", "reconcile"), "shares": ("split",)}
_SHOWN = 20
_SURROGATE = re.compile("[\ud800-\udfff]")
_SAVE_AS = "Save it as CSV UTF-8."


@frozen(kw_only=True)
class Decision:
    """One line of the file. ``shares``: (account, or ``bill:ID`` / ``invoice:ID``, and the amount in major units)."""

    line: int
    transaction_id: str
    action: str
    account: str = ""
    target: tuple[str, str] | None = None
    shares: tuple[tuple[str, str], ...] = ()
    reason: str = ""
    amount: str = ""


def read_decisions(file: str | os.PathLike[str] | IO[str] | IO[bytes] | io.TextIOBase) -> tuple[Decision, ...]:
    """The decisions of a CSV file, in its order; of a path, or of a stream of text or bytes such as ``sys.stdin``.

    Columns: ``transaction_id``; ``action`` (reconcile, reclassify, match, split, exclude, include, or empty);
    ``account`` (code or id, for reclassify); ``target`` (``entry:ID``, ``payment:ID``, ``bill:ID``, ``invoice:ID``,
    for match and reconcile; the row's own entry unless given); ``shares`` (``6100=12.50; 6500=7.50`` or
    ``bill:ID=20.00``, for split); ``reason``. Where ``amount`` is there, the row must still have it.
    ``InputError`` lists everything that is wrong.
    """
    found: list[Decision] = []
    wrong: list[str] = []
    for line, row in _rows(file):
        try:
            decision = _decision(line, row)
        except InputError as error:
            wrong.append(f"line {line}: {error.message}")
        else:
            found += [decision] if decision else []
    wrong += _contradictions(found)
    if wrong:
        more = f"\n  … and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
        listed = "".join(f"\n  {fault}" for fault in wrong[:_SHOWN])
        raise InputError(f"nothing was sent, the decisions need correction:{listed}{more}")
    return tuple(found)


def _text(file: object) -> str:
    """Return the whole text of a file or a stream, without the byte-order mark."""
    if hasattr(file, "read"):
        name = "the stream of decisions"
        content = _streamed(file, name)
    else:
        place = to_path(file, "file")  # type: ignore[arg-type]
        name = shown(place)
        content = read_file(place, limit=LARGEST)

    if len(content) > LARGEST:
        raise InputError(f"{name} cannot be read: decisions are {LARGEST >> 20} MiB at the most.")
    text = content if isinstance(content, str) else _decoded(content, name)
    if "\0" in text:
        raise InputError(f"{name} cannot be read: it holds NUL characters, so it is no CSV file. {_SAVE_AS}")
    if _SURROGATE.search(text):
        # What a stream makes of bytes that are not in its encoding.
        raise InputError(f"{name} cannot be read: it is not in the encoding it is read in. {_SAVE_AS}")
    return text.removeprefix("\ufeff")


def _streamed(stream: Any, name: str) -> str | bytes:
    pieces: list[Any] = []
    left = LARGEST + 1
    try:
        # One read of a pipe or a socket may give a part only: half a file must not pass for all of it.
        while left > 0:
            piece = stream.read(left)
            if not isinstance(piece, str | bytes):
                raise TypeError(f"it gives {type(piece).__name__}, neither text nor bytes")
            if not piece:
                break
            pieces.append(piece)
            left -= len(piece)
        return pieces[0][:0].join(pieces) if pieces else ""
    except UnicodeDecodeError as error:
        raise InputError(f"{name} cannot be read: it is not {error.encoding}. {_SAVE_AS}") from error
    except (OSError, ValueError, TypeError) as error:
        # Closed, only for writing, or not a stream at all.
        raise InputError(f"{name} cannot be read: {type(error).__name__}: {error}") from error


def _decoded(content: bytes, name: str) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise InputError(f"{name} cannot be read: it is UTF-16. {_SAVE_AS}")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(f"{name} cannot be read: line {line} is not UTF-8. {_SAVE_AS}") from error


def _rows(file: object) -> Iterator[tuple[int, Mapping[str, str]]]:
    text = _text(file)
    # Spreadsheets of half the world write semicolons.
    head = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if head.count(";") > head.count(",") else ",")
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        _check_header(names)
        for number, cells in enumerate(reader):
            if number >= LONGEST:
                raise InputError(f"decisions are {LONGEST} lines at the most.")
            if any(cell.strip() for cell in cells):
                yield reader.line_num, _row(names, cells)
    except csv.Error as error:
        raise InputError(f"line {reader.line_num}: no CSV: {error}.") from error


def _check_header(names: list[str]) -> None:
    missing = [name for name in ("transaction_id", "action") if name not in names]
    if missing:
        raise InputError(f"the first line must name the columns; {' and '.join(missing)} missing.")
    twice = sorted({name for name in names if names.count(name) > 1})
    unknown = [name for name in names if name not in COLUMNS]
    if twice or unknown:
        raise InputError(f"columns {', '.join(map(repr, twice or unknown))}: known ones, once: {', '.join(COLUMNS)}.")


def _row(names: list[str], cells: list[str]) -> Mapping[str, str]:
    row = dict(zip(names, (cell.strip() for cell in cells), strict=False))
    # Told apart from an empty action, which is fine.
    return row if len(cells) == len(names) else {**row, "": f"{len(cells)} cells under {len(names)} columns"}


def _decision(line: int, row: Mapping[str, str]) -> Decision | None:
    if "" in row:
        raise InputError(row[""])
    action = row["action"].lower()
    if not action:
        return None
    if action not in ACTIONS:
        raise InputError(f"action {action!r}: one of {', '.join(ACTIONS)}, or nothing.")
    if not row["transaction_id"]:
        raise InputError("no transaction_id.")
    needed = _NEEDS.get(action)
    if needed and not row.get(needed):
        raise InputError(f"{action} needs the column {needed}.")
    return Decision(
        line=line,
        transaction_id=row["transaction_id"],
        action=action,
        account=row.get("account", "") if action == "reclassify" else "",
        target=_given(row, "target", action, _target),
        shares=_given(row, "shares", action, _shares) or (),
        reason=row.get("reason", ""),
        amount=_checked(row.get("amount", ""), "amount"),
    )


def _given(row: Mapping[str, str], name: str, action: str, read: Callable[[str], T]) -> T | None:
    """A cell, read; refused under an action that has no use for it (``account`` is filled in beforehand: ignored)."""
    if not row.get(name):
        return None
    if action not in _TAKES[name]:
        raise InputError(f"{name} means nothing to {action}.")
    return read(row[name])


def _checked(amount: str, what: str) -> str:
    if amount and not _AMOUNT.fullmatch(amount):
        raise InputError(f"{what} {amount!r} is no amount such as 12.50.")
    return amount


def _target(text: str) -> tuple[str, str]:
    kind, _, ident = (part.strip() for part in text.partition(":"))
    if kind not in _TARGETS or not ident:
        raise InputError(f"target {text!r}: write entry:ID, payment:ID, bill:ID or invoice:ID.")
    return kind, ident


def _shares(text: str) -> tuple[tuple[str, str], ...]:
    shares = []
    for part in (part for part in text.split(";") if part.strip()):
        name, sign, amount = (piece.strip() for piece in part.rpartition("="))
        if not (name and sign and amount) or amount.startswith("-"):
            raise InputError(f"share {part.strip()!r}: write 6100=12.50, or bill:ID=12.50.")
        shares.append((name, _checked(amount, "share")))
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
