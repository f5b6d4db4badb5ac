"""The checks of a statement or packet: for people, for scripts, and for the exit status."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ledgerhq_ext import format_cents
from ledgerhq_ext._plain import counted
from ledgerhq_ext.cli._failures import Status
from ledgerhq_ext.cli._output import Row, plain_text, say

if TYPE_CHECKING:
    from ledgerhq_ext import Check, OrganizationRecord, Period


def check_row(check: Check) -> Row:
    """Return a check for JSON; ``figure`` and ``counterpart`` are cents, or rows."""
    return {
        "rule": check.rule,
        "statement": check.statement,
        "verdict": check.verdict,
        "about": check.about,
        "figure": check.figure,
        "counterpart": check.counterpart,
        "unit": check.unit,
        "reason": check.reason,
        "count": check.count,
    }


def checks_text(checks: Iterable[Check], currency: str) -> str:
    """Return how many checks were made and what came out, and each one that differs."""
    numbers: dict[str, int] = {"ties": 0, "differs": 0, "not checkable": 0}
    differences: list[str] = []
    for check in checks:
        numbers[check.verdict] += check.count
        if check.verdict == "differs":
            differences.append(f"  differs: {_difference(check, currency)}")

    made = numbers["ties"] + numbers["differs"]
    verdict = counted(numbers["differs"], "differs", "differ") if differences else "all tie"
    text = f"{counted(made, 'check')} made: {verdict}"
    if numbers["not checkable"]:
        text += f"; {numbers['not checkable']} not checkable"
    return "\n".join([f"{text}.", *differences])


def _difference(check: Check, currency: str) -> str:
    text = check.rule
    if check.about:
        text += f" ({plain_text(check.about)})"

    # Some rules compare something else than amounts.
    if check.figure is not None and check.counterpart is not None:
        figure = _figure(check.figure, check, currency)
        counterpart = _figure(check.counterpart, check, currency)
        text += f": {figure} against {counterpart}"
    if check.reason:
        text += f"; {plain_text(check.reason)}"
    return text


def _figure(value: int, check: Check, currency: str) -> str:
    return format_cents(value, currency) if check.unit == "cents" else f"{value} rows"


def ties(checks: Iterable[Check]) -> bool:
    """Return whether none differs."""
    return all(check.verdict != "differs" for check in checks)


def status_of_checks(checks: Iterable[Check], currency: str, *, is_said: bool) -> Status:
    """Return the exit status; say what differs on standard error unless that is said already."""
    all_checks = list(checks)
    if ties(all_checks):
        return Status.OK
    if not is_said:
        say(checks_text(all_checks, currency))
    return Status.DIFFERS


def scope_row(record: OrganizationRecord, period: Period) -> dict[str, Any]:
    """Return whose report it is, and of which days."""
    return {
        "company": {
            "id": record.id,
            "name": record.name,
            "currency": record.default_currency,
        },
        "period": {"start": period.start.isoformat(), "end": period.end.isoformat()},
    }
