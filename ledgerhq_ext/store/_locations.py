"""The location of the tables that a connection's statements find: it tells whether two connections
lead to the same ones.
"""

from __future__ import annotations

import os
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Integer, Text, literal_column, select, text, true
from sqlalchemy.sql import func

from ledgerhq_ext.store._cursors import AnyConnection

Location: TypeAlias = tuple[str, ...]

# A running server, one of its databases, and a table there: what a name without a schema leads to.
# It needs no rights of its own, and is the same through a pooler. A copy of the database is another
# server, or another database.
_POSTGRES = select(
    literal_column("extract(epoch FROM pg_postmaster_start_time())::text", Text).label(
        "server_start"
    ),
    literal_column("current_database()::text", Text).label("database_name"),
    literal_column("to_regclass('ledgerhq_postings')::oid::text", Text).label("table_id"),
)
# Not the function of the same name: that one reads the file, and a transaction which has read may
# be too old to write.
_SQLITE = text("PRAGMA database_list").columns(seq=Integer, name=Text, file=Text)
_MARK = "ledgerhq.transaction"


def location_of(db: AnyConnection, mark: str | None = None) -> Location | None:
    """Return where the tables are that a connection leads to; None where there are none.

    ``mark`` is put on the transaction, for ``mark_of_transaction``. It lasts until the transaction
    ends.
    """
    if db.dialect.name == "sqlite":
        # An attached file is none: a crash may keep the commit of one file, and lose that of the
        # other.
        files = [row.file for row in db.execute(_SQLITE).all() if row.name == "main"]
        return location_of_file(files[0])

    query = _POSTGRES
    if mark is not None:
        query = query.add_columns(func.set_config(_MARK, mark, true()).label("mark"))
    row = db.execute(query).first()
    if row is None or row.table_id is None:
        return None
    return "postgresql", row.server_start, row.database_name, row.table_id


def location_of_file(path: str | os.PathLike[str] | None) -> Location | None:
    """Return where a file is; None when there is none.

    The log of what was written lies beside it under its name: by another link to it (not a symbolic
    one, which SQLite follows), or where it alone is mounted, it is another database.
    """
    # SQLite names no file for a database in memory.
    if not path or not os.path.isfile(path):  # noqa: PTH113 - a text as well
        return None
    folder, name = os.path.split(os.path.realpath(path))
    try:
        status = os.stat(folder)  # noqa: PTH116
    except OSError:
        return None
    return "sqlite", str(status.st_dev), str(status.st_ino), os.path.normcase(name)


def mark_of_transaction() -> ColumnElement[Any]:
    """Return the column that holds the mark of the transaction that a statement is in."""
    return func.current_setting(_MARK, true(), type_=Text).label("mark")
