"""Periods in words are those of the company, where it is evening or morning already."""

from __future__ import annotations

import datetime as dt

import pytest

from ledgerhq_ext import Period

from .support import ORG, SURFACES, Clock, ask, organization, organizations

# As fixed offsets: the time zones of a machine are not what is tested.
LOS_ANGELES = dt.timezone(dt.timedelta(hours=-7))
AUCKLAND = dt.timezone(dt.timedelta(hours=12))
BERLIN = dt.timezone(dt.timedelta(hours=2))
LAST_EVENING = dt.datetime(2026, 6, 30, 17, 30, tzinfo=LOS_ANGELES)
FIRST_MORNING = dt.datetime(2026, 7, 1, 9, 0, tzinfo=AUCKLAND)
FIRST_HOUR = dt.datetime(2026, 7, 1, 1, 0, tzinfo=BERLIN)
JUNE = Period("2026-06-01", "2026-06-30")
JULY = Period("2026-07-01", "2026-07-31")

parametrize_surfaces = pytest.mark.parametrize("surface", SURFACES)


def period(surface: str, words: str, moment: dt.datetime, **where: object) -> Period:
    """Return what words mean at a moment."""
    result = ask(
        surface,
        lambda hq: hq.organization(ORG).period(words, **where),
        lambda _: organizations([organization()]),
        clock=Clock(moment.timestamp()),
    )
    assert isinstance(result, Period)
    return result


@parametrize_surfaces
@pytest.mark.parametrize(
    ("moment", "this_month"),
    [
        pytest.param(LAST_EVENING, JUNE, id="the last evening in Los Angeles"),
        pytest.param(FIRST_MORNING, JULY, id="the first morning in Auckland"),
        pytest.param(FIRST_HOUR, JULY, id="the first hour in Berlin"),
    ],
)
def test_this_month_in_a_zone(surface: str, moment: dt.datetime, this_month: Period) -> None:
    assert period(surface, "this month", moment, tz=moment.tzinfo) == this_month


@parametrize_surfaces
def test_last_month_in_a_zone(surface: str) -> None:
    assert period(surface, "last month", FIRST_MORNING, tz=AUCKLAND) == JUNE


@parametrize_surfaces
def test_month_to_date_on_a_day(surface: str) -> None:
    day = dt.date(2026, 6, 30)
    assert period(surface, "month to date", FIRST_MORNING, today=day) == JUNE


@parametrize_surfaces
def test_a_month_by_name_is_the_same_everywhere(surface: str) -> None:
    assert period(surface, "2026-06", LAST_EVENING) == JUNE
