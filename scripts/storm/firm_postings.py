"""The firms of a storm, and what each of them posts."""

from __future__ import annotations

from attrs import frozen

from ledgerhq_ext import (
    BillPayment,
    Deposit,
    JournalEntry,
    JournalLine,
    Posting,
    Purchase,
    PurchaseLine,
    Transfer,
)
from ledgerhq_ext._idempotency import idempotency_key

_COMPANIES = 2


@frozen
class Firm:
    """A firm: the name of its connection, its token, and its companies."""

    name: str
    token: str
    companies: tuple[str, ...]


FIRMS = (
    Firm("north", "mcp_at_north", ("north-1", "north-2")),
    Firm("south", "mcp_at_south", ("south-1", "south-2")),
)


def posting(number: int, company: str) -> Posting:
    """Return the n-th posting of a company. No two have the same amount, so that a person can tell
    their entries.
    """
    amount = 100 + number
    day = f"2026-06-{1 + number % 28:02}"
    cash = f"{company}-cash"
    bank = f"{company}-bank"
    line = PurchaseLine(account_id=f"{company}-costs", amount=amount)
    match number // _COMPANIES % 5:
        case 0:
            return BillPayment(
                txn_date=day, bill_id=f"{company}-bill", source_account_id=bank, amount=amount
            )
        case 1:
            return Transfer(txn_date=day, from_account_id=bank, to_account_id=cash, amount=amount)
        case 2:
            debit = JournalLine(account_id=cash, debit_amount=amount)
            credit = JournalLine(account_id=bank, credit_amount=amount)
            return JournalEntry(txn_date=day, lines=[debit, credit])
        case 3:
            return Deposit(txn_date=day, destination_account_id=bank, lines=[line])
        case _:
            return Purchase(txn_date=day, payee_name="Storm", source_account_id=bank, lines=[line])


def expected_tokens(count: int) -> dict[str, str]:
    """Return whose token every source transaction must be posted with, by its key."""
    tokens: dict[str, str] = {}
    for firm in FIRMS:
        for number in range(count):
            company = firm.companies[number % len(firm.companies)]
            key = idempotency_key(company, posting(number, company).resource, "till", str(number))
            tokens[key] = firm.token
    return tokens
