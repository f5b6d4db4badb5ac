"""`ledgerhq outbox audit` and `prune`: receipts held against the ledger, old payloads archived."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledgerhq_ext import InputError
from ledgerhq_ext._plain import counted
from ledgerhq_ext.cli._commands import command
from ledgerhq_ext.cli._failures import Status
from ledgerhq_ext.cli._formats import STANDARD_OUTPUT
from ledgerhq_ext.cli._invocation import Invocation
from ledgerhq_ext.cli._output import Row, column, progress, table_text
from ledgerhq_ext.cli._periods import PeriodWords, Today, Zone, moment_of, period_of
from ledgerhq_ext.cli._postings import Companies

if TYPE_CHECKING:
    from ledgerhq_ext import LedgerHQ, OrganizationRecord, Period
    from ledgerhq_ext.store import Audit

_FINDINGS = (
    column("Kind", "kind"),
    column("Posting", "posting_id"),
    column("Company", "company_id"),
    column("Finding", "message"),
)


def add_to(app: typer.Typer) -> None:
    """Add the commands to the group."""
    command(
        app,
        "audit",
        examples=[
            'ledgerhq outbox audit "last month"',
            'ledgerhq outbox audit 2026-05 --company "Maple Street Coffee" --json',
        ],
    )(audit)
    command(
        app,
        "prune",
        examples=["ledgerhq outbox prune --before 2026-01-01 --archive postings-2025.jsonl"],
    )(prune)


def audit(
    run: Invocation,
    period: PeriodWords,
    company: Companies = None,
    tz: Zone = None,
    today: Today = None,
) -> int:
    """Compare the receipts of a period with the ledger.

    It finds missing, changed and duplicate entries. Entries from unknown sources are listed
    too. Nothing is changed. The exit status is 1 if anything was found or could not be checked.
    """
    with run.existing_store() as store, run.client() as hq, progress("Audit"):
        records = _records(hq, company)
        days = _common_period(hq, records, period, tz=tz, today=today)
        only = None if company is None else [record.id for record in records]
        result = store.outbox().audit(hq, days, organizations=only)
    run.print_one(_value(result), _text(result))
    return Status.OK if result.ok else Status.DIFFERS


def _records(hq: LedgerHQ, names: list[str] | None) -> list[OrganizationRecord]:
    if names:
        return [hq.company(name) for name in names]
    return list(hq.organizations(type="client"))


def _common_period(
    hq: LedgerHQ,
    records: list[OrganizationRecord],
    words: str,
    *,
    tz: str | None,
    today: str | None,
) -> Period:
    """Return what the words mean to every company: fiscal years may differ."""
    if not records:
        raise InputError("The firm has no client companies.")
    periods: list[Period] = []
    for record in records:
        days = period_of(hq.organization(record), words, tz=tz, today=today)
        if days not in periods:
            periods.append(days)
    if len(periods) != 1:
        raise InputError(
            f"{words!r} is not the same period for these companies, because their fiscal years "
            "differ. Give two days, such as 2026-01-01..2026-03-31, or one --company."
        )
    return periods[0]


def _value(result: Audit) -> dict[str, Any]:
    return {
        "ok": result.ok,
        "period": {
            "start": result.period.start.isoformat(),
            "end": result.period.end.isoformat(),
        },
        "companies": result.organizations,
        "postings": result.postings,
        "entries": result.entries,
        "entries_without_source": result.entries_without_source,
        "findings": _findings(result),
        "unchecked": _unchecked(result),
    }


def _findings(result: Audit) -> list[Row]:
    return [
        {
            "kind": one.kind,
            "posting_id": one.posting and one.posting.id,
            "entry_id": one.entry and one.entry.id,
            "company_id": one.organization_id,
            "message": one.message,
        }
        for one in result.findings
    ]


def _unchecked(result: Audit) -> list[Row]:
    return [
        {
            "kind": "not checked",
            "posting_id": one.posting and one.posting.id,
            "company_id": one.organization_id,
            "message": one.reason,
        }
        for one in result.unchecked
    ]


def _text(result: Audit) -> str:
    summary = (
        f"Compared {result.postings} postings of {result.organizations} companies with "
        f"{result.entries} entries, {result.period.start} to {result.period.end}."
    )
    rows = [*_findings(result), *_unchecked(result)]
    return f"{summary}\n{table_text(_FINDINGS, rows, empty='Everything agrees.')}"


def prune(
    run: Invocation,
    before: Annotated[
        str, typer.Option("--before", metavar="MOMENT", help="A date, or a date and time.")
    ],
    archive: Annotated[
        Path | None,
        typer.Option("--archive", metavar="FILE", help="A new JSON Lines file for the payloads."),
    ] = None,
    no_archive: Annotated[
        bool, typer.Option("--no-archive", help="Delete the payloads without an archive.")
    ] = False,
) -> None:
    """Archive and remove the payloads of old postings.

    Only postings settled before the given time are pruned. Sources, keys and receipts stay, so
    that nothing is posted twice. If you pass the file of an interrupted prune, that prune is
    completed.
    """
    if (archive is None) is not no_archive:
        raise InputError("Pass either --archive FILE or --no-archive.")
    if archive is not None and str(archive) == STANDARD_OUTPUT:
        raise InputError("The archive is kept in a file. Name one with --archive.")
    with run.existing_store() as store, progress("Prune"):
        number = store.outbox().prune(before=moment_of(before), archive=archive)
    run.print_one({"pruned": number}, f"{counted(number, 'payload')} removed.")
