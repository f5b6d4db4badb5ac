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
"""The identity of a line: its account, or, on a computed line, its name."""


@frozen(kw_only=True)
class Change:
    """A figure in two packets, in cents; None if one of them does not have the line.

    ``section`` is the contract's name for the part of the statement; ``total`` is true for its
    sums.
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
        """The change in cents; a missing line counts as zero."""
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
    """Return what changed between two packets of one company, in cents.

    It goes through profit and loss, balance sheet and trial balance (debits positive); statements
    that one of the packets lacks are left out. ``changed_only=False`` adds the figures that did not
    change. Raises ``InputError`` for packets of two companies or currencies, and for one before
    that begins or ends later.
    """
    one = before.organization
    other = after.organization
    if one.id != other.id or one.default_currency != other.default_currency:
        raise InputError(
            f"{one.name} ({one.id}, {one.default_currency}) and {other.name} ({other.id}, "
            f"{other.default_currency}) cannot be compared. Pass two packets of one company in one "
            "currency."
        )
    check_order(before, after, "other")

    old_sections = _figures(before)
    changes: list[Change] = []
    for place, new in _figures(after).items():
        old = old_sections.get(place)
        if old is not None:
            changes += _changes(place, _indexed(old), _indexed(new))
    if changed_only:
        return tuple(change for change in changes if change.change)
    return tuple(changes)


def check_order(before: FinancialPacket, after: FinancialPacket, name: str) -> None:
    """Raise ``InputError``, which calls it ``name``, for a packet before that begins or ends later.

    The wrong way round every change would have the wrong sign, and look plausible.
    """
    if before.period.start_date > after.period.start_date:
        raise InputError(f"{name} must be an earlier packet, but this one begins later.")
    if before.period.end_date > after.period.end_date:
        raise InputError(f"{name} must be an earlier packet, but this one ends later.")


def _changes(place: tuple[str, str], old: _Indexed, new: _Indexed) -> Iterator[Change]:
    statement, section = place
    for key in _order(old, new):
        before = old.get(key)
        after = new.get(key)
        line = after or before
        assert line is not None
        yield Change(
            statement=statement,
            section=section,
            name=line.name,
            before=before.cents if before else None,
            after=after.cents if after else None,
            account_id=line.account_id,
            account_code=line.account_code,
            total=line.total,
        )


def _order(old: _Indexed, new: _Indexed) -> list[_Place]:
    """Return the lines of the new statement as they stand, then its totals.

    Those that only the old statement has stand among them by code.
    """

    def code_of(key: _Place) -> str:
        """Return the account code of a place in the old statement."""
        return _code(old[key])

    only_old = [key for key in old if key not in new]
    waiting = deque(sorted((key for key in only_old if code_of(key)), key=code_of))
    order: list[_Place] = []
    for key in new:
        if new[key].total:
            continue
        code = _code(new[key])
        # What has no code stands last: everything that has one goes before it.
        while waiting and (not code or code_of(waiting[0]) < code):
            order.append(waiting.popleft())
        order.append(key)

    order += waiting
    order += [key for key in only_old if not code_of(key)]
    return order + [key for key in new if new[key].total]


def _code(figure: _Figure) -> str:
    return figure.account_code or ""


def _indexed(figures: Iterable[_Figure]) -> _Indexed:
    """Return the figures by key; one that comes twice is told apart by its turn."""
    turns: dict[Key, int] = {}
    indexed = {}
    for figure in figures:
        turns[figure.key] = turns.get(figure.key, 0) + 1
        indexed[figure.key, turns[figure.key]] = figure
    return indexed


def _figures(packet: FinancialPacket) -> _Figures:
    """Return the lines and totals of a packet's statements, by statement and section."""
    figures: _Figures = {}
    if result := packet.statement("profitAndLoss"):
        figures["profitAndLoss", "revenue"] = [
            *_lines(result.revenue),
            _total("Total revenue", result.total_revenue),
        ]
        figures["profitAndLoss", "expenses"] = [
            *_lines(result.expenses),
            _total("Total expenses", result.total_expenses),
        ]
        # A section without lines.
        figures["profitAndLoss", "netIncome"] = [_total("Net income", result.net_income)]
    if sheet := packet.statement("balanceSheet"):
        for name in ("assets", "liabilities", "equity"):
            section = getattr(sheet, name)
            figures["balanceSheet", name] = [
                *_lines(section.accounts),
                _total(f"Total {name}", section.total),
            ]
    if trial := packet.statement("trialBalance"):
        figures["trialBalance", "accounts"] = [
            _Figure(
                key=("id", line.account_id),
                name=line.name,
                cents=line.debit_balance - line.credit_balance,
                account_id=line.account_id,
                account_code=line.code,
            )
            for line in trial.accounts
        ]
    return figures


def _lines(lines: Iterable[StatementLine]) -> Iterator[_Figure]:
    for line in lines:
        # A line that the service computes is of no account.
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
