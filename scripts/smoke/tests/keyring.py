"""The extra ``keyring``: a connection in a keyring, here one that is held in memory."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import keyring
from keyring.backend import KeyringBackend

from ledgerhq_ext import Connection
from ledgerhq_ext.store import KeyringTokenStore


class MemoryKeyring(KeyringBackend):
    """A keyring that forgets everything when the process ends."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._passwords: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        """Return what was set, or None."""
        return self._passwords.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Set a password."""
        self._passwords[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        """Forget a password."""
        del self._passwords[service, username]


keyring.set_keyring(MemoryKeyring())
connection = Connection(issuer=sys.argv[1], client_id="smoke", access_token=sys.argv[2])
with tempfile.TemporaryDirectory() as folder:
    store = KeyringTokenStore(Path(folder) / "lock", service="smoke")
    section = store.try_lock()
    assert section is not None
    with section:
        section.write(connection)
    assert store.read() == connection
