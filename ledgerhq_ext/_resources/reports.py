"""The financial packet and the single statements, all in integer cents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, TypeVar, Unpack

from ledgerhq_ext import _seam, models
from ledgerhq_ext._checks import check_whole, to_date
from ledgerhq_ext._filters import REPORTS, Other, ReportName, filter_word
from ledgerhq_ext._http.options import CallOptions
from ledgerhq_ext._operations import Operation
from ledgerhq_ext._resources.scope import Scope
from ledgerhq_ext.errors import ContractError, InputError
from ledgerhq_ext.reports.periods import Period

T = TypeVar("T")


class ReportMethods(Scope):
    """The reports of an organization."""

    async def period(
        self,
        start: dt.date | str | Period,
        end: dt.date | str | None = None,
        *,
        tz: str | dt.tzinfo | None = None,
        today: dt.date | str | None = None,
        **options: Unpack[CallOptions],
    ) -> Period:
        """Return a period from two dates, or from words interpreted by the organization's fiscal
        year.

        Words are, for example, ``last quarter``, ``year to date`` or ``FY2026-Q2``. They are
        relative to ``today``, or to the current date in ``tz`` (an IANA name such as
        ``America/Los_Angeles``, or a ``tzinfo``), or else to the current date in UTC. Raises
        ``InputError``, which lists the known words or says what is wrong with the time zone.
        """
        books = self._with(options)
        day = books._day_of_words(tz, today)
        if isinstance(start, Period):
            if end is not None:
                raise InputError("A Period already has an end. Pass it without end=.")
            return start
        if end is not None:
            return Period(start, end)
        if isinstance(start, dt.date):
            raise InputError("Pass an end too, or give the period in words such as 'last quarter'.")
        from ledgerhq_ext.reports.period_words import parse_period

        record = await books.record()
        return parse_period(
            start, today=day, fiscal_year_start_month=record.fiscal_year_start_month
        )

    def _day_of_words(self, tz: str | dt.tzinfo | None, today: dt.date | str | None) -> dt.date:
        """Return the day that words such as "this month" are seen from."""
        if today is None:
            return self._today(_zone_of(tz))

        if tz is not None:
            raise InputError("Pass today or tz, not both, because a date needs no time zone.")
        return to_date(today)

    async def financial_packet(
        self,
        start: dt.date | str | Period,
        end: dt.date | str | None = None,
        *,
        include: Iterable[ReportName | Other] | ReportName | Other | None = None,
        general_ledger_limit: int | None = None,
        complete_ledger: bool = False,
        **options: Unpack[CallOptions],
    ) -> models.FinancialPacket:
        """Return the financial packet of a period, in cents: ``financial_packet("last quarter")``.

        ``start`` and ``end`` are the first and the last day; or ``start`` is the period in words,
        relative to today in UTC (use ``books.period("last quarter", tz=…)`` for another time zone).
        ``include`` takes the contract's report names (default: all), ``general_ledger_limit`` the
        maximum number of ledger lines. With ``complete_ledger``, a truncated ledger is fetched
        month by month (``GET /api/v1/reports/general-ledger``); raises ``ContractError`` if the
        months do not add up to the whole. Check ``packet.problems()`` before you rely on a packet.
        Raises ``ContractError`` for a packet of another company or period, or without a statement
        that ``include`` names. Route: ``GET /api/v1/reports/financial-packet``.
        """
        from ledgerhq_ext.reports.statement_checks import gap_of

        books = self._with(options)

        reports = _reports(include)
        limit = _check_limit(general_ledger_limit, "general_ledger_limit")
        if not isinstance(complete_ledger, bool):
            raise InputError(f"complete_ledger must be True or False, not {complete_ledger!r}.")
        period = await books.period(start, end)
        packet = await books._statement(
            _seam.FINANCIAL_PACKET,
            period,
            include=",".join(reports) or None,
            generalLedgerLimit=limit,
        )
        # What Other() names has no place of its own in a packet.
        for report in reports:
            if report in REPORTS and report not in packet.included:
                problem = ContractError(
                    "a statement that was requested is missing", pointer=f"/{report}"
                )
                raise books._explain(problem, _seam.FINANCIAL_PACKET)
        book = packet.statement("generalLedger")
        if complete_ledger and book is not None and gap_of(book):
            return await books._completed(packet, period)
        return packet

    async def _completed(
        self, packet: models.FinancialPacket, period: Period
    ) -> models.FinancialPacket:
        """Return the packet with its ledger read month by month.

        A month that is cut short too is read by halves, down to single days. Raises
        ``ContractError`` where a day is cut short, or the pieces do not fit together.
        """
        from ledgerhq_ext.reports.merging import halves_of, months_of, with_ledger
        from ledgerhq_ext.reports.statement_checks import gap_of

        pieces: list[models.GeneralLedger] = []
        spans = months_of(period)
        while spans:
            span = spans.pop(0)
            piece = await self._statement(_seam.GENERAL_LEDGER, span)
            gap = gap_of(piece)
            if not gap:
                pieces.append(piece)
            elif span.start < span.end:
                # In front: the pieces stay in the order of their days.
                spans[:0] = halves_of(span)
            else:
                problem = ContractError(f"{gap} of {span.start} alone", pointer="/lines")
                raise self._explain(problem, _seam.GENERAL_LEDGER)
        try:
            return with_ledger(packet, pieces)
        except ContractError as problem:
            raise self._explain(problem, _seam.GENERAL_LEDGER) from None

    async def trial_balance(
        self,
        start: dt.date | str | Period,
        end: dt.date | str | None = None,
        **options: Unpack[CallOptions],
    ) -> models.TrialBalance:
        """Return the trial balance of a period, in cents.

        Route: ``GET /api/v1/reports/trial-balance``, whose amounts are decimals.
        """
        books = self._with(options)
        return await books._statement(_seam.TRIAL_BALANCE, await books.period(start, end))

    async def balance_sheet(
        self, at: dt.date | str, **options: Unpack[CallOptions]
    ) -> models.BalanceSheet:
        """Return the balance sheet at the end of a day, in cents.

        Route: ``GET /api/v1/reports/balance-sheet``, whose amounts are decimals.
        """
        return await self._with(options)._statement(_seam.BALANCE_SHEET, Period(at, at))

    async def profit_and_loss(
        self,
        start: dt.date | str | Period,
        end: dt.date | str | None = None,
        **options: Unpack[CallOptions],
    ) -> models.ProfitAndLoss:
        """Return the profit and loss statement of a period, in cents.

        Route: ``GET /api/v1/reports/profit-and-loss``.
        """
        books = self._with(options)
        return await books._statement(_seam.PROFIT_AND_LOSS, await books.period(start, end))

    async def general_ledger(
        self,
        start: dt.date | str | Period,
        end: dt.date | str | None = None,
        *,
        limit: int | None = None,
        **options: Unpack[CallOptions],
    ) -> models.GeneralLedger:
        """Return the general ledger of a period, in cents. ``limit`` is the maximum number of
        lines.

        Route: ``GET /api/v1/reports/general-ledger``.
        """
        books = self._with(options)
        limit = _check_limit(limit, "limit")
        period = await books.period(start, end)
        return await books._statement(_seam.GENERAL_LEDGER, period, limit=limit)

    async def bank_reconciliation_status(
        self, **options: Unpack[CallOptions]
    ) -> models.BankReconciliationStatus:
        """Return the unreconciled bank rows by bank account, in cents.

        Route: ``GET /api/v1/reports/bank-reconciliation-status``.
        """
        return await self._with(options)._fetch(_seam.BANK_RECONCILIATION_STATUS)

    async def _statement(self, operation: Operation[T], period: Period, **query: Any) -> T:
        """Perform an operation for a period; decimal money needs the organization's currency."""
        # The routes of single statements spell some amounts in major units.
        currency = None
        if operation.money == "decimal":
            currency = (await self.record()).default_currency
        # A route may take one of the two days only.
        days = {"startDate": period.start, "endDate": period.end}
        query |= {name: day for name, day in days.items() if name in operation.query}
        return await self._fetch(operation, query=query, currency=currency)


def _zone_of(tz: str | dt.tzinfo | None) -> dt.tzinfo:
    if tz is None:
        return dt.UTC
    from ledgerhq_ext.reports.period_words import to_zone

    return to_zone(tz)


def _check_limit(value: int | None, name: str) -> int | None:
    return None if value is None else check_whole(value, name, 1)


def _reports(include: Iterable[ReportName | Other] | ReportName | Other | None) -> list[str]:
    if include is None:
        return []
    words: list[str | Other] = []
    if isinstance(include, str | Other):
        words.append(include)
    elif isinstance(include, Iterable):
        words.extend(include)
    # None among them would ask for all.
    if not words or None in words:
        raise InputError(f"include must name one or more of {', '.join(REPORTS)}.")
    reports: list[str] = []
    for word in words:
        report = filter_word(word, ReportName, "include")
        if report is not None:
            reports.append(report)
    return reports
