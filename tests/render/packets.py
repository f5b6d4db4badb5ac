"""Packets made for tests: small ones by hand, any that tie by hypothesis, long ones by repeating a
month.
"""

from __future__ import annotations

import base64
import datetime as dt
from itertools import accumulate

from attrs import evolve
from hypothesis import strategies as st

from ledgerhq_ext.reports.packet import (
    FinancialPacket,
    PacketOrganization,
    PacketPeriod,
    PacketWarning,
)
from ledgerhq_ext.reports.statements import (
    BalanceSheet,
    BankReconciliationAccount,
    BankReconciliationStatus,
    GeneralLedger,
    LastReconciliation,
    LedgerLine,
    ProfitAndLoss,
    StatementLine,
    StatementSection,
    TrialBalance,
    TrialBalanceLine,
    Unreconciled,
    UnreconciledAging,
)

JUNE = PacketPeriod(start_date=dt.date(2026, 6, 1), end_date=dt.date(2026, 6, 30))
MAY = PacketPeriod(start_date=dt.date(2026, 5, 1), end_date=dt.date(2026, 5, 31))
Lines = dict[str, int]
HOSTILE = (
    '=HYPERLINK("http://evil.example","<b>x</b>") <script>alert(1)</script> &amp; #strong[x] $y$ '
    "\u202egnp.exe\u2066\x00\x1b[31m\u200b\ud800 {{ 7*7 }} \\ \"'--></style></title>"
)


def _lines(named: Lines, first: int) -> tuple[StatementLine, ...]:
    return tuple(
        StatementLine(
            account_id=f"acc-{first + at}",
            account_code=str(first + at),
            account_name=name,
            balance=cents,
        )
        for at, (name, cents) in enumerate(named.items())
    )


def _section(named: Lines, first: int) -> StatementSection:
    return StatementSection(accounts=_lines(named, first), total=sum(named.values()))


def result(revenue: Lines, expenses: Lines) -> ProfitAndLoss:
    """A profit and loss that adds up."""
    total_revenue, total_expenses = sum(revenue.values()), sum(expenses.values())
    return ProfitAndLoss(
        revenue=_lines(revenue, 4000),
        total_revenue=total_revenue,
        expenses=_lines(expenses, 6000),
        total_expenses=total_expenses,
        net_income=total_revenue - total_expenses,
    )


def position(assets: Lines, liabilities: Lines) -> BalanceSheet:
    """A balance sheet; Current Year Earnings are what is left."""
    rest = sum(assets.values()) - sum(liabilities.values())
    equity = StatementSection(
        accounts=(StatementLine(account_name="Current Year Earnings", balance=rest),), total=rest
    )
    return BalanceSheet(
        assets=_section(assets, 1000), liabilities=_section(liabilities, 2000), equity=equity
    )


def ledger(amounts: list[int], *, accounts: int = 2, memo: str = "Till close") -> GeneralLedger:
    """A ledger: every amount is a debit in one account and a credit in the next one."""
    moves: list[list[int]] = [[] for _ in range(accounts)]
    for at, amount in enumerate(amounts):
        moves[at % accounts].append(amount)
        moves[(at + 1) % accounts].append(-amount)
    lines = [
        LedgerLine(
            date=JUNE.start_date + dt.timedelta(days=number % 30),
            entry_number=number,
            account_id=f"acc-{account}",
            account_code=str(1000 + account),
            account_name=f"Account {account}",
            description=memo,
            debit=max(amount, 0),
            credit=max(-amount, 0),
            running_balance=balance,
        )
        for account, signed in enumerate(moves)
        for number, (amount, balance) in enumerate(zip(signed, accumulate(signed), strict=True), 1)
    ]
    return GeneralLedger(lines=tuple(lines), truncated=False, total_lines=len(lines))


_CLEARING = StatementLine(
    account_id="acc-1999", account_code="1999", account_name="Clearing", balance=0
)


