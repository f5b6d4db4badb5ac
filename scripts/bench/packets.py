"""A packet of any length, of a shop with two dozen accounts."""

from __future__ import annotations

import datetime as dt
from itertools import cycle, islice

from ledgerhq_ext.reports.packet import FinancialPacket, PacketOrganization, PacketPeriod
from ledgerhq_ext.reports.statements import (
    BalanceSheet,
    GeneralLedger,
    LedgerLine,
    ProfitAndLoss,
    StatementLine,
    StatementSection,
)

ACCOUNTS = 24
MEMOS = (
    "Till close 2026-06-01",
    "Office Depot #42",
    "City Power & Water",
    "Payment of BILL-1004",
    "Card settlement",
)
START = dt.date(2026, 6, 1)


def packet(lines: int) -> FinancialPacket:
    """Return a packet with so many ledger lines, four or more, which ties."""
    rent = StatementLine(
        account_id="rent", account_code="6300", account_name="Rent", balance=260000
    )
    sales = StatementLine(
        account_id="sales", account_code="4000", account_name="Sales", balance=4233594
    )
    cash = StatementLine(
        account_id="cash", account_code="1010", account_name="Checking", balance=3973594
    )
    earnings = StatementLine(account_name="Current Year Earnings", balance=3973594)
    return FinancialPacket(
        organization=PacketOrganization(
            id="org", name="Maple Street Coffee", default_currency="USD"
        ),
        period=PacketPeriod(start_date=START, end_date=dt.date(2026, 6, 30)),
        generated_at=dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC),
        amount_unit="integer_cents",
        warnings=(),
        profit_and_loss=ProfitAndLoss(
            revenue=(sales,),
            total_revenue=4233594,
            expenses=(rent,),
            total_expenses=260000,
            net_income=3973594,
        ),
        balance_sheet=BalanceSheet(
            assets=StatementSection(accounts=(cash,), total=3973594),
            liabilities=StatementSection(accounts=(), total=0),
            equity=StatementSection(accounts=(earnings,), total=3973594),
        ),
        general_ledger=_ledger(lines),
    )


def _ledger(lines: int) -> GeneralLedger:
    rows = [
        _line("cash", "1010", "Checking", 1, 4233594, 4233594),
        _line("cash", "1010", "Checking", 2, -260000, 3973594),
        _line("sales", "4000", "Sales", 1, -4233594, -4233594),
        _line("rent", "6300", "Rent", 2, 260000, 260000),
    ]
    more = max(lines - len(rows), 0)
    for account in range(ACCOUNTS):
        count = more // ACCOUNTS
        if account < more % ACCOUNTS:
            count += 1
        rows += _account_lines(account, count)
    return GeneralLedger(lines=tuple(rows), truncated=False, total_lines=len(rows))


def _account_lines(account: int, count: int) -> list[LedgerLine]:
    """Return debits and credits of as many cents in turn.

    An odd line at the end is of nothing, so that all ties.
    """
    id = f"account-{account}"
    code = str(1000 + 100 * account)
    name = f"Account number {account}"
    balance = 0
    rows = []
    for number, memo in enumerate(islice(cycle(MEMOS), count), 1):
        pair = (number + 1) // 2
        is_alone = number == count and count % 2 == 1
        cents = 0 if is_alone else 1019 + 37 * pair
        net = cents if number % 2 else -cents
        balance += net
        entry = pair * 100 + account + 3
        rows.append(_line(id, code, name, entry, net, balance, memo))
    return rows


def _line(
    id: str, code: str, name: str, entry: int, net: int, balance: int, memo: str = "Till close"
) -> LedgerLine:
    return LedgerLine(
        date=START + dt.timedelta(days=entry % 30),
        entry_number=entry,
        account_id=id,
        account_code=code,
        account_name=name,
        description=memo,
        debit=max(net, 0),
        credit=max(-net, 0),
        running_balance=balance,
    )
