"""Files that people keep: written complete or not at all.

A document appears under its name when it is complete. Until then it grows beside it, under a name
that nobody else uses; it is flushed to the disk and moved to its place in one step. Whoever writes
the same document at the same time does the same, so that one complete document stays. Errors of the
system become ours, which say what to do.
"""

from __future__ import annotations

import codecs
import errno
import os
import re
import secrets
import stat
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ledgerhq_ext._file_errors import errors_of, reason_of
from ledgerhq_ext._paths import shown, to_path
from ledgerhq_ext.errors import InputError

_IS_POSIX = os.name == "posix"
_IS_WINDOWS = os.name == "nt"
_DEVICE = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])( *\..*)?", re.IGNORECASE
)
_NOT_IN_NAMES = re.compile(r'[<>:"|?*\x00-\x1f]')
# Errors of file systems that have no rights of their own, or nothing to flush.
_NOT_SUPPORTED = frozenset(
    {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EPERM}
)


def write_file(path: str | os.PathLike[str], pieces: Iterable[bytes]) -> Path:
    """Write a file, complete or not at all, and return its path.

    A file that is replaced keeps its mode, a link keeps pointing to it; a new one gets the mode
    that the umask leaves. Raises ``InputError`` where that is not possible: what stood there is
    unchanged then, and nothing is left beside it.
    """
    place = to_path(path)
    _check_name(place)
    with errors_of(place, "written"):
        target, status = _target(place)
    # Short, since the target's own name may be as long as the system allows.
    temporary = target.with_name(f".ledgerhq-{secrets.token_hex(8)}.new")
    try:
        with errors_of(place, "written"):
            _write(temporary, pieces, status)
            replace_file(temporary, target)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    return place


def write_new_file(path: str | os.PathLike[str], pieces: Iterable[bytes]) -> Path:
    """Write a new file for its owner only, complete or not at all, and return its path.

    On return the file and its name are on the disk. Raises ``InputError`` where that is not
    possible, and where there is a file by this name, whoever made it and when.
    """
    place = to_path(path)
    _check_name(place)
    temporary = place.with_name(f".ledgerhq-{secrets.token_hex(8)}.new")
    try:
        with errors_of(place, "written"):
            _write(temporary, pieces, None, mode=0o600)
            _link(temporary, place)
    finally:
        with suppress(OSError):
            temporary.unlink()
    _sync_folder(place.parent)
    return place


def read_lines(path: str | os.PathLike[str]) -> Iterator[bytes]:
    """Yield the lines of a file, one after the other.

    Raises ``InputError`` where it cannot be read.
    """
    place = to_path(path)
    with errors_of(place, "read"), place.open("rb") as file:
        yield from file


def write_text(path: str | os.PathLike[str], text: str, *, mark: bool = False) -> Path:
    """Write a text as UTF-8, as ``write_file`` does.

    ``mark`` puts the byte-order mark in front by which spreadsheets know the encoding.
    """
    try:
        content = text.encode()
    except UnicodeEncodeError as error:
        raise InputError(
            f"{shown(to_path(path))} cannot be written: character {error.start} of the text is "
            "half of a surrogate pair, which UTF-8 cannot express."
        ) from None
    return write_file(path, [codecs.BOM_UTF8, content] if mark else [content])


