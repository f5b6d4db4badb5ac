"""The store behind a pooler in transaction mode: the next transaction of a client is in another
session.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography.fernet import Fernet

from ledgerhq_ext import InputError, LedgerHQ
from ledgerhq_ext.sandbox import Sandbox
from ledgerhq_ext.store import OutboxSettings, Store
from scripts.storm.servers import Postgres
from tests.cases.wire_support import Ledger, purchase
from tests.support.outbox import OPTIONS
from tests.support.poolers import Pooler, pgbouncer
from tests.support.tokens import write_connection
from tests.support.waiting import PATIENCE

from .test_tokens import call, expired, refreshes

pytestmark = pytest.mark.slow

HAS_PGBOUNCER = shutil.which("pgbouncer") is not None or Path("/usr/sbin/pgbouncer").exists()
real = pytest.param(
    "pgbouncer", marks=pytest.mark.skipif(not HAS_PGBOUNCER, reason="PgBouncer is not installed")
)


@pytest.fixture(params=["stand-in", real])
def pooled(request: pytest.FixtureRequest, pg: Postgres) -> Iterator[str]:
    """The address of an empty database behind a pooler."""
    user = pg.new_user()
    if request.param == "stand-in":
        with Pooler(pg.folder) as pooler:
            yield f"postgresql://{user}@127.0.0.1:{pooler.port}/postgres"
        return
    # Not in the folder of the test: PgBouncer runs as another user, who must get there.
    with (
        tempfile.TemporaryDirectory(prefix="lhq-pooler-") as folder,
        pgbouncer(Path(folder), pg.folder, user) as port,
    ):
        place = f"postgresql://{user}@127.0.0.1:{port}/postgres"
        _open_sessions(place)
        yield place


def test_a_session_is_not_kept_there(pooled: str) -> None:
    """What the other tests are worth: a lock and a prepared statement of a session do not survive
    here.
    """
    with psycopg.connect(pooled, autocommit=True, prepare_threshold=None) as db:
        pids = {db.execute("SELECT pg_backend_pid()").fetchone() for _ in range(6)}
        assert len(pids) > 1
        db.execute("SELECT pg_advisory_lock(7)")
        freed = [db.execute("SELECT pg_advisory_unlock(7)").fetchone() for _ in range(6)]
        assert (False,) in freed
    preparing = psycopg.connect(pooled, autocommit=True, prepare_threshold=0)
    with preparing as db, pytest.raises(psycopg.Error, match="prepared"):
        _repeat(db)


def test_postings_go_through(pooled: str) -> None:
    """By several workers, each statement often enough to be prepared, were that not switched off."""
    with Ledger() as ledger, Store(pooled) as store:
        ledger.faults = ["", "lost after", "", "503"]
        hq = LedgerHQ(base_url=ledger.url, access_token="mcp_at_x", **OPTIONS)
        outbox = store.outbox(OutboxSettings(lease_margin=5))
        for number in range(24):
            outbox.add("org_1", purchase(number + 1), source=("till", str(number)))
        drained = outbox.drain(hq, workers=4)
        hq.close()
        assert (drained.why, drained.posted, drained.left) == ("settled", 24, 0)
        assert len(ledger.entries) == 24
        receipts = {row.receipt.journal_entry_id for row in outbox.receipts() if row.receipt}
        assert len(receipts) == 24


def test_an_apps_own_transaction_goes_through(pooled: str) -> None:
    """As the one of a user without any rights but those of its tables; here two statements have two
    sessions.
    """
    with Store(pooled) as store, psycopg.connect(pooled, prepare_threshold=None) as app:
        outbox = store.outbox()
        for number in range(6):
            outbox.add("org_1", purchase(number + 1), source=("till", str(number)), transaction=app)
            outbox.add("org_1", purchase(number + 1), source=("till", str(number)), transaction=app)
            if number % 2:
                app.rollback()
            else:
                app.commit()
        assert [row.source[1] for row in outbox.postings()] == ["0", "2", "4"]

        app.autocommit = True
        with pytest.raises(InputError, match="autocommit"):
            outbox.add("org_1", purchase(), source=("till", "6"), transaction=app)
        assert outbox.status().total == 3


def test_the_section_of_a_token_store_is_exclusive(pooled: str, pg: Postgres) -> None:
    """While it is held other transactions come and go, and nothing of it stays behind."""
    key = Fernet.generate_key()
    with Store(pooled) as store, Store(pooled) as other:
        for _ in range(3):
            section = store.token_store(key).try_lock()
            assert section is not None
            with section:
                for number in range(6):
                    other.clients.link(f"client-{number}", f"org_{number}")
                    assert other.token_store(key).try_lock() is None
                    assert store.token_store(key).try_lock() is None
            section = other.token_store(key).try_lock()
            assert section is not None
            with section:
                assert store.token_store(key).try_lock() is None
    assert _advisory_locks(pg) == 0


def test_one_of_many_refreshes(pooled: str, box: Sandbox) -> None:
    key = Fernet.generate_key()
    with Store(pooled) as store:
        write_connection(store.token_store(key), expired(box))
    go = threading.Barrier(4)

    def refresh(_: int) -> None:
        with Store(pooled) as mine:
            go.wait(PATIENCE)
            call(box, mine.token_store(key))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(refresh, range(4)))
    assert refreshes(box) == ["ok"]
    assert len(box.refresh_tokens_presented_twice) == 0


def test_a_lock_outlives_the_patience_of_the_server(pg: Postgres) -> None:
    """The transaction of the lock is idle while a token is refreshed; a server may end such ones."""
    place = pg.new_database()
    impatient = f"{place}%20-cidle_in_transaction_session_timeout%3D1000"
    with Store(place) as other, Store(impatient) as store:
        other.outbox().status()
        section = store.token_store(plaintext=True).try_lock()
        assert section is not None
        with section:
            with pytest.raises(psycopg.errors.IdleInTransactionSessionTimeout):
                _idle(impatient)
            assert other.token_store(plaintext=True).try_lock() is None


def _repeat(db: psycopg.Connection[Any]) -> None:
    for _ in range(6):
        db.execute("SELECT 1")


def _open_sessions(place: str) -> None:
    """Let the pooler open several sessions: it opens one when all the others are in a transaction."""
    with (
        psycopg.connect(place) as one,
        psycopg.connect(place) as other,
        psycopg.connect(place) as third,
    ):
        for db in (one, other, third):
            db.execute("SELECT 1")


def _idle(place: str) -> None:
    """Be idle in a transaction until the server ends it."""
    with psycopg.connect(place) as db:
        db.execute("SELECT 1")
        time.sleep(2)
        db.execute("SELECT 1")


def _advisory_locks(pg: Postgres) -> Any:
    with psycopg.connect(f"host={pg.folder} user=postgres dbname=postgres") as db:
        row = db.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'").fetchone()
    return row and row[0]
