"""The version of the tables: they are made, or brought up to date, before anything else is done."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Connection, func, insert, inspect, literal, select, text, update

from ledgerhq_ext.store._errors import StoreError
from ledgerhq_ext.store._schema import metadata, versions
from ledgerhq_ext.store._steps import STEPS, WORDS

VERSION = 3
"""Of the tables as ``_schema`` has them."""
_LOCK = 0x1ED6E4
"""The number of the lock under which tables are made. Releases that run together share it."""


def prepare(db: Connection) -> None:
    """Make the tables, or bring those of an older release up to date; ``StoreError`` for those of a
    newer one.

    Runs in one transaction, one process at a time.
    """
    if db.dialect.name == "postgresql":
        # SQLite's one writer is alone already.
        db.execute(select(func.pg_advisory_xact_lock(literal(_LOCK, BigInteger))))
    if not inspect(db).has_table(versions.name):
        _check_encoding(db)
        metadata.create_all(db)
        db.execute(insert(versions).values(version=VERSION))
        return

    # None where there is no row, as after a restore of the tables alone; the first of several, as
    # after a restore of the rows on top of others.
    lowest = select(versions.c.version).order_by(versions.c.version)
    stored_version: Any = db.execute(lowest).scalar()
    check_not_newer(stored_version)
    if stored_version == VERSION:
        return
    # First, so that an app's transaction that adds ends before, or waits: see
    # wait_for_transactions.
    db.execute(update(versions).values(version=VERSION))
    for version in range(stored_version, VERSION):
        for statement in STEPS[version]:
            db.execute(text(statement.format(**WORDS[db.dialect.name])))


def _check_encoding(db: Connection) -> None:
    """Raise ``StoreError`` for a database of PostgreSQL that cannot hold every text."""
    if db.dialect.name != "postgresql":
        return
    encoding = db.exec_driver_sql("SHOW server_encoding").scalar_one()
    if encoding != "UTF8":
        raise StoreError(
            f"A store needs a database whose encoding is UTF8, but that of this one is {encoding}. "
            "Create another one: createdb --encoding=UTF8 --template=template0 NAME"
        )


def check_not_newer(stored_version: int) -> None:
    """Raise ``StoreError`` for tables of a newer release, and for a version that is none."""
    # A statement by hand can put anything there.
    if not isinstance(stored_version, int) or stored_version < 1:
        raise StoreError(
            f"The store has version {stored_version!r}, which no release has written. Restore a "
            "backup."
        )
    if stored_version > VERSION:
        raise StoreError(
            f"The store has version {stored_version}, written by a newer release, but this "
            f"release supports version {VERSION}. Upgrade ledgerhq-ext."
        )


def wait_for_transactions(db: Connection) -> None:
    """Wait until no app's transaction that has added is open; those that add later wait for this
    one.

    They hold the row of the version (``_app_transaction``). Call it before any other statement, for
    what has to see all rows that were added, or has to be seen by all that will be. SQLite has one
    writer anyway.
    """
    db.execute(update(versions).values(version=versions.c.version))