def posted(
    profit: ProfitAndLoss,
    sheet: BalanceSheet,
    *,
    entries: int = 3,
    memo: str = "Till close",
    start: dt.date,
) -> tuple[TrialBalance, GeneralLedger]:
    """The trial balance and the ledger of both, which tie: each line of the result is posted
    against the first asset.

    The first revenue is posted in many ``entries``; what was earned before the period is an account
    without lines.
    """
    cash = next(iter(sheet.assets.accounts), _CLEARING)
    moves: list[tuple[StatementLine, int, str]] = []
    for place, line in enumerate((*profit.revenue, *profit.expenses)):
        net = -line.balance if place < len(profit.revenue) else line.balance
        if place == 0:
            moves += [(line, piece, memo) for piece in _pieces(net, entries)]
        elif net:
            moves.append((line, net, "Payment"))
    numbered = list(enumerate(moves, 1))
    lines = _account_lines(
        cash, [(number, -net, text) for number, (_, net, text) in numbered], start, cash.balance
    )
    for line in (*profit.revenue, *profit.expenses):
        own = [(number, net, text) for number, (account, net, text) in numbered if account is line]
        lines += _account_lines(line, own, start, sum(net for _, net, _ in own))
    return _trial_of(profit, sheet), GeneralLedger(
        lines=tuple(lines), truncated=False, total_lines=len(lines)
    )


