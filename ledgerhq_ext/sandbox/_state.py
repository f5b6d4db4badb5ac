"""The state of the sandbox: one SQLite database, one connection, one writer at a time."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
import threading
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ledgerhq_ext.sandbox._clock import Clock, iso
from ledgerhq_ext.sandbox._schema import SCHEMA, VERSION


def digest(secret: str) -> str:
    """Return the hash under which a token, code or key is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def derived_id(*parts: object) -> str:
    """Return an id, in the form of a UUID, that follows from its parts."""
    text = "\x1f".join(str(part) for part in parts)
    hashed = hashlib.blake2b(text.encode(), digest_size=16).digest()
    return str(uuid.UUID(bytes=hashed, version=4))


@dataclass(frozen=True)
class PassingLock:
    """A lock of a period for some seconds; `before` is the date that comes back after it."""

    before: str | None


class State:
    """Rows in a file or in memory. Columns are named as the API names its fields."""

    def __init__(self, path: Path | None, clock: Clock, seed: int | None = None) -> None:
        self.clock = clock
        self.seed = seed
        self.passing_locks: dict[str, PassingLock] = {}
        self._lock = threading.RLock()
        self.db: sqlite3.Connection = _connect(path)
        self._ids = 0

    def is_empty(self) -> bool:
        """Return True if nothing was ever written here."""
        return _is_empty(self.db)

    def fill_from(self, template: bytes) -> None:
        """Begin as a copy of a seeded database."""
        with closing(sqlite3.connect(":memory:")) as source:
            source.deserialize(template)
            source.backup(self.db)

    def resume(self) -> None:
        """Go on where the state was left: ids are not given twice, time does not go back."""
        meta = self.db.execute("SELECT * FROM meta").fetchone()
        self._ids = meta["ids"]
        if meta["clock"]:
            self.clock.at_least(datetime.fromisoformat(meta["clock"]))

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Hold the database, and write all or nothing: an exception undoes what was written."""
        with self._lock:
            before = self.db.total_changes
            self.db.execute("BEGIN")
            try:
                yield self.db
                # Reading alone leaves no trace, so that a box in a file is not written to for every
                # GET.
                if self.db.total_changes != before:
                    self.db.execute("UPDATE meta SET ids = ?, clock = ?", (self._ids, self.now()))
                self.db.execute("COMMIT")
            except BaseException:
                if self.db.in_transaction:
                    self.db.execute("ROLLBACK")
                raise

    def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        """Return the rows of a query, outside of a request."""
        with self._lock:
            return [dict(row) for row in self.db.execute(sql, values)]

    def now(self) -> str:
        """Return the sandbox's time, as the API spells it."""
        return iso(self.clock.moment())

    def new_id(self) -> str:
        """Return a fresh id; the next of a fixed sequence where there is a seed."""
        if self.seed is None:
            return str(uuid.uuid4())
        self._ids += 1
        return derived_id("id", self.seed, self._ids)

    def new_secret(self, prefix: str) -> str:
        """Return a fresh token, code or key; the next of a fixed sequence where there is a seed."""
        if self.seed is None:
            return prefix + secrets.token_urlsafe(32)
        self._ids += 1
        text = f"secret\x1f{self.seed}\x1f{self._ids}"
        return prefix + hashlib.sha256(text.encode()).hexdigest()

    def close(self) -> None:
        """Close the database; a file remembers the time it is."""
        # It may be closed already.
        with self._lock, suppress(sqlite3.ProgrammingError):
            self.db.execute("UPDATE meta SET ids = ?, clock = ?", (self._ids, self.now()))
            self.db.close()


def new_database() -> sqlite3.Connection:
    """Return an empty database in memory, with its tables."""
    db = _connect(None)
    db.executescript(SCHEMA)
    db.execute("INSERT INTO meta (id, version, ids, clock) VALUES (1, ?, 0, NULL)", (VERSION,))
    return db


def _connect(path: Path | None) -> sqlite3.Connection:
    # Requests run in the server's thread, and tests look in from theirs: State's lock keeps them
    # apart. Transactions are begun by hand, since sqlite3 begins them at the first write only.
    try:
        db = _opened(path) if path else _in_memory()
    except (sqlite3.Error, ValueError) as error:
        advice = "give a file in a folder that exists"
        raise ValueError(f"cannot use {path} as the state: {error}; {advice}") from error
    db.row_factory = sqlite3.Row
    if path:
        _claim(db, path)
    return db


def _in_memory() -> sqlite3.Connection:
    """Return a database in memory, which nobody else sees."""
    try:
        return _opened("file:sandbox?vfs=memdb", is_uri=True)
    except sqlite3.OperationalError:
        # SQLite before 3.36. Every page that is written costs more there the more of them there
        # are: a posting among a hundred thousand takes several times as long as the first.
        return _opened(":memory:")


def _opened(place: str | Path, *, is_uri: bool = False) -> sqlite3.Connection:
    return sqlite3.connect(place, isolation_level=None, check_same_thread=False, uri=is_uri)


def _claim(db: sqlite3.Connection, path: Path) -> None:
    # Exclusive: two sandboxes on one file would each think themselves the only writer.
    try:
        db.execute("PRAGMA busy_timeout = 200")
        db.execute("PRAGMA locking_mode = EXCLUSIVE")
        db.execute("BEGIN EXCLUSIVE")
        db.execute("COMMIT")
        # Before anything is written: a file of somebody else stays as it is, byte for byte.
        _require_own(db)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
    except (sqlite3.DatabaseError, ValueError) as error:
        db.close()
        raise ValueError(f"cannot use {path} as the state: {error}") from error


def _require_own(db: sqlite3.Connection) -> None:
    """Refuse a database of another program, or of another version of the sandbox (ValueError)."""
    if _is_empty(db):
        return
    try:
        meta = db.execute("SELECT version FROM meta").fetchone()
    except sqlite3.OperationalError:
        # No such table, or no such column.
        meta = None
    if meta is None:
        raise ValueError("it is a database of another program; use another file")
    if meta["version"] != VERSION:
        raise ValueError(
            f"the state has version {meta['version']}, and this sandbox reads version {VERSION}; "
            "use another file"
        )
    with closing(new_database()) as own:
        missing = _columns(own) - _columns(db)
    if missing or not _is_moment(db.execute("SELECT clock FROM meta").fetchone()["clock"]):
        raise ValueError("the state is damaged, or of another program; use another file")


def _columns(db: sqlite3.Connection) -> set[tuple[str, str]]:
    """Return every column of every table, with the table's name."""
    sql = """SELECT tables.name, columns.name FROM sqlite_master AS tables,
        pragma_table_info(tables.name) AS columns WHERE tables.type = 'table'"""
    return {tuple(row) for row in db.execute(sql)}


def _is_moment(clock: object) -> bool:
    """Return whether a clock can go on from what a state says of it; None says nothing."""
    if clock is None:
        return True
    try:
        moment = datetime.fromisoformat(str(clock))
    except ValueError:
        return False
    # Tokens live for some days more, and the calendar ends.
    return moment.tzinfo is not None and moment.year < 9999


def _is_empty(db: sqlite3.Connection) -> bool:
    return db.execute("SELECT 1 FROM sqlite_master").fetchone() is None
