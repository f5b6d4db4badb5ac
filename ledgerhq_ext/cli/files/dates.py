"""Days as files spell them."""

from __future__ import annotations

import datetime as dt
import re

from ledgerhq_ext import InputError

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)

_SOME_DAY = dt.datetime(2025, 12, 31, tzinfo=dt.UTC)


def names_a_day(form: str) -> bool:
    """Return whether a format of ``strptime`` tells a day: without a year, it would be of 1900."""
    try:
        return day_of(_SOME_DAY.strftime(form), form) == _SOME_DAY.date()
    except (InputError, ValueError):
        return False


def day_of(text: str, form: str) -> dt.date:
    """Return a day. ``form`` is a format of ``strptime``; empty for ``2026-06-08``.

    Raises ``InputError``: no form is guessed, since 6/8/2026 is June to one and August to another.
    """
    try:
        if form:
            return dt.datetime.strptime(text, form).replace(tzinfo=dt.UTC).date()
        if _ISO.fullmatch(text):
            return dt.date.fromisoformat(text)
    except ValueError:
        pass
    if form:
        raise InputError(f"the date {text!r} does not match the format {form}.")
    raise InputError(
        f"the date {text!r} is not a valid date such as 2026-06-08. To use another format, set "
        "date under [format] in the mapping file."
    )
