"""What scripts print goes into streams of any encoding."""

from __future__ import annotations

import io
import sys


def accept_any_text() -> None:
    """Let the output streams spell what their encoding has no sign for, instead of failing at it."""
    for stream in (sys.stdout, sys.stderr):
        # A stream that is closed or captured is something else.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
