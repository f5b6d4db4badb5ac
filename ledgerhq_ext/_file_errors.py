"""Errors of the system about files, as sentences that say what to do."""

from __future__ import annotations

import errno
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
    is_denied_folder = number == errno.EACCES and place.is_dir()
    if number == errno.EISDIR or is_denied_folder:
        return "it is a folder; name a file in it."

    sentence = _REASONS.get(number)
    if deed == "written":
        sentence = _REASONS_OF_WRITING.get(number, sentence)
    if sentence is None:
        return f"{error.strerror or error}."
    return sentence.format(folder=shown(place.parent))


_NO_WRITING = (
    "this user may not write in the folder {folder}; choose another one, or change its rights."
)
_REASONS_OF_WRITING = {
    errno.ENOENT: "there is no folder {folder}; make it first.",
    errno.EACCES: _NO_WRITING,
    errno.EPERM: _NO_WRITING,
}
_FULL = "the disk is full, or the part of it that this user may fill; make room, and try again."
_REASONS = {
    errno.ENOENT: "there is no such file.",
    errno.EACCES: "this user may not read it; change its rights.",
    errno.EPERM: "this user may not read it; change its rights.",
    errno.ENOTDIR: "{folder}, or what it stands in, is a file and not a folder.",
    errno.EROFS: "the file system cannot be written; choose another folder.",
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: "it is larger than a file may be here.",
    errno.ENAMETOOLONG: (
        "the name is too long for this system (most allow 255 bytes); choose a shorter one."
    ),
    errno.ELOOP: "its links lead in a circle; remove them, or name another file.",
    errno.EMFILE: "this process has too many files open.",
    errno.ENFILE: "this machine has too many files open.",
}
