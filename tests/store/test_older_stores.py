"""Stores that an older release made: they open, migrate and drain. The first one is in
`first_release`.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, inspect, text

from ledgerhq_ext import FileTokenStore, LedgerHQ
from ledgerhq_ext.store import Adoption, Store
from ledgerhq_ext.store import _schema as schema
from scripts.storm.servers import Postgres
from tests.cases.wire_support import Firm, Ledger
from tests.support.outbox import OPTIONS
from tests.support.surfaces import Surface, resolve

DUMPS = Path(__file__).with_name("first_release")
RECENT = "UPDATE ledgerhq_postings SET first_sent_at = {now} - 60 WHERE first_sent_at IS NOT NULL"

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["sqlite", "postgres"])
def older(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a store of the first release is: three posted, one unknown, one rejected, two pending;
    two links.
    """
    dump = (DUMPS / f"{request.param}.sql").read_text(encoding="utf-8")
    if request.param == "sqlite":
        path = tmp_path / "books.db"
        path.touch(mode=0o600)
        with closing(sqlite3.connect(path)) as file, file:
            file.executescript(dump)
            file.execute(RECENT.format(now="unixepoch()"))
        return str(path)

    server: Postgres = request.getfixturevalue("pg")
    place = server.new_database()
    engine = create_engine(place.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as db:
        for statement in dump.split(";\n"):
            db.exec_driver_sql(statement)
        db.exec_driver_sql(RECENT.format(now="extract(epoch from now())"))
    engine.dispose()
    return place


async def test_it_opens_migrates_and_drains(older: str, surface: Surface) -> None:
    kind: Any = surface
    with Ledger() as ledger, Store(older) as store:
        hq = kind(base_url=ledger.url, access_token="mcp_at_x", **OPTIONS)
        outbox: Any = store.outbox() if surface is LedgerHQ else store.async_outbox()
        drained = await resolve(outbox.drain(hq))
        rows = await resolve(outbox.postings())
        await resolve(hq.close())

    assert (drained.why, drained.posted) == ("settled", 3)
    assert sorted(body["lines"][0]["amount"] for body in ledger.bodies()) == [100, 101, 300]
    assert [row.state for row in rows].count("posted") == 6
    assert [row.source[1] for row in rows if row.state == "rejected"] == ["400"]
    assert {exchange.key for exchange in ledger.requests} <= {row.key for row in rows}


def test_receipts_that_name_one_entry_are_alarms(older: str) -> None:
    """They break the index of the new version, and are no reason not to open."""
    with Store(older) as store:
        alarms = {row.source[1]: row.alarm for row in store.outbox().postings() if row.alarm}
    assert alarms.keys() == {"201", "202"}
    assert all(alarm and "same entry" in alarm for alarm in alarms.values())


def test_receipts_and_tokens_are_read(older: str) -> None:
    with Store(older) as store:
        [first, *_] = store.outbox().receipts()
        connection = store.token_store(plaintext=True).read()
    assert first.receipt is not None
    assert (first.receipt.journal_entry_id, first.receipt.bank_transaction_ids) == (
        "je_200",
        ("row_200",),
    )
    assert connection is not None
    assert connection.issuer == "https://app.ledgerhq.pro"


async def test_a_token_file_is_read_refreshed_and_moved(tmp_path: Path, surface: Surface) -> None:
    file = tmp_path / "tokens.json"
    file.touch(mode=0o600)
    file.write_bytes((DUMPS / "tokens.json").read_bytes())
    tokens = FileTokenStore(file)
    connection = tokens.read()
    assert connection is not None
    assert (connection.refresh_token, connection.redirect_uris) == (
        "mcp_rt_0",
        ("http://127.0.0.1:8000/callback",),
    )

    kind: Any = surface
    with Firm() as firm:
        # http on loopback: of a host that the vendor never had.
        text_of_firm = file.read_text(encoding="utf-8").replace(
            "https://app.ledgerhq.pro", firm.url
        )
        file.write_text(text_of_firm, encoding="utf-8")
        hq = kind(base_url=firm.url, token_store=FileTokenStore(file), **OPTIONS)
        assert len(await resolve(hq.organization("org_1").accounts())) == 0
        await resolve(hq.close())
        tokens.move_host(firm.url, "https://ledgerhq.pro")
    connection = tokens.read()
    assert connection is not None
    assert connection.refresh_token != "mcp_rt_0"
    assert connection.issuer == "https://ledgerhq.pro"


async def test_rows_and_links_get_an_owner_by_one_call(older: str, surface: Surface) -> None:
    kind: Any = surface
    hq = kind(base_url="http://127.0.0.1:9", access_token="mcp_at_x", **OPTIONS)
    with Store(older) as store:
        outbox: Any = store.outbox() if surface is LedgerHQ else store.async_outbox()
        assert {row.origin for row in store.outbox().postings()} == {None}

        assert await resolve(outbox.adopt(hq, organizations=["org_2"])) == Adoption(
            postings=1, links=1
        )
        assert await resolve(outbox.adopt(hq)) == Adoption(postings=6, links=1)
        assert await resolve(outbox.adopt(hq)) == Adoption(postings=0, links=0)

        owners = {(row.connection, row.origin) for row in store.outbox().postings()}
        links = {(link.connection, link.origin) for link in store.clients.links()}
        assert owners == links == {("default", "http://127.0.0.1:9")}
    await resolve(hq.close())


def test_what_is_adopted_is_nobody_elses(older: str) -> None:
    with Ledger() as staging, Ledger() as production, Store(older) as store:
        outbox = store.outbox()
        with LedgerHQ(base_url=production.url, access_token="mcp_at_x", **OPTIONS) as hq:
            outbox.adopt(hq)
            with LedgerHQ(base_url=staging.url, access_token="mcp_at_x", **OPTIONS) as other:
                assert outbox.drain(other).left == 0
            assert outbox.drain(hq).posted == 3
        assert staging.requests == []


_INDEXES = {
    "sqlite": "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = '{table}'",
    "postgresql": "SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename = '{table}'",
}
"""What a database says of its indexes, in its own words: expressions and conditions too."""


def _indexes(db: Connection, table: str) -> list[str]:
    statements = db.exec_driver_sql(_INDEXES[db.dialect.name].format(table=table)).scalars()
    schema_name = (
        ""
        if db.dialect.name == "sqlite"
        else f"{db.exec_driver_sql('SELECT current_schema()').scalar()}."
    )
    return sorted(
        " ".join(statement.replace(schema_name, "", 1).split()) for statement in statements
    )


def _tables(place: str) -> dict[str, Any]:
    """Return what a database says of its tables."""
    url = place if "://" in place else f"sqlite:///{place}"
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    tables: dict[str, Any] = {}
    with engine.connect() as db:
        inspector = inspect(db)
        for name in inspector.get_table_names():
            columns = inspector.get_columns(name)
            tables[name] = {
                "columns": sorted(
                    (column["name"], str(column["type"]), column["nullable"]) for column in columns
                ),
                "key": inspector.get_pk_constraint(name)["constrained_columns"],
                "unique": sorted(
                    unique["column_names"] for unique in inspector.get_unique_constraints(name)
                ),
                "indexes": _indexes(db, name),
            }
    engine.dispose()
    return tables


# The inspector cannot read indexes of expressions in SQLite; the database itself is asked for them.
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection")
def test_a_migrated_store_and_a_new_one_have_the_same_tables(
    older: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    new = str(tmp_path / "new.db")
    if "://" in older:
        new = request.getfixturevalue("pg").new_database()
    for place in (older, new):
        with Store(place) as store:
            store.outbox().status()
    assert _tables(older) == _tables(new)
    assert _tables(new).keys() == schema.metadata.tables.keys()


def test_a_worker_of_the_older_release_that_still_runs_is_refused(older: str) -> None:
    """It asked for the version when it began; every claim of it asks for this column."""
    with Store(older) as store:
        store.outbox().status()
        engine = store._database._ready()
        with engine.connect() as db, pytest.raises(Exception, match="until"):
            db.execute(text("SELECT 1 FROM ledgerhq_pauses WHERE ledgerhq_pauses.until > 0"))
