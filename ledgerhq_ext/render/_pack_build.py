"""From a management pack to a document: the one place that decides what stands in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from attrs import evolve

from ledgerhq_ext._message import message as _
from ledgerhq_ext._message import plural
from ledgerhq_ext._plain import plain
from ledgerhq_ext._wire import to_wire
from ledgerhq_ext.models import Account
from ledgerhq_ext.pack._pack import ManagementPack
from ledgerhq_ext.render import _checks as checks
from ledgerhq_ext.render import _pack_results as results
from ledgerhq_ext.render import _pack_sections as sections
from ledgerhq_ext.render import _statements as statements
from ledgerhq_ext.render._build import ties, warnings_of
from ledgerhq_ext.render._claims import sorted_json
from ledgerhq_ext.render._document import Document, Fact, Row, Seal, Section, Table
from ledgerhq_ext.render._figures import Figures
from ledgerhq_ext.render._labels import Labels, notes, with_currency
from ledgerhq_ext.render._ledger import ledger
from ledgerhq_ext.render._options import Options
from ledgerhq_ext.reports.check import Check
from ledgerhq_ext.reports.periods import in_utc

_OF_ACCOUNTS = ("profit-and-loss", "year-to-date", "balance-sheet", "trial-balance")
_NAMED = 8
"""So many accounts without a known sub-type are named in the note on them."""


def fingerprint(pack: ManagementPack) -> str:
    """Return the sha256 of the pack's canonical JSON: keys sorted, no blanks, ASCII."""
    return hashlib.sha256(sorted_json(to_wire(pack)).encode()).hexdigest()


def build(pack: ManagementPack, options: Options) -> Document:
    """Return the document of a management pack."""
    packet = pack.packet
    figures = Figures(options.locale, pack.currency)
    all_checks = pack.checks()
    problems = [checks.problem(check, figures) for check in checks.differing(all_checks)]
    kinds = _notes_on_kinds(pack)
    labels = Labels(packet, pack.prior, options)
    content = _sections(pack, labels, figures, all_checks)
    organization = packet.organization
    return Document(
        title=_(plain(options.title)),
        organization=plain(organization.name),
        organization_id=plain(organization.id),
        currency=pack.currency,
        start=packet.period.start_date,
        end=packet.period.end_date,
        generated_at=packet.generated_at,
        read_at=in_utc(packet.generated_at),
        checked=checks.summary(all_checks),
        ties=ties(all_checks, None),
        problems=checks.listed(problems),
        warnings=tuple(warnings_of(packet)),
        figures=tuple(_key_figures(pack, labels)),
        charts=(results.trend_chart(pack, figures),),
        sections=tuple(
            with_currency(_noted(_without_zeros(section), kinds), pack.currency)
            for section in content
        ),
        compared=(pack.prior.period.start_date, pack.prior.period.end_date),
        seal=Seal(fingerprint(pack), options.to_json()),
        notes=notes(packet, pack.prior, labels),
        marks=(_("Unaudited"),),
    )


def _key_figures(pack: ManagementPack, labels: Labels) -> Iterator[Fact]:
    """Yield the key figures of the first page, beside those of the prior period."""
    now = pack.result
    prior = pack.result_of(pack.prior)
    period = labels.prior_period
    flow = pack.cash_flow()
    yield Fact(_("Revenue"), now.revenue, before=prior.revenue, before_label=period)
    yield Fact(_("Gross profit"), now.gross_profit, before=prior.gross_profit, before_label=period)
    yield Fact(
        _("Operating profit"),
        now.operating_profit,
        before=prior.operating_profit,
        before_label=period,
    )
    yield Fact(_("Net income"), now.net_income, before=prior.net_income, before_label=period)
    yield Fact(_("Cash"), flow.closing, before=flow.opening, before_label=labels.prior_day)
    yield Fact(_("Change in cash"), flow.change)


def _noted(section: Section, notes: Mapping[str, str]) -> Section:
    """Return a section with the note that belongs to it, if there is one."""
    if section.id not in notes:
        return section
    return evolve(section, note=(notes[section.id],))


