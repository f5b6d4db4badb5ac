"""Quotients of integers, rounded half away from zero."""

from __future__ import annotations


def rounded(numerator: int, denominator: int) -> int:
    """Return a quotient rounded to a whole number, halves away from zero."""
    if denominator < 0:
        numerator = -numerator
        denominator = -denominator
    # In integers: twice the quotient and one more, halved, rounds a half up.
    magnitude = (2 * abs(numerator) + denominator) // (2 * denominator)
    return magnitude if numerator >= 0 else -magnitude


def tenths_of_percent(part: int, whole: int) -> int | None:
    """Return a part in tenths of a percent of a whole; None of nothing or less."""
    return rounded(1000 * part, whole) if whole > 0 else None
