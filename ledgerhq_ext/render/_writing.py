"""The functions of ``ledgerhq_ext.render``: a packet in, a document out."""

from __future__ import annotations

import codecs
import datetime as dt
import os
from itertools import chain
from pathlib import Path

from ledgerhq_ext._files import write_file
from ledgerhq_ext._paths import to_path
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.models import OrganizationRecord
from ledgerhq_ext.render._document import Document
from ledgerhq_ext.render._options import Options
from ledgerhq_ext.render._sources import Source, build, check_arguments
from ledgerhq_ext.reports.packet import (
    FinancialPacket,
    PacketOrganization,
    PacketPeriod,
    Statement,
)
from ledgerhq_ext.reports.periods import Period
from ledgerhq_ext.reports.statements import (
    BalanceSheet,
    BankReconciliationStatus,
    GeneralLedger,
    ProfitAndLoss,
    TrialBalance,
)

_Built = tuple[Document, Options]
_FIELDS: dict[type, str] = {
    ProfitAndLoss: "profit_and_loss",
    BalanceSheet: "balance_sheet",
    TrialBalance: "trial_balance",
    GeneralLedger: "general_ledger",
    BankReconciliationStatus: "bank_reconciliation_status",
}


def statement(
    report: Statement,
    organization: OrganizationRecord,
    period: Period,
    *,
    generated_at: dt.datetime | None = None,
) -> FinancialPacket:
    """Return a packet with a single statement, which every function here can render.

    ``generated_at`` is the current time by default; pass it to get the same bytes again. Raises
    ``InputError`` for anything but a statement, a record of its company and a period.
    """
    if not isinstance(organization, OrganizationRecord | PacketOrganization):
        raise InputError(
            "organization must be an OrganizationRecord, which books.record() returns, not "
            f"{organization!r}."
        )
    if not isinstance(period, Period):
        raise InputError(f"period must be a Period, such as books.period(…), not {period!r}.")
    return FinancialPacket(
        organization=PacketOrganization(
            id=organization.id,
            name=organization.name,
            default_currency=organization.default_currency,
        ),
        period=PacketPeriod(start_date=period.start, end_date=period.end),
        generated_at=generated_at or dt.datetime.now(dt.UTC).replace(microsecond=0),
        amount_unit="integer_cents",
        warnings=(),
        **{_field(report): report},  # type: ignore[arg-type]
    )


def _field(report: Statement) -> str:
    try:
        return _FIELDS[type(report)]
    except KeyError:
        raise InputError(f"{type(report).__name__} is not a statement.") from None


def _built(packet: Source, options: Options | None, compare: FinancialPacket | None) -> _Built:
    check_arguments(packet, options, compare)
    options = options or Options()
    return build(packet, options, compare), options


def html(
    packet: Source,
    options: Options | None = None,
    *,
    compare: FinancialPacket | None = None,
) -> str:
    """Return the packet as a single HTML document without scripts or external resources.

    ``compare`` adds an earlier packet's figures and the change. Put your own templates in
    ``options.templates``: a ``packet.html`` with ``{% extends "ledgerhq/packet.html" %}`` can
    replace any of the blocks head, masthead, cover, problems, warnings, figures, charts, contents,
    statement, ledger, footer and seal; a ``style.css`` with ``{% include "ledgerhq/style.css" %}``
    can add to the style.
    """
    # Each format is imported when it is used: its library takes longer than a small document.
    from ledgerhq_ext.render._html_page import stream

    return "".join(stream(*_built(packet, options, compare)))


def write_html(
    packet: Source,
    path: str | os.PathLike[str],
    options: Options | None = None,
    *,
    compare: FinancialPacket | None = None,
) -> Path:
    """Write ``html`` to a file, row by row, and return its path.

    A long ledger is never held in memory as text. The file appears only once it is complete.
    """
    from ledgerhq_ext.render._html_page import stream

    pieces = stream(*_built(packet, options, compare))
    return write_file(path, (piece.encode() for piece in pieces))


def pdf(
    packet: Source,
    options: Options | None = None,
    *,
    compare: FinancialPacket | None = None,
) -> bytes:
    """Return the packet as PDF, typeset by typst.

    The bytes are the same for the same packet and options, on every machine. The fonts cover Latin,
    Greek, Cyrillic, Hebrew and Arabic; for other scripts, put font files in a folder and pass
    ``options.fonts``. Raises ``InputError`` for text that would be shown as boxes. In
    ``options.templates``, a ``blocks.typ`` that begins with ``#import "parts.typ": *`` can redefine
    any of page-setup, cover, problems, warnings, figures, charts, statement, data-table and seal.
    """
    from ledgerhq_ext.render import _pdf_pages

    return _pdf_pages.pdf(*_built(packet, options, compare))


def write_pdf(
    packet: Source,
    path: str | os.PathLike[str],
    options: Options | None = None,
    *,
    compare: FinancialPacket | None = None,
) -> Path:
    """Write ``pdf`` to a file, and return its path."""
    return write_file(path, [pdf(packet, options, compare=compare)])


def xlsx(
    packet: Source,
    options: Options | None = None,
    *,
    compare: FinancialPacket | None = None,
) -> bytes:
    """Return the packet as an Excel workbook: a summary, and a sheet for each statement.

    The ledger is a single table that can be filtered. Raises ``InputError`` for amounts and ledgers
    that a sheet cannot hold.
    """
    from ledgerhq_ext.render import _workbook

    return _workbook.xlsx(*_built(packet, options, compare))


def write_xlsx(
    packet: Source,
    path: str | os.PathLike[str],
    options: Options | None = None,
    *,
    compare: FinancialPacket | None = None,
) -> Path:
    """Write ``xlsx`` to a file, and return its path."""
    return write_file(path, [xlsx(packet, options, compare=compare)])


def csv(packet: Source, table: str, *, compare: FinancialPacket | None = None) -> str:
    """Return one table as CSV: plain decimals, ISO dates.

    ``table`` is profit-and-loss, balance-sheet, trial-balance, bank-balances, bank-aging, checks,
    accounts-without-lines or general-ledger; a management pack has year-to-date, trend, cash-flow,
    ratios and payables too, and bank-1, bank-2 … for its bank accounts. The ledger contains only
    its lines, so that columns add up; opening balances and totals are in the HTML and PDF. Raises
    ``InputError``, which lists the tables, for one that the packet does not have.
    """
    from ledgerhq_ext.render._tables import csv_lines

    document, _ = _built(packet, None, compare)
    return "".join(csv_lines(document, table))


def write_csv(
    packet: Source,
    folder: str | os.PathLike[str],
    *,
    compare: FinancialPacket | None = None,
) -> list[Path]:
    """Write each table to its own file, row by row, and return their paths.

    The files are UTF-8 with a byte-order mark, which spreadsheets need.
    """
    from ledgerhq_ext.render._tables import csv_lines, names

    place = to_path(folder, "folder")
    document, _ = _built(packet, None, compare)
    paths: list[Path] = []
    for name in names(document):
        lines = (line.encode() for line in csv_lines(document, name))
        paths.append(write_file(place / f"{name}.csv", chain([codecs.BOM_UTF8], lines)))
    return paths
