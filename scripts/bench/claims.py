"""The rows that a claim reads, by how many are left: as many for a thousand as for 100,000.

`python -m scripts.bench.claims` prints them for both databases, with the memory and descriptors of
the process.
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from attrs import define
from sqlalchemy import Connection, Engine, event, insert, select

from ledgerhq_ext import LedgerHQ, Purchase, PurchaseLine
from ledgerhq_ext._idempotency import fingerprint
from ledgerhq_ext._resources.posting import content_of
from ledgerhq_ext.store import Progress, Store
from ledgerhq_ext.store._schema import now, pauses, postings
from scripts.bench.memory import peak_memory
from scripts.storm.servers import postgres

URL = "http://127.0.0.1:9"
_OF_ROWS = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")
SIZES = (1_000, 10_000, 100_000)
CLAIMS = 20
_COMPANIES = 40
_PURCHASE = Purchase(
    txn_date="2026-06-08",
    payee_name="Office Depot",
    source_account_id="acc_checking",
    lines=[PurchaseLine(account_id="acc_supplies", amount=4299)],
)


@define
class Reading:
    """The statements that a database was asked, and how much it read for them."""

    statements: int = 0
    visits: int = 0
    """Rows that PostgreSQL read, or steps that SQLite's machine took."""


def fill(store: Store, count: int) -> None:
    """Leave so many postings in a store.

    Half of the companies are refused, and theirs have been due for longest. A quarter of the other
    companies is of a firm that has no grant; of a quarter the postings wait in order, behind one
    that backs off.
    """
    content = content_of(_PURCHASE)

    def work(db: Connection) -> None:
        """Write the postings, and what keeps some of them from being sent."""
        moment = db.execute(select(now())).scalar_one()
        db.execute(insert(postings), [_row(number, content, moment) for number in range(count)])
        for company in range(0, _COMPANIES, 2):
            pause = {
                "origin": URL,
                "connection": "default",
                "organization_id": f"org_{company}",
                "ends_at": moment + 600,
                "reason": "it was refused",
            }
            db.execute(insert(pauses).values(**pause))
        if db.dialect.name == "postgresql":
            # As autovacuum would.
            db.exec_driver_sql(f"ANALYZE {postings.name}")

    store._database.write("fill", work)


def _row(number: int, content: bytes, moment: float) -> dict[str, Any]:
    company = number % _COMPANIES
    is_refused = company % 2 == 0
    in_order = company % 8 == 3
    backs_off = in_order and number < _COMPANIES
    due_at = moment - (2000 if is_refused else 1000) + number * 0.001
    return {
        "organization_id": f"org_{company}",
        "resource": "purchase",
        "source_system": "till",
        "source_id": str(number),
        "key": f"till-{number}",
        "request": content,
        "digest": fingerprint(content),
        "in_order": in_order,
        "state": "pending",
        "due_at": moment + 600 if backs_off else due_at,
        "attempts": 0,
        "unknown": False,
        "added_at": moment,
        "changed_at": moment,
        "connection": "gone" if company % 8 == 1 else "default",
        "origin": URL,
    }


def claims(store: Store) -> Reading:
    """Return what a drain asks of the database for one posting, in the mean of some."""
    marks: list[Reading] = []
    with measured(store) as reading, client() as hq:

        def note(_: Progress) -> None:
            """Remember the counts at the end of one posting."""
            marks.append(Reading(reading.statements, reading.visits))

        def is_enough() -> bool:
            """Return whether the drain has sent as many postings as are measured."""
            return len(marks) > CLAIMS

        # One posting after the other: the end of one, and the claim of the next.
        store.outbox().drain(hq, wait=0, on_progress=note, stop=is_enough)

    first = marks[0]
    last = marks[-1]
    statements = (last.statements - first.statements) // CLAIMS
    visits = (last.visits - first.visits) // CLAIMS
    return Reading(statements, visits)


def client() -> LedgerHQ:
    """Return a client whose service posts everything."""
    return LedgerHQ(base_url=URL, access_token="mcp_at_x", transport=httpx.MockTransport(_answer))  # noqa: S106


