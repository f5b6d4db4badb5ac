"""Changes in percent, as documents say them."""

from __future__ import annotations

from ledgerhq_ext._message import message as _
from ledgerhq_ext.pack._rounding import rounded

NOT_MEANINGFUL = _("n.m.")
LARGEST_TENTHS = 9_999


def percent_of_change(before: int | None, after: int | None) -> int | str | None:
    """Return the change in tenths of a percent of the amount before, rounded half away from zero.

    None without a before; ``n.m.`` where a loss became a profit or the reverse, and beyond 999.9 %.
    """
    if not before:
        return None
    now = after or 0
    crosses_zero = before < 0 < now or now < 0 < before
    if crosses_zero:
        return NOT_MEANINGFUL

    tenths = rounded(1000 * (now - before), abs(before))
    return NOT_MEANINGFUL if abs(tenths) > LARGEST_TENTHS else tenths
