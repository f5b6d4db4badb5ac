"""Periods as people type them: in words, a month, or two days."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from typing import TYPE_CHECKING, Annotated

import typer

from ledgerhq_ext import InputError

if TYPE_CHECKING:
    from ledgerhq_ext import Organization, Period

PeriodWords = Annotated[
    str,
    typer.Argument(
        metavar="PERIOD",
        help='The period: "last month", 2026-05, 2026-Q2, FY2026, or 2026-05-01..2026-05-15.',
    ),
]
Zone = Annotated[
    str | None,
    typer.Option(
        "--tz",
        metavar="ZONE",
        help='The time zone of "today", such as America/New_York; by default the local one.',
    ),
]
Today = Annotated[
    str | None,
    typer.Option("--today", metavar="DAY", help='The day that "last month" is relative to.'),
]


def period_of(books: Organization, words: str, *, tz: str | None, today: str | None) -> Period:
    """Return the period that somebody means, by the company's fiscal year."""
    start, dots, end = words.partition("..")
    if dots:
        return books.period(start.strip(), end.strip())
    if today is not None:
        return books.period(words, tz=tz, today=today)
    # Words are typed at a terminal: its own day counts, and not the one in Greenwich.
    return books.period(words, tz=tz or dt.datetime.now().astimezone().tzinfo)


def label_of(period: Period) -> str:
    """Return a period for the name of a file: ``2026-05``, or both days."""
    # Not by the day after it: after the last one of the calendar there is none.
    _, last_day = monthrange(period.start.year, period.start.month)
    if period.start.day == 1 and period.end == period.start.replace(day=last_day):
        return f"{period.start.year:04}-{period.start.month:02}"

    return f"{period.start}_{period.end}"


def moment_of(text: str) -> dt.datetime:
    """Return a moment; a day begins at midnight, and without a time zone it is this machine's."""
    try:
        moment = dt.datetime.fromisoformat(text)
        # Fails for the first days of the calendar, and for the last ones.
        return moment.astimezone() if moment.tzinfo is None else moment
    except (ValueError, OverflowError):
        raise InputError(
            f"{text!r} is not a valid date or time. Give one such as 2026-06-30 or "
            "2026-06-30T02:00:00Z."
        ) from None
