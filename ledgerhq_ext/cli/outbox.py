"""`ledgerhq outbox`: what is written down to be posted, and how it stands."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Annotated, Any

import typer
from attrs import asdict

from ledgerhq_ext import InputError
from ledgerhq_ext.cli import outbox_decisions, outbox_sending, outbox_upkeep
from ledgerhq_ext.cli._commands import command, new_app
from ledgerhq_ext.cli._failures import Status
from ledgerhq_ext.cli._invocation import Invocation
from ledgerhq_ext.cli._postings import (
    COLUMNS,
    Companies,
    PostingId,
    State,
    lines_of,
    posting_row,
)

if TYPE_CHECKING:
    from ledgerhq_ext import LedgerHQ
    from ledgerhq_ext.store import Status as Figures

_AGE = re.compile(r"([0-9]{1,6})([smhd])", re.ASCII)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}

Everything = Annotated[bool, typer.Option("--all", help="All firms in the store, not only --firm.")]


def add_to(program: typer.Typer) -> None:
    """Add the group of commands."""
    app = new_app("Show, send, resolve and audit the postings in the outbox.")
    command(
        app, "status", examples=["ledgerhq outbox status", "ledgerhq outbox status --max-age 15m"]
    )(status)
    command(
        app,
        "list",
        examples=[
            "ledgerhq outbox list --state needs_attention",
            'ledgerhq outbox list --company "Maple Street Coffee" --json',
        ],
    )(list_postings)
    command(app, "show", examples=["ledgerhq outbox show 17", "ledgerhq outbox show 17 --json"])(
        show
    )
    outbox_sending.add_to(app)
    outbox_decisions.add_to(app)
    outbox_upkeep.add_to(app)
    program.add_typer(app, name="outbox")


def status(
    run: Invocation,
    everything: Everything = False,
    max_age: Annotated[
        str | None,
        typer.Option(
            "--max-age", metavar="AGE", help="A number followed by s, m, h or d, such as 15m."
        ),
    ] = None,
) -> int:
    """Count the postings in each state, per company.

    The exit status is 1 if a posting needs attention, is in conflict, was rejected or has an open
    alarm, or if the oldest unsettled posting is older than --max-age.
    """
    # An age that cannot be meant is refused before anything is read.
    age = _age(max_age)
    with run.existing_store() as store, run.client() as hq:
        owner = None if everything else hq
        figures = store.outbox().status(owner)
        if figures.total == 0 and not everything:
            # A name with a mistake would look as if all was well.
            run.require_login()
    run.print_one(_value(figures), _text(figures))

    is_alarming = figures.needs_person or _is_late(figures, age)
    return Status.DIFFERS if is_alarming else Status.OK


def _value(figures: Figures) -> dict[str, Any]:
    values = asdict(figures)
    # The contract of JSON is ours: a company, as everywhere in this command line.
    values["companies"] = values.pop("organizations")
    for company in values["companies"].values():
        company.pop("organizations", None)
    return values


def _text(figures: Figures) -> str:
    values = _value(figures)
    companies: dict[str, Any] = values.pop("companies")
    parts = [lines_of(values)]
    for company_id, company in companies.items():
        present = {name: value for name, value in company.items() if value}
        parts.append(f"company {company_id}\n{lines_of(present)}")
    return "\n\n".join(parts)


def _is_late(figures: Figures, age: dt.timedelta | None) -> bool:
    if age is None or figures.oldest_pending_at is None:
        return False
    return dt.datetime.now(dt.UTC) - figures.oldest_pending_at > age


def _age(text: str | None) -> dt.timedelta | None:
    if text is None:
        return None
    match = _AGE.fullmatch(text)
    if match is None:
        raise InputError(
            f"{text!r} is not a valid age. Give a number followed by s, m, h or d, such as 15m."
        )
    return dt.timedelta(seconds=int(match[1]) * _SECONDS[match[2]])


def list_postings(
    run: Invocation,
    state: Annotated[
        State | None, typer.Option("--state", help="Only postings in this state.")
    ] = None,
    company: Companies = None,
    everything: Everything = False,
) -> None:
    """List postings in the order they were added."""
    with run.existing_store() as store, run.client() as hq:
        owner: LedgerHQ | None = None if everything else hq
        ids = {hq.company(name).id for name in company or ()}
        postings = store.outbox().postings(state, hq=owner)
        if not postings and not everything:
            run.require_login()

    if ids:
        postings = tuple(each for each in postings if each.organization_id in ids)
    rows = [posting_row(posting) for posting in postings]
    run.print("postings", rows, COLUMNS, empty="No postings match.")


def show(run: Invocation, id: PostingId) -> None:
    """Show a posting and its request.

    Amounts are in cents.
    """
    with run.existing_store() as store:
        row = posting_row(store.outbox().posting(id))
    run.print_one(row, lines_of(row))
