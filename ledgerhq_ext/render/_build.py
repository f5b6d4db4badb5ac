"""From a packet to a document: the one place that decides what stands in it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Sequence

from attrs import evolve

from ledgerhq_ext._plain import plain
from ledgerhq_ext._wire import to_wire
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.render import _checks as checks
from ledgerhq_ext.render import _statements as statements
from ledgerhq_ext.render._charts import charts
from ledgerhq_ext.render._document import Document, Fact, Seal, Section
from ledgerhq_ext.render._labels import Labels, notes, with_currency
from ledgerhq_ext.render._ledger import ledger, missing
from ledgerhq_ext.render._options import Options
from ledgerhq_ext.reports.check import Check
from ledgerhq_ext.reports.packet import FinancialPacket
from ledgerhq_ext.reports.packet_checks import Examination
from ledgerhq_ext.reports.statements import to_problems

# In JSON text it stands nowhere else: inside of strings quotes are escaped.
_LINES = '"generalLedger":{"lines":['


def fingerprint(packet: FinancialPacket) -> str:
    """The sha256 of the packet's canonical JSON: keys sorted, no blanks, ASCII."""
    digest = hashlib.sha256()
    for piece in canonical(packet):
        digest.update(piece.encode())
    return digest.hexdigest()


def canonical(packet: FinancialPacket) -> Iterator[str]:
    """The canonical JSON in pieces, one a ledger line: a long ledger need not stand in memory a
    second time.
    """
    book = packet.statement("generalLedger")
    hollow = packet if book is None else evolve(packet, general_ledger=evolve(book, lines=()))
    before, marker, after = _dumps(to_wire(hollow)).partition(_LINES)
    yield before + marker
    for number, line in enumerate(book.lines if book else ()):
        yield ("," if number else "") + _dumps(to_wire(line))
    yield after


def _dumps(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def build(
    packet: FinancialPacket, options: Options, compare: FinancialPacket | None = None
) -> Document:
    """The document of a packet, compared with an earlier one where that is given."""
    if compare is not None and compare.period.start_date > packet.period.start_date:
        raise InputError("compare= is an earlier packet: this one begins later.")
    labels = Labels(packet, compare, options)
    changes = statements.Changes(packet, compare, labels)
    examination = Examination(packet)
    made = examination.checks()
    prior = compare.checks() if compare else None
    organization = packet.organization
    return Document(
        title=plain(options.title),
        organization=plain(organization.name),
        organization_id=plain(organization.id),
        currency=organization.default_currency,
        start=packet.period.start_date,
        end=packet.period.end_date,
        generated_at=packet.generated_at,
        read_at=_in_utc(packet.generated_at),
        checked=checks.summary(made, prior, labels.prior_period),
        ties=checks.number(made) > 0 and not to_problems((*made, *(prior or ()))),
        problems=_problems(made, prior, labels.prior_period),
        warnings=tuple(_warnings(packet)),
        figures=tuple(_figures(packet, compare, labels)),
        charts=tuple(charts(packet, compare, labels)),
        sections=tuple(
            with_currency(section, labels.currency)
            for section in _sections(packet, changes, made, examination.openings())
        ),
        compared=(compare.period.start_date, compare.period.end_date) if compare else None,
        seal=Seal(fingerprint(packet), options.to_json(), fingerprint(compare) if compare else ""),
        notes=notes(packet, compare),
    )


def _problems(
    made: Sequence[Check], prior: Sequence[Check] | None, prior_period: str
) -> tuple[str, ...]:
    problems = [plain(str(problem)) for problem in to_problems(made)]
    earlier = [
        plain(f"prior period, {prior_period}, {problem}") for problem in to_problems(prior or ())
    ]
    return (*checks.listed(problems), *checks.listed(earlier, ""))


def _warnings(packet: FinancialPacket) -> Iterator[str]:
    """What the service warns of, and what is missing."""
    for warning in packet.warnings:
        yield plain(f"{warning.code}: {warning.message}")
    book = packet.statement("generalLedger")
    if book and (lack := missing(book)):
        yield lack


def _in_utc(moment: dt.datetime) -> dt.datetime:
    """A moment without a zone is one of the service, which writes UTC."""
    if moment.tzinfo is None:
        return moment.replace(tzinfo=dt.UTC)
    try:
        return moment.astimezone(dt.UTC)
    except OverflowError:
        # Within a day of the calendar's ends.
        return moment


def _sections(
    packet: FinancialPacket,
    changes: statements.Changes,
    made: Sequence[Check],
    openings: dict[str, int],
) -> Iterator[Section]:
    def of(name: str) -> tuple[str, ...]:
        return checks.listed(
            [
                plain(str(check))
                for check in made
                if check.statement == name and check.verdict == "differs"
            ]
        )

    if result := packet.statement("profitAndLoss"):
        yield statements.profit_and_loss(result, changes, of("profitAndLoss"))
    if sheet := packet.statement("balanceSheet"):
        yield statements.balance_sheet(sheet, changes, of("balanceSheet"))
    if trial := packet.statement("trialBalance"):
        yield statements.trial_balance(trial, changes, of("trialBalance"))
    if status := packet.statement("bankReconciliationStatus"):
        yield statements.bank_reconciliation(
            status, _in_utc(packet.generated_at).date(), of("bankReconciliationStatus")
        )
    if packet.included:
        yield checks.section(made)
    if book := packet.statement("generalLedger"):
        trial = packet.statement("trialBalance")
        yield ledger(book, packet.period.start_date, openings, trial, of("generalLedger"))


def _figures(
    packet: FinancialPacket, compare: FinancialPacket | None, labels: Labels
) -> Iterator[Fact]:
    if now := packet.statement("profitAndLoss"):
        was = compare.statement("profitAndLoss") if compare else None
        when = labels.prior_period
        yield Fact(
            "Revenue",
            now.total_revenue,
            before=was.total_revenue if was else None,
            before_label=when,
        )
        yield Fact(
            "Expenses",
            now.total_expenses,
            before=was.total_expenses if was else None,
            before_label=when,
        )
        yield Fact(
            "Net income", now.net_income, before=was.net_income if was else None, before_label=when
        )
    if sheet := packet.statement("balanceSheet"):
        old = compare.statement("balanceSheet") if compare else None
        day = labels.prior_day
        yield Fact(
            "Assets", sheet.assets.total, before=old.assets.total if old else None, before_label=day
        )
        yield Fact(
            "Liabilities",
            sheet.liabilities.total,
            before=old.liabilities.total if old else None,
            before_label=day,
        )
        yield Fact(
            "Equity", sheet.equity.total, before=old.equity.total if old else None, before_label=day
        )
    if not {"profitAndLoss", "balanceSheet"} & {*packet.included}:
        yield from _other_figures(packet)


def _other_figures(packet: FinancialPacket) -> Iterator[Fact]:
    """For packets of one statement, which have no better ones."""
    if trial := packet.statement("trialBalance"):
        yield Fact("Total debits", trial.total_debits)
        yield Fact("Total credits", trial.total_credits)
    if status := packet.statement("bankReconciliationStatus"):
        yield Fact("Unreconciled rows", sum(a.unreconciled.count for a in status.accounts), "count")
    if book := packet.statement("generalLedger"):
        yield Fact("Ledger lines", book.total_lines, "count")
