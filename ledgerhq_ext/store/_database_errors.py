"""The errors of databases and their drivers, as one of ours."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError

from ledgerhq_ext._redaction import redact
from ledgerhq_ext.store._errors import StoreError

_READ_ONLY = "25006"
"""What PostgreSQL says of a write on a standby."""
_LONGEST_MESSAGE = 500
_ADVICE = {
    "database is locked": "Another process is writing to it: let it end, and try again.",
    "disk is full": "Free some space, and try again.",
    "readonly database": "Let this user write to the file and its folder, and try again.",
    "unable to open": "Let this user read and write the file and its folder, and try again.",
    "malformed": "Restore it from a backup.",
    "read-only transaction": "To find the server that can write, name all of them in the URL, with "
    "target_session_attrs=read-write.",
}
"""What to do next, by words of the databases' own messages."""


def explain(error: Exception, place: str = "") -> StoreError:
    """Return the error of a database, or of its driver, as one of ours.

    ``place`` is the address of the store, where it is the store's own connection.
    """
    cause = getattr(error, "orig", None) or error
    subject = f"The store {place}" if place else "The store"
    message = f"{subject} failed: {type(cause).__name__}"
    # SQLAlchemy's own texts may hold whole statements; those of the drivers do not.
    if not isinstance(cause, SQLAlchemyError):
        message = f"{message}: {cause}"
    message = redact(message)[:_LONGEST_MESSAGE]
    if place:
        message += _advice(str(cause))
    problem = StoreError(message)
    problem._is_outage = (
        isinstance(cause, sqlite3.OperationalError)
        or isinstance(error, OperationalError | InterfaceError)
        or is_of_read_only_server(error)
    )
    return problem


def is_of_read_only_server(error: Exception) -> bool:
    """Return whether it is that of a PostgreSQL server that cannot write, as a standby."""
    return getattr(getattr(error, "orig", None), "sqlstate", None) == _READ_ONLY


def _advice(reason: str) -> str:
    """Return the next step as a further sentence; empty where nothing is known to help."""
    for words, advice in _ADVICE.items():
        if words in reason:
            return f". {advice}"
    return ""
