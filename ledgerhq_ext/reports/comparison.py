"""Two packets side by side: every figure of one with that of the other."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from attrs import frozen

from ledgerhq_ext.errors import InputError
from ledgerhq_ext.money import Cents

if TYPE_CHECKING:
    from ledgerhq_ext.reports.packet import FinancialPacket
    from ledgerhq_ext.reports.statements import StatementLine

Key = tuple[str, str]
"""What says that two lines are the same: their account, or, on computed lines, their name."""


@frozen(kw_only=True)
class Change:
    """A figure in both packets, in cents. None where one of them does not have the line.

    ``section`` is the part of the statement in the contract's words, ``total`` marks its sums.
    """

    statement: str
    section: str
    name: str
    before: Cents | None
    after: Cents | None
    account_id: str | None = None
    account_code: str | None = None
    total: bool = False

    @property
    def change(self) -> Cents:
        """By how much it grew; a missing line counts as zero."""
        return (self.after or 0) - (self.before or 0)


@frozen(kw_only=True)
class _Figure:
    key: Key
    name: str
    cents: Cents
    account_id: str | None = None
    account_code: str | None = None
    total: bool = False


_Figures = dict[tuple[str, str], list[_Figure]]
_Place = tuple[Key, int]
_Indexed = dict[_Place, _Figure]


def diff(
    before: FinancialPacket, after: FinancialPacket, *, changed_only: bool = True
) -> tuple[Change, ...]:
    """What changed between two packets of one company: profit and loss, balance sheet, trial
    balance (debits positive).

    Statements that one of them lacks are left out. ``InputError`` for packets of two companies or
    currencies.
    """
    one, other = before.organization, after.organization
    if (one.id, one.default_currency) != (other.id, other.default_currency):
        raise InputError(
            f"{one.name} ({one.default_currency}) and {other.name} ({other.default_currency}) "
            "cannot be compared: packets of one company, in one currency, can."
        )
    was, now = _figures(before), _figures(after)
    pairs = ((place, was[place], now[place]) for place in now if place in was)
    changes = (change for place, old, new in pairs for change in _changes(place, old, new))
    return tuple(change for change in changes if change.change or not changed_only)


def _changes(place: tuple[str, str], was: list[_Figure], now: list[_Figure]) -> Iterator[Change]:
    old, new = _indexed(was), _indexed(now)
    for key in _order(old, new):
        named = new.get(key) or old[key]
        yield Change(
            statement=place[0],
            section=place[1],
            name=named.name,
            before=old[key].cents if key in old else None,
            after=new[key].cents if key in new else None,
            account_id=named.account_id,
            account_code=named.account_code,
            total=named.total,
        )


def _order(old: _Indexed, new: _Indexed) -> list[_Place]:
    """The lines of the new statement as they stand, those that only the old one has among them by
    code; then totals.
    """
    only_old = [key for key in old if key not in new]
    waiting = deque(
        sorted((key for key in only_old if old[key].account_code), key=lambda key: _code(old[key]))
    )
    order: list[_Place] = []
    for key in new:
        if new[key].total:
            continue
        code = _code(new[key])
        # What has no code stands last: everything that has one goes before it.
        while waiting and (not code or _code(old[waiting[0]]) < code):
            order.append(waiting.popleft())
        order.append(key)

    order += waiting
    order += [key for key in only_old if not old[key].account_code]
    return order + [key for key in new if new[key].total]


def _code(figure: _Figure) -> str:
    return figure.account_code or ""


def _indexed(figures: Iterable[_Figure]) -> _Indexed:
    """By key; a key that comes twice is told apart by its turn."""
    turns: dict[Key, int] = {}
    indexed = {}
    for figure in figures:
        turns[figure.key] = turns.get(figure.key, 0) + 1
        indexed[figure.key, turns[figure.key]] = figure
    return indexed


def _figures(packet: FinancialPacket) -> _Figures:
    found: _Figures = {}
    if result := packet.statement("profitAndLoss"):
        found["profitAndLoss", "revenue"] = [
            *_lines(result.revenue),
            _total("Total revenue", result.total_revenue),
        ]
        found["profitAndLoss", "expenses"] = [
            *_lines(result.expenses),
            _total("Total expenses", result.total_expenses),
        ]
        found["profitAndLoss", "netIncome"] = [_total("Net income", result.net_income)]
    if sheet := packet.statement("balanceSheet"):
        for name in ("assets", "liabilities", "equity"):
            section = getattr(sheet, name)
            found["balanceSheet", name] = [
                *_lines(section.accounts),
                _total(f"Total {name}", section.total),
            ]
    if trial := packet.statement("trialBalance"):
        found["trialBalance", "accounts"] = [
            _Figure(
                key=("id", line.account_id),
                name=line.name,
                cents=line.debit_balance - line.credit_balance,
                account_id=line.account_id,
                account_code=line.code,
            )
            for line in trial.accounts
        ]
    return found


def _lines(lines: Iterable[StatementLine]) -> Iterator[_Figure]:
    for line in lines:
        key = ("id", line.account_id) if line.account_id else ("name", line.account_name)
        yield _Figure(
            key=key,
            name=line.account_name,
            cents=line.balance,
            account_id=line.account_id,
            account_code=line.account_code,
        )


def _total(name: str, cents: Cents) -> _Figure:
    return _Figure(key=("total", name), name=name, cents=cents, total=True)
