from __future__ import annotations

import datetime as dt

from ..records import Answer, frozen


@frozen(kw_only=True, repr=False)
class PacketPeriod(Answer):
    """The days it covers, both included."""

    start_date: dt.date
    end_date: dt.date
