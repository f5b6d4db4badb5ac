"""A long ledger from shorter ones: the days to ask for, and one ledger from the answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import chain, groupby, pairwise
from operator import attrgetter
from typing import TYPE_CHECKING

from attrs import evolve
from dateutil.relativedelta import relativedelta

from ledgerhq_ext._plain import counted
from ledgerhq_ext.errors import ContractError
from ledgerhq_ext.reports.periods import Period

if TYPE_CHECKING:
    from ledgerhq_ext.reports.packet import FinancialPacket, PacketWarning
    from ledgerhq_ext.reports.statements import GeneralLedger, LedgerLine

_AGAIN = "entries may have been posted in the meantime, so request the packet again"


def months_of(period: Period) -> list[Period]:
    """Return the months of a period; the first and the last may be a part of one."""
    months: list[Period] = []
    start = period.start
    while start <= period.end:
        # The last day, however long the month is.
        last = start + relativedelta(day=31)
        months.append(Period(start, min(last, period.end)))
        if last >= period.end:
            break
        start = last + dt.timedelta(days=1)
    return months


def halves_of(period: Period) -> list[Period]:
    """Return the two halves of a period of more than one day."""
    middle = period.start + (period.end - period.start) // 2
    return [Period(period.start, middle), Period(middle + dt.timedelta(days=1), period.end)]


def with_ledger(packet: FinancialPacket, pieces: Sequence[GeneralLedger]) -> FinancialPacket:
    """Return the packet with its complete ledger, put together from those of successive days.

    ``ContractError`` unless the pieces have as many lines as the packet says, begin with those it
    has, in its order, and go on with the balances of one another.
    """
    book = packet.general_ledger
    count = sum(len(piece.lines) for piece in pieces)
    if count != book.total_lines:
        message = (
            f"the ledger by months has {counted(count, 'line')}, but the packet says "
            f"{book.total_lines}; {_AGAIN}"
        )
        raise ContractError(message, pointer="/generalLedger/totalLines")

    lines = _merged(pieces)
    # The packet has only the first lines; they show whether this is the same ledger.
    firsts = zip(lines, book.lines, strict=False)
    if any(_identity(line) != _identity(first) for line, first in firsts):
        message = f"the ledger by months does not begin with the lines of the packet; {_AGAIN}"
        raise ContractError(message, pointer="/generalLedger/lines")
    if not _go_on(pieces):
        message = (
            "running balances start over with every requested month, so the parts cannot be "
            "combined into one ledger"
        )
        raise ContractError(message, pointer="/generalLedger/lines")

    # The service warned of lines that are here now.
    warnings = tuple(warning for warning in packet.warnings if not _is_of_the_cut(warning))
    ledger = evolve(book, lines=tuple(lines), truncated=False)
    return evolve(packet, general_ledger=ledger, warnings=warnings)


def _is_of_the_cut(warning: PacketWarning) -> bool:
    """Return True for the warning that the ledger is truncated; other lists may be, too."""
    text = f"{warning.code} {warning.message}".upper()
    return "TRUNCAT" in warning.code.upper() and "LEDGER" in text


def _identity(line: LedgerLine) -> tuple[object, ...]:
    """Return what says that two lines are one: not the running balance, which a month may begin."""
    return (line.account_id, line.date, line.entry_number, line.debit, line.credit)


def _merged(pieces: Sequence[GeneralLedger]) -> list[LedgerLine]:
    """Return the lines by accounts, if every piece goes by accounts; else piece after piece."""
    lines = list(chain.from_iterable(piece.lines for piece in pieces))
    # A book by days goes on from piece to piece as it is.
    if not all(_goes_by_accounts(piece.lines) for piece in pieces):
        return lines

    by_account: dict[str, list[LedgerLine]] = {}
    for line in lines:
        by_account.setdefault(line.account_id, []).append(line)

    accounts = list(by_account.values())
    if all(_ascends(piece.lines) for piece in pieces):
        accounts.sort(key=_code_of)
    return list(chain.from_iterable(accounts))


def _code_of(lines: Sequence[LedgerLine]) -> str:
    return lines[0].account_code


def _goes_by_accounts(lines: Sequence[LedgerLine]) -> bool:
    """Return True when the lines of every account stand together."""
    accounts = [account_id for account_id, _ in groupby(lines, key=attrgetter("account_id"))]
    return len(set(accounts)) == len(accounts)


def _ascends(lines: Sequence[LedgerLine]) -> bool:
    return all(one.account_code <= other.account_code for one, other in pairwise(lines))


def _go_on(pieces: Sequence[GeneralLedger]) -> bool:
    """Return True when the balances of some account go on from one piece to the next.

    Also when no account is in two pieces: then nothing says that they begin anew.
    """
    ends: dict[str, int] = {}
    seams: list[bool] = []
    for piece in pieces:
        firsts: dict[str, LedgerLine] = {}
        for line in piece.lines:
            firsts.setdefault(line.account_id, line)

        # An account that ended at nothing goes on and begins anew in the same way.
        for account_id, line in firsts.items():
            end = ends.get(account_id)
            if end:
                seams.append(_follows(line, end))
        ends |= {line.account_id: line.running_balance for line in piece.lines}
    return any(seams) or not seams


def _follows(line: LedgerLine, end: int) -> bool:
    # On whichever side its balance counts.
    change = line.running_balance - end
    return abs(change) == abs(line.debit - line.credit)
