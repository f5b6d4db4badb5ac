"""Periods in words, by the calendar and by the fiscal year."""

import datetime as dt
import sys
import zoneinfo
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgerhq_ext import InputError, OrganizationRecord, Period
from ledgerhq_ext.reports.period_words import parse_period
from tests.support.clients import ORG, client
from tests.support.responses import Script

pytestmark = pytest.mark.slow

TODAY = dt.date(2026, 6, 8)

TABLE = [
    # words, first month of the fiscal year, from, to
    ("this month", 1, "2026-06-01", "2026-06-30"),
    ("last month", 1, "2026-05-01", "2026-05-31"),
    ("this quarter", 1, "2026-04-01", "2026-06-30"),
    ("last quarter", 1, "2026-01-01", "2026-03-31"),
    ("previous quarter", 1, "2026-01-01", "2026-03-31"),
    ("this year", 1, "2026-01-01", "2026-12-31"),
    ("last year", 1, "2025-01-01", "2025-12-31"),
    ("this year", 4, "2026-04-01", "2027-03-31"),
    ("current year", 7, "2025-07-01", "2026-06-30"),
    ("last year", 4, "2025-04-01", "2026-03-31"),
    ("last fiscal year", 4, "2025-04-01", "2026-03-31"),
    ("last calendar year", 4, "2025-01-01", "2025-12-31"),
    ("this quarter", 2, "2026-05-01", "2026-07-31"),
    ("last quarter", 2, "2026-02-01", "2026-04-30"),
    ("last calendar quarter", 2, "2026-01-01", "2026-03-31"),
    ("last month", 4, "2026-05-01", "2026-05-31"),
    ("month to date", 4, "2026-06-01", "2026-06-08"),
    ("quarter to date", 2, "2026-05-01", "2026-06-08"),
    ("year to date", 4, "2026-04-01", "2026-06-08"),
    ("year to date", 1, "2026-01-01", "2026-06-08"),
    ("mtd", 1, "2026-06-01", "2026-06-08"),
    ("QTD", 1, "2026-04-01", "2026-06-08"),
    ("ytd", 10, "2025-10-01", "2026-06-08"),
    ("2026", 4, "2026-01-01", "2026-12-31"),
    ("2026-Q1", 4, "2026-01-01", "2026-03-31"),
    ("2024-02", 4, "2024-02-01", "2024-02-29"),
    ("2026-12", 1, "2026-12-01", "2026-12-31"),
    ("9999-12", 1, "9999-12-01", "9999-12-31"),
    ("FY2026", 1, "2026-01-01", "2026-12-31"),
    ("FY2026", 4, "2025-04-01", "2026-03-31"),
    ("fy 2026-q1", 4, "2025-04-01", "2025-06-30"),
    ("FY2026-Q4", 4, "2026-01-01", "2026-03-31"),
    ("  Last \n QUARTER ", 1, "2026-01-01", "2026-03-31"),
]


@pytest.mark.sample
@pytest.mark.parametrize(("words", "first", "start", "end"), TABLE)
def test_words(words: str, first: int, start: str, end: str) -> None:
    assert parse_period(words, today=TODAY, fiscal_year_start_month=first) == Period(start, end)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "yesterday",
        "last week",
        "2026-13",
        "2026-00",
        "2026-Q5",
        "2026-Q0",
        "0000",
        "26",
        "FY26",
        "FY2026-06",
        "2026-6",
        "2026-06-08",
        "last",
        "next quarter",
        "٢٠٢٦",
        None,
        2026,
        TODAY,
    ],
)
def test_what_is_no_period(words: Any) -> None:
    with pytest.raises(InputError, match="is not a known period"):
        parse_period(words, today=TODAY)


@pytest.mark.parametrize("month", [0, 13, -1, "4", None, 4.0])
def test_what_is_no_month(month: Any) -> None:
    with pytest.raises(InputError):
        parse_period("this year", today=TODAY, fiscal_year_start_month=month)


@given(
    st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1)),
    st.integers(1, 12),
    st.sampled_from(["month", "quarter", "year"]),
)
def test_this_and_last_touch_and_hold_today(today: dt.date, first: int, unit: str) -> None:
    this, last = (
        parse_period(f"{which} {unit}", today=today, fiscal_year_start_month=first)
        for which in ("this", "last")
    )
    assert this.start <= today <= this.end
    assert last.end + dt.timedelta(days=1) == this.start
    assert this.start.day == last.start.day == 1
    if unit == "year":
        assert this.start.month == first


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-06-08", "2026-06-07"),
        ("2026-02-30", "2026-03-01"),
        (None, TODAY),
        (dt.datetime(2026, 1, 1, tzinfo=dt.UTC), TODAY),
    ],
)
def test_refused_days(start: Any, end: Any) -> None:
    with pytest.raises(InputError):
        Period(start, end)


def test_one_day_is_a_period() -> None:
    assert Period("2026-06-08", TODAY) == Period(TODAY, TODAY)


# --- seen from a place or a day (the clock says noon of 30 June 2026 in UTC)


def period(**where: Any) -> Period:
    record = OrganizationRecord.from_dict(
        {
            "id": ORG,
            "name": "Maple",
            "type": "client",
            "defaultCurrency": "USD",
            "fiscalYearStartMonth": 1,
        }
    )
    return client(Script(500)).organization(record).period("month to date", **where)


@pytest.mark.parametrize(
    ("where", "end"),
    [
        ({}, "2026-06-30"),
        ({"tz": "Pacific/Kiritimati"}, "2026-07-01"),
        ({"tz": zoneinfo.ZoneInfo("Pacific/Kiritimati")}, "2026-07-01"),
        ({"tz": dt.timezone(dt.timedelta(hours=-12))}, "2026-06-30"),
        ({"today": "2026-02-10"}, "2026-02-10"),
        ({"today": dt.date(2026, 2, 10)}, "2026-02-10"),
    ],
)
def test_seen_from(where: dict[str, Any], end: str) -> None:
    day = dt.date.fromisoformat(end)
    assert period(**where) == Period(day.replace(day=1), day)


@pytest.mark.parametrize(
    ("where", "problem"),
    [
        ({"tz": "America/Los_Angles"}, "Did you mean 'America/Los_Angeles'"),
        ({"tz": "America"}, "is not a valid time zone name"),
        ({"tz": ""}, "is not a valid time zone name"),
        ({"tz": "../../etc/passwd"}, "is not a valid time zone name"),
        ({"tz": "a\0b"}, "is not a valid time zone name"),
        ({"tz": -7}, "the IANA name of a time zone or a datetime.tzinfo"),
        ({"today": "2026-02-30"}, "not a valid date"),
        ({"today": dt.datetime(2026, 2, 10, tzinfo=dt.UTC)}, "A date is required"),
        ({"today": TODAY, "tz": "UTC"}, "not both"),
    ],
)
def test_seen_from_nowhere(where: dict[str, Any], problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        period(**where)


def test_a_system_without_time_zones(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("tzdata", *sys.modules):
        if name.partition(".")[0] == "tzdata":
            monkeypatch.setitem(sys.modules, name, None)
    search_path = zoneinfo.TZPATH
    zoneinfo.reset_tzpath(to=[])
    try:
        with pytest.raises(InputError, match="pip install tzdata"):
            period(tz="Antarctica/Troll")
    finally:
        zoneinfo.reset_tzpath(to=search_path)
