"""Statements computed from the ledger, in minor units."""

from __future__ import annotations

from ledgerhq_ext.sandbox._routes import JSON, Call, Row

DEFAULT_LINES = 10_000
_BALANCES = """
SELECT a.id, a.code, a.name, a.type, a.subType = 'retained_earnings' AND a.isSystem AS retains,
    coalesce(sum(x.net) FILTER (WHERE x.date >= :since), 0) AS moved, coalesce(sum(x.net), 0) AS total
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
    """The first day of the fiscal year that a day is in."""
    month = call.organization["fiscalYearStartMonth"]
    year = int(day[:4]) - (int(day[5:7]) < month)
    return f"{year:04}-{month:02}-01"


def today(call: Call) -> str:
    """The day it is in the sandbox."""
    return call.state.now()[:10]


def has_entries(call: Call, start: str, end: str) -> bool:
    """Whether an entry of the period is posted."""
    sql = "SELECT 1 FROM entries WHERE organizationId = ? AND status = 'posted' AND date BETWEEN ? AND ?"
    return call.one(sql, call.org, start, end) is not None


def balances(call: Call, since: str, until: str) -> list[Row]:
    """Each account that was ever used: `moved` in the period, `total` at its end; debits positive."""
    values = {"org": call.org, "since": since, "until": until}
    return call.db.execute(_BALANCES, values).fetchall()


def profit_and_loss(call: Call, start: str, end: str) -> JSON:
    """Revenue and expenses of a period."""
    rows = balances(call, start, end)
    revenue = [_line(row, -row["moved"]) for row in rows if row["type"] == "revenue" and row["moved"]]
    expenses = [_line(row, row["moved"]) for row in rows if row["type"] == "expense" and row["moved"]]
    earned, spent = _sum(revenue), _sum(expenses)
    return {
        "revenue": revenue,
        "totalRevenue": earned,
        "expenses": expenses,
        "totalExpenses": spent,
        "netIncome": earned - spent,
    }


def closing_balances(call: Call, day: str) -> list[tuple[Row, int]]:
    """Each account's balance at a day; results of earlier fiscal years are retained earnings."""
    rows = balances(call, fiscal_year_start(call, day), day)
    earlier = sum(row["total"] - row["moved"] for row in rows if row["type"] not in _BALANCE_SHEET)
    found = []
    for row in rows:
        balance = row["total"] if row["type"] in _BALANCE_SHEET else row["moved"]
        found.append((row, balance + (earlier if row["retains"] else 0)))
    return found


def trial_balance(call: Call, day: str) -> JSON:
    """Debit and credit balances at a day."""
    accounts = [_trial_line(row, balance) for row, balance in closing_balances(call, day) if balance]
    debits = sum(line["debitBalance"] for line in accounts)
    others = sum(line["creditBalance"] for line in accounts)
    return {"accounts": accounts, "totalDebits": debits, "totalCredits": others}


def balance_sheet(call: Call, day: str) -> JSON:
    """Assets, liabilities and equity at a day; equity holds the current year's earnings."""
    closing = closing_balances(call, day)
    sections = {
        "assets": [_line(row, balance) for row, balance in closing if row["type"] == "asset" and balance],
        "liabilities": [_line(row, -balance) for row, balance in closing if row["type"] == "liability" and balance],
        "equity": [_line(row, -balance) for row, balance in closing if row["type"] == "equity" and balance],
    }
    earned = -sum(balance for row, balance in closing if row["type"] not in _BALANCE_SHEET)
    sections["equity"].append(
        {"accountId": None, "accountCode": None, "accountName": "Current Year Earnings", "balance": earned}
    )
    return {name: {"accounts": lines, "total": _sum(lines)} for name, lines in sections.items()}


def general_ledger(call: Call, start: str, end: str, limit: int) -> JSON:
    """The lines of a period by account, each with the running balance (debits positive)."""
    values = {"org": call.org, "since": start, "until": end, "yearStart": fiscal_year_start(call, start)}
    counted = call.db.execute(f"SELECT count(*) FROM ({_LEDGER}) WHERE NOT isBefore", values).fetchone()  # noqa: S608
    sql = f"SELECT * FROM ({_LEDGER}) WHERE NOT isBefore LIMIT :limit"  # noqa: S608
    rows = call.db.execute(sql, {**values, "limit": limit}).fetchall()
    lines = [{name: row[name] for name in row.keys() if name != "isBefore"} for row in rows]  # noqa: SIM118
    return {"lines": lines, "truncated": counted[0] > len(lines), "totalLines": counted[0]}


def bank_reconciliation_status(call: Call) -> JSON:
    """What is unreconciled on each bank account, and how far register and ledger are apart."""
    banks = call.all("SELECT * FROM bankAccounts WHERE organizationId = ? ORDER BY accountName, id", call.org)
    return {"accounts": [_reconciliation(call, bank) for bank in banks]}


def _reconciliation(call: Call, bank: Row) -> JSON:
    register = call.one(
        "SELECT coalesce(sum(amount), 0) FROM bankRows WHERE bankAccountId = ? AND status <> 'excluded'",
        bank["id"],
    )
    ledger = call.one(
        """SELECT coalesce(sum(l.debit - l.credit), 0) FROM lines l JOIN entries e ON e.id = l.journalEntryId
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


def _line(row: Row, balance: int) -> JSON:
    return {
        "accountId": row["id"],
        "accountCode": row["code"],
        "accountName": row["name"],
        "balance": balance,
    }


def _trial_line(row: Row, balance: int) -> JSON:
    sides = {"debitBalance": max(balance, 0), "creditBalance": max(-balance, 0)}
    return {"accountId": row["id"], "code": row["code"], "name": row["name"], "type": row["type"], **sides}


def _sum(lines: list[JSON]) -> int:
    return sum(line["balance"] for line in lines)