def _answer(request: httpx.Request) -> httpx.Response:
    key = request.headers["idempotency-key"]
    receipt = {
        "id": f"doc_{key}",
        "resourceType": "purchase",
        "journalEntryId": f"je_{key}",
        "bankTransactionIds": [],
        "status": "posted",
        "postedAt": "2026-06-08T16:00:00.000Z",
        "idempotencyKey": key,
    }
    return httpx.Response(201, json={"data": receipt})


@contextmanager
def measured(store: Store) -> Iterator[Reading]:
    """Measure what is asked of a store's database meanwhile."""
    engine = store._database._ready()
    measure = _measured_sqlite if engine.dialect.name == "sqlite" else _measured_postgres
    with measure(engine) as reading:
        yield reading


@contextmanager
def _measured_sqlite(engine: Engine) -> Iterator[Reading]:
    """Ask the driver: not every statement goes through SQLAlchemy."""
    reading = Reading()
    connections: set[sqlite3.Connection] = set()

    def step() -> int:
        """Count one step of SQLite's virtual machine, and let it go on."""
        reading.visits += 1
        return 0

    def note(statement: str) -> None:
        """Count a statement that reads or writes rows."""
        if statement.startswith(_OF_ROWS):
            reading.statements += 1

    def watch(connection: sqlite3.Connection, *_: Any) -> None:
        """Watch a connection from now on."""
        connections.add(connection)
        connection.set_progress_handler(step, 1)
        connection.set_trace_callback(note)

    event.listen(engine, "checkout", watch)
    try:
        yield reading
    finally:
        event.remove(engine, "checkout", watch)
        for connection in connections:
            connection.set_progress_handler(None, 1)
            connection.set_trace_callback(None)


@contextmanager
def _measured_postgres(engine: Engine) -> Iterator[Reading]:
    reading = Reading()

    def note(connection: Any, _: Any, statement: str, parameters: Any, *__: Any) -> None:
        """Count a statement, and the rows that it visits."""
        reading.statements += 1
        reading.visits += _rows_read(connection.connection.dbapi_connection, statement, parameters)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield reading
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _rows_read(driver: Any, statement: str, parameters: Any) -> int:
    """Return how many rows of postings a statement of PostgreSQL reads; it is undone."""
    if "SAVEPOINT" in statement:
        return 0
    with driver.cursor() as cursor:
        cursor.execute("SAVEPOINT measured")
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters)
        [plan] = cursor.fetchone()[0]
        cursor.execute("ROLLBACK TO SAVEPOINT measured")
    return _rows_of(plan["Plan"])


def _rows_of(node: dict[str, Any]) -> int:
    count = sum(_rows_of(child) for child in node.get("Plans", ()))
    if node.get("Relation Name") != postings.name:
        return count

    # PostgreSQL counts a row that it looked at and did not want under another name.
    names = ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck")
    rows: float = node["Actual Loops"] * sum(node.get(name, 0) for name in names)
    return count + round(rows)


def _print(place: str, count: int) -> None:
    """Measure in this process, and print it."""
    with Store(place) as store:
        reading = claims(store)
        descriptors = len(list(Path("/proc/self/fd").iterdir()))
    memory = peak_memory()
    what = "rows" if "://" in place else "steps"
    print(
        f"{count:>8} postings: {reading.visits:>6} {what} and {reading.statements} statements a "
        f"posting, {memory} MB, {descriptors} descriptors",
        flush=True,
    )


def main(arguments: list[str]) -> int:
    """Print every measurement; with arguments one alone, for a process of its own: the store, and
    its rows.
    """
    if arguments:
        _print(arguments[0], int(arguments[1]))
        return 0
    with tempfile.TemporaryDirectory() as folder, postgres() as server:
        for name in ("SQLite", "PostgreSQL"):
            print(name, flush=True)
            for count in SIZES:
                place = (
                    server.new_database()
                    if name == "PostgreSQL"
                    else str(Path(folder, f"{count}.db"))
                )
                with Store(place) as store:
                    fill(store, count)
                subprocess.run(
                    [sys.executable, "-m", "scripts.bench.claims", place, str(count)], check=True
                )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
