"""`ledgerhq post`: the transactions of a file into the books."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledgerhq_ext import InputError, LedgerHQError
from ledgerhq_ext._plain import counted
from ledgerhq_ext.cli._commands import command
from ledgerhq_ext.cli._failures import Status
from ledgerhq_ext.cli._interruption import Interruption, deferred
from ledgerhq_ext.cli._invocation import Invocation
from ledgerhq_ext.cli._output import plain_text, print_json, progress, say, shows_progress, write
from ledgerhq_ext.cli._postings import settled_count
from ledgerhq_ext.cli.files.example import example_table
from ledgerhq_ext.cli.files.formats import Format, format_of, reader_of, system_of
from ledgerhq_ext.cli.files.mapping import Mapping, read_mapping
from ledgerhq_ext.cli.files.snapshots import snapshot_of
from ledgerhq_ext.cli.files.transactions import Item, Problem

if TYPE_CHECKING:
    from ledgerhq_ext.cli._posting_run import Intake
    from ledgerhq_ext.store import Failure, Outbox, Progress

FileArgument = Annotated[
    Path | None,
    typer.Argument(metavar="[FILE]", help="A CSV, JSON Lines, hledger JSON or beancount file."),
]
CompanyOption = Annotated[
    str | None,
    typer.Option(
        "--company", metavar="COMPANY", help="The company, if the file has no column for it."
    ),
]
IdOption = Annotated[
    str | None,
    typer.Option(
        "--id",
        metavar="PLACE",
        help="Where the source ids are: a column, code or tag:NAME (hledger), or meta:NAME "
        "(beancount).",
    ),
]
SystemOption = Annotated[
    str | None,
    typer.Option(
        "--system",
        metavar="NAME",
        help="The source system that the ids come from, such as acme-pos.",
    ),
]
MappingOption = Annotated[
    Path | None,
    typer.Option(
        "--mapping", metavar="FILE", help="A TOML file that maps columns, accounts and formats."
    ),
]

_DOUBT = (
    "Interrupted. Post the file again: the outbox knows what was sent, and nothing is sent twice."
)


ExampleOption = Annotated[
    bool,
    typer.Option(
        "--example",
        help="Print a file of last month to try it with, for the books of a sandbox.",
    ),
]


def add_to(program: typer.Typer) -> None:
    """Add the command."""
    command(
        program,
        "post",
        examples=[
            'ledgerhq post month.csv --company "Maple Street Coffee" --dry-run',
            "ledgerhq post month.csv --mapping till.toml",
            "ledgerhq post --example > month.csv",
            "hledger print -O json > books.json",
            "ledgerhq post books.json --id code --mapping accounts.toml",
        ],
    )(post)


def post(
    run: Invocation,
    file: FileArgument = None,
    company: CompanyOption = None,
    id: IdOption = None,
    system: SystemOption = None,
    mapping: MappingOption = None,
    format: Annotated[
        Format | None,
        typer.Option("--format", help="The format, if the file name does not show it."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Look up and check everything, without posting.")
    ] = False,
    workers: Annotated[
        int,
        typer.Option(
            "--workers", metavar="NUMBER", min=1, max=100, help="The number of concurrent attempts."
        ),
    ] = 1,
    example: ExampleOption = False,
) -> int:
    """Post the transactions in a file. Each is posted once, no matter how often the file is posted.

    The source id of a transaction keeps it from being posted twice. It comes from a column, or from
    a code, tag or metadata in a journal; a file without source ids is refused. Transactions that
    cannot be posted are reported with their line and the reason, and the others are posted; the
    exit status is then 1.

    Everything goes through the outbox. After Ctrl-C or a crash, post the file again: transactions
    that were posted are skipped, and the rest are sent. Those that LedgerHQ rejected are tried
    again.
    """
    if (file is None) is not example:
        raise InputError("Pass either FILE or --example.")
    if file is None:
        write(example_table(dt.datetime.now().astimezone().date()))
        return Status.OK
    form = format or format_of(file)
    settings = Mapping() if mapping is None else read_mapping(mapping)
    settings = settings.with_options(system=system, company=company, id=id)
    return _Job(run, file, form, settings, dry_run, workers).run_to_end()


class _Job:
    """A file, and what is done with it."""

    def __init__(
        self,
        run: Invocation,
        file: Path,
        form: Format,
        mapping: Mapping,
        dry_run: bool,
        workers: int,
    ) -> None:
        self._run = run
        self._file = file
        self._snapshot = file
        self._form = form
        self._mapping = mapping
        self._dry_run = dry_run
        self._workers = workers
        self._system = mapping.system or system_of(form)
        self._problems: list[Problem] = []
        self._problem_count = 0
        self._warnings: list[Problem] = []
        self._posted = 0
        self._waiting = 0
        self._unsettled = 0
        self._last_failure: Failure | None = None

    def run_to_end(self) -> int:
        """Take the file into the outbox, send what is there, and say what became of it."""
        from ledgerhq_ext.cli._posting_run import Intake

        with self._run.client() as hq, self._run.store() as store, ExitStack() as stack:
            # First: Ctrl-C ends the wait for a pipe at once.
            self._snapshot = stack.enter_context(snapshot_of(self._file, self._form))
            interruption = stack.enter_context(deferred(_DOUBT))
            outbox = store.outbox()
            target = outbox if not self._dry_run else self._throwaway(stack)
            intake = Intake(
                hq, outbox, target, self._mapping, self._system, self._report, self._warn
            )
            self._take(intake, interruption)
            if not self._dry_run:
                self._send(intake, interruption)
            self._print(intake)
        if interruption.is_requested():
            return Status.INTERRUPTED
        return Status.DIFFERS if self._problem_count else Status.OK

    def _take(self, intake: Intake, interruption: Interruption) -> None:
        """Take the file into the outbox. Nothing is sent before all of it is there."""
        try:
            with progress(f"Reading {self._file.name}") as move:
                intake.take(_counted(self._items(), move), interruption.is_requested)
        except LedgerHQError:
            count = intake.counts["to send"]
            if count and not self._dry_run:
                before = counted(
                    count,
                    "transaction before that is in the outbox, and was",
                    "transactions before that are in the outbox, and were",
                )
                say(
                    f"{before} not sent. Post the file again, or send what is there with ledgerhq "
                    "outbox drain."
                )
            raise

    def _items(self) -> Iterator[Item]:
        return reader_of(self._form)(self._snapshot, self._mapping)

    def _throwaway(self, stack: ExitStack) -> Outbox:
        """Return an outbox that notices what contradicts itself in the file, and is thrown away."""
        from ledgerhq_ext.store import Store

        folder = stack.enter_context(tempfile.TemporaryDirectory())
        return stack.enter_context(Store(Path(folder) / "dry-run.db")).outbox()

    def _send(self, intake: Intake, interruption: Interruption) -> None:
        companies = intake.company_ids
        if companies and not interruption.is_requested():
            self._drain(intake, interruption)

        to_send = intake.counts["to send"]
        if to_send and self._has_unsettled(intake.outbox, companies):
            self._report_unsettled(intake, was_interrupted=interruption.is_requested())
        self._posted = to_send - self._unsettled

    def _drain(self, intake: Intake, interruption: Interruption) -> None:
        companies = intake.company_ids
        for company in companies:
            # Whoever posts a file again has mended why it was rejected, such as a locked period.
            intake.outbox.retry_rejected(organization=company)
        with progress("Posting", intake.counts["to send"]) as move:

            def note(step: Progress) -> None:
                """Move the progress bar."""
                move(settled_count(step))

            drained = intake.outbox.drain(
                intake.hq,
                workers=self._workers,
                organizations=companies,
                # Whoever looks on makes a drain write more often.
                on_progress=note if shows_progress() else None,
                stop=interruption.is_requested,
            )
        self._last_failure = drained.last_failure

    def _has_unsettled(self, outbox: Outbox, companies: list[str]) -> bool:
        """Return whether something of the companies is in the outbox and not in the books.

        It may be of another file: which transactions of this one are, only the file says.
        """
        organizations = outbox.status().organizations
        for company in companies:
            status = organizations.get(company)
            if status is not None and status.total > status.posted:
                return True
        return False

    def _report_unsettled(self, intake: Intake, *, was_interrupted: bool) -> None:
        """Report what is in the outbox and not in the books, with its line of the file."""
        from ledgerhq_ext.cli._reasons import reason_of

        with progress("Looking for what was not posted", intake.item_count) as move:
            items = islice(self._items(), intake.item_count)
            for transaction, row in intake.unsettled(_counted(items, move)):
                self._unsettled += 1
                if was_interrupted and row.state == "pending":
                    # No problem: the file is posted again, and it goes on.
                    self._waiting += 1
                else:
                    reason = reason_of(row, self._last_failure)
                    self._report(Problem(transaction.number, transaction.id, reason))

    def _report(self, problem: Problem) -> None:
        self._problem_count += 1
        if self._run.as_json:
            self._problems.append(problem)
        else:
            say(plain_text(str(problem)))

    def _warn(self, warning: Problem) -> None:
        """Report what is unusual, while somebody can still change it."""
        if not self._dry_run:
            return
        if self._run.as_json:
            self._warnings.append(warning)
        else:
            say(plain_text(f"Warning: {warning}"))

    def _print(self, intake: Intake) -> None:
        to_send = intake.counts["to send"]
        result: dict[str, Any] = {
            "file": str(self._file),
            "dry_run": self._dry_run,
            "posted": self._posted,
            "would_be_posted": to_send if self._dry_run else 0,
            "waiting": self._waiting,
            "known": intake.counts["known"],
            "not_posted": [
                {"line": problem.number, "source_id": problem.id, "reason": problem.reason}
                for problem in self._problems
            ],
            "warnings": [
                {"line": warning.number, "source_id": warning.id, "message": warning.reason}
                for warning in self._warnings
            ],
        }
        if self._run.as_json:
            print_json(result)
            return

        parts = [f"{to_send} would be posted" if self._dry_run else f"{self._posted} posted"]
        parts.append(f"{intake.counts['known']} posted before")
        if self._waiting:
            parts.append(f"{self._waiting} still in the outbox")
        parts.append(f"{self._problem_count} not posted")
        write(f"{', '.join(parts)}.")


def _counted(items: Iterator[Item], move: Any) -> Iterator[Item]:
    """Yield the items, and tell the progress bar how many there were."""
    for number, item in enumerate(items, 1):
        move(number)
        yield item
