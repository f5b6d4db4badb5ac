"""Ctrl-C at any moment, also in the middle of a note: it is noted, and disturbs nothing."""

from __future__ import annotations

import io
import os
import signal
import sys
from typing import Any

import pytest

from ledgerhq_ext.cli._interruption import deferred

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")


class Terminal(io.RawIOBase):
    """A terminal at which Ctrl-C is pressed while a line is printed."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self.is_pressed = False

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._handle

    def write(self, content: Any) -> int:
        if not self.is_pressed:
            self.is_pressed = True
            signal.raise_signal(signal.SIGINT)
        return os.write(self._handle, content)


def test_ctrl_c_in_the_middle_of_a_note_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, handle = os.pipe()
    terminal = Terminal(handle)
    stream = io.TextIOWrapper(io.BufferedWriter(terminal), encoding="utf-8", line_buffering=True)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", stream)
        with deferred() as interruption:
            stream.write("Posting 1 of 2.\n")
    assert terminal.is_pressed
    assert interruption.is_requested()
    os.close(handle)
    with os.fdopen(reader) as pipe:
        assert sorted(pipe.read().splitlines()) == [
            "Posting 1 of 2.",
            "Stopping after the current request. Press Ctrl-C again to interrupt it.",
        ]


def test_ctrl_c_is_noted_where_the_stream_is_none_of_the_system_s(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stream = io.StringIO()
    with monkeypatch.context() as patch, deferred() as interruption:
        patch.setattr(sys, "stderr", stream)
        signal.raise_signal(signal.SIGTERM)
        assert interruption.is_requested()
    assert stream.getvalue().startswith("Stopping after the current request.")
