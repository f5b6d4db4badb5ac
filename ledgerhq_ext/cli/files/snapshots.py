"""A file as it is when a run begins: it is read several times, and may change, or be a pipe."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ledgerhq_ext import InputError
from ledgerhq_ext._files import write_file
from ledgerhq_ext.cli.files.formats import Format

_PIECE = 1 << 20
"""Bytes."""


@contextmanager
def snapshot_of(file: Path, form: Format) -> Iterator[Path]:
    """Yield a copy of a file, of the same name, which exists during the block.

    A journal of beancount is yielded itself, since it names others by their places; it is read
    once. Raises ``InputError`` for a file that cannot be read, or copied.
    """
    if form is Format.BEANCOUNT:
        yield file
        return
    if file.is_dir():
        # Of "." there is no name for the copy.
        raise InputError(f"{file} cannot be read: it is a folder. Give the path of a file in it.")
    with tempfile.TemporaryDirectory(prefix="ledgerhq-") as folder:
        yield write_file(Path(folder) / file.name, _pieces(file))


def _pieces(file: Path) -> Iterator[bytes]:
    try:
        with file.open("rb") as stream:
            while piece := stream.read(_PIECE):
                yield piece
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}.") from None
