"""Answers compared with the question: a record that names itself must be the one that was asked
for.

Connections are kept and shared, by the client and by balancers on the way, and an answer may be
left over on one. (Our own transport notices one that was there before its request; a balancer's it
cannot see.) The seam says, operation by operation, where a record names itself; the organization is
compared as a record is read, wherever it carries it. A record that names nothing cannot be
compared: rows of a register, tax rates and contacts do not say whose company they are of, and
``match`` and a split over accounts do not say which row they changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ledgerhq_ext._plain import brief
from ledgerhq_ext.errors import ContractError

Names = tuple[tuple[str, str], ...]
"""Where a record names itself (a property, or one of an object inside: ``transaction/id``), each
with the part of the question that it must equal: ``organization``, ``id``, ``key``, or a parameter.
"""

Expectations = tuple[tuple[tuple[str, ...], str], ...]
"""The steps to each of these places, and what must stand there."""

_SHOWN = 60


def expectations(names: Names, question: Mapping[str, object]) -> Expectations:
    """Return what a record must say of itself. What was not asked for (None) is not compared."""
    parts: list[tuple[tuple[str, ...], str]] = []
    for path, part in names:
        value = question.get(part)
        if value is not None:
            parts.append((tuple(path.split("/")), str(value)))
    return tuple(parts)


def compare(expectations: Expectations, record: Any, *, pointer: str) -> None:
    """Raise ``ContractError`` when a record says something else. What it leaves out is not
    compared.
    """
    for steps, value in expectations:
        actual = _at(record, steps)
        if actual is None or actual == value:
            continue
        raise ContractError(
            f"expected the requested {value!r}, found {brief(repr(actual), _SHOWN)}",
            pointer="/".join((pointer, *steps)),
        )


def _at(record: Any, steps: tuple[str, ...]) -> Any:
    """Return what stands at a place in a record, None where it says nothing there."""
    value = record
    for step in steps:
        if not isinstance(value, dict):
            return None
        value = value.get(step)
    return value


def compare_each(expectations: Expectations, records: Iterable[Any], *, pointer: str) -> None:
    """Compare each of the records in an array, as ``compare`` does."""
    if expectations:
        for at, record in enumerate(records):
            compare(expectations, record, pointer=f"{pointer}/{at}")
