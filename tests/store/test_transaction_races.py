"""Adding within an app's own transaction, while others write, the store is declared old or moved,
or the app dies.
"""

from __future__ import annotations

import signal
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import IsolationLevel
from sqlalchemy import create_engine

from ledgerhq_ext import InputError, LedgerHQ
from ledgerhq_ext.sandbox import Sandbox
from ledgerhq_ext.store import AddResult, Store, StoredPosting, StoreError
from scripts.storm.servers import Postgres
from tests.cases.wire_support import purchase
from tests.support.apps import make_sales, sales_of
from tests.support.companies import World
from tests.support.outbox import OPTIONS, SOURCE
from tests.support.places import is_file, sqlalchemy_url
from tests.support.waiting import PATIENCE, wait_until

from . import jobs

pytestmark = pytest.mark.slow

ORG = "org_1"
OLD = "http://127.0.0.1:9"
NEW = "http://127.0.0.1:10"
AGAIN = "Roll back your transaction and run all of it again"


def add(
    store: Store, transaction: Any, source: tuple[str, str] = SOURCE, amount: int = 100
) -> StoredPosting:
    return store.outbox().add(ORG, purchase(amount), source=source, transaction=transaction)


@contextmanager
def connected(place: str) -> Iterator[Any]:
    """Return a connection of the database's driver."""
    with closing(
        sqlite3.connect(place) if is_file(place) else psycopg.connect(place)
    ) as connection:
        yield connection


class Waiter:
    """Something that is done in a thread, and has to wait for a transaction on PostgreSQL."""

    def __init__(self, place: str, work: Callable[[], object]) -> None:
        self._place = place
        self._work = work
        self.outcome: Any = None
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        try:
            self.outcome = self._work()
        except Exception as error:
            self.outcome = error

    def start(self) -> None:
        """Start it, and return when it waits."""
        self._thread.start()
        with closing(psycopg.connect(self._place, autocommit=True)) as db:
            query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            wait_until(lambda: db.execute(query).fetchone() == (1,))

    def join(self) -> Any:
        """Wait for its end, and return what it returned or raised."""
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()
        return self.outcome


# --- others that write


@pytest.mark.parametrize("commits", [True, False])
def test_two_transactions_that_add_the_same_source_make_one_row(
    pg: Postgres, commits: bool
) -> None:
    """The second one waits for the first: it is a no-op, or the one that adds."""
    place = pg.new_database()
    with Store(place) as store:
        store.outbox().status()
        with connected(place) as first, connected(place) as second:
            row = add(store, first)
            waiter = Waiter(place, lambda: add(store, second))
            waiter.start()
            if commits:
                first.commit()
            else:
                first.rollback()
            other = waiter.join()
            second.commit()
        assert store.outbox().postings() == (row if commits else other,)
        assert isinstance(other, StoredPosting)


@pytest.mark.parametrize("commits", [True, False])
def test_of_many_those_that_came_first_are_not_counted_as_new(pg: Postgres, commits: bool) -> None:
    place = pg.new_database()
    sales = [(purchase(100), SOURCE), (purchase(200), ("till", "other"))]
    with Store(place) as store:
        store.outbox().status()
        with connected(place) as first:
            add(store, first)
            waiter = Waiter(place, lambda: store.outbox().add_all(ORG, sales))
            waiter.start()
            if commits:
                first.commit()
            else:
                first.rollback()
            new = 1 if commits else 2
            assert waiter.join() == AddResult(new=new, known=2 - new)


@pytest.mark.parametrize("carrier", ["none", "driver", "SQLAlchemy"])
def test_of_many_nothing_is_added_behind_one_that_came_first_on_other_terms(
    pg: Postgres, carrier: str
) -> None:
    place = pg.new_database()
    engine = create_engine(sqlalchemy_url(place))
    sales = [(purchase(100 + number), ("till", str(number))) for number in range(1, 6)]
    with Store(place) as store, connected(place) as first, ExitStack() as stack:
        store.outbox().status()
        second: Any = None
        if carrier == "driver":
            second = stack.enter_context(connected(place))
        if carrier == "SQLAlchemy":
            second = stack.enter_context(engine.connect())
        add(store, first, ("till", "3"))
        waiter = Waiter(place, lambda: store.outbox().add_all(ORG, sales, transaction=second))
        waiter.start()
        first.commit()
        error = waiter.join()
        if second is not None:
            second.commit()
        ids = sorted(posting.source[1] for posting in store.outbox().postings())
    engine.dispose()
    assert isinstance(error, InputError)
    assert str(error).startswith("Posting number 3 was not added: ")
    assert "The 2 postings before it are written down" in str(error)
    assert ids == ["1", "2", "3"]


