"""Locks on files, which the system frees when a process dies."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from contextlib import suppress

# The system's errors when somebody else has the lock.
_BUSY = frozenset({errno.EACCES, errno.EAGAIN, errno.EDEADLK})


class _Lock:
    """A lock of this process, on a file that it has open."""

    def __init__(self, handle: int) -> None:
        self.handle = handle

    def release(self) -> None:
        """Free the lock; in a child that was forked meanwhile, it is not the child's to free."""
        if self not in _LOCKS:
            return
        try:
            _unlock(self.handle)
        finally:
            self.close()

    def close(self) -> None:
        """Close the file."""
        # Forgotten first: what a child closes must not be another file by then.
        _LOCKS.remove(self)
        os.close(self.handle)


_LOCKS: set[_Lock] = set()


def lock_file(path: str | os.PathLike[str]) -> Callable[[], None] | None:
    """Lock a file without waiting; return what frees it, or None while somebody else has it.

    The end of the process frees the lock too. Raises ``OSError``.
    """
    lock = _Lock(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    _LOCKS.add(lock)
    try:
        is_ours = _try_lock(lock.handle)
    except BaseException:
        lock.close()
        raise
    if not is_ours:
        lock.close()
        return None
    return lock.release


def _try_lock(handle: int) -> bool:
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
    """Free a lock, also where a child that was forked without Python's knowledge has the file."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_UN)


def _close_in_child() -> None:
    """Close the files that the parent had locked: the lock lasts as long as anybody has it open."""
    for lock in _LOCKS:
        with suppress(OSError):
            os.close(lock.handle)
    _LOCKS.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_close_in_child)
