"""`ledgerhq review`: what is unreconciled, written down for a person, and the decisions carried
out.
"""

from __future__ import annotations

import io
import shutil
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ledgerhq_ext import InputError
from ledgerhq_ext._files import read_file, write_file
from ledgerhq_ext._plain import brief
from ledgerhq_ext.cli._commands import Company, command, new_app
from ledgerhq_ext.cli._failures import Status
from ledgerhq_ext.cli._formats import (
    STANDARD_OUTPUT,
    Xlsx,
    company_name,
    format_of_name,
    load_rendering,
)
from ledgerhq_ext.cli._interruption import deferred
from ledgerhq_ext.cli._invocation import Invocation
from ledgerhq_ext.cli._output import Row, column, plain_text, progress, say, to_json, write

if TYPE_CHECKING:
    from ledgerhq_ext.review import Decision, Result, ReviewRow, ReviewTable

_TOO_MUCH = 16 << 20
"""Bytes, more than a decision file can have: the library says how many it can."""
_Format = Literal["csv", "html", "xlsx"]
_RESULTS = (
    column("Line", "line"),
    column("Action", "action"),
    column("Row", "transaction_id"),
    column("Status", "status"),
    column("Message", "message"),
)


def add_to(program: typer.Typer) -> None:
    """Add the group of commands."""
    app = new_app("Export unreconciled bank rows, and apply decisions.")
    command(
        app,
        "export",
        examples=[
            'ledgerhq review export "Maple Street Coffee"',
            'ledgerhq review export "Maple Street Coffee" -o decisions.csv',
            'ledgerhq review export "Maple Street Coffee" -o review.xlsx',
            'ledgerhq review export "Maple Street Coffee" -o review.html',
        ],
    )(export)
    command(
        app,
        "apply",
        examples=[
            'ledgerhq review apply "Maple Street Coffee" decisions.csv',
            'ledgerhq review apply "Maple Street Coffee" review.xlsx',
        ],
    )(apply)
    program.add_typer(app, name="review")


def export(
    run: Invocation,
    company: Company,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="The output file: CSV or a workbook (.xlsx) to fill in, or an HTML page.",
        ),
    ] = None,
    xlsx: Xlsx = False,
) -> None:
    """List the unreconciled rows, with suggestions.

    In the CSV file or the workbook, fill in the action column: reconcile, reclassify, match, split,
    exclude or include. The workbook has lists to choose from.
    """
    from ledgerhq_ext import review

    format = "xlsx" if xlsx else _format_of(output)
    if output is not None and format_of_name(output) not in (None, format):
        raise InputError(
            f"{output} is named as a file of another format. This writes CSV, a workbook (.xlsx) "
            "or an HTML page (.html)."
        )
    if output is not None and str(output) == STANDARD_OUTPUT:
        raise InputError("The rows to review are written to a file. Name one with -o.")
    _load(format)
    with run.client() as hq, progress("Review"):
        record, books = run.company(hq, company)
        table = review.read_table(books)
        accounts = books.accounts() if format == "xlsx" else ()

    if format == "xlsx":
        place = output or Path(f"{company_name(record)}-review.xlsx")
        say(f"Wrote {table.write_workbook(place, accounts)}")
    elif format == "html":
        from ledgerhq_ext.render import Options

        assert output is not None
        # A firm has one page for each of its companies.
        page = table.html(Options(title=f"Bank review of {brief(record.name, 200)}"))
        say(f"Wrote {write_file(output, [page.encode()])}")
    elif output is not None:
        say(f"Wrote {table.write_decisions(output)}")

    if run.as_json:
        write(to_json(_table_value(table)))
    elif output is None and format != "xlsx":
        write(table.text(shutil.get_terminal_size((120, 24)).columns))


_FORMATS: dict[str, _Format] = {".html": "html", ".htm": "html", ".xlsx": "xlsx"}


def _format_of(output: Path | None) -> _Format:
    """Return the format that a file's name asks for."""
    suffix = "" if output is None else output.suffix.lower()
    return _FORMATS.get(suffix, "csv")


def _load(format: _Format) -> None:
    """Import what a format needs; ``MissingExtraError`` says what to install where it is missing.

    Before anything is fetched.
    """
    if format == "html":
        load_rendering()
    if format == "xlsx":
        import ledgerhq_ext.review._workbook  # noqa: F401


def _table_value(table: ReviewTable) -> Row:
    return {
        "as_of": table.as_of,
        "rows": [_review_row(row) for row in table.rows],
        "unread": list(table.unread),
    }


def _review_row(row: ReviewRow) -> Row:
    transaction = row.transaction
    return {
        "transaction_id": transaction.id,
        "date": transaction.date,
        "age_days": row.days,
        "who": row.who,
        "memo": row.memo,
        "amount": transaction.amount,
        "currency": row.currency,
        "pending": transaction.pending,
        "bank_account": row.bank,
        "journal_entry_id": transaction.journal_entry_id,
        "likely": row.likely,
        "candidates": [candidate.target for candidate in row.candidates],
    }


class _Content(io.BytesIO):
    """The content of a file, read once: it may be a pipe, or be saved again meanwhile."""

    def __init__(self, file: Path) -> None:
        super().__init__(read_file(file, limit=_TOO_MUCH))
        self.name = str(file)


class _StopError(Exception):
    """Somebody pressed Ctrl-C: the decision that was being carried out is over."""


def apply(
    run: Invocation,
    company: Company,
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="The CSV file or the workbook with the decisions."),
    ],
    pending: Annotated[
        bool,
        typer.Option(
            "--pending", help="Also change pending rows, which the bank may still replace."
        ),
    ] = False,
) -> int:
    """Apply the decisions in a reviewed file. Applying a file again changes nothing.

    A file with errors is refused before anything is changed. After that, each line is applied
    independently. Ctrl-C stops after the current line. The exit status is 1 if a decision is not in
    the books.
    """
    from ledgerhq_ext import review

    content = _Content(file)
    decisions = review.read_decisions(content)
    content.seek(0)
    results: list[Result] = []
    with run.client() as hq, deferred() as interruption, progress("Rows", len(decisions)) as move:

        def note(result: Result) -> None:
            """Keep the result of a row, and stop when somebody has asked for it."""
            results.append(result)
            move(len(results))
            if interruption.is_requested() and len(results) < len(decisions):
                raise _StopError

        _, books = run.company(hq, company)
        with suppress(_StopError):
            review.apply(books, content, pending=pending, on_result=note)

    rows = [_result_row(result) for result in results]
    rows.extend(_not_tried(decisions[len(results) :]))
    run.print("results", rows, _RESULTS, empty="The file has no decisions.")
    counts = Counter(row["status"] for row in rows)
    say(", ".join(f"{number} {status}" for status, number in counts.items()) or "nothing to do")
    if interruption.is_requested():
        return Status.INTERRUPTED
    return Status.OK if counts.keys() <= {"done", "already"} else Status.DIFFERS


def _result_row(result: Result) -> Row:
    return {
        "line": result.decision.line,
        "transaction_id": result.decision.transaction_id,
        "action": result.decision.action,
        "status": result.status,
        "message": plain_text(result.message),
    }


def _not_tried(decisions: Sequence[Decision]) -> list[Row]:
    """Return the decisions whose turn did not come."""
    return [
        {
            "line": decision.line,
            "transaction_id": decision.transaction_id,
            "action": decision.action,
            "status": "not_tried",
            "message": "interrupted before this line; apply the file again",
        }
        for decision in decisions
    ]
