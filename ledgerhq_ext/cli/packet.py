"""`ledgerhq packet`: the financial packet of a company, checked, as data or as a document."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ledgerhq_ext import InputError
from ledgerhq_ext.cli import _checks as checks
from ledgerhq_ext.cli._commands import Company, command
from ledgerhq_ext.cli._firm_words import FirmWords
from ledgerhq_ext.cli._formats import (
    STANDARD_OUTPUT,
    Csv,
    Format,
    Html,
    Pdf,
    Target,
    Xlsx,
    destination,
    format_of,
)
from ledgerhq_ext.cli._invocation import Invocation
from ledgerhq_ext.cli._output import progress
from ledgerhq_ext.cli._packet_reports import PacketReport, PackReport, Report
from ledgerhq_ext.cli._periods import PeriodWords, Today, Zone, period_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledgerhq_ext import LedgerHQ, Organization, OrganizationRecord, Period

_DOCUMENTS = ("html", "pdf", "xlsx")
_LOCALE = "en_US"


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    command(
        app,
        "packet",
        examples=[
            'ledgerhq packet "Maple Street Coffee" "last month" --pdf',
            'ledgerhq packet "Maple Street Coffee" 2026-05 --compare 2026-04 --html -o may.html',
            'ledgerhq packet "Maple Street Coffee" 2026-05 --csv -o may/',
            'ledgerhq packet "Maple Street Coffee" 2026-05 --locale es_MX --pdf',
            'ledgerhq packet "Maple Street Coffee" 2026-05 --pack --group 6600=depreciation --pdf',
        ],
    )(packet)


def packet(
    run: Invocation,
    company: Company,
    period: PeriodWords,
    csv: Csv = False,
    html: Html = False,
    pdf: Pdf = False,
    xlsx: Xlsx = False,
    output: Target = None,
    compare: Annotated[
        str | None,
        typer.Option("--compare", metavar="PERIOD", help="An earlier period to compare with."),
    ] = None,
    pack: Annotated[
        bool,
        typer.Option(
            "--pack",
            help="Make the management pack: results, cash flow, ratios, payables, bank accounts.",
        ),
    ] = False,
    papers: Annotated[
        bool,
        typer.Option("--papers", help="With --pack: the working papers, not the client's part."),
    ] = False,
    group: Annotated[
        list[str] | None,
        typer.Option(
            "--group",
            metavar="CODE=GROUP",
            help="With --pack: the group of an account, such as 6600=depreciation. Repeatable.",
        ),
    ] = None,
    logo: Annotated[
        Path | None, typer.Option("--logo", metavar="FILE", help="The firm's logo: PNG or JPEG.")
    ] = None,
    letter: Annotated[
        Path | None,
        typer.Option("--letter", metavar="FILE", help="A text file: the letter on the first page."),
    ] = None,
    preparer: Annotated[
        str, typer.Option("--preparer", metavar="NAME", help="Who prepared the document.")
    ] = "",
    reviewer: Annotated[
        str, typer.Option("--reviewer", metavar="NAME", help="Who reviewed the document.")
    ] = "",
    draft: Annotated[bool, typer.Option("--draft", help="Mark every page as a draft.")] = False,
    locale: Annotated[
        str,
        typer.Option(
            "--locale",
            metavar="LOCALE",
            help="Language, figures and dates: en_US, es_MX, fr_CA, ...",
        ),
    ] = _LOCALE,
    catalogs: Annotated[
        Path | None,
        typer.Option("--catalogs", metavar="FOLDER", help="Catalogs of more languages: .po files."),
    ] = None,
    tz: Zone = None,
    today: Today = None,
) -> int:
    """Get a company's financial packet, and check it.

    Without a format, the key figures are shown. HTML, PDF and workbooks are written to a file in
    the current folder, unless -o names another one; CSV creates a folder with a file for each
    table. With --pack, it is a management pack: what a firm sends its client at the end of a month.
    The exit status is 1 if a check differs, which every document also shows.
    """
    format = format_of(output, as_json=run.as_json, csv=csv, html=html, pdf=pdf, xlsx=xlsx)
    groups = _groups(group)
    if format == "csv" and output == STANDARD_OUTPUT:
        raise InputError("--csv writes a file for each table. Name a folder with -o.")
    if pack and compare is not None:
        raise InputError("--pack has its own prior periods. Leave --compare out.")
    if not pack and (papers or groups):
        raise InputError("--papers and --group belong to --pack. Add --pack, or leave them out.")
    _check_looks(
        format, any((logo, letter, preparer, reviewer, draft, locale != _LOCALE, catalogs))
    )
    # Before anything is fetched: a file that is missing must not cost a minute.
    words = FirmWords.read(logo, letter, preparer=preparer, reviewer=reviewer, draft=draft)

    with run.client() as hq, progress("Packet") as move:
        record, books = run.company(hq, company)
        days = period_of(books, period, tz=tz, today=today)
        if pack:
            report: Report = _pack_report(books, record, days, groups, move)
            name = "working-papers" if papers else "management-pack"
        else:
            before = None if compare is None else period_of(books, compare, tz=tz, today=today)
            report = _packet_report(books, record, days, before)
            name = "packet"
        firm = _firm_of(hq) if format in _DOCUMENTS else ""

        place = destination(output, record, days, name)
        if format == "csv":
            report.write_tables(place)
        elif format in _DOCUMENTS:
            options = words.options(firm, locale, catalogs, pack=pack, papers=papers)
            place.write(format, report.document(format, options))
        else:
            place.write(format, report.text_of(format).encode(errors="backslashreplace"))
    return checks.status_of_checks(
        report.checks, record.default_currency, is_said=format == "table"
    )


def _check_looks(format: Format, has_looks: bool) -> None:
    """Raise ``InputError`` for options of documents beside another format, which has no use for
    them.
    """
    if has_looks and format not in _DOCUMENTS:
        raise InputError(
            "--logo, --letter, --preparer, --reviewer, --draft, --locale and --catalogs belong to "
            "a document. Add --html, --pdf or --xlsx, or leave them out."
        )


def _firm_of(hq: LedgerHQ) -> str:
    """Return the name of the firm for the cover, empty where the service does not name it."""
    return next((record.name for record in hq.organizations(type="firm")), "")


def _groups(texts: list[str] | None) -> dict[str, str]:
    """Return the groups of accounts by code, from ``6600=depreciation``."""
    groups: dict[str, str] = {}
    for text in texts or ():
        code, separator, name = text.partition("=")
        if not separator:
            raise InputError(f"--group {text!r} must be CODE=GROUP, such as 6600=depreciation.")
        groups[code.strip()] = name.strip()
    return groups


def _packet_report(
    books: Organization, record: OrganizationRecord, days: Period, before: Period | None
) -> PacketReport:
    """Fetch the packet of a period, and that of an earlier one to compare with."""
    earlier = None
    if before is not None:
        earlier = books.financial_packet(before, complete_ledger=True)
    current = books.financial_packet(days, complete_ledger=True)
    return PacketReport(record, days, current, earlier)


def _pack_report(
    books: Organization,
    record: OrganizationRecord,
    days: Period,
    groups: dict[str, str],
    move: Callable[[int], None],
) -> PackReport:
    """Fetch the management pack of a period."""
    from ledgerhq_ext.pack import read_pack

    def show(done: int, _: int) -> None:
        """Move the progress bar."""
        move(done)

    # What is not a group is refused by name, with the list of those that there are.
    pack = read_pack(books, days, groups=groups, on_progress=show)  # type: ignore[arg-type]
    return PackReport(record, days, pack)
