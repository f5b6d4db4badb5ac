"""The reading of a management pack: a packet for every period, and the lists of its day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TypeVar

from ledgerhq_ext._filters import ReportName
from ledgerhq_ext._handle import check_handle
from ledgerhq_ext.client import AsyncOrganization
from ledgerhq_ext.models import BankTransaction, FinancialPacket
from ledgerhq_ext.pack._bank import OVERLAP, compared_since
from ledgerhq_ext.pack._groups import Group, with_groups
from ledgerhq_ext.pack._pack import ManagementPack
from ledgerhq_ext.pack._periods import pack_periods
from ledgerhq_ext.reports.periods import Period, in_utc, moved

T = TypeVar("T")
Progress = Callable[[int, int], None]
"""Called with how many of how many parts have been read."""

_RESULT: tuple[ReportName, ...] = ("profitAndLoss",)
_RESULT_AND_POSITION: tuple[ReportName, ...] = ("profitAndLoss", "balanceSheet")
_LISTS = 7
_COMPARED = 4


class _Steps:
    """Counts the parts of a pack as they are read."""

    def __init__(self, total: int, on_progress: Progress | None) -> None:
        self._total = total
        self._on_progress = on_progress
        self._count = 0

    def read(self, part: T) -> T:
        """Count a part, and return it."""
        self._count += 1
        if self._on_progress is not None:
            self._on_progress(self._count, self._total)
        return part


async def async_read_pack(
    organization: AsyncOrganization,
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
    check_handle(organization, AsyncOrganization, "organization")
    record = await organization.record()
    period = await organization.period(start, end)
    periods = pack_periods(period, record.fiscal_year_start_month)
    steps = _Steps(1 + _COMPARED + len(periods.months) + _LISTS, on_progress)

    # Before the many: a group that does not fit must not cost a minute.
    accounts = with_groups(steps.read(await organization.accounts()), groups)
    packet = steps.read(await organization.financial_packet(period, complete_ledger=True))

    async def compared(span: Period, reports: tuple[ReportName, ...]) -> FinancialPacket:
        """Return the packet of the span that the period is compared with."""
        return steps.read(await organization.financial_packet(span, include=reports))

    # One after the other: a pack is made once a month, and twenty calls at once would meet a limit.
    prior = await compared(periods.prior, _RESULT_AND_POSITION)
    prior_year = await compared(periods.prior_year, _RESULT_AND_POSITION)
    year_to_date = await compared(periods.year_to_date, _RESULT)
    prior_year_to_date = await compared(periods.prior_year_to_date, _RESULT)
    months: list[FinancialPacket] = []
    for month in periods.months:
        months.append(await compared(month, _RESULT))

    day = in_utc(packet.generated_at).date()
    since = compared_since(packet.bank_reconciliation_status)
    return ManagementPack(
        packet=packet,
        prior=prior,
        prior_year=prior_year,
        year_to_date=year_to_date,
        prior_year_to_date=prior_year_to_date,
        months=tuple(months),
        accounts=accounts,
        bills=tuple(steps.read(await organization.bills()._all())),
        contacts=tuple(steps.read(await organization.contacts()._all())),
        bank_accounts=tuple(steps.read(await organization.bank_accounts())),
        bank_rows=tuple(steps.read(await _bank_rows(organization, since))),
        entries=tuple(steps.read(await organization.entries(status="posted", start=since)._all())),
        trial_balance=steps.read(await organization.trial_balance(day, day)),
    )


async def _bank_rows(
    organization: AsyncOrganization, since: dt.date | None
) -> list[BankTransaction]:
    """Return the rows of the entries since a day, and older ones that are unreconciled."""
    # The row of an entry may be older than the entry.
    start = dt.date.min if since is None else moved(since, -OVERLAP)
    if start == dt.date.min:
        return await organization.bank_transactions()._all()

    rows = await organization.bank_transactions(start=start)._all()
    before = start - dt.timedelta(days=1)
    older = organization.bank_transactions(status="unreconciled", end=before)
    return [*rows, *await older._all()]
