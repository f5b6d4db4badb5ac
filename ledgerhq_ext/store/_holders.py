"""Who has a lease, and whether that process is provably gone: then nobody has to wait for the
lease's end.
"""

from __future__ import annotations

import json
import os
import platform
from functools import cache
from pathlib import Path

from attrs import asdict, field, frozen, validators

_PROC = Path("/proc")
# Where they stand in /proc/<pid>/stat, behind the name of the program.
_STATE = 0
_START = 19
_ENDED_STATES = "ZX"


@frozen(kw_only=True)
class Holder:
    """A process: its host, the boot and the process namespace it belongs to, its id, and when it
    started there.
    """

    host: str
    boot: str
    pid: int = field(validator=validators.instance_of(int))
    started: str

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}"

    def to_json(self) -> str:
        """Return it as it stands in the row."""
        return json.dumps(asdict(self, recurse=False))

    @classmethod
    def from_json(cls, text: str | None) -> Holder | None:
        """Return the holder that a row names, or None where nobody can tell."""
        if text is None:
            return None
        try:
            return cls(**json.loads(text))
        except (ValueError, TypeError, RecursionError):
            return None

    def is_gone(self) -> bool:
        """Return whether it is certain that the process does not run any more; False where nobody
        can tell.
        """
        own = this_process()
        is_of_this_boot = self.boot != "" and self.boot == own.boot
        if self.host != own.host or not is_of_this_boot:
            # Its id means nothing here: on another machine, or in another container, it may run.
            return False
        started = _started(self.pid)
        if started is None:
            return not _is_there(self.pid)
        # Another start: its id was used again.
        return started != self.started


def this_process() -> Holder:
    """Return the process that asks."""
    return _process(os.getpid())


@cache
def _process(pid: int) -> Holder:
    return Holder(host=platform.node(), boot=_boot(), pid=pid, started=_started(pid) or "")


def _boot() -> str:
    """Return what the ids of processes are unique in. Two containers may share a host's name and
    boot.
    """
    try:
        boot = _PROC.joinpath("sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot} {_PROC.joinpath('self/ns/pid').readlink()}"
    except OSError:
        # Without /proc an id can only be looked up where signal 0 does no harm.
        return "unknown" if os.name == "posix" else ""


def _started(pid: int) -> str | None:
    """Return when a process started, in ticks of its boot; empty when it has ended, None when
    nobody says.
    """
    try:
        stat = _PROC.joinpath(str(pid), "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        # There is no such process, or no /proc, or it hides those of other users (hidepid).
        return None
    # The name of the program stands in parentheses, and may hold blanks and parentheses itself.
    fields = stat.rpartition(")")[2].split()
    # A zombie has ended; only its parent has not noticed.
    return "" if fields[_STATE] in _ENDED_STATES else fields[_START]


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        # It runs, and belongs to somebody else.
        return True
    return True
