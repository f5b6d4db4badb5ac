"""Step `repair`: patches for mistakes in the vendor's document, by JSON pointer, each with its
reason.
"""

import copy
import json
from dataclasses import dataclass
from typing import Any

from .errors import StepError
from .pointers import Object, join, resolve, split

_NOTHING = object()
_KEYS = {"pointer", "expect", "value", "remove", "reason"}


@dataclass(frozen=True)
class Repair:
    """Put `value` at `pointer` (or remove what is there), where `expect` is seen today.

    Without `expect`, nothing may stand there yet.
    """

    pointer: str
    reason: str
    expect: Any = _NOTHING
    value: Any = _NOTHING


def load_repairs(content: bytes) -> list[Repair]:
    """Return the table in `repairs.json`, checked."""
    try:
        table = json.loads(content)
    except ValueError as error:
        raise StepError("repair", "openapi/repairs.json is not JSON", why=str(error)) from None
    if not isinstance(table, list):
        raise StepError("repair", "openapi/repairs.json is not a list")
    return [_repair(row) for row in table]


def _repair(row: Any) -> Repair:
    fault = _fault(row)
    if fault:
        raise StepError(
            "repair", f"a row of openapi/repairs.json is wrong: {json.dumps(row)[:200]}", why=fault
        )
    expect = row.get("expect", _NOTHING)
    return Repair(row["pointer"], row["reason"], expect, row.get("value", _NOTHING))


def _fault(row: Any) -> str:
    """Return what is wrong with a row of the table; nothing where nothing is."""
    if not isinstance(row, dict) or set(row) - _KEYS:
        return f"a row is an object with {', '.join(sorted(_KEYS))}"

    texts = [row.get("pointer"), row.get("reason")]
    if not all(isinstance(text, str) and text for text in texts):
        return "'pointer' and 'reason' are needed"
    if not row["pointer"].startswith("/"):
        return "the pointer must start with '/'"

    is_removal = bool(row.get("remove"))
    if ("value" in row) == is_removal:
        return "give 'value', or 'remove': true"
    if is_removal and "expect" not in row:
        return "what is removed must be named by 'expect'"
    return ""


def repair(document: Object, repairs: list[Repair]) -> tuple[Object, list[str]]:
    """Return the repaired document, and a warning for each repair that the vendor has made."""
    document = copy.deepcopy(document)
    warnings = []
    for row in repairs:
        if not _apply(document, row):
            warnings.append(
                f"no longer needed, because the vendor has made it: {row.pointer} ({row.reason})"
            )
    return document, warnings


def _apply(document: Object, row: Repair) -> bool:
    *parents, last = split(row.pointer)
    holder = _holder(document, parents, row)
    value = _value_at(holder, last)
    # The vendor has made it himself.
    if _same(value, row.value):
        return False
    if not _same(value, row.expect):
        text = "nothing" if value is _NOTHING else json.dumps(value)[:200]
        raise _gone(row, f"something else is there: {text}")
    _put(holder, last, row)
    return True


def _holder(document: Object, parents: list[str], row: Repair) -> Any:
    try:
        return resolve(document, join("", *parents))
    except KeyError:
        raise _gone(row, "its parent no longer exists") from None


def _value_at(holder: Any, last: str) -> Any:
    try:
        return resolve(holder, join("", last))
    except KeyError:
        return _NOTHING


def _put(holder: Any, last: str, row: Repair) -> None:
    key: Any = last
    if isinstance(holder, list):
        key = int(last) if last.isdecimal() else len(holder)
        if key >= len(holder):
            raise _gone(row, "the list has no such index")

    if row.value is _NOTHING:
        del holder[key]
    else:
        holder[key] = copy.deepcopy(row.value)


def _same(left: Any, right: Any) -> bool:
    if left is _NOTHING or right is _NOTHING:
        return left is right
    # As text, because 1 == True in Python.
    return json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True)


def _gone(row: Repair, why: str) -> StepError:
    todo = "correct or drop that row of openapi/repairs.json"
    return StepError(
        "repair",
        f"the place of a repair no longer exists: {row.pointer} ({row.reason})",
        why=why,
        todo=todo,
    )
