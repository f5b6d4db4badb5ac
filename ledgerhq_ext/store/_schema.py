"""The tables of the store."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Double,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    func,
    literal_column,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

metadata = MetaData()
# SQLite numbers the rows itself where the type is spelled INTEGER, and no other way.
_ID = BigInteger().with_variant(Integer, "sqlite")


class Sealed(str):
    """A text that keeps itself out of ``repr``, and so out of SQLAlchemy's log of rows."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<sealed>"


class SealedText(TypeDecorator[str]):
    """A column of ``Sealed`` texts."""

    impl = Text
    cache_ok = True

    def process_result_value(self, value: str | None, _: Any) -> Sealed | None:
        """Return the text of a row, sealed."""
        return None if value is None else Sealed(value)


class Content(TypeDecorator[bytes]):
    """A column of bytes.

    In SQLite a statement by hand can put a text there instead; it is read as its bytes.
    """

    impl = LargeBinary
    cache_ok = True

    def result_processor(self, dialect: Any, coltype: Any) -> Any:  # noqa: ARG002
        """Return the function that makes bytes of a value of the driver's."""
        return _to_bytes


def _to_bytes(value: Any) -> bytes:
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value)
    return str(value).encode(errors="replace")


versions = Table("ledgerhq_version", metadata, Column("version", Integer, nullable=False))

postings = Table(
    "ledgerhq_postings",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("organization_id", String(200), nullable=False),
    Column("resource", String(40), nullable=False),
    Column("source_system", String(500), nullable=False),
    Column("source_id", String(500), nullable=False),
    Column("key", String(255), nullable=False),
    Column("request", Content, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("in_order", Boolean, nullable=False),
    Column("state", String(20), nullable=False),
    # When it may next be claimed: the end of its pause, or of its lease. None once it is settled.
    Column("due_at", Double),
    Column("lease", String(40)),
    Column("attempts", Integer, nullable=False),
    # Whether an entry may stand although there is no receipt: set before the first send, cleared by
    # a receipt.
    Column("unknown", Boolean, nullable=False),
    Column("first_sent_at", Double),
    Column("error", Text),
    Column("receipt", Text),
    # The entry that settles it, and settles nothing else. A receipt may name one that is taken:
    # that is an alarm.
    Column("journal_entry_id", String(200)),
    Column("added_at", Double, nullable=False),
    Column("changed_at", Double, nullable=False),
    # Whose it is. None: not bound, because it was added by a plain id, or by an older release.
    Column("connection", String(200)),
    Column("origin", String(300)),
    # Where its first send went, for as long as it may stand there; for good once it is posted.
    Column("sent_origin", String(300)),
    Column("sent_route", String(300)),
    # Who has the lease: see _holders.
    Column("holder", Text),
    # What a person has to look at, although the row is settled.
    Column("alarm", Text),
    # Why a person who has looked at the alarm lets it be. None: nobody has, or another alarm came
    # since.
    Column("acknowledgement", Text),
    # The key that it was added with, where a correction gave it another one.
    Column("added_key", String(255)),
    Column("discard_reason", Text),
    # Since when only that is left of its payload what the audit compares.
    Column("pruned_at", Double),
    UniqueConstraint("organization_id", "resource", "source_system", "source_id"),
    UniqueConstraint("organization_id", "key"),
)
Index("ledgerhq_postings_due", postings.c.due_at)

NOBODY: ColumnElement[str] = literal_column("''", String)
"""What stands for the connection and the origin of what is nobody's in particular. In the
statement, not beside it: an index of expressions serves those that are spelled as it is."""
connection_or_nobody = func.coalesce(postings.c.connection, NOBODY)
origin_or_nobody = func.coalesce(postings.c.origin, NOBODY)
_LEFT = postings.c.due_at.is_not(None)
_IN_ORDER = postings.c.in_order & _LEFT
# What is settled stands in none of these: they are as long as what is left.
Index(
    "ledgerhq_postings_lanes",
    connection_or_nobody,
    origin_or_nobody,
    postings.c.organization_id,
    postings.c.in_order,
    postings.c.due_at,
    postings.c.id,
    sqlite_where=_LEFT,
    postgresql_where=_LEFT,
)
Index(
    "ledgerhq_postings_ordered",
    postings.c.organization_id,
    postings.c.id,
    sqlite_where=_IN_ORDER,
    postgresql_where=_IN_ORDER,
)
Index(
    "ledgerhq_postings_waiting",
    connection_or_nobody,
    postings.c.due_at,
    sqlite_where=_LEFT,
    postgresql_where=_LEFT,
)
_HELD = postings.c.lease.is_not(None)
Index(
    "ledgerhq_postings_entry", postings.c.organization_id, postings.c.journal_entry_id, unique=True
)
Index("ledgerhq_postings_held", postings.c.holder, sqlite_where=_HELD, postgresql_where=_HELD)

pauses = Table(
    "ledgerhq_pauses",
    metadata,
    Column("origin", String(300), primary_key=True),
    Column("connection", String(200), primary_key=True),
    # Empty: everything of the connection waits.
    Column("organization_id", String(200), primary_key=True),
    Column("ends_at", Double, nullable=False),
    Column("reason", Text, nullable=False),
)

moved_hosts = Table(
    "ledgerhq_moved_hosts",
    metadata,
    Column("old_origin", String(300), primary_key=True),
    Column("new_origin", String(300), nullable=False),
    Column("moved_at", Double, nullable=False),
)

# While there is a row, the store may have forgotten what it sent: a backup was restored.
distrusts = Table(
    "ledgerhq_distrusts",
    metadata,
    Column("since", Double, primary_key=True),
    Column("declared_at", Double, nullable=False),
)

clients = Table(
    "ledgerhq_clients",
    metadata,
    Column("partner_id", String(500), primary_key=True),
    Column("organization_id", String(200), nullable=False, index=True),
    Column("linked_at", Double, nullable=False),
    Column("connection", String(200)),
    Column("origin", String(300)),
)

account_links = Table(
    "ledgerhq_account_links",
    metadata,
    Column("organization_id", String(200), primary_key=True),
    Column("partner_id", String(500), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("account_id", String(200), nullable=False),
    Column("linked_at", Double, nullable=False),
)

PROBE = "\x1fprobe"
"""Ends the name of a row that is no connection: it tries whether one could be written."""

tokens = Table(
    "ledgerhq_tokens",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("content", SealedText, nullable=False),
    Column("generation", Integer, nullable=False),
    # What the ciphertext says too, for whoever has no key. None: an older release wrote it.
    Column("origin", String(300)),
)


def insert_into(table: Table, dialect: str) -> postgresql.Insert | sqlite.Insert:
    """Return an insert that may say what becomes of a row that is there: ``on_conflict_do_…``."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


class now(FunctionElement[float]):  # noqa: N801 - reads as an SQL function
    """The time by the database's clock, in epoch seconds: one clock for all machines on PostgreSQL.

    It stands still within a statement, so that an index can be asked with it.
    """

    type = Double()
    inherit_cache = True


@compiles(now, "sqlite")
def _now_of_the_machine(*_: Any, **__: Any) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"


@compiles(now, "postgresql")
def _now_of_the_server(*_: Any, **__: Any) -> str:
    return "(extract(epoch from statement_timestamp())::float8)"
