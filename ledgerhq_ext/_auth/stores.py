"""The token stores of this package: in a file, and in memory."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn, Self

from attrs import define

from ledgerhq_ext._auth.connection import Connection
from ledgerhq_ext._auth.locks import lock_file
from ledgerhq_ext._auth.moving import move_connection
from ledgerhq_ext._auth.sections import Section
from ledgerhq_ext._file_errors import reason_of
from ledgerhq_ext._files import replace_file
from ledgerhq_ext._mounts import mount_problem
from ledgerhq_ext.errors import InputError

_TEMPORARY = ".new"


@define(eq=False, repr=False)
class LockedSection:
    """A section over three functions, left by releasing its lock."""

    read: Callable[[], Connection | None]
    write: Callable[[Connection | None], None]
    check_writable: Callable[[], None]
    _release: Callable[[], None]

    def __enter__(self) -> LockedSection:
        return self

    def __exit__(self, *_: object) -> None:
        self._release()


class MemoryTokenStore:
    """Keeps the connection in memory; it is lost when the process ends.

    A copy is the store itself, and it cannot be pickled.
    """

    def __init__(self, connection: Connection | None = None) -> None:
        self._connection = connection
        # By process: a fork copies a lock that is held, and nobody in the child would ever release
        # it.
        self._locks: dict[int, threading.Lock] = {}

    # A second one with the same refresh token would present it when it is spent.
    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _: object) -> Self:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "A MemoryTokenStore cannot be pickled: processes that share a connection need a store "
            "outside of them, such as a FileTokenStore."
        )

    def read(self) -> Connection | None:
        """Return the connection, or None."""
        return self._connection

    def _write(self, connection: Connection | None) -> None:
        self._connection = connection

    def _check_writable(self) -> None:
        """Do nothing: memory always takes a connection."""

    def try_lock(self) -> Section | None:
        """Return the exclusive section, or None while another thread or task holds it."""
        lock = self._locks.setdefault(os.getpid(), threading.Lock())
        if not lock.acquire(blocking=False):
            return None
        return LockedSection(self.read, self._write, self._check_writable, lock.release)


def check_path(path: str | os.PathLike[str], name: str = "path") -> Path:
    """Return the path of a file; ``InputError``, which names the argument, for anything else."""
    try:
        text = os.fspath(path)
        if isinstance(text, str) and text and "\0" not in text:
            # Resolved once: a process may change its folder, and two links to a file are one store.
            return Path(os.path.realpath(Path(text).expanduser()))
    except (TypeError, ValueError, OSError, RuntimeError):
        pass
    raise InputError(
        f"{name} must be the path of a token file, as a string or a pathlib.Path, not {path!r}."
    )


class FileTokenStore:
    """Keeps the connection in a file that only its owner can read (mode 0600) and that is replaced
    atomically.

    Links and relative paths are resolved once, when the store is created. Processes take turns by a
    lock file next to it (``<name>.lock``), which the system releases when a process dies. On
    Windows the file inherits the access rights of its folder. Raises ``InputError`` if the file
    cannot be read or written, or can be read by others.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path: Path = check_path(path)

    def __repr__(self) -> str:
        return f"FileTokenStore({str(self.path)!r})"

    def move_host(self, old: str, new: str) -> None:
        """Move the connection to the service's new host. From then on its tokens are sent there.

        Both arguments are base URLs (``https://…``). Raises ``InputError`` if the connection does
        not belong to the old host, or is being refreshed.
        """
        move_connection(self, old, new)

    def read(self) -> Connection | None:
        """Return the connection, or None if the file does not exist yet."""
        try:
            with self.path.open("rb") as file:
                # Of the open file: the name may lead to another one in a moment.
                if _may_be_read_by_others(file.fileno()):
                    raise InputError(
                        f"{self.path} can be read by other users. Run: chmod 600 {self.path}"
                    )
                return Connection.from_json(file.read(), self.path)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._problem("read", error) from None

    def try_lock(self) -> Section | None:
        """Return the exclusive section, or None while another thread, task or process holds it."""
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            release = lock_file(f"{self.path}.lock")
        except OSError as error:
            raise InputError(f"The token file cannot be locked: {error}") from None
        if release is None:
            return None
        return LockedSection(self.read, self._write, self._check_writable, release)

    def _check_writable(self) -> None:
        with self._failing_clearly():
            # As long as the real thing, so that a full disk shows before the refresh token is
            # spent.
            self._temporary(b"x" * 8192).unlink()
            self._check_replaceable()

    def _check_replaceable(self) -> None:
        """Replace the file by its own content: only that shows a mount point, or another's file."""
        try:
            content = self.path.read_bytes()
            names = self.path.stat().st_nlink
        except FileNotFoundError:
            return
        if names > 1:
            raise InputError(
                f"The token file {self.path} has other names (hard links), by which its old tokens "
                "would be used again. Remove them, or use symbolic links."
            )
        self._replace_by(content)
        self._sync_folder()

    def _replace_by(self, content: bytes) -> None:
        temporary = self._temporary(content)
        try:
            replace_file(temporary, self.path)
        except OSError as error:
            temporary.unlink(missing_ok=True)
            if error.errno != errno.EBUSY:
                raise
        else:
            return
        raise InputError(f"The token file cannot be replaced: {mount_problem(self.path)}")

    def _write(self, connection: Connection | None) -> None:
        with self._failing_clearly():
            self._remove_leftovers()
            if connection is None:
                self.path.unlink(missing_ok=True)
            else:
                self._replace_by(connection.to_json().encode())
            self._sync_folder()

    def _temporary(self, content: bytes) -> Path:
        handle, name = tempfile.mkstemp(
            prefix=f".{self.path.name}.", suffix=_TEMPORARY, dir=self.path.parent
        )
        try:
            with os.fdopen(handle, "wb") as file:
                self._keep_mode(file.fileno())
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return Path(name)

    def _keep_mode(self, handle: int) -> None:
        """Give the new file the mode of the old one (0400, say); the first one is 0600."""
        if os.name != "posix":
            return
        with contextlib.suppress(FileNotFoundError):
            mode = stat.S_IMODE(self.path.stat().st_mode) & 0o700
            os.fchmod(handle, mode)

    def _remove_leftovers(self) -> None:
        # Of a process that died while it wrote; they may hold tokens. Nobody else writes inside the
        # section. No point in the middle: ".tokens.co.uk.1a2b3c4d.new" is not of "tokens.co".
        own = re.compile(rf"\.{re.escape(self.path.name)}\.[a-z0-9_]{{6,8}}{re.escape(_TEMPORARY)}")
        # Not by glob, which would read the name as a pattern.
        for name in os.listdir(self.path.parent):  # noqa: PTH208
            if own.fullmatch(name):
                self.path.with_name(name).unlink(missing_ok=True)

    def _sync_folder(self) -> None:
        """Flush the folder: until then a crash may bring back the old file, with a spent token."""
        if os.name != "posix":
            return
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    @contextlib.contextmanager
    def _failing_clearly(self) -> Iterator[None]:
        """Raise ``InputError`` for errors of the system."""
        try:
            yield
        except OSError as error:
            raise self._problem("written", error) from None

    def _problem(self, deed: str, error: OSError) -> InputError:
        """Return the error of the system as a sentence that says what to do."""
        reason = reason_of(error, self.path, deed)
        return InputError(f"The token file {self.path} cannot be {deed}: {reason}")


def _may_be_read_by_others(handle: int) -> bool:
    if os.name != "posix":
        return False
    return os.fstat(handle).st_mode & 0o077 != 0
