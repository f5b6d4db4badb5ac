"""`ledgerhq review`: what is unreconciled, written down for a person, and the decisions carried
out.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ledgerhq_ext._files import write_file
from ledgerhq_ext.cli._commands import Company, command, new_app
from ledgerhq_ext.cli._failures import Status
from ledgerhq_ext.cli._formats import load_rendering
from ledgerhq_ext.cli._interruption import deferred
from ledgerhq_ext.cli._invocation import Invocation
from ledgerhq_ext.cli._output import Row, column, plain_text, progress, say, to_json, write

if TYPE_CHECKING:
    from ledgerhq_ext.review import Decision, Result, ReviewRow, ReviewTable

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
            'ledgerhq review export "Maple Street Coffee" -o review.html',
        ],
    )(export)
    command(
        app,
        "apply",
        examples=['ledgerhq review apply "Maple Street Coffee" decisions.csv'],
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
            help="The output file: a CSV file to fill in, or an HTML page.",
        ),
    ] = None,
) -> None:
    """List the unreconciled rows, with suggestions.

    In the CSV file, fill in the action column: reconcile, reclassify, match, split, exclude or
    include.
    """
    from ledgerhq_ext import review

    is_page = output is not None and output.suffix.lower() in (".html", ".htm")
    if is_page:
        load_rendering()
    with run.client() as hq, progress("Review"):
        _, books = run.company(hq, company)
        table = review.read_table(books)
    if output is not None and is_page:
        write_file(output, [table.html().encode()])
    elif output is not None:
        table.write_decisions(output)
    if output is not None:
        say(f"Wrote {output}")

    if run.as_json:
        write(to_json(_table_value(table)))
    elif output is None:
        write(table.text(shutil.get_terminal_size((120, 24)).columns))


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


class _StopError(Exception):
    """Somebody pressed Ctrl-C: the decision that was being carried out is over."""


def apply(
    run: Invocation,
    company: Company,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The CSV file with the decisions.")],
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

    decisions = review.read_decisions(file)
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
            review.apply(books, file, pending=pending, on_result=note)

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
