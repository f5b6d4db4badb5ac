"""The checks from one statement to another.

The contract leaves conventions open (see ``earnings`` and ``running``). Where the packet decides
one, the check is made; where it does not, the check says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledgerhq_ext._message import message as _
from ledgerhq_ext._texts import comparable
from ledgerhq_ext.reports.accounts import POSITION, Account, Accounts, ledger_gap
from ledgerhq_ext.reports.check import Check, Subject, Tally, not_checkable
from ledgerhq_ext.reports.earnings import NO_SHEET, NO_TRIAL, SPLIT, Earnings, earnings_checks
from ledgerhq_ext.reports.ending_checks import ending_checks
from ledgerhq_ext.reports.running import Running

if TYPE_CHECKING:
    from ledgerhq_ext.reports.packet import FinancialPacket

DATE = _("date of a ledger line is in the period")
RESULT_LEDGER = _("profit and loss = ledger lines of the account")
SHEET_TRIAL = _("balance sheet = trial balance of the account")
NAMES = _("no statement shows an account under the code or name of another one")
_DISPLACED = _("it stands in a section of another type of account than its own")
_Owners = dict[tuple[int, str], set[str]]
"""The accounts whose first code (0) or name (1) each text is."""


def cross_checks(packet: FinancialPacket, accounts: Accounts, running: Running) -> list[Check]:
    """Return the checks from statement to statement of one packet."""
    earnings = Earnings(packet, accounts)
    return [
        *_names(packet, accounts),
        *_dates(packet, accounts),
        *_result_ledger(packet, earnings),
        *_sheet_trial(packet, accounts, earnings),
        *earnings_checks(packet, earnings),
        *ending_checks(packet, accounts, running, earnings),
    ]


def _names(packet: FinancialPacket, accounts: Accounts) -> list[Check]:
    """Return the check of what the accounts are called: readers know them by nothing else.

    Statements may write a name in several ways, and two accounts may have one name. But one that
    has several, of which one is another's own, has been mistaken for that one.
    """
    if len(packet.included) < 2:
        return []
    owners: _Owners = {}
    for account in accounts:
        for place, text in enumerate(account.names[0]):
            owners.setdefault((place, comparable(text)), set()).add(account.id)

    tally = Tally(NAMES, packet.included[0], sums=False)
    for account in accounts:
        if not _is_mistaken(account, owners):
            tally.tie()
            continue
        labels = [f"{code} {name}".strip() for code, name in account.names]
        tally.differ(_("it stands as {labels}", labels=", ".join(labels)), account.subject)
    return tally.checks()


def _is_mistaken(account: Account, owners: _Owners) -> bool:
    """Return whether an account has several codes, or names, and one of them is another's own."""
    for place, texts in enumerate(zip(*account.names, strict=True)):
        own = {comparable(text) for text in texts if text}
        if len(own) < 2:
            continue
        for text in own:
            others = owners.get((place, text), set()) - {account.id}
            if others:
                return True
    return False


def _dates(packet: FinancialPacket, accounts: Accounts) -> list[Check]:
    book = packet.statement("generalLedger")
    if book is None:
        return []
    if gap := ledger_gap(packet):
        return [not_checkable(DATE, "generalLedger", gap)]

    start = packet.period.start_date
    end = packet.period.end_date
    tally = Tally(DATE, "generalLedger", sums=False)
    for line in book.lines:
        if start <= line.date <= end:
            tally.tie()
            continue
        label = accounts.by_id[line.account_id].label
        subject = Subject(line.account_id, label, line.entry_number)
        reason = _("{day} is not between {start} and {end}", day=line.date, start=start, end=end)
        tally.differ(reason, subject)
    return tally.checks()


def _result_ledger(packet: FinancialPacket, earnings: Earnings) -> list[Check]:
    result = packet.statement("profitAndLoss")
    if result is None:
        return []
    if gap := ledger_gap(packet):
        return [not_checkable(RESULT_LEDGER, "profitAndLoss", gap)]

    tally = Tally(RESULT_LEDGER, "profitAndLoss")
    if any(not line.account_id for line in (*result.revenue, *result.expenses)):
        tally.leave(_("a line of the profit and loss names no account"))
    for account in earnings.results.accounts:
        moved = earnings.results.moved(account)
        # An account that did not move need not stand on the profit and loss.
        if account.result is None and not moved:
            continue
        # On the side that the statement shows as positive.
        sign = 1 if account.kind == "expense" else -1
        _compare_placed(tally, account, sign * (account.result or 0), sign * moved)
    return tally.checks()


def _sheet_trial(packet: FinancialPacket, accounts: Accounts, earnings: Earnings) -> list[Check]:
    has_sheet = packet.statement("balanceSheet") is not None
    has_trial = packet.statement("trialBalance") is not None
    if not has_sheet and not has_trial:
        return []

    if not has_sheet or not has_trial:
        return [not_checkable(SHEET_TRIAL, "balanceSheet", NO_TRIAL if has_sheet else NO_SHEET)]

    tally = Tally(SHEET_TRIAL, "balanceSheet")
    for account in accounts:
        if account.kind in POSITION:
            _compare_sheet(tally, account, earnings)
    return tally.checks()


def _compare_sheet(tally: Tally, account: Account, earnings: Earnings) -> None:
    # The balance sheet may leave out an account of nothing.
    if account.sheet is None and not account.trial:
        return

    # On the side that the balance sheet shows as positive.
    sign = 1 if account.kind == "asset" else -1
    figure = sign * (account.sheet or 0)
    counterpart = sign * (account.trial or 0)

    # Earlier years may stand in one account of equity, and which one nothing says.
    may_hold_earnings = bool(earnings.split) and account.kind == "equity"
    if may_hold_earnings and figure != counterpart:
        tally.leave(SPLIT, figure, counterpart, account.subject)
    else:
        _compare_placed(tally, account, figure, counterpart)


def _compare_placed(tally: Tally, account: Account, figure: int, counterpart: int) -> None:
    """Compare two balances of an account, which mean the same only in a section of its kind."""
    if not account.displaced or figure != counterpart:
        tally.compare(figure, counterpart, account.subject)
    elif account.displaced < 0:
        # It makes the totals of both sections less, and no sum shows it.
        tally.differ(_DISPLACED, account.subject)
    else:
        # An overdraft may stand under liabilities.
        tally.leave(_DISPLACED, figure, counterpart, account.subject)
