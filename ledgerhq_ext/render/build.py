"""From a packet to a document: the one place that decides what stands in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from attrs import evolve

from ledgerhq_ext.errors import InputError
from ledgerhq_ext.packet import FinancialPacket, Problem
from ledgerhq_ext.plain import plain
from ledgerhq_ext.render import statements
from ledgerhq_ext.render.charts import charts
from ledgerhq_ext.render.document import Document, Fact, Seal, Section
from ledgerhq_ext.render.ledger import ledger
from ledgerhq_ext.render.options import Options
from ledgerhq_ext.wire import to_wire

# In JSON text it stands nowhere else: inside of strings quotes are escaped.
_LINES = '"generalLedger":{"lines":['


def fingerprint(packet: FinancialPacket) -> str:
    """The sha256 of the packet's canonical JSON: keys sorted, no blanks, ASCII."""
    digest = hashlib.sha256()
    for piece in canonical(packet):
        digest.update(piece.encode())
    return digest.hexdigest()


def canonical(packet: FinancialPacket) -> Iterator[str]:
    """The canonical JSON in pieces, one a ledger line: a long ledger need not stand in memory a second time."""
    book = packet.general_ledger
    hollow = packet if book is None else evolve(packet, general_ledger=evolve(book, lines=()))
    before, marker, after = _dumps(hollow.to_json()).partition(_LINES)
    yield before + marker
    for number, line in enumerate(book.lines if book else ()):
        yield ("," if number else "") + _dumps(to_wire(line))
    yield after


def _dumps(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def build(packet: FinancialPacket, options: Options, compare: FinancialPacket | None = None) -> Document:
    """The document of a packet, compared with an earlier one where that is given."""
    if compare is not None and compare.period.start_date > packet.period.start_date:
        raise InputError("compare= is an earlier packet: this one begins later.")
    changes = statements.Changes(packet, compare)
    problems = _problems(packet, compare)
    organization = packet.organization
    return Document(
        title=plain(options.title),
        organization=plain(organization.name),
        organization_id=plain(organization.id),
        currency=organization.default_currency,
        start=packet.period.start_date,
        end=packet.period.end_date,
        generated_at=packet.generated_at,
        problems=problems,
        warnings=tuple(plain(f"{warning.code}: {warning.message}") for warning in packet.warnings),
        figures=tuple(_figures(packet, compare)),
        charts=tuple(charts(packet, compare)),
        sections=tuple(_sections(packet, compare, changes)),
        compared=(compare.period.start_date, compare.period.end_date) if compare else None,
        seal=Seal(fingerprint(packet), options.to_json(), fingerprint(compare) if compare else ""),
    )


def _problems(packet: FinancialPacket, compare: FinancialPacket | None) -> tuple[str, ...]:
    found = [plain(str(problem)) for problem in packet.problems()]
    before = compare.problems() if compare else ()
    return (*found, *(plain(f"prior period, {problem}") for problem in before))


def _said(problems: tuple[Problem, ...]) -> tuple[str, ...]:
    return tuple(plain(problem.message) for problem in problems)


def _sections(
    packet: FinancialPacket, compare: FinancialPacket | None, changes: statements.Changes
) -> Iterator[Section]:
    period = packet.period
    if packet.profit_and_loss:
        yield statements.profit_and_loss(packet.profit_and_loss, changes, _said(packet.profit_and_loss.problems()))
    if packet.balance_sheet:
        yield statements.balance_sheet(packet.balance_sheet, changes, _said(packet.balance_sheet.problems()))
    if packet.trial_balance:
        yield statements.trial_balance(packet.trial_balance, changes, _said(packet.trial_balance.problems()))
    if status := packet.bank_reconciliation_status:
        prior = compare.bank_reconciliation_status if compare else None
        yield statements.bank_reconciliation(status, prior, _said(status.problems()))
    if packet.general_ledger:
        yield ledger(packet.general_ledger, period.start_date, _said(packet.general_ledger.problems()))


def _figures(packet: FinancialPacket, compare: FinancialPacket | None) -> Iterator[Fact]:
    if now := packet.profit_and_loss:
        was = compare.profit_and_loss if compare else None
        yield Fact("Revenue", now.total_revenue, before=was.total_revenue if was else None)
        yield Fact("Expenses", now.total_expenses, before=was.total_expenses if was else None)
        yield Fact("Net income", now.net_income, before=was.net_income if was else None)
    if sheet := packet.balance_sheet:
        old = compare.balance_sheet if compare else None
        yield Fact("Assets", sheet.assets.total, before=old.assets.total if old else None)
        yield Fact("Liabilities", sheet.liabilities.total, before=old.liabilities.total if old else None)
        yield Fact("Equity", sheet.equity.total, before=old.equity.total if old else None)
    if not packet.profit_and_loss and not packet.balance_sheet:
        yield from _other_figures(packet)


def _other_figures(packet: FinancialPacket) -> Iterator[Fact]:
    """For packets of one statement, which have no better ones."""
    if trial := packet.trial_balance:
        yield Fact("Total debits", trial.total_debits)
        yield Fact("Total credits", trial.total_credits)
    if status := packet.bank_reconciliation_status:
        yield Fact("Unreconciled rows", sum(a.unreconciled.count for a in status.accounts), "count")
    if book := packet.general_ledger:
        yield Fact("Ledger lines", book.total_lines, "count")
