"""Errors of the system about files, as sentences that say what to do."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ledgerhq_ext._paths import shown
from ledgerhq_ext.errors import InputError


@contextmanager
def errors_of(place: Path, deed: str) -> Iterator[None]:
    """Raise ``InputError``, which names the path and says what to do, for errors of the system.

    ``deed`` is ``read``, ``written`` or ``used``.
    """
    try:
        yield
    except OSError as error:
        raise InputError(
            f"{shown(place)} cannot be {deed}: {reason_of(error, place, deed)}"
        ) from error


def reason_of(error: OSError, place: Path, deed: str) -> str:
    """Return why something cannot be done, and what to do about it, in a sentence."""
    number = error.errno or 0
    # Windows says of a folder that access is denied.
    # Not by Path.is_dir, which raises where this user may not look into the folder above.
    is_denied_folder = number == errno.EACCES and os.path.isdir(place)  # noqa: PTH112
    if number == errno.EISDIR or is_denied_folder:
        return "it is a folder; give the path of a file in it."

    sentence = _REASONS.get(number)
    if deed == "written":
        sentence = _REASONS_OF_WRITING.get(number, sentence)
    if sentence is not None:
        # Through a link it is the folder that the link leads to.
        is_link = os.path.islink(place)  # noqa: PTH114 - it never raises, as Path.is_symlink does
        target = Path(os.path.realpath(place)) if is_link else place
        return sentence.format(folder=shown(target.parent))

    # What the system calls it, for everything that has no advice here.
    return f"{error.strerror or error}."


_NO_WRITING = (
    "this user is not allowed to write to the folder {folder}; choose another folder, or change "
    "its permissions."
)
_REASONS_OF_WRITING = {
    errno.ENOENT: "the folder {folder} does not exist; create it first.",
    errno.EACCES: _NO_WRITING,
    errno.EPERM: _NO_WRITING,
}
_FULL = "the disk or this user's quota is full; free some space, and try again."
_REASONS = {
    errno.ENOENT: "the file does not exist.",
    errno.EACCES: "this user is not allowed to read it; change its permissions.",
    errno.EPERM: "this user is not allowed to read it; change its permissions.",
    errno.ENOTDIR: "{folder}, or one of its parents, is a file and not a folder.",
    errno.EROFS: "the file system is read-only; choose another folder.",
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: "it exceeds the maximum size of a file here.",
    errno.ENAMETOOLONG: (
        "the name is too long for this system (most allow 255 bytes); choose a shorter one."
    ),
    errno.ELOOP: "its symbolic links form a loop; remove them, or name another file.",
    errno.EMFILE: "this process has too many files open; close some, and try again.",
    errno.ENFILE: "this machine has too many files open; close some, and try again.",
}