def _pieces(amount: int, count: int) -> list[int]:
    """An amount in pieces, none of them nothing."""
    pieces = [amount // count] * (count - 1)
    return [piece for piece in (*pieces, amount - sum(pieces)) if piece]


def _account_lines(
    account: StatementLine, moves: list[tuple[int, int, str]], start: dt.date, end: int
) -> list[LedgerLine]:
    """The lines of an account whose balance ends with ``end``."""
    balances = accumulate(
        (net for _, net, _ in moves), initial=end - sum(net for _, net, _ in moves)
    )
    return [
        LedgerLine(
            date=start + dt.timedelta(days=number % 30),
            entry_number=number,
            account_id=account.account_id or "",
            account_code=account.account_code or "",
            account_name=account.account_name,
            description=text,
            debit=max(net, 0),
            credit=max(-net, 0),
            running_balance=balance,
        )
        for (number, net, text), balance in zip(moves, list(balances)[1:], strict=True)
    ]


def _trial_of(profit: ProfitAndLoss, sheet: BalanceSheet) -> TrialBalance:
    earlier = StatementLine(
        account_id="acc-4999",
        account_code="4999",
        account_name="Earlier months",
        balance=sheet.equity.total - profit.net_income,
    )
    kinds = [
        ("asset", 1, sheet.assets.accounts),
        ("liability", -1, sheet.liabilities.accounts),
        ("revenue", -1, (*profit.revenue, earlier)),
        ("expense", 1, profit.expenses),
    ]
    accounts = tuple(
        TrialBalanceLine(
            account_id=line.account_id or "",
            code=line.account_code or "",
            name=line.account_name,
            type=kind,
            debit_balance=max(sign * line.balance, 0),
            credit_balance=max(-sign * line.balance, 0),
        )
        for kind, sign, lines in kinds
        for line in lines
    )
    return TrialBalance(
        accounts=accounts,
        total_debits=sum(line.debit_balance for line in accounts),
        total_credits=sum(line.credit_balance for line in accounts),
    )


def bank(count: int = 7, total: int = -12345) -> BankReconciliationStatus:
    """One bank account."""
    aging = UnreconciledAging(week=count, month=0, two_months=0, older=0)
    account = BankReconciliationAccount(
        id="bank-1",
        account_name="Business checking",
        balance=8992411,
        balance_discrepancy=-17623,
        unreconciled=Unreconciled(count=count, total=total, aging=aging),
        last_reconciliation=LastReconciliation(id="r", end_date=dt.date(2026, 4, 30)),
    )
    return BankReconciliationStatus(accounts=(account,))


def packet(currency: str = "USD", lines: int = 6) -> FinancialPacket:
    """June of a coffee shop, which ties; ``lines`` of its ledger are those of till closes."""
    profit = result({"Sales": 4233594, "Refunds": -1500}, {"Rent": 260000, "Supplies": 63372})
    sheet = position(
        {"Checking": 9010034, "Clearing": -35900}, {"Credit card": 93599, "Loan": 1500000}
    )
    balances, book = posted(profit, sheet, entries=lines // 2, start=JUNE.start_date)
    return FinancialPacket(
        organization=PacketOrganization(
            id="org-1", name="Maple Street Coffee", default_currency=currency
        ),
        period=JUNE,
        generated_at=dt.datetime(2026, 7, 1, 12, 0, 11, tzinfo=dt.UTC),
        amount_unit="integer_cents",
        warnings=(),
        profit_and_loss=profit,
        balance_sheet=sheet,
        trial_balance=balances,
        general_ledger=book,
        bank_reconciliation_status=bank(),
    )


def earlier() -> FinancialPacket:
    """May of the same shop: a line less, a line more."""
    profit = result({"Sales": 4000000}, {"Rent": 250000, "Supplies": 70000, "Travel": 12345})
    sheet = position({"Checking": 8000000}, {"Credit card": 93599, "Loan": 1600000})
    balances, book = posted(profit, sheet, start=MAY.start_date)
    return evolve(
        packet(),
        period=MAY,
        profit_and_loss=profit,
        balance_sheet=sheet,
        trial_balance=balances,
        general_ledger=book,
        bank_reconciliation_status=bank(3),
    )


def broken() -> FinancialPacket:
    """A packet whose assets say a cent more than their accounts."""
    whole = packet()
    assets = whole.balance_sheet.assets
    sheet = evolve(whole.balance_sheet, assets=evolve(assets, total=assets.total + 1))
    return evolve(whole, balance_sheet=sheet)


def hostile(text: str = HOSTILE) -> FinancialPacket:
    """The same words wherever a stranger could have written."""
    whole = packet()
    (account,) = whole.bank_reconciliation_status.accounts
    profit, sheet = result({text: 5}, {f"{text}2": -7}), position({text: 5}, {f"{text}2": 1})
    balances, book = posted(profit, sheet, memo=text, start=JUNE.start_date)
    return evolve(
        whole,
        organization=evolve(whole.organization, name=text, id=text),
        warnings=(PacketWarning(code=text, message=text),),
        profit_and_loss=profit,
        balance_sheet=sheet,
        trial_balance=balances,
        general_ledger=evolve(
            book,
            lines=tuple(evolve(line, account_code=text, reference=text) for line in book.lines),
        ),
        bank_reconciliation_status=BankReconciliationStatus(
            accounts=(evolve(account, account_name=text),)
        ),
    )


_names = st.text(min_size=1, max_size=12)
_cents = st.integers(-(10**13), 10**13)
_named = st.dictionaries(_names, _cents, max_size=4)


@st.composite
def packets(draw: st.DrawFn) -> FinancialPacket:
    """Any packet that ties, in any of a few currencies."""
    currency = draw(st.sampled_from(["USD", "JPY", "EUR", "KWD"]))
    sales = {"Sales": draw(st.integers(1, 10**12))}
    profit, sheet = result(sales | draw(_named), draw(_named)), position(draw(_named), draw(_named))
    balances, book = posted(
        profit,
        sheet,
        entries=draw(st.integers(1, 6)),
        memo=draw(st.text(max_size=20)),
        start=JUNE.start_date,
    )
    return evolve(
        packet(currency),
        organization=PacketOrganization(id="org-1", name=draw(_names), default_currency=currency),
        profit_and_loss=profit,
        balance_sheet=sheet,
        trial_balance=balances,
        general_ledger=book,
        bank_reconciliation_status=bank(draw(st.integers(0, 10**6)), draw(_cents)),
    )


LOGO = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
