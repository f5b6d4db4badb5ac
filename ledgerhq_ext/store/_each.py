"""Updates of several rows, each with values of its own.

PostgreSQL takes them in one statement, whose parameter is a JSON array: each statement is a way to
the server and back, and planned anew. SQLite, which is in this process, takes one for each row.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    Connection,
    String,
    Update,
    any_,
    bindparam,
    cast,
    column,
    func,
)

from ledgerhq_ext.store._schema import postings

_ROWS = "own_rows"
_IDS = "own_ids"


def with_own_id(statement: Update, dialect: str, own: Any) -> Update:
    """Return an update of the postings with the ids of ``own_values``, in ``row``."""
    statement = statement.where(postings.c.id == own.row)
    if dialect != "postgresql":
        return statement
    # Says no more, but how many they are: otherwise a server reads the whole table for them.
    ids: Any = bindparam(_IDS, type_=ARRAY(BigInteger))
    return statement.where(postings.c.id == any_(ids))


def own_values(dialect: str, types: Mapping[str, Any]) -> Any:
    """Return what stands in a statement for the values of a row, by name, with their types."""
    if dialect != "postgresql":
        names = {name: bindparam(name, type_=type_) for name, type_ in types.items()}
        return SimpleNamespace(**names)

    columns = [column(name, type_) for name, type_ in types.items()]
    rows = cast(bindparam(_ROWS, type_=String), JSON)
    table = func.json_to_recordset(rows).table_valued(*columns, name="own")
    return table.render_derived(with_types=True).c


def parameters_of(db: Connection, rows: Sequence[Mapping[str, Any]], **common: Any) -> Any:
    """Return the parameters of such a statement: the values of some rows, and those that all have
    in common.
    """
    if db.dialect.name == "postgresql":
        ids = [row["row"] for row in rows]
        return {_ROWS: json.dumps(rows), _IDS: ids, **common}
    return [{**row, **common} for row in rows]
