"""Periods: from a first to a last day, as dates or in words, with the organization's fiscal year."""

from __future__ import annotations

import datetime as dt
import difflib
import re

from attrs import field, frozen
from dateutil.relativedelta import relativedelta

from ledgerhq_ext._checks import to_date
from ledgerhq_ext.errors import InputError

_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_KNOWN = (
    "'this month', 'last quarter', 'last year', 'last calendar quarter', 'last calendar year', "
    "'month to date', 'quarter to date', 'year to date', '2026-06', '2026-Q2', '2026', 'FY2026', "
    "'FY2026-Q2'"
)


@frozen
class Period:
    """A period; both days are included."""

    start: dt.date = field(converter=to_date)
    end: dt.date = field(converter=to_date)

    def __attrs_post_init__(self) -> None:
        if self.start > self.end:
            raise InputError(
                f"the period starts on {self.start} and ends before that, on {self.end}."
            )


def parse_period(words: str, *, today: dt.date, fiscal_year_start_month: int = 1) -> Period:
    """The period that words name, seen from ``today``.

    ``last quarter`` and ``last year`` are fiscal ones (``last calendar quarter`` is not); ``2026``,
    ``2026-Q2`` and ``2026-06`` are calendar ones; ``FY2026`` is the fiscal year that ends in 2026.
    Raises ``InputError`` that lists the known words.
    """
    if not isinstance(fiscal_year_start_month, int) or not 1 <= fiscal_year_start_month <= 12:
        raise InputError(f"fiscal_year_start_month is 1 to 12, not {fiscal_year_start_month!r}.")
    text = " ".join(words.split()).lower() if isinstance(words, str) else ""
    try:
        found = _relative(text, today, fiscal_year_start_month) or _named(
            text, fiscal_year_start_month
        )
    except (ValueError, OverflowError):
        found = None
    if found is None:
        raise InputError(f"{words!r} is no period. Known, for example: {_KNOWN}.")
    return found


def to_zone(zone: str | dt.tzinfo) -> dt.tzinfo:
    """Return a time zone, from its IANA name or as it is. Raises ``InputError`` that says what to
    do.
    """
    if isinstance(zone, dt.tzinfo):
        return zone
    if not isinstance(zone, str):
        raise InputError(
            f"tz must be the IANA name of a time zone or a datetime.tzinfo, not {zone!r}."
        )
    # Not with the package: it looks through the system's configuration.
    import zoneinfo

    try:
        return zoneinfo.ZoneInfo(zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        pass

    names = zoneinfo.available_timezones()
    if not names:
        raise InputError(
            "this system has no time zones: pip install tzdata, or give tz as a datetime.tzinfo."
        )
    near = difflib.get_close_matches(zone, names, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise InputError(
        f"tz {zone!r} is not a valid name of a time zone, such as 'America/New_York'.{hint}"
    )


def _span(start: dt.date, months: int) -> Period:
    return Period(start, start + relativedelta(months=months, days=-1))


def _start(day: dt.date, months: int, first_month: int) -> dt.date:
    """The first day of the ``months`` long stretch that holds ``day``, counted from
    ``first_month``.
    """
    return day.replace(day=1) - relativedelta(months=(day.month - first_month) % 12 % months)


def _relative(text: str, today: dt.date, fiscal_start: int) -> Period | None:
    match = re.fullmatch(
        r"(this|current|last|previous) (calendar |fiscal )?(month|quarter|year)", text
    )
    if match:
        months = _MONTHS[match[3]]
        start = _start(today, months, 1 if match[2] == "calendar " else fiscal_start)
        back = months if match[1] in ("last", "previous") else 0
        return _span(start - relativedelta(months=back), months)
    match = re.fullmatch(r"(?:(month|quarter|year) to date|[mqy]td)", text)
    if match:
        unit = match[1] or {"m": "month", "q": "quarter", "y": "year"}[text[0]]
        return Period(_start(today, _MONTHS[unit], fiscal_start), today)
    return None


def _named(text: str, fiscal_start: int) -> Period | None:
    match = re.fullmatch(r"(fy ?)?([0-9]{4})(?:-(?:q([1-4])|([0-9]{2})))?", text, re.ASCII)
    if not match or (match[1] and match[4]):
        return None
    start = dt.date(int(match[2]), int(match[4] or 1), 1)
    if match[1] and fiscal_start > 1:
        start = start + relativedelta(months=fiscal_start - 1, years=-1)
    if match[3]:
        return _span(start + relativedelta(months=3 * (int(match[3]) - 1)), 3)
    return _span(start, 1 if match[4] else 12)
