"""Locks on files, which the system frees when a process dies."""

from __future__ import annotations

import errno
import os
import sys

# The system's errors when somebody else has the lock.
_BUSY = frozenset({errno.EACCES, errno.EAGAIN, errno.EDEADLK})


def lock_file(handle: int) -> bool:
    """Lock an open file without waiting, and return whether that worked.

    The end of the process frees the lock too.
    """
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


def unlock_file(handle: int) -> None:
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
