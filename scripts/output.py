"""Output of scripts, to streams of any encoding, or of nobody."""

from __future__ import annotations

import io
import os
import sys


def accept_any_text() -> None:
    """Let the output streams escape what their encoding has no sign for."""
    for stream in (sys.stdout, sys.stderr):
        # A stream that is closed or captured is something else.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(text: str) -> None:
    """Print a text, whether or not anybody is there to read it: what was done stays done."""
    try:
        print(text, flush=True)
    except OSError:
        discard_output()


def discard_output() -> None:
    """Print nothing from now on, so that the interpreter does not fail at its end."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    os.close(null)
