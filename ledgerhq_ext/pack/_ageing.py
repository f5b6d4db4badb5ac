"""Unpaid bills by supplier, and by how long they are due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

from attrs import frozen

from ledgerhq_ext._filters import OPEN_BILLS
from ledgerhq_ext.models import Bill
from ledgerhq_ext.money import Cents

Bucket: TypeAlias = Literal["not_due", "days_30", "days_60", "days_90", "older"]
BUCKETS: tuple[Bucket, ...] = ("not_due", "days_30", "days_60", "days_90", "older")

_LAST_DAYS: tuple[tuple[int, Bucket], ...] = (
    (0, "not_due"),
    (30, "days_30"),
    (60, "days_60"),
    (90, "days_90"),
)


@frozen(kw_only=True)
class AgeingLine:
    """The unpaid bills of a supplier, in cents, by days past their due day.

    ``not_due`` are those that are due today or later, ``days_30`` those 1 to 30 days late, and
    ``older`` those more than 90.
    """

    contact_id: str
    name: str
    not_due: Cents = 0
    days_30: Cents = 0
    days_60: Cents = 0
    days_90: Cents = 0
    older: Cents = 0

    @property
    def total(self) -> Cents:
        """The sum of all ages."""
        return self.not_due + self.days_30 + self.days_60 + self.days_90 + self.older


@frozen(kw_only=True)
class Ageing:
    """Unpaid bills as of a day, by supplier. ``foreign`` are bills in other currencies."""

    day: dt.date
    lines: tuple[AgeingLine, ...]
    foreign: tuple[Bill, ...] = ()

    @property
    def total(self) -> Cents:
        """The sum of all lines."""
        return sum(line.total for line in self.lines)


def ageing_of(
    bills: Iterable[Bill], names: Mapping[str, str], day: dt.date, currency: str
) -> Ageing:
    """Return the unpaid bills by supplier, as of a day. ``names`` are those of contacts by id."""
    suppliers: dict[str, dict[Bucket, int]] = {}
    foreign: list[Bill] = []
    # The service says what is due now, not what was due at the end of the period. So the ages are
    # of the day that the bills were read.
    for bill in bills:
        if bill.status not in OPEN_BILLS or not bill.amount_due:
            continue
        if bill.currency_code != currency:
            foreign.append(bill)
            continue
        amounts = suppliers.setdefault(bill.contact_id, {})
        bucket = _bucket((day - bill.due_date).days)
        amounts[bucket] = amounts.get(bucket, 0) + bill.amount_due

    lines = [
        AgeingLine(contact_id=id, name=names.get(id, id), **amounts)
        for id, amounts in suppliers.items()
    ]
    lines.sort(key=_name)
    return Ageing(day=day, lines=tuple(lines), foreign=tuple(foreign))


def _bucket(days_late: int) -> Bucket:
    for last_day, bucket in _LAST_DAYS:
        if days_late <= last_day:
            return bucket
    return "older"


def _name(line: AgeingLine) -> tuple[str, str]:
    return line.name.casefold(), line.contact_id
