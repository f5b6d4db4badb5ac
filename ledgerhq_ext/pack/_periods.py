"""The periods of a management pack: the one it is about, and those it is compared with."""

from __future__ import annotations

import datetime as dt

from attrs import frozen
from dateutil.relativedelta import relativedelta

from ledgerhq_ext.errors import InputError
from ledgerhq_ext.reports.period_words import start_of
from ledgerhq_ext.reports.periods import Period, is_last_of_month, month_number

_YEAR = 12
_TO_ITS_END = relativedelta(day=31)
"""To the last day of a month, however long it is."""


@frozen(kw_only=True)
class PackPeriods:
    """All periods that a pack reads.

    ``prior`` is as long as the period and ends the day before it begins; ``prior_year`` is the same
    days a year earlier. ``year_to_date`` begins with the fiscal year that the period ends in.
    ``months`` are twelve, the last of which ends with the period.
    """

    current: Period
    prior: Period
    prior_year: Period
    year_to_date: Period
    prior_year_to_date: Period
    months: tuple[Period, ...]


def pack_periods(period: Period, fiscal_year_start_month: int) -> PackPeriods:
    """Return the periods of a pack for a period; ``InputError`` where the calendar begins later."""
    try:
        return _all_periods(period, fiscal_year_start_month)
    except (ValueError, OverflowError):
        raise InputError(
            f"A pack from {period.start} on would be compared with days before the year 1."
        ) from None


def _all_periods(period: Period, fiscal_year_start_month: int) -> PackPeriods:
    year_start = start_of(period.end, _YEAR, fiscal_year_start_month)
    year_to_date = Period(year_start, period.end)
    return PackPeriods(
        current=period,
        prior=_prior(period),
        prior_year=_a_year_earlier(period),
        year_to_date=year_to_date,
        prior_year_to_date=_a_year_earlier(year_to_date),
        months=_months(period.end),
    )


def _prior(period: Period) -> Period:
    """Return the period before: as many full months where it has full months, else days."""
    end = period.start - dt.timedelta(days=1)
    months = full_months(period.start, period.end)
    if months:
        return Period(period.start - relativedelta(months=months), end)
    return Period(period.start - (period.end - end), end)


def full_months(start: dt.date, end: dt.date) -> int:
    """Return how many months there are from a day to another; 0 where there is a part of one."""
    if start.day != 1 or not is_last_of_month(end):
        return 0
    return month_number(end) - month_number(start) + 1


def _a_year_earlier(period: Period) -> Period:
    end = period.end - relativedelta(years=1)
    # The last of February may be a day later.
    if is_last_of_month(period.end):
        end += _TO_ITS_END
    return Period(period.start - relativedelta(years=1), end)


def _months(end: dt.date) -> tuple[Period, ...]:
    """Return the eleven full months before a day's month, and its own up to the day."""
    months: list[Period] = []
    for back in range(_YEAR - 1, 0, -1):
        start = end.replace(day=1) - relativedelta(months=back)
        months.append(Period(start, start + _TO_ITS_END))
    return (*months, Period(end.replace(day=1), end))
