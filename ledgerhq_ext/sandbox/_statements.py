"""Statements computed from the ledger, in minor units."""

from __future__ import annotations

from ledgerhq_ext.sandbox._routes import JSON, Call, Row

DEFAULT_LINES = 10_000
_BALANCES = """
SELECT a.id, a.code, a.name, a.type, a.subType = 'retained_earnings' AND a.isSystem AS retains,
    coalesce(sum(x.net) FILTER (WHERE x.date >= :since), 0) AS moved,
    coalesce(sum(x.net), 0) AS total
FROM accounts a LEFT JOIN (
    SELECT l.accountId, l.debit - l.credit AS net, e.date
    FROM entries e JOIN lines l ON l.journalEntryId = e.id
    WHERE e.organizationId = :org AND e.status = 'posted' AND e.date <= :until
) x ON x.accountId = a.id
WHERE a.organizationId = :org GROUP BY a.id ORDER BY a.code
"""
_LEDGER = """
SELECT e.date, e.entryNumber, a.id AS accountId, a.code AS accountCode, a.name AS accountName,
    coalesce(l.description, e.description) AS description, e.reference, l.debit, l.credit,
    sum(l.debit - l.credit) OVER (
        PARTITION BY a.id ORDER BY e.date, e.entryNumber, l.position) AS runningBalance,
    e.date < :since AS isBefore
FROM lines l JOIN entries e ON e.id = l.journalEntryId JOIN accounts a ON a.id = l.accountId
WHERE e.organizationId = :org AND e.status = 'posted' AND e.date <= :until
    AND (a.type IN ('asset', 'liability', 'equity') OR e.date >= :yearStart)
ORDER BY a.code, e.date, e.entryNumber, l.position
"""
_UNRECONCILED = """
SELECT count(*) AS count, coalesce(sum(amount), 0) AS total,
    count(*) FILTER (WHERE age <= 7) AS week,
    count(*) FILTER (WHERE age > 7 AND age <= 30) AS month,
    count(*) FILTER (WHERE age > 30 AND age <= 60) AS twoMonths,
    count(*) FILTER (WHERE age > 60) AS older
FROM (SELECT amount, julianday(:today) - julianday(date) AS age FROM bankRows
    WHERE bankAccountId = :bank AND status = 'unreconciled')
"""
_BALANCE_SHEET = ("asset", "liability", "equity")


def fiscal_year_start(call: Call, day: str) -> str:
    """Return the first day of the fiscal year that a day is in."""
    month = call.organization["fiscalYearStartMonth"]
    year = int(day[:4])
    # A day before the month of its start is of the year that began in the calendar year before.
    if int(day[5:7]) < month:
        year -= 1
    return f"{year:04}-{month:02}-01"


def today(call: Call) -> str:
    """Return the day it is in the sandbox."""
    return call.state.now()[:10]


def has_entries(call: Call, start: str, end: str) -> bool:
    """Return True if an entry of the period is posted."""
    sql = """SELECT 1 FROM entries
        WHERE organizationId = ? AND status = 'posted' AND date BETWEEN ? AND ?"""
    return call.one(sql, call.org, start, end) is not None


def balances(call: Call, since: str, until: str) -> list[Row]:
    """Return each account that was ever used: `moved` in the period, `total` at its end.

    Debits positive.
    """
    values = {"org": call.org, "since": since, "until": until}
    return call.db.execute(_BALANCES, values).fetchall()


def profit_and_loss(call: Call, start: str, end: str) -> JSON:
    """Return revenue and expenses of a period."""
    movements = [(row, row["moved"]) for row in balances(call, start, end)]
    revenue = _section(movements, "revenue", -1)
    expenses = _section(movements, "expense", 1)
    total_revenue = _sum(revenue)
    total_expenses = _sum(expenses)
    return {
        "revenue": revenue,
        "totalRevenue": total_revenue,
        "expenses": expenses,
        "totalExpenses": total_expenses,
        "netIncome": total_revenue - total_expenses,
    }


def closing_balances(call: Call, day: str) -> list[tuple[Row, int]]:
    """Return each account's balance at a day.

    Results of earlier fiscal years are retained earnings.
    """
    # No closing entries are booked: what earlier years earned is added where it would have gone.
    rows = balances(call, fiscal_year_start(call, day), day)
    earlier_results = 0
    for row in rows:
        if row["type"] not in _BALANCE_SHEET:
            earlier_results += row["total"] - row["moved"]

    closing = []
    for row in rows:
        balance = row["total"] if row["type"] in _BALANCE_SHEET else row["moved"]
        if row["retains"]:
            balance += earlier_results
        closing.append((row, balance))
    return closing


