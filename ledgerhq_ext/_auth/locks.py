"""Locks on files, which the system frees when a process dies."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from functools import partial

# The system's errors when somebody else has the lock.
_BUSY = frozenset({errno.EACCES, errno.EAGAIN, errno.EDEADLK})


def take_lock(path: str | os.PathLike[str]) -> Callable[[], None] | None:
    """Lock a file without waiting; return what frees it, or None while somebody else has it.

    The file is made where there is none, and the end of the process frees the lock too. Raises
    ``OSError`` where the file cannot be locked at all.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        is_ours = _lock(handle)
    except OSError:
        os.close(handle)
        raise
    if not is_ours:
        os.close(handle)
        return None
    return partial(_unlock, handle)


def _lock(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in _BUSY:
            raise
        return False
    return True


def _unlock(handle: int) -> None:
    """Free the lock, also where a child that was forked meanwhile still has the file open."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_UN)
    finally:
        os.close(handle)
