"""Periods in words, by an organization's fiscal year."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from contextlib import suppress

from dateutil.relativedelta import relativedelta

from ledgerhq_ext._checks import check_whole
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.reports.periods import Period

_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_RELATIVE = re.compile(r"(this|current|last|previous) (calendar |fiscal )?(month|quarter|year)")
_TO_DATE = re.compile(r"(month|quarter|year) to date|(mtd|qtd|ytd)")
_NAMED = re.compile(r"(fy ?)?([0-9]{4})(?:-(?:q([1-4])|([0-9]{2})))?", re.ASCII)
_SHORT = {"mtd": "month", "qtd": "quarter", "ytd": "year"}
_EXAMPLES = (
    "'this month', 'last month', 'last quarter', 'last year', 'last calendar quarter', "
    "'last calendar year', 'month to date', 'quarter to date', 'year to date', '2026-06', "
    "'2026-Q2', '2026', 'FY2026', 'FY2026-Q2'"
)


def parse_period(words: str, *, today: dt.date, fiscal_year_start_month: int = 1) -> Period:
    """Return the period that words name, seen from ``today``.

    ``last quarter`` and ``last year`` are fiscal ones (``last calendar quarter`` is not); ``2026``,
    ``2026-Q2`` and ``2026-06`` are calendar ones; ``FY2026`` is the fiscal year that ends in 2026.
    Raises ``InputError``, with examples, for words that name none.
    """
    check_whole(fiscal_year_start_month, "fiscal_year_start_month", 1, 12)

    text = " ".join(words.split()).lower() if isinstance(words, str) else ""
    period = None
    # Outside of the calendar (the year 0, or before the year 1) there are no days to name.
    with suppress(ValueError, OverflowError):
        period = _period(text, today, fiscal_year_start_month)
    if period is None:
        raise InputError(f"{words!r} is not a known period. Use, for example, {_EXAMPLES}.")
    return period


def _period(text: str, today: dt.date, fiscal_start: int) -> Period | None:
    if match := _RELATIVE.fullmatch(text):
        return _relative(match, today, fiscal_start)
    if match := _TO_DATE.fullmatch(text):
        unit = match[1] or _SHORT[match[2]]
        return Period(start_of(today, _MONTHS[unit], fiscal_start), today)
    if match := _NAMED.fullmatch(text):
        return _calendar_or_fiscal(match, fiscal_start)
    return None


def to_zone(zone: str | dt.tzinfo) -> dt.tzinfo:
    """Return a time zone, from its IANA name or as it is.

    Raises ``InputError``, which says what to do, for a name that this system does not know.
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
            "This system has no time zone database; run pip install tzdata, or pass tz as a "
            "datetime.tzinfo."
        )
    near = difflib.get_close_matches(zone, names, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise InputError(
        f"tz {zone!r} is not a valid time zone name, such as 'America/New_York'.{hint}"
    )


def _span(start: dt.date, months: int) -> Period:
    """Return the period of so many months that begins with the first day of one."""
    return Period(start, start + relativedelta(months=months - 1, day=31))


def start_of(day: dt.date, months: int, first_month: int) -> dt.date:
    """Return the first day of the month, quarter or year that holds a day.

    It is ``months`` long, and such stretches are counted from ``first_month``.
    """
    months_since = (day.month - first_month) % 12 % months
    return day.replace(day=1) - relativedelta(months=months_since)


def _relative(match: re.Match[str], today: dt.date, fiscal_start: int) -> Period:
    which, calendar, unit = match.groups()
    months = _MONTHS[unit]
    first_month = 1 if calendar == "calendar " else fiscal_start
    start = start_of(today, months, first_month)
    if which in ("last", "previous"):
        start -= relativedelta(months=months)
    return _span(start, months)


def _calendar_or_fiscal(match: re.Match[str], fiscal_start: int) -> Period | None:
    fiscal, year, quarter, month = match.groups()
    # Months are not counted within a fiscal year: FY2026-06 could be one of two.
    if fiscal and month:
        return None
    if month:
        return _span(dt.date(int(year), int(month), 1), 1)

    start = dt.date(int(year), 1, 1)
    if fiscal and fiscal_start > 1:
        # The fiscal year is named by the year in which it ends.
        start += relativedelta(months=fiscal_start - 1, years=-1)
    if quarter:
        return _span(start + relativedelta(months=3 * (int(quarter) - 1)), 3)
    return _span(start, 12)