def _notes_on_kinds(pack: ManagementPack) -> dict[str, str]:
    """Return notes, by section, on the accounts whose sub-type does not say how to read them.

    The working papers name the accounts. What a client gets says what they count as, where one of
    its totals depends on it.
    """
    used = _accounts_in(pack)
    unknown = [account for account in pack.groups.unknown if account.id in used]
    if not unknown:
        return {}

    types = {account.type for account in unknown}
    notes = {"trial-balance": _note_for_the_firm(unknown)}
    if types & {"revenue", "expense"}:
        notes["profit-and-loss"] = _(
            "Accounts without a kind of their own count as sales or operating expenses."
        )
    if types - {"revenue", "expense"}:
        notes["cash-flow"] = _(
            "Accounts without a kind of their own count as current assets, current liabilities or "
            "equity."
        )
    return notes


def _note_for_the_firm(unknown: Sequence[Account]) -> str:
    """Return the note that names the accounts whose sub-type is not known."""
    names = [plain(f"{account.code} {account.name}") for account in unknown]
    accounts: str = ", ".join(names[:_NAMED])
    if len(names) > _NAMED:
        accounts = plural(
            "{accounts} and {count} other",
            "{accounts} and {count} others",
            count=len(names) - _NAMED,
            accounts=accounts,
        )
    return _(
        "The chart of accounts does not say the kind of some accounts. They are taken as sales, "
        "operating expenses, current assets, current liabilities or equity, by their type: "
        "{accounts}.",
        accounts=accounts,
    )


def _accounts_in(pack: ManagementPack) -> set[str | None]:
    """Return the ids of the accounts that the period's statements show."""
    result = pack.packet.profit_and_loss
    sheet = pack.packet.balance_sheet
    lines = [*result.revenue, *result.expenses]
    for section in (sheet.assets, sheet.liabilities, sheet.equity):
        lines += section.accounts
    return {line.account_id for line in lines}


def _sections(
    pack: ManagementPack, labels: Labels, figures: Figures, all_checks: Sequence[Check]
) -> Iterator[Section]:
    """Yield the sections of the client's pack, then the working papers."""
    problems_of = partial(checks.problems_of, all_checks, figures)
    packet = pack.packet
    changes = statements.Changes(packet, pack.prior, labels)
    yield results.profit_and_loss(pack, figures, problems_of("profitAndLoss"))
    yield results.year_to_date(pack, figures)
    yield results.trend(pack, figures)
    yield statements.balance_sheet(packet.balance_sheet, changes, problems_of("balanceSheet"))
    yield sections.cash_flow(pack.cash_flow(), problems_of("cashFlow"))
    yield sections.ratios(pack, figures)
    yield sections.payables(pack.ageing(), problems_of("payables"))
    banks = pack.bank_reconciliations()
    bank_problems = problems_of("bankReconciliationStatus")
    yield sections.bank_reconciliation(banks, pack.currency, bank_problems)

    alone = statements.Changes(packet, None, labels)
    trial = packet.trial_balance
    yield statements.trial_balance(trial, alone, problems_of("trialBalance"))
    yield checks.section(all_checks)
    openings = packet._examined().openings
    start = packet.period.start_date
    book = packet.general_ledger
    yield ledger(book, start, openings, trial, problems_of("generalLedger"))


def _without_zeros(section: Section) -> Section:
    """Return a section without the accounts of which all amounts are nothing."""
    if section.id not in _OF_ACCOUNTS:
        return section
    tables: list[Table] = []
    for table in section.tables:
        rows = _moved_up([(row, _is_zero(row, table)) for row in table.rows])
        tables.append(evolve(table, rows=rows, size=len(rows)))
    return evolve(section, tables=tuple(tables))


def _moved_up(rows: Sequence[tuple[Row, bool]]) -> list[Row]:
    """Return the rows without those that are marked; the places in their terms follow."""
    places: dict[int, int] = {}
    others: list[Row] = []
    for place, (row, is_left_out) in enumerate(rows):
        if is_left_out:
            continue
        terms = tuple((sign, places[term]) for sign, term in row.terms if term in places)
        places[place] = len(others)
        others.append(row._replace(terms=terms))
    return others


def _is_zero(row: Row, table: Table) -> bool:
    if row.style != "line":
        return False
    cells = zip(row.cells, table.columns, strict=True)
    return not any(cell for cell, column in cells if column.kind == "cents")