@pytest.mark.parametrize("commits", [True, False])
@pytest.mark.parametrize(
    ("link", "reason"),
    [
        (("pos-1", "org_2"), "'pos-1' is already linked to org_1"),
        (("pos-2", ORG), "org_1 is already linked to 'pos-1'"),
    ],
)
def test_of_two_links_that_contradict_each_other_the_second_waits_for_the_first(
    pg: Postgres, link: tuple[str, str], reason: str, commits: bool
) -> None:
    place = pg.new_database()
    with Store(place) as store, connected(place) as app:
        store.outbox().status()
        first = store.clients.link("pos-1", ORG, transaction=app)
        waiter = Waiter(place, lambda: store.clients.link(*link))
        waiter.start()
        if commits:
            app.commit()
            error = waiter.join()
            assert isinstance(error, InputError)
            assert reason in str(error)
            assert store.clients.links() == (first,)
        else:
            app.rollback()
            second = waiter.join()
            assert store.clients.links() == (second,)


def test_another_payload_of_a_transaction_that_was_waited_for_is_the_same_error(
    pg: Postgres,
) -> None:
    place = pg.new_database()
    with Store(place) as store:
        store.outbox().status()
        with connected(place) as first, connected(place) as second:
            row = add(store, first)
            waiter = Waiter(place, lambda: add(store, second, amount=1))
            waiter.start()
            first.commit()
            error = waiter.join()
            second.execute("SELECT 1")
            second.commit()
        assert isinstance(error, InputError)
        assert "amount was 100, not 1" in str(error)
        assert store.outbox().postings() == (row,)


@pytest.mark.parametrize("begin", ["BEGIN IMMEDIATE", "BEGIN"])
def test_a_locked_file_is_an_error_that_says_what_to_do(tmp_path: Path, begin: str) -> None:
    """Another writer holds the lock; or it wrote since this transaction has read."""
    place = str(tmp_path / "books.db")
    with Store(place) as store:
        store.outbox().status()
        with closing(sqlite3.connect(place, isolation_level=None, timeout=0)) as connection:
            with connected(place) as writer:
                connection.execute("BEGIN")
                connection.execute("SELECT count(*) FROM ledgerhq_postings").fetchone()
                add(store, writer, ("till", "2"))
                if begin == "BEGIN":
                    writer.commit()
                with pytest.raises(StoreError, match=rf"locked.*{AGAIN}.*BEGIN IMMEDIATE"):
                    add(store, connection)
                connection.execute("ROLLBACK")
                writer.rollback()
            connection.execute("BEGIN IMMEDIATE")
            add(store, connection)
            connection.execute("COMMIT")
        assert SOURCE in [row.source for row in store.outbox().postings()]


def test_a_transaction_that_begins_by_adding_is_not_too_old_to_write(tmp_path: Path) -> None:
    """Nothing is read before the lock is taken; here another writer commits just before."""
    place = str(tmp_path / "books.db")
    with Store(place) as store:
        store.outbox().status()
        with closing(sqlite3.connect(place, isolation_level=None, timeout=0)) as connection:
            others: list[StoredPosting] = []

            def before_each_statement(statement: str) -> None:
                if statement.startswith("UPDATE"):
                    others.append(store.outbox().add(ORG, purchase(), source=("till", "2")))

            connection.execute("BEGIN")
            connection.set_trace_callback(before_each_statement)
            row = add(store, connection)
            connection.execute("COMMIT")
        assert store.outbox().postings() == (*others, row)
        assert len(others) == 1


def test_a_transaction_that_has_failed_cannot_go_on(pg: Postgres) -> None:
    place = pg.new_database()
    with Store(place) as store, connected(place) as connection:
        store.outbox().status()
        with pytest.raises(psycopg.Error):
            connection.execute("SELECT 1 / 0")
        with pytest.raises(StoreError, match=rf"InFailedSqlTransaction.*{AGAIN}") as caught:
            add(store, connection)
        assert caught.value.__context__ is None
        assert caught.value.outcome == "not_sent"


def test_a_closed_connection_is_an_error(place: str) -> None:
    with Store(place) as store:
        store.outbox().status()
        with connected(place) as connection:
            pass
        with pytest.raises(StoreError, match="closed"):
            add(store, connection)


# --- a store that is declared old, or moved


def test_what_is_added_to_a_distrusted_store_is_left_to_people(place: str) -> None:
    with Store(place) as store:
        store.outbox().distrust(since=jobs.now())
        with connected(place) as connection:
            row = add(store, connection)
            connection.commit()
            assert (row.state, row.unknown, row.due_at) == ("needs_attention", True, None)
            assert store.outbox().postings() == (row,)
            assert add(store, connection) == row


def test_distrust_waits_for_what_is_being_added(pg: Postgres) -> None:
    place = pg.new_database()
    with Store(place) as store, connected(place) as connection:
        add(store, connection, ("till", "1"))
        waiter = Waiter(place, lambda: store.outbox().distrust(since=jobs.now()))
        waiter.start()
        add(store, connection, ("till", "2"))
        connection.commit()
        assert waiter.join() == 2
        assert {row.state for row in store.outbox().postings()} == {"needs_attention"}