def read_file(path: str | os.PathLike[str], *, limit: int | None = None) -> bytes:
    """Return the content of a file; no more than one byte beyond ``limit``.

    Raises ``InputError`` where it cannot be read.
    """
    place = to_path(path)
    size = -1 if limit is None else limit + 1
    with errors_of(place, "read"), place.open("rb") as file:
        return file.read(size)


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Yield a folder that is removed after the block.

    Raises ``InputError`` where there is no room for one, or for what is written into it.
    """
    try:
        folder = tempfile.TemporaryDirectory(prefix="ledgerhq-", ignore_cleanup_errors=True)
    except OSError as error:
        raise InputError(
            f"A folder for temporary files cannot be created: {error.strerror or error}. Free "
            "some space, or set TMPDIR to a folder that this user can write to."
        ) from error
    with folder as name:
        try:
            yield Path(name)
        except OSError as error:
            path = Path(name)
            if isinstance(error.filename, str | bytes):
                path = Path(os.fsdecode(error.filename))
            raise InputError(
                f"The document cannot be created: {shown(path)}: "
                f"{reason_of(error, path, 'used')} Temporary files are stored in "
                f"{shown(Path(name).parent)}; set TMPDIR to use another folder."
            ) from error


def _check_name(place: Path) -> None:
    """Raise ``InputError`` for a name that Windows would take for a device, or for another name."""
    if not _IS_WINDOWS:
        return

    problem = _name_problem(place.name)
    if problem:
        raise InputError(f"{shown(place)} cannot be written: {problem}. Choose another name.")


def _name_problem(name: str) -> str:
    """Return what Windows would make of a name; empty for one that it takes as it is."""
    if _DEVICE.fullmatch(name):
        return "Windows reserves this name for a device"
    if _NOT_IN_NAMES.search(name):
        return 'on Windows a name cannot contain < > : " | ? * or a control character'

    is_step = name.strip(".") == ""
    if name.endswith((".", " ")) and not is_step:
        return "Windows drops a dot or a space at the end of a name"
    return ""


def _target(place: Path) -> tuple[Path, os.stat_result | None]:
    """Return the file that a path leads to, and its status, None when it is not there yet."""
    target = Path(os.path.realpath(place)) if place.is_symlink() else place
    try:
        # Of the path itself: the links of /proc lead to what has no path.
        status = place.stat()
    except FileNotFoundError:
        return target, None

    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(status.st_mode):
        raise InputError(
            f"{shown(place)} cannot be written: it is a pipe or a device, which cannot be "
            "replaced by a file. Give the path of a regular file."
        )
    return target, status


def _write(
    temporary: Path, pieces: Iterable[bytes], status: os.stat_result | None, mode: int = 0o666
) -> None:
    """Write a new file to the disk, with the rights of the one that it will replace, if any."""
    # Nobody else may read it before it has those rights.
    first_mode = mode if status is None else 0o600
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(temporary, flags, first_mode), "wb") as file:
        if status is not None:
            _copy_rights(file.fileno(), status)
        file.writelines(pieces)
        file.flush()
        _sync(file.fileno())


def _copy_rights(handle: int, status: os.stat_result) -> None:
    if sys.platform == "win32":
        return
    own = os.fstat(handle)
    if (own.st_uid, own.st_gid) != (status.st_uid, status.st_gid):
        # Only some users may give files away; the mode below is kept in any case.
        with suppress(PermissionError):
            os.fchown(handle, status.st_uid, status.st_gid)
    try:
        os.fchmod(handle, stat.S_IMODE(status.st_mode))
    except OSError as error:
        if error.errno not in _NOT_SUPPORTED:
            raise


def _sync(handle: int) -> None:
    """Flush a file or folder to the disk, where the file system has such a thing."""
    try:
        os.fsync(handle)
    except OSError as error:
        # Some network file systems have none, and the file is written all the same.
        if error.errno not in _NOT_SUPPORTED:
            raise


def replace_file(new: Path, old: Path) -> None:
    """Put a file in the place of another one.

    Patiently: Windows refuses while somebody reads the old one.
    """
    for _ in range(100):
        try:
            new.replace(old)
        except PermissionError:
            if not _IS_WINDOWS:
                raise
            time.sleep(0.02)
        else:
            return
    new.replace(old)


def _link(temporary: Path, place: Path) -> None:
    """Give the new file its name, unless another one has it: to move it would replace that one."""
    try:
        place.hardlink_to(temporary)
    except FileExistsError:
        raise InputError(f"{shown(place)} already exists. Choose another name.") from None
    except OSError as error:
        if error.errno not in _NOT_SUPPORTED:
            raise
        raise InputError(
            f"{shown(place)} cannot be written: the file system of its folder does not support "
            "hard links; choose a folder on another file system."
        ) from None


def _sync_folder(folder: Path) -> None:
    """Flush the names of the files in a folder."""
    if not _IS_POSIX:
        return
    with errors_of(folder, "written"):
        handle = os.open(folder, os.O_RDONLY)
        try:
            _sync(handle)
        finally:
            os.close(handle)
