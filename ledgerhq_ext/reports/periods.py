"""A period: a first and a last day. Days and moments near the ends of the calendar."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange

from attrs import field, frozen

from ledgerhq_ext._checks import to_date
from ledgerhq_ext.errors import InputError


@frozen
class Period:
    """A period, including both its first and last day. Raises ``InputError`` if it ends before it
    starts.
    """

    start: dt.date = field(converter=to_date)
    end: dt.date = field(converter=to_date)

    def __attrs_post_init__(self) -> None:
        if self.start > self.end:
            raise InputError(f"The period starts on {self.start} but ends earlier, on {self.end}.")


def is_last_of_month(day: dt.date) -> bool:
    """Return whether a day is the last one of its month."""
    _, last_day = monthrange(day.year, day.month)
    return day.day == last_day


def month_number(day: dt.date) -> int:
    """Return the number of a month, counted from the year 0: December and January are neighbors."""
    return day.year * 12 + day.month - 1


def moved(day: dt.date, days: int) -> dt.date:
    """Return the day so many days later, or the last or first one that a calendar has."""
    try:
        return day + dt.timedelta(days=days)
    except OverflowError:
        return dt.date.max if days > 0 else dt.date.min


def in_utc(moment: dt.datetime) -> dt.datetime:
    """Return a moment in UTC; one without a zone is the service's, which writes UTC."""
    if moment.tzinfo is None:
        return moment.replace(tzinfo=dt.UTC)
    try:
        return moment.astimezone(dt.UTC)
    except OverflowError:
        # Within a day of the calendar's ends.
        return moment
