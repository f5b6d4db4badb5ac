"""Paths of files and folders, as callers give them and as messages show them."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from ledgerhq_ext.errors import InputError

_LENGTH = 1_000
"""Characters of a path in a message."""


def to_path(path: str | os.PathLike[str], name: str = "path") -> Path:
    """Return the path of a file or folder, with ``~`` expanded.

    Raises ``InputError``, which calls it ``name``, for what cannot be a path on this system.
    """
    try:
        text = os.fspath(path)
    except TypeError:
        text = None
    if not isinstance(text, str):
        raise InputError(
            f"{name} must be a path, as a string or a pathlib.Path, not {type(path).__name__}."
        )
    if not text:
        raise InputError(f"{name} must not be empty.")
    if "\0" in text:
        raise InputError(
            f"{name} {_brief(repr(text))} contains a NUL character, which a file name cannot have."
        )
    try:
        os.fsencode(text)
    except UnicodeEncodeError:
        raise InputError(
            f"{name} {_brief(ascii(text))} cannot be encoded as a file name here "
            f"({sys.getfilesystemencoding()}). Choose another name, or run Python with "
            "PYTHONUTF8=1."
        ) from None
    return _with_home(text, name)


def _with_home(text: str, name: str) -> Path:
    path = Path(text)
    if not text.startswith("~"):
        return path

    user = path.parts[0]
    # An empty HOME would make "~/report" a file of the root directory.
    has_empty_home = os.name == "posix" and user == "~" and os.environ.get("HOME") == ""
    if not has_empty_home:
        # The error is raised below, without that of the system as its context.
        with suppress(RuntimeError):
            return path.expanduser()
    raise InputError(
        f"{name} {_brief(repr(text))}: the home directory of {user} is unknown. Give the full "
        f"path, or ./{user} for a file of that name."
    )


def shown(path: Path) -> str:
    """Return a path as text that any UTF-8 stream can print."""
    return _brief(str(path).encode("utf-8", "backslashreplace").decode())


def _brief(text: str) -> str:
    if len(text) <= _LENGTH:
        return text
    return f"{text[:_LENGTH]}…"
