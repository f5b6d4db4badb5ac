"""A long ledger from shorter ones: the days to ask for, and one ledger from the answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise
from typing import TYPE_CHECKING

from attrs import evolve
from dateutil.relativedelta import relativedelta

from ledgerhq_ext.errors import ContractError
from ledgerhq_ext.reports.periods import Period

if TYPE_CHECKING:
    from ledgerhq_ext.reports.packet import FinancialPacket
    from ledgerhq_ext.reports.statements import GeneralLedger, LedgerLine

_AGAIN = "entries may have been posted meanwhile: ask for the packet again"


def months_of(period: Period) -> list[Period]:
    """Return the months of a period; the first and the last may be a part of one."""
    months: list[Period] = []
    start = period.start
    while start <= period.end:
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
    """Return the packet with the whole ledger, made of those of successive days.

    ``ContractError`` unless the pieces have as many lines as the packet says, begin with those it
    has, in its order, and go on with the balances of one another.
    """
    book = packet.general_ledger
    count = sum(len(piece.lines) for piece in pieces)
    if count != book.total_lines:
        message = (
            f"the ledger by months has {count} lines, the packet says {book.total_lines}; {_AGAIN}"
        )
        raise ContractError(message, pointer="/generalLedger/totalLines")
    lines = _merged(pieces)
    if any(
        _identity(line) != _identity(first) for line, first in zip(lines, book.lines, strict=False)
    ):
        message = f"the ledger by months does not begin with the lines of the packet; {_AGAIN}"
        raise ContractError(message, pointer="/generalLedger/lines")
    if not _go_on(pieces):
        message = "running balances begin anew with every month that is asked for: no whole ledger can be made of them"
        raise ContractError(message, pointer="/generalLedger/lines")
    # The service warned of lines that are here now.
    warnings = tuple(
        warning for warning in packet.warnings if "TRUNCAT" not in warning.code.upper()
    )
    whole = evolve(book, lines=tuple(lines), truncated=False)
    return evolve(packet, general_ledger=whole, warnings=warnings)


def _identity(line: LedgerLine) -> tuple[object, ...]:
    return (line.account_id, line.date, line.entry_number, line.debit, line.credit)


def _merged(pieces: Sequence[GeneralLedger]) -> list[LedgerLine]:
    """By accounts, if every piece goes by accounts; else one piece after the other."""
    orders = [_accounts(piece.lines) for piece in pieces]
    if any(len(set(order)) < len(order) for order in orders):
        return list(chain.from_iterable(piece.lines for piece in pieces))
    by_account: dict[str, list[LedgerLine]] = {}
    for line in chain.from_iterable(piece.lines for piece in pieces):
        by_account.setdefault(line.account_id, []).append(line)
    accounts = list(by_account.values())
    if all(_ascends(piece.lines) for piece in pieces):
        accounts.sort(key=lambda lines: lines[0].account_code)
    return list(chain.from_iterable(accounts))


def _accounts(lines: Sequence[LedgerLine]) -> list[str]:
    """The accounts in the order of the lines, one for each stretch."""
    return [
        line.account_id
        for place, line in enumerate(lines)
        if not place or line.account_id != lines[place - 1].account_id
    ]


def _ascends(lines: Sequence[LedgerLine]) -> bool:
    return all(one.account_code <= other.account_code for one, other in pairwise(lines))


def _go_on(pieces: Sequence[GeneralLedger]) -> bool:
    """Whether the balances of some account go on from one piece to the next, or no account is in
    two.
    """
    ends: dict[str, int] = {}
    seams = list(_seams(pieces, ends))
    return not seams or any(seams)


def _seams(pieces: Sequence[GeneralLedger], ends: dict[str, int]) -> Iterator[bool]:
    """For each account that has lines in an earlier piece: whether its first line here follows from
    there.
    """
    for piece in pieces:
        here: set[str] = set()
        for line in piece.lines:
            if line.account_id not in here and ends.get(line.account_id):
                change = line.running_balance - ends[line.account_id]
                yield abs(change) == abs(line.debit - line.credit)
            here.add(line.account_id)
        ends.update((line.account_id, line.running_balance) for line in piece.lines)
