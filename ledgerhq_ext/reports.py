"""The financial packet and the single statements, all in integer cents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, TypeVar

from ledgerhq_ext import operations
from ledgerhq_ext.errors import ContractError, InputError
from ledgerhq_ext.flow import Flow
from ledgerhq_ext.packet import (
    REPORTS,
    BalanceSheet,
    BankReconciliationStatus,
    FinancialPacket,
    GeneralLedger,
    ProfitAndLoss,
    TrialBalance,
)
from ledgerhq_ext.periods import Period, parse_period
from ledgerhq_ext.scope import Scope, fetch, info, today
from ledgerhq_ext.wire import wire_fields

T = TypeVar("T")


def period(scope: Scope, start: dt.date | str | Period, end: dt.date | str | None = None) -> Flow[Period]:
    """The period from two days, or from words such as ``last quarter`` by the organization's fiscal year.

    Words: see ``periods.parse_period``; "today" is the day in UTC. Raises ``InputError``.
    """
    if isinstance(start, Period):
        if end is not None:
            raise InputError("give a Period alone, without an end.")
        return start
    if end is not None:
        return Period(start, end)
    if isinstance(start, dt.date):
        raise InputError("give an end too, or the period in words such as 'last quarter'.")
    known = yield from info(scope)
    return parse_period(start, today=today(scope), fiscal_year_start_month=known.fiscal_year_start_month)


def _limit(value: int | None, what: str) -> int | None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 1):
        raise InputError(f"{what} must be a whole number of lines, one or more, not {value!r}.")
    return value


def _names(include: Iterable[str] | None) -> str | None:
    if include is None:
        return None
    names = [include] if isinstance(include, str) else list(include)
    unknown = [name for name in names if name not in REPORTS]
    if unknown or not names:
        raise InputError(f"include takes one or more of {', '.join(REPORTS)}, not {unknown or 'nothing'}.")
    return ",".join(names)


def _statement(
    scope: Scope,
    operation: operations.Operation[T],
    start: dt.date | str | Period,
    end: dt.date | str | None,
    **more: Any,
) -> Flow[T]:
    asked = yield from period(scope, start, end)
    currency = (yield from info(scope)).default_currency if operation.money == "decimal" else None
    span = {"startDate": asked.start, "endDate": asked.end}
    query = {name: day for name, day in span.items() if name in operation.query}
    return (yield from fetch(scope, operation, query={**query, **more}, currency=currency))


def financial_packet(
    scope: Scope,
    start: dt.date | str | Period,
    end: dt.date | str | None = None,
    *,
    include: Iterable[str] | None = None,
    general_ledger_limit: int | None = None,
) -> Flow[FinancialPacket]:
    """The packet of a period: ``financial_packet("last quarter")``, or from a first to a last day.

    ``include`` takes the contract's names (``packet.REPORTS``; all when left out), ``general_ledger_limit`` the
    most ledger lines. Look at ``packet.problems()`` before you rely on it. A packet of another period, or without
    a statement that ``include`` names, is a ``ContractError``.
    Route: ``GET /api/v1/reports/financial-packet``.
    """
    named, most = _names(include), _limit(general_ledger_limit, "general_ledger_limit")
    asked = yield from period(scope, start, end)
    packet = yield from _statement(
        scope, operations.FINANCIAL_PACKET, asked, None, include=named, generalLedgerLimit=most
    )
    if (packet.period.start_date, packet.period.end_date) != (asked.start, asked.end):
        raise ContractError("the packet covers another period than was asked for", pointer="/period")
    attributes = {wire: name for name, wire, _ in wire_fields(FinancialPacket)}
    for name in named.split(",") if named else ():
        if getattr(packet, attributes[name]) is None:
            raise ContractError("a statement that was asked for is missing", pointer=f"/{name}")
    return packet


def trial_balance(scope: Scope, start: dt.date | str | Period, end: dt.date | str | None = None) -> Flow[TrialBalance]:
    """The trial balance, in cents (``GET /api/v1/reports/trial-balance``, which spells decimals)."""
    return (yield from _statement(scope, operations.TRIAL_BALANCE, start, end))


def balance_sheet(scope: Scope, at: dt.date | str) -> Flow[BalanceSheet]:
    """The balance sheet at the end of a day, in cents (``GET /api/v1/reports/balance-sheet``)."""
    return (yield from _statement(scope, operations.BALANCE_SHEET, at, at))


def profit_and_loss(
    scope: Scope, start: dt.date | str | Period, end: dt.date | str | None = None
) -> Flow[ProfitAndLoss]:
    """Profit and loss of a period, in cents (``GET /api/v1/reports/profit-and-loss``)."""
    return (yield from _statement(scope, operations.PROFIT_AND_LOSS, start, end))


def general_ledger(
    scope: Scope, start: dt.date | str | Period, end: dt.date | str | None = None, *, limit: int | None = None
) -> Flow[GeneralLedger]:
    """The general ledger of a period, in cents (``GET /api/v1/reports/general-ledger``)."""
    return (yield from _statement(scope, operations.GENERAL_LEDGER, start, end, limit=_limit(limit, "limit")))


def bank_reconciliation_status(scope: Scope) -> Flow[BankReconciliationStatus]:
    """What is unreconciled, by bank account (``GET /api/v1/reports/bank-reconciliation-status``)."""
    return (yield from fetch(scope, operations.BANK_RECONCILIATION_STATUS))
