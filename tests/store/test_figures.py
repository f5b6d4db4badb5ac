"""How an outbox stands: company by company, and what waits for whom."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from ledgerhq_ext import LedgerHQ, MemoryTokenStore, OAuth
from ledgerhq_ext.store import Store
from ledgerhq_ext.store.__main__ import main
from scripts.storm.servers import Postgres
from tests.cases.wire_support import Exchange, Ledger, connection, purchase, refusal
from tests.support.outbox import OPTIONS, after
from tests.support.surfaces import Surface, resolve

pytestmark = pytest.mark.anyio


def client_of(surface: Surface, url: str, name: str, token: str | None = "mcp_at_x") -> Any:
    kind: Any = surface
    tokens = MemoryTokenStore(connection(url, life=3600, access_token=token) if token else None)
    return kind(OAuth(tokens, name=name), base_url=url, **OPTIONS)


def outbox_of(surface: Surface, store: Store) -> Any:
    return store.outbox() if surface is LedgerHQ else store.async_outbox()


def inactive(exchange: Exchange) -> bool:
    return exchange.reply(422, refusal("VALIDATION_ERROR", "The account is inactive"))


def slow_down(exchange: Exchange) -> bool:
    return exchange.reply(429, {"error": "Too many requests"}, headers=["Retry-After: 300"])


async def test_each_organization_has_its_own_figures(surface: Surface, store: Store) -> None:
    with Ledger() as ledger:
        hq = client_of(surface, ledger.url, "birch")
        outbox = outbox_of(surface, store)
        # The oldest is sent first.
        for number, organization in enumerate(
            ["org_posted", "org_rejected", "org_slow", "org_lost"]
        ):
            await resolve(
                outbox.add(hq.organization(organization), purchase(), source=("till", str(number)))
            )
        ledger.faults = ["", inactive, slow_down, "lost after"]
        await resolve(outbox.drain(hq, **after(4)))
        row = await resolve(outbox.add("org_plain", purchase(), source=("till", "4")))

        status = await resolve(outbox.status())
        figures = status.organizations
        assert list(figures) == ["org_lost", "org_plain", "org_posted", "org_rejected", "org_slow"]
        assert {
            name: (one.posted, one.rejected, one.pending, one.unknown)
            for name, one in figures.items()
        } == {
            "org_posted": (1, 0, 0, 0),
            "org_rejected": (0, 1, 0, 0),
            "org_slow": (0, 0, 1, 0),
            "org_lost": (0, 0, 1, 1),
            "org_plain": (0, 0, 1, 0),
        }
        for name in ("posted", "rejected", "pending", "unknown", "alarms", "total"):
            assert getattr(status, name) == sum(getattr(one, name) for one in figures.values())
        assert figures["org_plain"].oldest_pending_at == row.added_at
        assert figures["org_posted"].oldest_pending_at is None
        assert status.oldest_pending_at == figures["org_slow"].oldest_pending_at
        [paused] = [name for name, one in figures.items() if one.paused_until is not None]
        assert paused == "org_slow"
        assert status.paused_until == figures["org_slow"].paused_until

        # Another client has what is nobody's in particular, and nothing else.
        other = client_of(surface, ledger.url, "oak")
        assert list((await resolve(outbox.status(other))).organizations) == ["org_plain"]
        await resolve(hq.close())
        await resolve(other.close())


async def test_a_pause_of_a_whole_connection_is_that_of_its_organizations(
    surface: Surface, store: Store
) -> None:
    with Ledger() as ledger:
        kind: Any = surface
        birch = kind(base_url=ledger.url, access_token="mcp_at_x", **OPTIONS)
        oak = client_of(surface, ledger.url, "oak")
        outbox = outbox_of(surface, store)
        ledger.faults = [lambda exchange: exchange.reply(401, {"error": "Unauthorized"})] * 3
        await resolve(outbox.add(birch.organization("org_birch"), purchase(), source=("till", "1")))
        await resolve(outbox.drain(birch))
        await resolve(outbox.add(oak.organization("org_oak"), purchase(), source=("till", "2")))

        figures = (await resolve(outbox.status())).organizations
        assert figures["org_oak"].paused_until is None
        assert figures["org_birch"].paused_until == (await resolve(outbox.pauses()))[0].until
        await resolve(birch.close())
        await resolve(oak.close())


async def test_the_number_of_statements_is_not_that_of_the_organizations(
    surface: Surface, store: Store
) -> None:
    outbox = outbox_of(surface, store)
    statements: list[str] = []
    counts: list[int] = []

    def note(*arguments: Any) -> None:
        statements.append(arguments[2])

    for number in (1, 30):
        for company in range(number):
            await resolve(outbox.add(f"org_{company}", purchase(), source=("till", str(company))))
        engine = store._database._ready()
        event.listen(engine, "before_cursor_execute", note)
        statements.clear()
        assert len((await resolve(outbox.status())).organizations) == number
        counts.append(len(statements))
        event.remove(engine, "before_cursor_execute", note)
    assert counts[0] == counts[1] <= 6


# --- in order, behind another connection


async def test_what_waits_for_another_connection_says_so(surface: Surface, store: Store) -> None:
    with Ledger() as ledger:
        gone = client_of(surface, ledger.url, "gone", None)
        oak = client_of(surface, ledger.url, "oak")
        outbox = outbox_of(surface, store)
        first = await resolve(
            outbox.add(
                gone.organization("org_1"), purchase(1), source=("till", "first"), in_order=True
            )
        )
        for name in ("second", "third"):
            await resolve(
                outbox.add(
                    oak.organization("org_1"), purchase(2), source=("till", name), in_order=True
                )
            )
        await resolve(
            outbox.add(
                oak.organization("org_2"), purchase(3), source=("till", "other"), in_order=True
            )
        )

        drained = await resolve(outbox.drain(oak, wait=0))
        assert (drained.why, drained.posted, drained.left, drained.next_due_at) == (
            "waiting",
            1,
            2,
            None,
        )
        [(organization, sentence)] = drained.waits_for.items()
        assert organization == "org_1"
        for word in (
            f"posting {first.id}",
            "till/first",
            "connection 'gone'",
            "it has not been tried yet",
        ):
            assert word in sentence
        # For the client that it is of, it waits for nobody.
        drained = await resolve(outbox.drain(gone, wait=0))
        assert (drained.why, drained.waits_for) == ("paused", {})
        status = await resolve(outbox.status())
        waits = {name: one.waits_for for name, one in status.organizations.items()}
        assert waits["org_2"] is None
        assert "its last attempt ended with" in (waits["org_1"] or "")
        assert (await resolve(outbox.status(gone))).organizations["org_1"].waits_for is None

        first = await resolve(outbox.posting(first.id))
        await resolve(outbox.discard(first, reason="the firm left"))
        drained = await resolve(outbox.drain(oak, wait=0))
        assert (drained.why, drained.posted, drained.waits_for) == ("settled", 2, {})
        await resolve(gone.close())
        await resolve(oak.close())


def test_a_name_with_a_mistake_is_no_store_where_all_is_well(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "boks.db"
    assert main(["status", str(missing)]) == 2
    assert f"There is no store at {missing}." in capsys.readouterr().err
    assert not missing.exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_figures_that_find_no_room_are_an_error(store: Store, place: str) -> None:
    store.outbox().status()
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "ledgerhq_ext.store", "status", place],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr) == (
        2,
        "error: The output cannot be written: No space left on device.\n",
    )


def test_a_database_without_tables_is_no_store_where_all_is_well(
    pg: Postgres, capsys: pytest.CaptureFixture[str]
) -> None:
    place = pg.new_database()
    for _ in range(2):
        assert main(["status", place]) == 2
        assert "There is no store at postgresql" in capsys.readouterr().err
    assert main(["status", "postgresql://nobody@127.0.0.1:9/none"]) == 2
    assert "failed: OperationalError" in capsys.readouterr().err


def test_the_command_shows_them(
    store: Store, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with Ledger() as ledger:
        gone = client_of(LedgerHQ, ledger.url, "gone", None)
        oak = client_of(LedgerHQ, ledger.url, "oak")
        outbox = store.outbox()
        for hq in (gone, oak):
            source = ("till", hq._core._session.authorizer.connection)
            outbox.add(hq.organization("org_1"), purchase(), source=source, in_order=True)
            hq.close()

    assert main(["status", place]) == 0
    [total, company] = capsys.readouterr().out.split("\n\n")
    assert "pending            2" in total
    lines = [line.split(maxsplit=1) for line in company.splitlines()]
    assert lines[:2] == [["organization", "org_1"], ["pending", "2"]]
    assert "of the connection 'gone'" in company

    assert main(["status", place, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["organizations"]["org_1"]["pending"] == said["pending"] == 2