@pytest.mark.parametrize("level", ["repeatable read", "serializable"])
def test_what_waits_for_distrust_sees_it_whatever_the_isolation_of_the_database(
    pg: Postgres, level: str
) -> None:
    place = pg.new_database()
    setting = f"%20-cdefault_transaction_isolation%3D{level.replace(' ', '%5C%20')}"
    with Store(f"{place}{setting}") as store, connected(place) as other:
        store.outbox().status()
        # What distrust does, step by step.
        other.execute("LOCK TABLE ledgerhq_postings IN SHARE ROW EXCLUSIVE MODE")
        waiter = Waiter(place, lambda: store.outbox().add(ORG, purchase(), source=SOURCE))
        waiter.start()
        other.execute("INSERT INTO ledgerhq_distrusts VALUES (1, 2)")
        other.commit()
        assert waiter.join().state == "needs_attention"


@pytest.mark.parametrize("level", [IsolationLevel.REPEATABLE_READ, IsolationLevel.SERIALIZABLE])
@pytest.mark.parametrize("change", ["distrust", "move"])
def test_a_transaction_that_sees_the_store_as_it_was_before_cannot_add(
    pg: Postgres, level: IsolationLevel, change: str
) -> None:
    """It would not see that the store is distrusted, or has moved."""
    place = pg.new_database()
    with Store(place) as store, LedgerHQ(base_url=OLD, access_token="mcp_at_x", **OPTIONS) as hq:
        books = hq.organization(ORG)
        store.outbox().add(books, purchase(), source=("till", "0"))
        with connected(place) as connection:
            connection.isolation_level = level
            connection.execute("SELECT 1 FROM ledgerhq_version")
            if change == "distrust":
                store.outbox().distrust(since=jobs.now())
            else:
                store.move_host(OLD, NEW)
            with pytest.raises(StoreError, match=rf"SerializationFailure.*{AGAIN}"):
                store.outbox().add(books, purchase(), source=SOURCE, transaction=connection)
            connection.rollback()
        assert store.outbox().status().total == 1


@pytest.mark.parametrize("level", [IsolationLevel.REPEATABLE_READ, IsolationLevel.SERIALIZABLE])
def test_stricter_isolation_is_no_obstacle(pg: Postgres, level: IsolationLevel) -> None:
    place = pg.new_database()
    with Store(place) as store, connected(place) as connection:
        before = store.outbox().add(ORG, purchase(), source=("till", "0"))
        connection.isolation_level = level
        assert add(store, connection, ("till", "0")) == before
        row = add(store, connection)
        connection.commit()
        assert store.outbox().postings() == (before, row)


def test_moving_the_host_waits_for_what_is_being_added(pg: Postgres) -> None:
    place = pg.new_database()
    with Store(place) as store, LedgerHQ(base_url=OLD, access_token="mcp_at_x", **OPTIONS) as hq:
        books = hq.organization(ORG)
        store.outbox().add(books, purchase(), source=("till", "0"))
        with connected(place) as connection:
            store.outbox().add(books, purchase(), source=SOURCE, transaction=connection)
            waiter = Waiter(place, lambda: store.move_host(OLD, NEW).postings)
            waiter.start()
            connection.commit()
            assert waiter.join() == 2
        assert {row.origin for row in store.outbox().postings()} == {NEW}


def test_a_client_of_a_host_that_moved_cannot_add(place: str) -> None:
    with Store(place) as store, LedgerHQ(base_url=OLD, access_token="mcp_at_x", **OPTIONS) as hq:
        books = hq.organization(ORG)
        store.outbox().add(books, purchase(), source=("till", "0"))
        store.move_host(OLD, NEW)
        with connected(place) as connection:
            with pytest.raises(InputError, match=rf"moved from {OLD} to {NEW}"):
                store.outbox().add(books, purchase(), source=SOURCE, transaction=connection)
            connection.commit()
        assert store.outbox().status().total == 1


# --- an app that dies


@pytest.mark.parametrize("moment", ["before the commit", "after the commit"])
def test_killed_around_the_commit(place: str, box: Sandbox, maple: World, moment: str) -> None:
    """Killed before it, neither sale nor posting is there; after it, both are, and one entry comes
    of it.
    """
    with Store(place) as store:
        store.outbox().status()
    make_sales(place)
    request = maple.purchase()
    assert jobs.run(jobs.sell_and_die, place, maple.org, request, SOURCE, moment) == -signal.SIGKILL

    is_committed = moment == "after the commit"
    assert sales_of(place) == [1] * is_committed
    with (
        Store(place) as store,
        LedgerHQ(base_url=box.url, access_token=box.access_token(), **OPTIONS) as hq,
    ):
        outbox = store.outbox(jobs.SETTINGS)
        assert [row.source for row in outbox.postings()] == [SOURCE] * is_committed
        assert outbox.drain(hq).posted == int(is_committed)
        assert len(maple.postings()) == int(is_committed)

        # The app starts again, and does what it had not done.
        with connected(place) as connection:
            outbox.add(maple.org, request, source=SOURCE, transaction=connection)
            connection.commit()
        outbox.drain(hq)
        assert len(maple.postings()) == 1
