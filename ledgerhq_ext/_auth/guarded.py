"""A token store, perhaps somebody else's, whose failures are errors of our tree."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ledgerhq_ext._auth.connection import Connection
from ledgerhq_ext._auth.sections import Section, TokenStore
from ledgerhq_ext._auth.stores import LockedSection
from ledgerhq_ext._plain import brief, plain
from ledgerhq_ext._redaction import redact
from ledgerhq_ext.errors import InputError, LedgerHQError

T = TypeVar("T")

_SENTENCE = 500


class GuardedStore:
    """A token store whose every exception becomes an ``InputError`` with store and cause."""

    def __init__(self, store: TokenStore) -> None:
        self._store = store
        self._connection: Connection | None = None

    def read(self) -> Connection | None:
        """Return the stored connection, or None."""
        return self._read(self._store.read)

    def try_lock(self) -> Section | None:
        """Return the exclusive section, or None while somebody else is in it."""
        section = self._do(self._store.try_lock)
        if section is None:
            return None

        def write(connection: Connection | None) -> None:
            """Store a connection, or none."""
            if connection is not None:
                self._connection = connection
            self._do(lambda: section.write(connection))

        # The methods are looked up inside: a section without one fails as one whose method fails.
        return LockedSection(
            read=lambda: self._read(lambda: section.read()),
            write=write,
            check_writable=lambda: self._do(lambda: section.check_writable()),
            release=lambda: self._do(lambda: section.__exit__(None, None, None)),
        )

    def _read(self, read: Callable[[], Connection | None]) -> Connection | None:
        connection = self._do(read)
        if connection is not None and not isinstance(connection, Connection):
            name = type(self._store).__name__
            content = type(connection).__name__
            raise InputError(
                f"The token store {name} contains no Connection, but a value of the type {content}."
            )
        self._connection = connection
        return connection

    def _do(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except LedgerHQError:
            raise
        except Exception as error:
            problem = self._problem(error)
        # Out of the handler: as its context the store's error would show what it may hold.
        raise problem

    def _problem(self, error: Exception) -> InputError:
        name = type(self._store).__name__
        reason = type(error).__name__
        if _may_show_a_token(error, self._connection):
            return InputError(f"The token store {name} failed: {reason}")

        message = str(error)
        if message:
            reason = f"{reason}: {brief(plain(message), _SENTENCE)}"
        problem = InputError(f"The token store {name} failed: {reason}")
        problem.__cause__ = _bare(error)
        return problem


def _may_show_a_token(error: Exception, connection: Connection | None) -> bool:
    """Return True when an exception may hold a token, of the connection or an unknown one."""
    if isinstance(error, ValueError):
        # Those of decoders hold what they could not read.
        return True
    try:
        text = f"{error} {error.args!r} {vars(error)!r}"
    except Exception:
        # It may hold anything that cannot be looked at.
        return True
    if redact(text) != text:
        return True
    if connection is None:
        return False
    tokens = (connection.access_token, connection.refresh_token)
    return any(token in text for token in tokens if token)


def _bare(error: Exception) -> Exception:
    """Return the exception without frames and causes, whose locals hold what was read."""
    error.__cause__ = None
    error.__context__ = None
    return error.with_traceback(None)