def trial_balance(call: Call, day: str) -> JSON:
    """Return debit and credit balances at a day."""
    closing = closing_balances(call, day)
    lines = [_trial_line(row, balance) for row, balance in closing if balance]
    return {
        "accounts": lines,
        "totalDebits": sum(line["debitBalance"] for line in lines),
        "totalCredits": sum(line["creditBalance"] for line in lines),
    }


def balance_sheet(call: Call, day: str) -> JSON:
    """Return assets, liabilities and equity at a day; equity holds the current year's earnings."""
    closing = closing_balances(call, day)
    results = [balance for row, balance in closing if row["type"] not in _BALANCE_SHEET]
    earnings = {
        "accountId": None,
        "accountCode": None,
        "accountName": "Current Year Earnings",
        "balance": -sum(results),
    }
    sections = {
        "assets": _section(closing, "asset", 1),
        "liabilities": _section(closing, "liability", -1),
        "equity": [*_section(closing, "equity", -1), earnings],
    }
    return {name: {"accounts": lines, "total": _sum(lines)} for name, lines in sections.items()}


def general_ledger(call: Call, start: str, end: str, limit: int) -> JSON:
    """Return the lines of a period by account, each with the running balance (debits positive)."""
    values = {
        "org": call.org,
        "since": start,
        "until": end,
        "yearStart": fiscal_year_start(call, start),
        "limit": limit,
    }
    # The lines before the period are in the query, as running balances begin with them.
    of_period = f"FROM ({_LEDGER}) WHERE NOT isBefore"
    [total] = call.db.execute(f"SELECT count(*) {of_period}", values).fetchone()
    rows = call.db.execute(f"SELECT * {of_period} LIMIT :limit", values).fetchall()

    lines = []
    for row in rows:
        line = dict(row)
        del line["isBefore"]
        lines.append(line)
    return {"lines": lines, "truncated": total > len(lines), "totalLines": total}


def bank_reconciliation_status(call: Call) -> JSON:
    """Return the unreconciled rows of each bank account, and how far it is from the ledger."""
    banks = call.all(
        "SELECT * FROM bankAccounts WHERE organizationId = ? ORDER BY accountName, id", call.org
    )
    return {"accounts": [_reconciliation(call, bank) for bank in banks]}


def _reconciliation(call: Call, bank: Row) -> JSON:
    register = call.one(
        "SELECT coalesce(sum(amount), 0) FROM bankRows WHERE bankAccountId = ? AND status <> "
        "'excluded'",
        bank["id"],
    )
    ledger = call.one(
        """SELECT coalesce(sum(l.debit - l.credit), 0)
        FROM lines l JOIN entries e ON e.id = l.journalEntryId
        WHERE l.accountId = ? AND e.status = 'posted'""",
        bank["chartAccountId"],
    )
    last = call.one(
        """SELECT id, endDate, completedAt FROM reconciliations WHERE bankAccountId = ?
        ORDER BY endDate DESC LIMIT 1""",
        bank["id"],
    )
    values = {"today": today(call), "bank": bank["id"]}
    unreconciled = dict(call.db.execute(_UNRECONCILED, values).fetchone())
    # The bank's side: what it has moved, booked or not.
    balance = register[0] if register else 0
    return {
        "id": bank["id"],
        "accountName": bank["accountName"],
        "balance": balance,
        "balanceDiscrepancy": balance - (ledger[0] if ledger else 0),
        "unreconciled": {
            "count": unreconciled.pop("count"),
            "total": unreconciled.pop("total"),
            "aging": unreconciled,
        },
        "lastReconciliation": dict(last) if last else None,
    }


def _section(amounts: list[tuple[Row, int]], kind: str, sign: int) -> list[JSON]:
    """Return a line for each account of a type that has an amount.

    Sign -1 makes credits positive.
    """
    of_kind = [(row, amount) for row, amount in amounts if row["type"] == kind]
    # An account that did not move has no line: a chart has hundreds.
    return [_line(row, sign * amount) for row, amount in of_kind if amount]


def _line(row: Row, balance: int) -> JSON:
    return {
        "accountId": row["id"],
        "accountCode": row["code"],
        "accountName": row["name"],
        "balance": balance,
    }


def _trial_line(row: Row, balance: int) -> JSON:
    return {
        "accountId": row["id"],
        "code": row["code"],
        "name": row["name"],
        "type": row["type"],
        "debitBalance": max(balance, 0),
        "creditBalance": max(-balance, 0),
    }


def _sum(lines: list[JSON]) -> int:
    return sum(line["balance"] for line in lines)
