"""The double-entry ledger: entries with lines, their register rows, the period lock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ledgerhq_ext.sandbox._currencies import MINOR_DIGITS
from ledgerhq_ext.sandbox._errors import Problem, bad_request, not_found
from ledgerhq_ext.sandbox._routes import Call, Row

# One entry moves less than this, so that no sum of thousands leaves what the contract calls an
# amount.
MAX_TOTAL = 10**12


def decimal(cents: int, currency: str) -> str:
    """Return minor units as a decimal string: 1250 is "12.50" dollars, or "1250" yen."""
    digits = MINOR_DIGITS[currency]
    if not digits:
        return str(cents)
    units, rest = divmod(abs(cents), 10**digits)
    sign = "-" if cents < 0 else ""
    return f"{sign}{units}.{rest:0{digits}}"


@dataclass
class Line:
    """One side of an entry, before it is written."""

    account_id: str
    debit: int = 0
    credit: int = 0
    description: str | None = None
    tax_rate_id: str | None = None


@dataclass
class Draft:
    """An entry before it is written, with what its register rows say."""

    date: str
    description: str
    lines: Sequence[Line]
    reference: str | None = None
    payee: str | None = None
    contact_id: str | None = None
    source_type: str | None = None
    source_id: str | None = None


def account(call: Call, account_id: str, place: str) -> Row:
    """Return an account of the organization that can be posted to.

    404 where it is not there, 400 where it is not active, 422 where it is in another currency.
    """
    row = call.one(
        "SELECT * FROM accounts WHERE id = ? AND organizationId = ?", account_id, call.org
    )
    if row is None:
        raise not_found(f"{place}: account")
    if not row["isActive"]:
        raise bad_request(f"{place}: account {row['code']} is not active")
    if row["currencyCode"] != call.currency:
        message = f"{place}: no exchange rate from {row['currencyCode']} to {call.currency}"
        raise Problem(422, message, "EXCHANGE_RATE_MISSING")
    return row


def linked_bank_account(call: Call, account_id: str) -> Row | None:
    """Return the bank account whose ledger account this is, if any."""
    return call.one("SELECT * FROM bankAccounts WHERE chartAccountId = ?", account_id)


def belongs(call: Call, table: str, row_id: str | None, what: str) -> None:
    """Refuse the id of something that is not in this organization (404); None is not an id."""
    sql = f"SELECT 1 FROM {table} WHERE id = ? AND organizationId = ?"  # noqa: S608
    if row_id is not None and not call.one(sql, row_id, call.org):
        raise not_found(what)


def require_open(call: Call, *dates: str) -> None:
    """Refuse to change a locked period (422)."""
    locked = call.organization["lockedThrough"]
    if not locked:
        return
    for date in dates:
        if date <= locked:
            message = f"The period is locked through {locked}, which includes {date}"
            raise Problem(422, message, "PERIOD_LOCKED")


def require_balance(lines: Sequence[Line]) -> None:
    """Refuse lines with two sides or none, unequal debits and credits, absurd totals (400)."""
    for index, line in enumerate(lines):
        has_debit = line.debit != 0
        has_credit = line.credit != 0
        if has_debit == has_credit:
            message = "exactly one of debitAmount and creditAmount must be zero"
            raise bad_request(f"lines.{index}: {message}")

    total_debits = sum(line.debit for line in lines)
    total_credits = sum(line.credit for line in lines)
    if total_debits != total_credits:
        raise bad_request(
            f"lines: debits {total_debits} do not equal credits {total_credits}", "UNBALANCED_ENTRY"
        )
    if total_debits > MAX_TOTAL:
        message = f"is more than this sandbox books in one entry ({MAX_TOTAL})"
        raise bad_request(f"lines: the total {total_debits} {message}")


def write_entry(call: Call, draft: Draft, status: str = "posted") -> str:
    """Write an entry with its lines, and return its id."""
    entry_id = call.state.new_id()
    now = call.state.now()
    last = call.one("SELECT max(entryNumber) FROM entries WHERE organizationId = ?", call.org)
    call.insert(
        "entries",
        id=entry_id,
        organizationId=call.org,
        entryNumber=(last[0] or 0 if last else 0) + 1,
        date=draft.date,
        description=draft.description,
        reference=draft.reference,
        status=status,
        sourceType=draft.source_type,
        sourceId=draft.source_id,
        postedAt=now if status == "posted" else None,
        createdAt=now,
    )
    for position, line in enumerate(draft.lines):
        values = (call.state.new_id(), entry_id, position, *_line_values(call, line))
        call.db.execute("INSERT INTO lines VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
    return entry_id


def write_rows(call: Call, entry_id: str, draft: Draft) -> list[str]:
    """Write a register row for each bank account that an entry moves, and return their ids."""
    movements: dict[str, int] = {}
    for line in draft.lines:
        movements[line.account_id] = movements.get(line.account_id, 0) + line.debit - line.credit
    banks = {account_id: linked_bank_account(call, account_id) for account_id in movements}
    others = [account_id for account_id, bank in banks.items() if bank is None]

    rows: list[str] = []
    for account_id, bank in banks.items():
        movement = movements[account_id]
        # Lines that cancel out on a bank account move no money there.
        if bank is None or movement == 0:
            continue
        rows.append(_write_row(call, entry_id, draft, bank, movement, others))
    return rows


def post(call: Call, draft: Draft) -> tuple[str, list[str]]:
    """Post an entry with its register rows, and return its id and theirs."""
    require_open(call, draft.date)
    entry_id = write_entry(call, draft)
    return entry_id, write_rows(call, entry_id, draft)


def _line_values(call: Call, line: Line) -> tuple[Any, ...]:
    return (
        line.account_id,
        line.description,
        line.debit,
        line.credit,
        line.tax_rate_id,
        call.currency,
    )


def _write_row(
    call: Call, entry_id: str, draft: Draft, bank: Row, amount: int, others: list[str]
) -> str:
    row_id = call.state.new_id()
    call.insert(
        "bankRows",
        id=row_id,
        organizationId=call.org,
        bankAccountId=bank["id"],
        date=draft.date,
        description=draft.description,
        reference=draft.reference,
        amount=amount,
        status="unreconciled",
        journalEntryId=entry_id,
        sourceType="api_posting",
        payee=draft.payee,
        currencyCode=bank["currencyCode"],
        postedDate=draft.date,
        pending=0,
        accountId=others[0] if len(others) == 1 else None,
        contactId=draft.contact_id,
        createdAt=call.state.now(),
    )
    return row_id
