"""The functions of ``ledgerhq_ext.render``: a packet in, a document out."""

from __future__ import annotations

import codecs
import datetime as dt
import os
from itertools import chain
from pathlib import Path

from ledgerhq_ext._files import to_path, write_file
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.models import OrganizationRecord
from ledgerhq_ext.render._build import build
from ledgerhq_ext.render._document import Document
from ledgerhq_ext.render._options import Options
from ledgerhq_ext.reports.packet import FinancialPacket, PacketOrganization, PacketPeriod
from ledgerhq_ext.reports.periods import Period
from ledgerhq_ext.reports.statements import (
    BalanceSheet,
    BankReconciliationStatus,
    GeneralLedger,
    ProfitAndLoss,
    TrialBalance,
)

Statement = ProfitAndLoss | BalanceSheet | TrialBalance | GeneralLedger | BankReconciliationStatus
_Built = tuple[Document, Options]
_FIELDS: dict[type, str] = {
    ProfitAndLoss: "profit_and_loss",
    BalanceSheet: "balance_sheet",
    TrialBalance: "trial_balance",
    GeneralLedger: "general_ledger",
    BankReconciliationStatus: "bank_reconciliation_status",
}


def statement(
    shown: Statement,
    organization: OrganizationRecord,
    period: Period,
    *,
    generated_at: dt.datetime | None = None,
) -> FinancialPacket:
    """A packet that holds one statement, for every function here to render.

    ``generated_at`` is now unless given; give it where the same bytes are wanted again.
    """
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
        **{_field(shown): shown},  # type: ignore[arg-type]
    )


def _field(shown: Statement) -> str:
    try:
        return _FIELDS[type(shown)]
    except KeyError:
        raise InputError(f"{type(shown).__name__} is no statement.") from None


def _built(
    packet: FinancialPacket, options: Options | None, compare: FinancialPacket | None
) -> _Built:
    options = options or Options()
    return build(packet, options, compare), options


def html(
    packet: FinancialPacket,
    options: Options | None = None,
    *,
    compare: FinancialPacket | None = None,
) -> str:
    """The packet as one HTML document, which needs no network and no script.

    ``compare`` adds an earlier packet's figures and the change. Put templates of your own into
    ``options.templates``: a ``packet.html`` there that says ``{% extends "ledgerhq/packet.html"
    %}`` may replace any of the blocks head, masthead, cover, problems, warnings, figures, charts,
    contents, statement, ledger, footer and seal; a ``style.css`` that says ``{% include
    "ledgerhq/style.css" %}`` may add to the style.
    """
    from ledgerhq_ext.render._html_page import stream

    return "".join(stream(*_built(packet, options, compare)))


def write_html(
    packet: FinancialPacket,
    path: str | os.PathLike[str],
    options: Options | None = None,
    *,
    compare: FinancialPacket | None = None,
) -> Path:
    """``html`` into a file, row by row: a long ledger is never held as text. The file appears when
    it is whole.
    """
    from ledgerhq_ext.render._html_page import stream

    return write_file(path, (piece.encode() for piece in stream(*_built(packet, options, compare))))


def pdf(
    packet: FinancialPacket,
    options: Options | None = None,
    *,
    compare: FinancialPacket | None = None,
) -> bytes:
    """The packet as PDF, set by typst: the same bytes for the same packet and options, on every
    machine.

    Its fonts have Latin, Greek, Cyrillic, Hebrew and Arabic; for other scripts put font files into
    a folder and give ``options.fonts``. ``InputError`` for text that would come out as boxes. In
    ``options.templates`` a ``blocks.typ`` that begins with ``#import "parts.typ": *`` may define
    anew any of page-setup, cover, problems, warnings, figures, charts, statement, data-table and
    seal.
    """
    from ledgerhq_ext.render._pdf_pages import pdf as made

    return made(*_built(packet, options, compare))


def write_pdf(
    packet: FinancialPacket,
    path: str | os.PathLike[str],
    options: Options | None = None,
    *,
    compare: FinancialPacket | None = None,
) -> Path:
    """``pdf`` into a file."""
    return write_file(path, [pdf(packet, options, compare=compare)])


def xlsx(
    packet: FinancialPacket,
    options: Options | None = None,
    *,
    compare: FinancialPacket | None = None,
) -> bytes:
    """The packet as a workbook: summary, a sheet a statement, the ledger as one table to filter."""
    from ledgerhq_ext.render._workbook import xlsx as made

    return made(*_built(packet, options, compare))


def write_xlsx(
    packet: FinancialPacket,
    path: str | os.PathLike[str],
    options: Options | None = None,
    *,
    compare: FinancialPacket | None = None,
) -> Path:
    """``xlsx`` into a file."""
    return write_file(path, [xlsx(packet, options, compare=compare)])


def csv(packet: FinancialPacket, table: str, *, compare: FinancialPacket | None = None) -> str:
    """One table as CSV: plain decimals, ISO dates.

        ``table``: profit-and-loss, balance-sheet, trial-balance, bank-balances, bank-aging, checks,
        general-ledger.
    The ledger has its lines only, so that a column sums right; openings and totals are in HTML and
    PDF.
    """
    from ledgerhq_ext.render._tables import csv_lines

    return "".join(csv_lines(_built(packet, None, compare)[0], table))


def write_csv(
    packet: FinancialPacket,
    folder: str | os.PathLike[str],
    *,
    compare: FinancialPacket | None = None,
) -> list[Path]:
    """Every table into a file of its own, row by row; UTF-8 with the mark that makes spreadsheets
    read it so.
    """
    from ledgerhq_ext.render._tables import csv_lines, names

    place = to_path(folder, "folder")
    document, _ = _built(packet, None, compare)
    paths: list[Path] = []
    for name in names(document):
        lines = (line.encode() for line in csv_lines(document, name))
        paths.append(write_file(place / f"{name}.csv", chain([codecs.BOM_UTF8], lines)))
    return paths
