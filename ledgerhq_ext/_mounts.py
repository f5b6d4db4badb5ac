"""Files that are mounted alone: what is written beside one stays where the folder is, and can be
lost with it.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

_FDINFO = Path("/proc/self/fdinfo")
_MOUNT_ID = "mnt_id:"


def mount_problem(path: Path) -> str:
    """Return why a file that is a mount point of its own cannot be used, and what to do, in a
    sentence.
    """
    return f"{path} is itself a mount point. Mount its folder instead, with the file in it."


def is_mounted_alone(path: Path) -> bool:
    """Return whether a file is a mount point of its own: its folder is on another mount, or another
    device.

    A folder that is mounted with the file in it is none. Links are followed. Raises ``OSError``
    where there is no file.
    """
    target = Path(os.path.realpath(path))
    folder = target.parent
    own_mount = _mount_of(target)
    folder_mount = _mount_of(folder)
    if own_mount is not None and folder_mount is not None:
        return own_mount != folder_mount
    return target.stat().st_dev != folder.stat().st_dev


def _mount_of(path: Path) -> str | None:
    """Return the id of the mount that a file or folder is on, or None where the system does not say
    (not Linux).

    Better than the device: a bind mount has that of its folder, and a layered file system may give
    a file another one.
    """
    flag = getattr(os, "O_PATH", None)
    if flag is None:
        return None
    # It opens nothing but the name: to open and close a database would free the locks of this
    # process.
    handle = os.open(path, flag)
    try:
        lines: list[str] = []
        with suppress(OSError):
            lines = _FDINFO.joinpath(str(handle)).read_text(encoding="ascii").splitlines()
        ids = [line.removeprefix(_MOUNT_ID).strip() for line in lines if line.startswith(_MOUNT_ID)]
    finally:
        os.close(handle)
    return ids[0] if ids else None
