"""The reports: the financial packet, and its statements one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ledgerhq_ext.sandbox import _statements as statements
from ledgerhq_ext.sandbox._errors import bad_request
from ledgerhq_ext.sandbox._ledger import decimal
from ledgerhq_ext.sandbox._routes import JSON, Call, Reply, Routes

ROUTES = Routes()
_HEADING = ("id", "name", "defaultCurrency")
_MONEY = ("balance", "total", "debitBalance", "creditBalance", "totalDebits", "totalCredits")


def _balance_sheet_at_end(call: Call, _start: str, end: str) -> JSON:
    return statements.balance_sheet(call, end)


def _trial_balance_at_end(call: Call, _start: str, end: str) -> JSON:
    return statements.trial_balance(call, end)


def _general_ledger(call: Call, start: str, end: str) -> JSON:
    limit = _limit(call, "generalLedgerLimit")
    return statements.general_ledger(call, start, end, limit)


def _reconciliation_status(call: Call, _start: str, _end: str) -> JSON:
    return statements.bank_reconciliation_status(call)


_PACKET: dict[str, Callable[[Call, str, str], JSON]] = {
    "profitAndLoss": statements.profit_and_loss,
    "balanceSheet": _balance_sheet_at_end,
    "trialBalance": _trial_balance_at_end,
    "generalLedger": _general_ledger,
    "bankReconciliationStatus": _reconciliation_status,
}


@ROUTES.add("GET", "/api/v1/reports/financial-packet")
def financial_packet(call: Call) -> Reply:
    """Return all statements of a period, or those that `include` names."""
    start, end = _period(call)
    names = _included(call)
    packet: JSON = {}
    for name, statement in _PACKET.items():
        if name in names:
            packet[name] = statement(call, start, end)

    heading = _heading(call, start, end)
    warnings = _warnings(call, start, end, packet)
    return Reply(200, heading | packet | {"warnings": warnings})


@ROUTES.add("GET", "/api/v1/reports/trial-balance")
def trial_balance(call: Call) -> Reply:
    """Return the trial balance at the end of the period."""
    _, end = _period(call)
    return Reply(200, spelled(statements.trial_balance(call, end), call.currency))


@ROUTES.add("GET", "/api/v1/reports/balance-sheet")
def balance_sheet(call: Call) -> Reply:
    """Return the balance sheet at the end of the period."""
    _, end = _period(call)
    return Reply(200, spelled(statements.balance_sheet(call, end), call.currency))


@ROUTES.add("GET", "/api/v1/reports/profit-and-loss")
def profit_and_loss(call: Call) -> Reply:
    """Return profit and loss of a period."""
    start, end = _period(call)
    return Reply(200, statements.profit_and_loss(call, start, end))


@ROUTES.add("GET", "/api/v1/reports/general-ledger")
def general_ledger(call: Call) -> Reply:
    """Return the general ledger of a period."""
    start, end = _period(call)
    return Reply(200, statements.general_ledger(call, start, end, _limit(call, "limit")))


@ROUTES.add("GET", "/api/v1/reports/bank-reconciliation-status")
def bank_reconciliation_status(call: Call) -> Reply:
    """Return what is unreconciled on each bank account."""
    return Reply(200, statements.bank_reconciliation_status(call))


def spelled(value: Any, currency: str) -> Any:
    """Return a statement with its money, minor units before, as decimal strings."""
    if isinstance(value, list):
        return [spelled(item, currency) for item in value]
    if not isinstance(value, dict):
        return value

    statement: JSON = {}
    for name, item in value.items():
        if name in _MONEY and isinstance(item, int):
            statement[name] = decimal(item, currency)
        else:
            statement[name] = spelled(item, currency)
    return statement


def _included(call: Call) -> list[str]:
    text = call.query.get("include")
    if text is None:
        return list(_PACKET)
    names = [name.strip() for name in text.split(",")]
    for name in names:
        if name not in _PACKET:
            reports = ", ".join(_PACKET)
            raise bad_request(f"query include: unknown report {name[:100]!r}; use {reports}")
    return names


def _period(call: Call) -> tuple[str, str]:
    end = call.query.get("endDate", statements.today(call))
    # A fiscal year that begins later than the end has not begun: then the period is one day.
    start = call.query.get("startDate", min(statements.fiscal_year_start(call, end), end))
    if start > end:
        raise bad_request("query startDate: is after endDate")
    return start, end


def _limit(call: Call, name: str) -> int:
    return int(call.query.get(name, statements.DEFAULT_LINES))


def _heading(call: Call, start: str, end: str) -> JSON:
    return {
        "organization": {name: call.organization[name] for name in _HEADING},
        "period": {"startDate": start, "endDate": end},
        "generatedAt": call.state.now(),
        "amountUnit": "integer_cents",
    }


def _warnings(call: Call, start: str, end: str, packet: JSON) -> list[JSON]:
    warnings = []
    if not statements.has_entries(call, start, end):
        message = f"No entries are posted between {start} and {end}"
        warnings.append({"code": "NO_ENTRIES", "message": message})
    ledger = packet.get("generalLedger")
    if ledger and ledger["truncated"]:
        message = f"The general ledger shows {len(ledger['lines'])} of {ledger['totalLines']} lines"
        warnings.append({"code": "GENERAL_LEDGER_TRUNCATED", "message": message})
    return warnings
