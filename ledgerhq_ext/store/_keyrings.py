"""Connections in the operating system's keyring, with a lock file (extra: ``keyring``)."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from typing import ParamSpec, TypeVar

import keyring
from keyring.errors import PasswordDeleteError

from ledgerhq_ext._auth.connection import Connection
from ledgerhq_ext._auth.moving import move_connection
from ledgerhq_ext._auth.sections import Section
from ledgerhq_ext._auth.stores import LockedSection, check_path
from ledgerhq_ext._idempotency import check_text
from ledgerhq_ext.store._errors import StoreError
from ledgerhq_ext.store._tokens import lock_path

P = ParamSpec("P")
T = TypeVar("T")


class KeyringTokenStore:
    """A token store in the system keyring, for one user on one machine.

    Processes take turns by ``lock_file``, so all of them must name the same one. Raises
    ``StoreError`` if the keyring cannot be used. Some keyrings hold at most 2,500 bytes; a trial
    write is made before a refresh token is used.
    """

    def __init__(
        self,
        lock_file: str | os.PathLike[str],
        *,
        service: str = "ledgerhq-ext",
        name: str = "default",
    ) -> None:
        self._lock = check_path(lock_file, "lock_file")
        self.service: str = check_text(service, "service", length=200)
        self.name: str = check_text(name, "name", length=200)

    def __repr__(self) -> str:
        return (
            f"KeyringTokenStore({str(self._lock)!r}, service={self.service!r}, name={self.name!r})"
        )

    def move_host(self, old: str, new: str) -> None:
        """Move the connection to the service's new host; see ``FileTokenStore.move_host``."""
        move_connection(self, old, new)

    def read(self) -> Connection | None:
        """Return the connection, or None."""
        text = _ask(keyring.get_password, self.service, self.name)
        return None if text is None else Connection.from_json(text)

    def try_lock(self) -> Section | None:
        """Return the exclusive section, or None while another thread, task or process holds it."""
        try:
            self._lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"The lock file cannot be created: {error}") from None
        release = lock_path(self._lock)
        if release is None:
            return None
        return LockedSection(self.read, self._write, self._check_writable, release)

    def _check_writable(self) -> None:
        # As long as a connection, so that a keyring that is too small for one says so before the
        # refresh token is spent.
        probe = f"{self.name} (probe)"
        text = "x" * 1024
        try:
            _ask(keyring.set_password, self.service, probe, text)
            if _ask(keyring.get_password, self.service, probe) != text:
                raise StoreError("The keyring did not return the value that was stored in it.")
        finally:
            self._delete(probe)

        # The entry itself may be another program's, or one that must not be changed.
        stored = _ask(keyring.get_password, self.service, self.name)
        if stored is not None:
            _ask(keyring.set_password, self.service, self.name, stored)

    def _write(self, connection: Connection | None) -> None:
        if connection is None:
            self._delete(self.name)
        else:
            _ask(keyring.set_password, self.service, self.name, connection.to_json())

    def _delete(self, name: str) -> None:
        _ask(_delete, self.service, name)


def _delete(service: str, name: str) -> None:
    with suppress(PasswordDeleteError):  # there was none
        keyring.delete_password(service, name)


def _ask(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what a function of the keyring returns; ``StoreError`` when it cannot be used."""
    try:
        return function(*args, **kwargs)
    except Exception as error:
        # Not KeyringError alone: the backends of Windows and GNOME let errors of their own through.
        problem = f"The keyring cannot be used: {type(error).__name__}"
    # Out of the handler: the backend's error may hold the secret.
    raise StoreError(problem)
