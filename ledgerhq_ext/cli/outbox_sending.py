"""`ledgerhq outbox drain`, `run` and `resume`: what is written down is sent."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer
from attrs import asdict

from ledgerhq_ext._plain import counted
from ledgerhq_ext.cli._commands import command
from ledgerhq_ext.cli._failures import Status
from ledgerhq_ext.cli._interruption import deferred
from ledgerhq_ext.cli._invocation import Invocation
from ledgerhq_ext.cli._output import plain_text, progress
from ledgerhq_ext.cli._postings import Companies, settled_count

if TYPE_CHECKING:
    from ledgerhq_ext import LedgerHQ
    from ledgerhq_ext.store import DrainResult, Progress

Workers = Annotated[
    int,
    typer.Option(
        "--workers", metavar="NUMBER", min=1, max=100, help="The number of concurrent attempts."
    ),
]


_DOUBT = (
    "Interrupted. The posting that was being sent stays in the outbox, and the next drain "
    "settles it."
)


def add_to(app: typer.Typer) -> None:
    """Add the commands to the group."""
    command(
        app,
        "drain",
        examples=["ledgerhq outbox drain", "ledgerhq outbox drain --workers 4 --seconds 600"],
    )(drain)
    command(app, "run", examples=["ledgerhq outbox run --workers 4"])(serve)
    command(
        app,
        "resume",
        examples=["ledgerhq outbox resume", 'ledgerhq outbox resume "Maple Street Coffee"'],
    )(resume)


def drain(
    run: Invocation,
    company: Companies = None,
    workers: Workers = 1,
    wait: Annotated[
        float, typer.Option("--wait", help="Seconds to wait for postings that are due soon.")
    ] = 60.0,
    seconds: Annotated[
        float | None, typer.Option("--seconds", help="The maximum run time in seconds.")
    ] = None,
) -> int:
    """Send pending postings, and show the results.

    Ctrl-C stops after the current attempts; the remaining postings stay in the outbox. The exit
    status is 0 if nothing is left and nothing was refused, otherwise 1.
    """
    with run.existing_store() as store, run.client() as hq, deferred(_DOUBT) as interruption:
        run.require_login()
        outbox = store.outbox()
        only = [hq.company(name).id for name in company or ()] or None
        with progress("Postings", outbox.status(hq).pending) as move:

            def note(step: Progress) -> None:
                """Move the progress bar."""
                move(settled_count(step))

            result = outbox.drain(
                hq,
                workers=workers,
                wait=wait,
                seconds=seconds,
                organizations=only,
                on_progress=note,
                stop=interruption.is_requested,
            )
    run.print_one(asdict(result), _text(result))
    if interruption.is_requested():
        return Status.INTERRUPTED
    refused = result.rejected or result.conflict or result.needs_attention
    return Status.DIFFERS if refused or result.left else Status.OK


_REASONS = {
    "settled": "Nothing is left to send.",
    "waiting": "The rest is not due yet.",
    "paused": "The rest belongs to companies that are paused.",
    "clock": "The clock of this machine differs from the service's by more than five minutes. "
    "Set it.",
    "time": "The time limit was reached.",
    "stopped": "Stopped. The remaining postings stay in the outbox.",
}


def _text(result: DrainResult) -> str:
    needs = counted(result.needs_attention, "needs", "need")
    lines = [
        f"{result.posted} posted, {result.rejected} rejected, {result.conflict} in conflict, "
        f"{needs} attention; {result.left} left. {_REASONS[result.why]}"
    ]
    if result.next_due_at is not None:
        lines.append(f"The next one is due at {result.next_due_at.isoformat(timespec='seconds')}.")
    # The reason of a pause is below.
    if result.last_failure is not None and not result.paused:
        lines.append(f"The last attempt failed: {plain_text(result.last_failure.message)}")
    # A company may be paused and wait for another connection as well.
    for reasons in (result.paused, result.waits_for):
        for company_id, reason in reasons.items():
            lines.append(f"company {company_id}: {plain_text(reason)}")
    return "\n".join(lines)


def serve(run: Invocation, workers: Workers = 1) -> None:
    """Send due postings for every firm, until Ctrl-C.

    SIGTERM ends it too. Every outcome is logged to standard error. Each firm uses its own
    login, under the name given with --firm.
    """
    logging.basicConfig(format="%(asctime)s %(message)s", stream=sys.stderr)
    logging.getLogger("ledgerhq_ext.store").setLevel(logging.INFO)
    clients: dict[str, LedgerHQ] = {}

    def client_for(firm: str) -> LedgerHQ:
        """Return the client of a firm, the same one each time."""
        if firm not in clients:
            clients[firm] = run.client(firm)
        return clients[firm]

    try:
        with run.store() as store, deferred(_DOUBT) as interruption:
            store.outbox().run(client_for, workers=workers, stop=interruption.is_requested)
    finally:
        for client in clients.values():
            client.close()


def resume(
    run: Invocation,
    company: Annotated[
        str | None, typer.Argument(metavar="[COMPANY]", help="The company; by default all.")
    ] = None,
) -> None:
    """Lift the pauses of a company, or all pauses.

    Fix the cause first. A company is paused when LedgerHQ asks to slow down, denies the firm
    access to it, or refuses the firm's token.
    """
    with run.existing_store() as store, run.client() as hq:
        only: Any = None if company is None else hq.company(company).id
        number = store.outbox().resume(only)
    run.print_one({"resumed": number}, f"{counted(number, 'pause')} lifted.")
