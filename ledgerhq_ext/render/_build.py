"""From a packet to a document: the one place that decides what stands in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from attrs import evolve

from ledgerhq_ext._message import message as _
from ledgerhq_ext._plain import plain
from ledgerhq_ext._wire import to_wire
from ledgerhq_ext.render import _checks as checks
from ledgerhq_ext.render import _statements as statements
from ledgerhq_ext.render._bank_status import bank_reconciliation
from ledgerhq_ext.render._charts import charts
from ledgerhq_ext.render._claims import sorted_json
from ledgerhq_ext.render._document import Document, Seal, Section
from ledgerhq_ext.render._figures import Figures
from ledgerhq_ext.render._key_figures import figures_of
from ledgerhq_ext.render._labels import Labels, notes, with_currency
from ledgerhq_ext.render._ledger import ledger, missing
from ledgerhq_ext.render._options import Options
from ledgerhq_ext.reports.check import Check
from ledgerhq_ext.reports.comparison import check_order
from ledgerhq_ext.reports.packet import FinancialPacket
from ledgerhq_ext.reports.periods import in_utc


def fingerprint(packet: FinancialPacket) -> str:
    """Return the sha256 of the packet's canonical JSON: keys sorted, no blanks, ASCII."""
    digest = hashlib.sha256()
    for piece in canonical(packet):
        digest.update(piece.encode())
    return digest.hexdigest()


def canonical(packet: FinancialPacket) -> Iterator[str]:
    """Yield the canonical JSON in pieces, one for each line of the ledger.

    So a long ledger need not stand in memory a second time.
    """
    book = packet.statement("generalLedger")
    if book is None:
        yield sorted_json(to_wire(packet))
        return

    document = to_wire(evolve(packet, general_ledger=evolve(book, lines=())))
    ledger = _object(document["generalLedger"], "lines", _array(book.lines))
    yield from _object(document, "generalLedger", ledger)


def _object(document: dict[str, Any], name: str, pieces: Iterator[str]) -> Iterator[str]:
    """Yield an object as JSON; the property of this name is the pieces."""
    separator = "{"
    for key in sorted(document):
        yield f"{separator}{sorted_json(key)}:"
        if key == name:
            yield from pieces
        else:
            yield sorted_json(document[key])
        separator = ","
    yield "}"


def _array(items: Iterable[object]) -> Iterator[str]:
    """Yield an array as JSON."""
    yield "["
    separator = ""
    for item in items:
        yield separator + sorted_json(to_wire(item))
        separator = ","
    yield "]"


def build(
    packet: FinancialPacket, options: Options, compare: FinancialPacket | None = None
) -> Document:
    """Return the document of a packet, compared with an earlier one where that is not None.

    Raises ``InputError`` for a packet to compare with that begins or ends later, or is of another
    company or currency.
    """
    if compare is not None:
        check_order(compare, packet, "compare=")
    labels = Labels(packet, compare, options)
    changes = statements.Changes(packet, compare, labels)
    examination = packet._examined()
    current = examination.checks
    prior = compare.checks() if compare else None
    organization = packet.organization
    figures = Figures(options.locale, organization.default_currency)
    sections = _sections(packet, changes, current, examination.openings, figures)
    return Document(
        title=_(plain(options.title)),
        organization=plain(organization.name),
        organization_id=plain(organization.id),
        currency=organization.default_currency,
        start=packet.period.start_date,
        end=packet.period.end_date,
        generated_at=packet.generated_at,
        read_at=in_utc(packet.generated_at),
        checked=checks.summary(current, prior, labels.prior_period),
        ties=ties(current, prior),
        problems=_problems(current, prior, labels.prior_period, figures),
        warnings=tuple(warnings_of(packet)),
        figures=tuple(figures_of(packet, compare, labels)),
        charts=tuple(charts(packet, compare, labels)),
        sections=tuple(with_currency(section, labels.currency) for section in sections),
        compared=(compare.period.start_date, compare.period.end_date) if compare else None,
        seal=Seal(fingerprint(packet), options.to_json(), fingerprint(compare) if compare else ""),
        notes=notes(packet, compare, labels),
    )


def ties(current: Sequence[Check], prior: Sequence[Check] | None) -> bool:
    """Return True when something was checked, and nothing differs in either packet."""
    problems = checks.differing((*current, *(prior or ())))
    return checks.number(current) > 0 and not problems


def _problems(
    current: Sequence[Check],
    prior: Sequence[Check] | None,
    prior_period: str,
    figures: Figures,
) -> tuple[str, ...]:
    problems = [checks.problem(check, figures) for check in checks.differing(current)]

    prior_problems: list[str] = []
    for check in checks.differing(prior or ()):
        text = checks.problem(check, figures)
        prior_problems.append(
            _("prior period, {period}, {problem}", period=prior_period, problem=text)
        )
    # The section of checks has those of the current period alone.
    return (*checks.listed(problems), *checks.listed(prior_problems, in_checks=False))


def warnings_of(packet: FinancialPacket) -> Iterator[str]:
    """Yield what the service warns of, and what is missing."""
    for warning in packet.warnings:
        yield plain(f"{warning.code}: {warning.message}")

    book = packet.statement("generalLedger")
    lack = missing(book) if book else ""
    if lack:
        yield lack


def _sections(
    packet: FinancialPacket,
    changes: statements.Changes,
    current: Sequence[Check],
    openings: Mapping[str, int],
    figures: Figures,
) -> Iterator[Section]:
    problems_of = partial(checks.problems_of, current, figures)
    if result := packet.statement("profitAndLoss"):
        yield statements.profit_and_loss(result, changes, problems_of("profitAndLoss"))
    if sheet := packet.statement("balanceSheet"):
        yield statements.balance_sheet(sheet, changes, problems_of("balanceSheet"))
    if trial := packet.statement("trialBalance"):
        yield statements.trial_balance(trial, changes, problems_of("trialBalance"))
    if status := packet.statement("bankReconciliationStatus"):
        day = in_utc(packet.generated_at).date()
        yield bank_reconciliation(status, day, problems_of("bankReconciliationStatus"))
    if packet.included:
        yield checks.section(current)
    if book := packet.statement("generalLedger"):
        start = packet.period.start_date
        yield ledger(book, start, openings, trial, problems_of("generalLedger"))
