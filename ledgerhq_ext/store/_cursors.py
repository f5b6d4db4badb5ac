"""Statements of SQLAlchemy, compiled for a driver and run by its own cursors: on a connection that
is not SQLAlchemy's, and where SQLAlchemy's own way takes longer than the statement.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from functools import cache
from typing import Any, TypeAlias

from attrs import frozen
from sqlalchemy import Connection, Dialect, Executable, SelectBase, String
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.compiler import SQLCompiler


@frozen
class Rows:
    """The answer to a statement: its rows, and how many rows it changed."""

    rows: list[Any]
    rowcount: int

    def all(self) -> list[Any]:
        """Return the rows."""
        return self.rows

    def first(self) -> Any:
        """Return the first row, or None."""
        return self.rows[0] if self.rows else None

    def scalar(self) -> Any:
        """Return the first value of the first row, or None."""
        row = self.first()
        return None if row is None else row[0]


class Prepared:
    """A statement, compiled for the driver of a dialect."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        options = {"render_postcompile": True}
        compiled: SQLCompiler = statement.compile(dialect=dialect, compile_kwargs=options)
        missing = [name for name, bind in compiled.binds.items() if bind.required]
        values = compiled.construct_params(dict.fromkeys(missing))
        self._dialect = dialect
        self._text = str(compiled)
        self._fixed: list[Any] = []
        """The driver's values of all parameters, but for those that are given each time."""
        self._given: list[tuple[int, str, Callable[[Any], Any]]] = []
        for position, name in enumerate(compiled.positiontup or ()):
            convert = _converter(compiled, name, dialect)
            if name in missing:
                self._given.append((position, name, convert))
            self._fixed.append(None if name in missing else convert(values[name]))
        self._columns: list[Any] = []
        if isinstance(statement, SelectBase):
            self._columns = list(statement.selected_columns)
        names = [column.name for column in self._columns]
        self._new_row = namedtuple("row", names)  # type: ignore[misc]
        self._from_driver: list[Callable[[Any], Any]] = []

    def run(self, cursor: Any, values: Mapping[str, Any]) -> Rows:
        """Run it with the values of its parameters, and return all its rows."""
        cursor.execute(self._text, self._parameters(values))
        if not self._columns:
            return Rows([], cursor.rowcount)

        if not self._from_driver:
            pairs = zip(self._columns, cursor.description, strict=True)
            self._from_driver = [self._reader(column, about[1]) for column, about in pairs]
        rows: list[Any] = []
        for row in cursor:
            parts = zip(self._from_driver, row, strict=True)
            rows.append(self._new_row(*[read(value) for read, value in parts]))
        return Rows(rows, cursor.rowcount)

    def run_each(self, cursor: Any, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run it with the values of each row."""
        cursor.executemany(self._text, [self._parameters(values) for values in rows])

    def _parameters(self, values: Mapping[str, Any]) -> list[Any]:
        parameters = list(self._fixed)
        for position, name, convert in self._given:
            parameters[position] = convert(values[name])
        return parameters

    def _reader(self, column: Any, code: Any) -> Callable[[Any], Any]:
        """Return what makes a value of a column from the driver's; ``code`` is its type there."""
        type_ = column.type.dialect_impl(self._dialect)
        from_driver: Callable[[Any], Any] | None = type_.result_processor(self._dialect, code)
        if from_driver is not None:
            return from_driver
        return _to_text if isinstance(column.type, String) else _unchanged


class CursorConnection:
    """A driver's connection with the part of SQLAlchemy's ``Connection`` that the store uses.

    It begins and ends no transaction.
    """

    def __init__(self, dialect: Dialect, new_cursor: Callable[[], Any]) -> None:
        self.dialect = dialect
        self._new_cursor = new_cursor

    def execute(self, statement: Executable, parameters: dict[str, Any] | None = None) -> Rows:
        """Run a statement, with the values of its parameters, and return all its rows."""
        with closing(self._new_cursor()) as cursor:
            return Prepared(statement, self.dialect).run(cursor, parameters or {})


AnyConnection: TypeAlias = Connection | CursorConnection


def run(db: Connection, statement: Executable, parameters: Any) -> Any:
    """Run a statement that is made once, and kept; return its ``Rows``, or SQLAlchemy's.

    Of what SQLAlchemy does for a statement, SQLite itself takes a tenth.
    """
    if db.dialect.name != "sqlite":
        return db.execute(statement, parameters)
    prepared = _prepared(statement)
    with closing(db.connection.cursor()) as cursor:
        if isinstance(parameters, list):
            return prepared.run_each(cursor, parameters)
        return prepared.run(cursor, parameters)


@cache
def _prepared(statement: Executable) -> Prepared:
    return Prepared(statement, sqlite.dialect())


def _converter(compiled: SQLCompiler, name: str, dialect: Dialect) -> Callable[[Any], Any]:
    """Return what makes the driver's value of a parameter."""
    # What stands in a list has no name of its own there: the store has lists of texts only.
    if name not in compiled.binds:
        return _unchanged
    type_ = compiled.binds[name].type.dialect_impl(dialect)
    return type_.bind_processor(dialect) or _unchanged


def _to_text(value: Any) -> Any:
    # SQLite gives bytes to an app that asked for them (text_factory).
    return value.decode(errors="replace") if isinstance(value, bytes) else value


def _unchanged(value: Any) -> Any:
    return value
