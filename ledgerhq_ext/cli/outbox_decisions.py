"""`ledgerhq outbox correct`, `discard`, `candidates`, `resolve` and their kin: what a person
decides.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledgerhq_ext import InputError
from ledgerhq_ext._files import read_file
from ledgerhq_ext._plain import counted
from ledgerhq_ext.cli._commands import command
from ledgerhq_ext.cli._failures import Status
from ledgerhq_ext.cli._invocation import Invocation
from ledgerhq_ext.cli._output import Row, column, count, plain_text
from ledgerhq_ext.cli._periods import moment_of
from ledgerhq_ext.cli._postings import PostingId, posting_row

if TYPE_CHECKING:
    from ledgerhq_ext import Entry
    from ledgerhq_ext.store import Doubt, StoredPosting

Reason = Annotated[
    str,
    typer.Option("--reason", metavar="TEXT", help="The reason, for anyone who looks at it later."),
]
_CANDIDATES = (
    count("Posting", "posting_id"),
    column("Source", "source"),
    column("Entry", "entry_id"),
    column("Number", "entry_number"),
    column("Date", "date"),
    column("Description", "description", flexible=True),
    column("Problem", "problem", flexible=True),
)


def add_to(app: typer.Typer) -> None:
    """Add the commands to the group."""
    command(
        app,
        "correct",
        examples=[
            "ledgerhq outbox show 17 --json | jq .request > 17.json",
            "ledgerhq outbox correct 17 17.json",
        ],
    )(correct)
    command(
        app, "discard", examples=['ledgerhq outbox discard 17 --reason "posted by hand on 8 June"']
    )(discard)
    command(
        app, "acknowledge", examples=['ledgerhq outbox acknowledge 17 --reason "looked: one entry"']
    )(acknowledge)
    command(
        app, "candidates", examples=["ledgerhq outbox candidates", "ledgerhq outbox candidates 17"]
    )(candidates)
    command(
        app,
        "resolve",
        examples=[
            "ledgerhq outbox resolve 17 --entry 6c1f…",
            "ledgerhq outbox resolve 17 --not-posted",
        ],
    )(resolve)
    command(app, "distrust", examples=["ledgerhq outbox distrust --since 2026-06-30T02:00:00Z"])(
        distrust
    )
    command(app, "trust", examples=["ledgerhq outbox trust"])(trust)


def correct(
    run: Invocation,
    id: PostingId,
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE", help="A file with the request as JSON; - is standard input."
        ),
    ],
) -> None:
    """Replace the payload of a posting, and send it again.

    The posting must certainly not be in the books.

    FILE contains the full request, in the form of "request" in outbox show --json, with amounts
    in cents. The posting keeps its source.
    """
    from ledgerhq_ext import posting_from_dict
    from ledgerhq_ext.cli.files.json_lines import unrepeated

    content = sys.stdin.buffer.read() if file == "-" else read_file(Path(file))
    try:
        request = json.loads(content.decode("utf-8-sig"), object_pairs_hook=unrepeated)
    except UnicodeDecodeError as error:
        raise InputError(f"{file} is not UTF-8 (byte {error.start}).") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{file} is not JSON: {error}.") from None
    with run.existing_store() as store:
        outbox = store.outbox()
        posting = outbox.posting(id)
        posting = outbox.correct(posting, posting_from_dict(posting.resource, request))
    _print(run, posting, "has a new payload and will be sent by the next drain")


def discard(run: Invocation, id: PostingId, reason: Reason) -> None:
    """Discard a posting, so that it is never sent again.

    It stays in the store for the audit.
    """
    with run.existing_store() as store:
        outbox = store.outbox()
        posting = outbox.discard(outbox.posting(id), reason=reason)
    _print(run, posting, "is discarded")


def acknowledge(run: Invocation, id: PostingId, reason: Reason) -> None:
    """Close the alarm of a posting, with a reason.

    The reason is recorded. The posting stays as it is.
    """
    with run.existing_store() as store:
        outbox = store.outbox()
        posting = outbox.acknowledge(outbox.posting(id), reason=reason)
    _print(run, posting, "no longer has an open alarm")


def candidates(
    run: Invocation,
    id: Annotated[
        int | None,
        typer.Argument(
            metavar="[ID]", help="The number of a posting; by default all that need attention."
        ),
    ] = None,
) -> None:
    """List the entries that may be a posting.

    A posting that needs attention may have been posted after all. Such entries agree in date,
    accounts and amount. Review them, and decide with outbox resolve.
    """
    with run.existing_store() as store, run.client() as hq:
        outbox = store.outbox()
        doubtful = None if id is None else [outbox.posting(id)]
        rows: list[Row] = []
        for doubt in outbox.candidates(hq, doubtful):
            rows.extend(_candidate_rows(doubt))
    run.print("candidates", rows, _CANDIDATES, empty="No posting needs attention.")


def _candidate_rows(doubt: Doubt) -> list[Row]:
    """Return a row for each entry, or one that says there is none, or why."""
    problem = "no entry matches it" if doubt.problem is None else doubt.problem.message
    if not doubt.candidates:
        return [_candidate_row(doubt, None, problem)]
    return [_candidate_row(doubt, entry, None) for entry in doubt.candidates]


def _candidate_row(doubt: Doubt, entry: Entry | None, problem: str | None) -> Row:
    row: dict[str, Any] = {
        "posting_id": doubt.posting.id,
        "source": " ".join(doubt.posting.source),
        "company_id": doubt.posting.organization_id,
        "entry_id": None,
        "entry_number": None,
        "date": None,
        "description": None,
        "problem": problem,
    }
    if entry is not None:
        row["entry_id"] = entry.id
        row["entry_number"] = entry.entry_number
        row["date"] = entry.date.isoformat()
        row["description"] = entry.description
    return row


def resolve(
    run: Invocation,
    id: PostingId,
    entry: Annotated[
        str | None, typer.Option("--entry", metavar="ENTRY", help="It was posted as this entry.")
    ] = None,
    not_posted: Annotated[
        bool, typer.Option("--not-posted", help="It is certainly not in the books: send it again.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="The entry may differ in date, amount or accounts.")
    ] = False,
) -> None:
    """Resolve a posting that needs attention.

    Either it was posted, as the entry you name, or it was not posted.
    """
    if (entry is None) is not not_posted:
        raise InputError("Pass either --entry ENTRY or --not-posted.")
    with run.existing_store() as store, run.client() as hq:
        outbox = store.outbox()
        posting = outbox.posting(id)
        books = hq.organization(posting.organization_id)
        record = None if entry is None else books.entry(entry)
        posting = outbox.resolve(posting, stands_as=record, force=force)
    _print(
        run, posting, "will be sent by the next drain" if record is None else f"stands as {entry}"
    )


def distrust(
    run: Invocation,
    since: Annotated[
        str, typer.Option("--since", metavar="MOMENT", help="The time of the backup.")
    ],
) -> int:
    """Declare that the store was restored from a backup. Run this before anything is drained or
    added.

    Unsettled postings then need attention, because they may have been posted after the backup.
    """
    with run.existing_store() as store:
        number = store.outbox().distrust(since=moment_of(since))
    run.print_one(
        {"needs_attention": number},
        f"{counted(number, 'posting now needs', 'postings now need')} attention.",
    )
    return Status.DIFFERS if number else Status.OK


def trust(run: Invocation) -> None:
    """End what outbox distrust began.

    Run it once everything from before the restore has been added again.
    """
    with run.existing_store() as store:
        was_distrusted = store.outbox().trust()
    text = "The store is trusted again." if was_distrusted else "The store was not distrusted."
    run.print_one({"was_distrusted": was_distrusted}, text)


def _print(run: Invocation, posting: StoredPosting, what: str) -> None:
    source = plain_text(" ".join(posting.source))
    run.print_one(posting_row(posting), f"Posting {posting.id} ({source}) {what}.")
