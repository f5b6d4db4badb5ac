"""Bank review, blocking.

Written by ``python -m scripts.write_surface``; do not edit. Edit ``review._applying``.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from typing import IO

from ledgerhq_ext._handle import core_of
from ledgerhq_ext._http.io import run
from ledgerhq_ext.blocking import Organization
from ledgerhq_ext.review._applying import Report, Result, async_apply


def apply(
    organization: Organization,
    file: str | os.PathLike[str] | IO[str] | IO[bytes] | io.TextIOBase,
    *,
    on_result: Callable[[Result], None] | None = None,
) -> Report:
    """Carry out the decisions of a reviewed CSV file (its columns: ``read_decisions``).

    A file with anything malformed, or with an account nobody has, is refused with ``InputError``
    before anything is changed. After that every line counts for itself: one that fails is reported
    and the next one is tried, until the connection itself is lost. Applying a file again does
    nothing a second time. ``on_result`` is called with every result at once, for progress or a
    journal.
    """
    return run(async_apply(core_of(organization, "organization"), file, on_result=on_result))
