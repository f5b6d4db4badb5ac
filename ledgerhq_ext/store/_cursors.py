"""Statements of SQLAlchemy on a connection that is not SQLAlchemy's: compiled for it, and run by
its own cursors.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable
from contextlib import closing
from typing import Any, TypeAlias

from attrs import frozen
from sqlalchemy import Connection, Dialect, Executable, SelectBase, String
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


class CursorConnection:
    """A driver's connection with the part of SQLAlchemy's ``Connection`` that the store uses.

    It begins and ends no transaction.
    """

    def __init__(self, dialect: Dialect, new_cursor: Callable[[], Any]) -> None:
        self.dialect = dialect
        self._new_cursor = new_cursor

    def execute(self, statement: Executable, parameters: dict[str, Any] | None = None) -> Rows:
        """Run a statement, with the values of its parameters, and return all its rows."""
        options = {"render_postcompile": True}
        compiled: Any = statement.compile(  # type: ignore[attr-defined]
            dialect=self.dialect, compile_kwargs=options
        )
        with closing(self._new_cursor()) as cursor:
            cursor.execute(str(compiled), self._parameters(compiled, parameters))
            rows: list[Any] = []
            if isinstance(statement, SelectBase):
                rows = self._rows(cursor, statement)
            return Rows(rows, cursor.rowcount)

    def _parameters(self, compiled: SQLCompiler, own: dict[str, Any] | None) -> tuple[Any, ...]:
        values = compiled.construct_params(own)
        parameters: list[Any] = []
        for name in compiled.positiontup or ():
            to_driver: Callable[[Any], Any] = _unchanged
            # What stands in a list has no name of its own there: the store has lists of texts only.
            if name in compiled.binds:
                type_ = compiled.binds[name].type.dialect_impl(self.dialect)
                to_driver = type_.bind_processor(self.dialect) or _unchanged
            parameters.append(to_driver(values[name]))
        return tuple(parameters)

    def _rows(self, cursor: Any, statement: SelectBase) -> list[Any]:
        columns = list(statement.selected_columns)
        readers: list[Callable[[Any], Any]] = []
        for column, description in zip(columns, cursor.description, strict=True):
            readers.append(self._reader(column, description[1]))

        new_row = namedtuple("row", [column.name for column in columns])  # type: ignore[misc]
        rows: list[Any] = []
        for values in cursor:
            pairs = zip(readers, values, strict=True)
            rows.append(new_row(*[read(value) for read, value in pairs]))
        return rows

    def _reader(self, column: Any, code: Any) -> Callable[[Any], Any]:
        """Return what makes a value of a column from the driver's; ``code`` is its type there."""
        type_ = column.type.dialect_impl(self.dialect)
        from_driver: Callable[[Any], Any] | None = type_.result_processor(self.dialect, code)
        if from_driver is not None:
            return from_driver
        return _to_text if isinstance(column.type, String) else _unchanged


AnyConnection: TypeAlias = Connection | CursorConnection


def _to_text(value: Any) -> Any:
    # SQLite gives bytes to an app that asked for them (text_factory).
    return value.decode(errors="replace") if isinstance(value, bytes) else value


def _unchanged(value: Any) -> Any:
    return value
