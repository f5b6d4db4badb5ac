"""The reports: the financial packet, and its statements one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ledgerhq_ext.sandbox import _statements as statements
from ledgerhq_ext.sandbox._errors import bad_request
from ledgerhq_ext.sandbox._ledger import decimal
from ledgerhq_ext.sandbox._routes import JSON, Call, Reply, Routes

ROUTES = Routes()
_MONEY = ("balance", "total", "debitBalance", "creditBalance", "totalDebits", "totalCredits")
_PACKET: dict[str, Callable[[Call, str, str], JSON]] = {
    "profitAndLoss": statements.profit_and_loss,
    "balanceSheet": lambda call, _, end: statements.balance_sheet(call, end),
    "trialBalance": lambda call, _, end: statements.trial_balance(call, end),
    "generalLedger": lambda call, start, end: statements.general_ledger(
        call, start, end, _limit(call, "generalLedgerLimit")
    ),
    "bankReconciliationStatus": lambda call, *_: statements.bank_reconciliation_status(call),
}


@ROUTES.add("GET", "/api/v1/reports/financial-packet")
def financial_packet(call: Call) -> Reply:
    """All statements of a period, or those that `include` names."""
    start, end = _period(call)
    names = [name.strip() for name in call.query.get("include", ",".join(_PACKET)).split(",")]
    unknown = [name for name in names if name not in _PACKET]
    if unknown:
        raise bad_request(f"query include: unknown report {unknown[0][:100]!r}; there are {', '.join(_PACKET)}")
    packet: JSON = {name: _PACKET[name](call, start, end) for name in _PACKET if name in names}
    return Reply(200, _heading(call, start, end) | packet | {"warnings": _warnings(call, start, end, packet)})


@ROUTES.add("GET", "/api/v1/reports/trial-balance")
def trial_balance(call: Call) -> Reply:
    """The trial balance at the end of the period."""
    return Reply(200, spelled(statements.trial_balance(call, _period(call)[1]), call.currency))


@ROUTES.add("GET", "/api/v1/reports/balance-sheet")
def balance_sheet(call: Call) -> Reply:
    """The balance sheet at a date."""
    return Reply(200, spelled(statements.balance_sheet(call, _period(call)[1]), call.currency))


@ROUTES.add("GET", "/api/v1/reports/profit-and-loss")
def profit_and_loss(call: Call) -> Reply:
    """Profit and loss of a period."""
    return Reply(200, statements.profit_and_loss(call, *_period(call)))


@ROUTES.add("GET", "/api/v1/reports/general-ledger")
def general_ledger(call: Call) -> Reply:
    """The general ledger of a period."""
    return Reply(200, statements.general_ledger(call, *_period(call), _limit(call, "limit")))


@ROUTES.add("GET", "/api/v1/reports/bank-reconciliation-status")
def bank_reconciliation_status(call: Call) -> Reply:
    """What is unreconciled."""
    return Reply(200, statements.bank_reconciliation_status(call))


def spelled(value: Any, currency: str) -> Any:
    """A statement with its money as decimal strings."""
    if isinstance(value, list):
        return [spelled(item, currency) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: decimal(item, currency) if name in _MONEY and isinstance(item, int) else spelled(item, currency)
        for name, item in value.items()
    }


def _period(call: Call) -> tuple[str, str]:
    end = call.query.get("endDate", statements.today(call))
    start = call.query.get("startDate", min(statements.fiscal_year_start(call, end), end))
    if start > end:
        raise bad_request("query startDate: is after endDate")
    return start, end


def _limit(call: Call, name: str) -> int:
    return int(call.query.get(name, statements.DEFAULT_LINES))


def _heading(call: Call, start: str, end: str) -> JSON:
    return {
        "organization": {name: call.organization[name] for name in ("id", "name", "defaultCurrency")},
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
