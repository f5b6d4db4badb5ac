"""Connections in the database, encrypted; one user of the refresh token at a time, on all machines.

The exclusive section is a lock that the system or the server frees when its holder dies: a lock
file beside an SQLite file; on PostgreSQL an advisory lock of a transaction that does nothing else.
Not of a session: behind a pooler, the next transaction of the same client may be in another
session, and the lock would stay behind.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from attrs import evolve
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import BigInteger, ColumnElement, func, literal, select, update
from sqlalchemy import Connection as Db
from sqlalchemy import delete as delete_from
from sqlalchemy import text as sql
from sqlalchemy.exc import SQLAlchemyError

from ledgerhq_ext._auth.connection import Connection
from ledgerhq_ext._auth.locks import lock_file
from ledgerhq_ext._auth.sections import Section
from ledgerhq_ext._auth.stores import LockedSection
from ledgerhq_ext._idempotency import check_text
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.store._database import Database
from ledgerhq_ext.store._errors import StoreError
from ledgerhq_ext.store._moving import moves
from ledgerhq_ext.store._schema import PROBE, Sealed, insert_into, tokens, versions

# In front of what is stored. A bound ciphertext names its row; an older release wrote others.
_PLAIN = "plain:"
_FERNET = "fernet:"
_BOUND = "fernet2:"
# For this transaction only: it is idle while a token is refreshed. The names that this version of
# the server knows.
_WAIT_FOR_ME = sql(
    "SELECT set_config(name, '0', true) FROM pg_settings "
    "WHERE name IN ('idle_in_transaction_session_timeout', 'transaction_timeout')"
)


class Sealer:
    """Encrypts with the first key, and decrypts with any.

    Without keys it writes plain text, where that was asked for.
    """

    def __init__(self, keys: Sequence[str | bytes], plaintext: bool) -> None:
        if not keys and not plaintext:
            raise InputError(
                "Give keys= (cryptography.fernet.Fernet.generate_key()), or pass plaintext=True."
            )
        self._plaintext = plaintext
        self._fernet: MultiFernet | None = None
        if keys:
            self._fernet = _fernet(keys)

    def seal(self, text: str, row: str) -> Sealed:
        """Return what is written into a row. A ciphertext opens in its own row only."""
        if self._fernet is None:
            return Sealed(_PLAIN + text)
        bound = json.dumps([row, text])
        return Sealed(_BOUND + self._fernet.encrypt(bound.encode()).decode())

    def open(self, content: str, row: str) -> str:
        """Return what was sealed.

        Raises ``InputError`` when no key fits, or it is another row's.
        """
        if content.startswith(_PLAIN):
            if not self._plaintext:
                raise InputError(
                    "The stored tokens are not encrypted. Pass plaintext=True to read them."
                )
            return content[len(_PLAIN) :]
        if not content.startswith(_BOUND):
            # Written by an older release; the next write binds it.
            return self._decrypt(content[len(_FERNET) :])

        sealed_for, text = json.loads(self._decrypt(content[len(_BOUND) :]))
        if sealed_for != row:
            raise InputError(
                "The stored tokens were encrypted for another row, so someone moved them. "
                "Connect again."
            )
        return str(text)

    def _decrypt(self, ciphertext: str) -> str:
        if self._fernet is not None:
            with suppress(InvalidToken, ValueError):
                return self._fernet.decrypt(ciphertext.encode()).decode()
        raise InputError(
            "The stored tokens cannot be decrypted with any of these keys. Pass the key that "
            "encrypted them."
        )


def _fernet(keys: Sequence[str | bytes]) -> MultiFernet:
    with suppress(ValueError, TypeError):
        return MultiFernet([Fernet(key) for key in keys])
    # Not within a handler: its context would show the key.
    raise InputError(
        "A key must be 32 bytes in URL-safe base64, as Fernet.generate_key() makes them."
    )


class SQLTokenStore:
    """A token store in the database, returned by ``Store.token_store``. Threads, tasks, processes
    and machines may share it.

    Raises ``StoreError`` if the database cannot be used, and ``InputError`` if the keys do not fit.
    """

    def __init__(
        self,
        database: Database,
        name: str,
        keys: Sequence[str | bytes] = (),
        *,
        plaintext: bool = False,
    ) -> None:
        self._database = database
        self.name: str = check_text(name, "the name of a token store", length=200)
        self._sealer = Sealer(keys, plaintext)

    @property
    def _row(self) -> str:
        return f"ledgerhq_tokens/{self.name}"

    def __repr__(self) -> str:
        return f"SQLTokenStore({self._database!r}, {self.name!r})"

    def read(self) -> Connection | None:
        """Return the connection, or None. Raises ``InputError`` if it cannot be read or
        decrypted.
        """
        connection, _ = self._read()
        return connection

    def _read(self) -> tuple[Connection | None, int | None]:
        """Return the connection and the generation of its row, or None of both."""
        row, new_origins = self._database.read(_row_and_moves, self.name)
        if row is None:
            return None, None
        connection = Connection.from_json(self._sealer.open(row.content, self._row))
        # The ciphertext still names the host that it was written for; the next write names the new
        # one.
        issuer = new_origins.get(connection.issuer, connection.issuer)
        return evolve(connection, issuer=issuer), row.generation

    def rotate(self) -> None:
        """Encrypt the stored connection with the first key; after that, the other keys can be
        removed.

        Raises ``InputError`` while the connection is being refreshed.
        """
        section = self.try_lock()
        if section is None:
            raise InputError("The connection is being refreshed. Try again.")
        with section:
            section.write(section.read())

    def try_lock(self) -> Section | None:
        """Return the exclusive section, or None while another task, process or machine holds it."""
        if self._database.path is not None:
            release = self._lock_beside(self._database.path)
        else:
            release = self._lock_on_the_server()
        if release is None:
            return None
        content = _SectionContent(self)
        return LockedSection(content.read, content.write, self._check_writable, release)

    def _lock_beside(self, path: Path) -> Callable[[], None] | None:
        # The first use makes the file and its folder.
        self._database.rows(select(versions))
        return lock_path(Path(f"{path}.{_digest(self.name):016x}.lock"))

    def _lock_on_the_server(self) -> Callable[[], None] | None:
        key = literal(_digest(f"ledgerhq-tokens\x1f{self.name}") - 2**63, BigInteger)
        db = self._database.connect(_try_lock, key)
        if db is None:
            return None
        # Closed, not given back to the pool: the lock ends with the connection, whatever happens.
        db.detach()

        def release() -> None:
            """End the transaction, and the connection."""
            with suppress(SQLAlchemyError), db:
                # The server notices the end of a connection a little later: free it before.
                db.rollback()

        return release

    def _check_writable(self) -> None:
        # As long as the real thing, and really written: a full disk shows before the refresh token
        # is spent.
        name = f"{self.name[:150]}{PROBE}"
        probe = Sealed("x" * 8192)
        try:
            self._database.write("token", _put, name, probe)
        finally:
            self._database.write("token", _remove, name)
        # The row itself too: rights and rules of the table may differ for it.
        self._database.write("token trial", _write_unchanged, self.name)

    def _write(self, connection: Connection | None, generation: int | None = None) -> None:
        """Write a connection, or remove it; over a row of this generation only, if one is named."""
        if connection is None:
            self._database.write("token", _remove, self.name)
            return
        content = self._sealer.seal(connection.to_json(), self._row)
        self._database.write("token", _put, self.name, content, connection.issuer, generation)


def _try_lock(db: Db, key: ColumnElement[int]) -> bool:
    db.execute(_WAIT_FOR_ME)
    return bool(db.execute(select(func.pg_try_advisory_xact_lock(key))).scalar_one())


def _row_and_moves(db: Db, name: str) -> tuple[Any, dict[str, str]]:
    query = select(tokens.c.content, tokens.c.generation).where(tokens.c.name == name)
    return db.execute(query).one_or_none(), moves(db)


def _put(
    db: Db,
    name: str,
    content: Sealed,
    origin: str | None = None,
    generation: int | None = None,
) -> None:
    values: dict[str, Any] = {"content": content, "origin": origin}
    row = insert_into(tokens, db.dialect.name).values(name=name, generation=0, **values)
    next_values = {**values, "generation": tokens.c.generation + 1}
    is_same = None if generation is None else tokens.c.generation == generation
    db.execute(row.on_conflict_do_update(index_elements=["name"], set_=next_values, where=is_same))


def _remove(db: Db, name: str) -> None:
    db.execute(delete_from(tokens).where(tokens.c.name == name))


def _write_unchanged(db: Db, name: str) -> None:
    values = {"content": tokens.c.content, "generation": tokens.c.generation}
    db.execute(update(tokens).where(tokens.c.name == name).values(values))


class _SectionContent:
    """Reads and writes the connection of one exclusive section.

    A lock can be lost with its server: then two are in, and one of them is refused by the service.
    A new pair is written in any case: whoever got it has the only good one. That the connection is
    lost is written only over what was read.
    """

    def __init__(self, store: SQLTokenStore) -> None:
        self._store = store
        self._generation: int | None = None

    def read(self) -> Connection | None:
        """Return the connection, and remember the generation of its row."""
        connection, self._generation = self._store._read()
        return connection

    def write(self, connection: Connection | None) -> None:
        """Write the connection; one without a refresh token only over what was read."""
        is_lost = connection is not None and connection.refresh_token is None
        self._store._write(connection, self._generation if is_lost else None)


def lock_path(path: Path) -> Callable[[], None] | None:
    """Lock a file without waiting; return what frees it, or None while somebody else has it."""
    try:
        return lock_file(path)
    except OSError as error:
        raise StoreError(f"The token store cannot be locked: {error}") from None


def _digest(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
