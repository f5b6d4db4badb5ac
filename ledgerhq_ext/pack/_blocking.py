"""The reading of a management pack, blocking.

Written by ``python -m scripts.write_surface``; do not edit.
Edit ``pack._reading``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from ledgerhq_ext._handle import core_of
from ledgerhq_ext._http.io import run
from ledgerhq_ext.blocking import Organization
from ledgerhq_ext.pack._groups import Group
from ledgerhq_ext.pack._pack import ManagementPack
from ledgerhq_ext.pack._reading import Progress, async_read_pack
from ledgerhq_ext.reports.periods import Period


def read_pack(
    organization: Organization,
    start: dt.date | str | Period,
    end: dt.date | str | None = None,
    *,
    groups: Mapping[str, Group] | None = None,
    on_progress: Progress | None = None,
) -> ManagementPack:
    """Return everything that a management pack of a period is made of, in cents.

    ``start`` and ``end`` are as for ``financial_packet``. ``groups`` puts accounts, by code, into a
    group (``GROUPS``) where their sub-type says another one or nothing. ``on_progress`` is called
    with the number of parts that have been read, and of all. It makes some 25 calls:
    ``GET /api/v1/reports/financial-packet`` for the period, the prior one, the prior year, the
    years to date and twelve months; ``/reports/trial-balance``, ``/accounts``, ``/bills``,
    ``/contacts``, ``/bank-accounts``, ``/bank-transactions`` and ``/entries``. Raises what these
    raise, and ``InputError`` for groups that do not fit.
    """
    return run(
        async_read_pack(
            core_of(organization, Organization, "organization"),
            start,
            end,
            groups=groups,
            on_progress=on_progress,
        )
    )
