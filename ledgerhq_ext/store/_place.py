"""The location of a store: a file or a PostgreSQL database. Every part of its address is either
used or refused by name.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from ledgerhq_ext._extras import require
from ledgerhq_ext._mounts import is_mounted_alone, mount_problem
from ledgerhq_ext._paths import to_path
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.store._errors import StoreError

# Of a connection to PostgreSQL, unless its URL says otherwise. A machine that is gone answers
# nothing: whoever waits for it notices after half a minute, and not after hours.
_DEFAULTS = {
    "connect_timeout": 5,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
_DRIVERS = {
    "sqlite": ("sqlite", "sqlite+pysqlite"),
    "postgresql": ("postgresql", "postgresql+psycopg"),
}
# The store speaks UTF-8, and no replication protocol.
_NOT_FOR_A_STORE = frozenset({"client_encoding", "replication"})
_NO_STORE = "A store must be a file path, or a URL that begins with sqlite:/// or postgresql://."


def url_of(place: str | os.PathLike[str]) -> URL:
    """Return the complete address of a store; ``StoreError`` for what is not one, or asks for
    something that cannot be heeded.
    """
    if not isinstance(place, str):
        return _url_of_file(place)
    if place in ("", ":memory:"):
        raise StoreError("A store must survive a restart. Give a file path or a PostgreSQL URL.")
    if place.startswith("file:"):
        raise StoreError(
            "Give the plain path of the store's file, without a file: prefix or parameters."
        )
    if "://" not in place:
        return _url_of_file(place)

    url = _parsed(place)
    backend = url.get_backend_name()
    if url.drivername not in _DRIVERS[backend]:
        raise StoreError(
            f"A store cannot use the driver {url.drivername}://. Use {backend}:// instead."
        )
    return _checked_sqlite(url) if backend == "sqlite" else _checked_postgres(url)


def shown(url: URL) -> str:
    """Return an address as text, without secrets: its parameters may hold some too."""
    return url.set(query={}).render_as_string(hide_password=True)


def connect_arguments(url: URL) -> dict[str, Any]:
    """Return what a connection to PostgreSQL needs beside its address."""
    # Prepared statements belong to a session, and behind a pooler the next transaction may be in
    # another one.
    arguments: dict[str, Any] = {"prepare_threshold": None, "client_encoding": "utf8"}
    for name in _parameters() & _DEFAULTS.keys() - url.query.keys():
        arguments[name] = _DEFAULTS[name]
    return arguments


def make_private(path: Path) -> None:
    """Make the file before SQLite does, for its owner only: the log files beside it get the same
    rights.

    Raises ``StoreError`` where that cannot be, for a file that others may read, for one that is
    mounted alone, and for one with several names.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Only where there is none: to close a second handle would free the locks of this process's
        # connections.
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        status = path.stat()
        is_alone = is_mounted_alone(path)
    except OSError as error:
        raise StoreError(f"The store cannot be opened: {error}") from None
    if stat.S_ISDIR(status.st_mode):
        raise StoreError(f"The store {path} is a folder. Give the path of a file in it.")
    if os.name == "posix" and status.st_mode & 0o077:
        raise StoreError(f"{path} can be read by other users. Run: chmod 600 {path}")
    if is_alone:
        # What is committed stands in a log beside the file first.
        raise StoreError(f"{mount_problem(path)} SQLite's log would not be stored with it.")
    if status.st_nlink > 1:
        raise StoreError(
            f"{path} has other names (hard links), by which what is in SQLite's log beside it "
            "would be missing. Remove them, or use symbolic links."
        )


def _parsed(place: str) -> URL:
    try:
        url = make_url(place)
    except ArgumentError:
        url = None
    except ValueError:
        # Not the text itself, which may hold a password.
        raise StoreError(
            "The port in the store's URL is not a number. To name several hosts, use "
            "?host=one,other&port=5432,5432"
        ) from None
    if url is None or url.get_backend_name() not in _DRIVERS:
        raise StoreError(_NO_STORE)
    return url


# --- a file


def _checked_sqlite(url: URL) -> URL:
    if url.query:
        raise StoreError(
            f"The URL of a SQLite store cannot have parameters. Remove {_names(url.query)}."
        )
    if any((url.host, url.username, url.password, url.port)):
        raise StoreError(
            "The URL of a SQLite store cannot have a host or password. Write "
            "sqlite:///books.db for a relative path or sqlite:////… for an absolute one."
        )
    return url_of(url.database or "")


def _url_of_file(place: str | os.PathLike[str]) -> URL:
    return URL.create("sqlite", database=str(_path(place)))


def _path(place: str | os.PathLike[str]) -> Path:
    try:
        # Resolved once: a process may change its folder, and two links to a file are one store with
        # one lock.
        return Path(os.path.realpath(to_path(place, "place")))
    except InputError as error:
        raise StoreError(error.message) from None
    except OSError as error:
        raise StoreError(
            f"{place!s} is relative to a folder that no longer exists ({error.strerror}). Give "
            "the full path."
        ) from None


# --- PostgreSQL


def _checked_postgres(url: URL) -> URL:
    require("a PostgreSQL store", "postgres", "psycopg")
    if url.host and "@" in url.host:
        # The rest of the password would be shown as a host.
        raise StoreError("An @ in a password must be percent-encoded in a URL: %40.")
    parameters = _parameters()
    unknown = url.query.keys() - parameters
    if unknown:
        raise StoreError(
            f"The URL of a PostgreSQL store cannot have {_names(unknown)}. Supported "
            f"parameters: {_names(parameters)}."
        )

    repeated: list[str] = []
    for name, value in url.query.items():
        # Several values are a tuple. Several hosts are one database with its standbys.
        if not isinstance(value, str) and name != "host":
            repeated.append(name)
    if repeated:
        raise StoreError(f"The URL of a PostgreSQL store has {_names(repeated)} more than once.")
    return url.set(drivername="postgresql+psycopg")


def _parameters() -> frozenset[str]:
    """Return the parameters that libpq knows here, and a store can heed."""
    from psycopg import pq

    names = {option.keyword.decode() for option in pq.Conninfo.get_defaults()}
    return frozenset(names - _NOT_FOR_A_STORE)


def _names(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
