"""The generator and the check that its code can be imported, whose libraries are imported once:
every run of them is a fork of one process.

Each run starts as it would by itself, with its own arguments, folder and environment; importing
the libraries takes longer than generating a small client.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from scripts.contract import generate, verify

_GENERATOR = Path(generate.__file__).with_name("generator.py")
_FORKS = """
import gc, importlib.util, json, os, sys

spec = importlib.util.spec_from_file_location("generator", sys.argv[1])
generator = importlib.util.module_from_spec(spec)
spec.loader.exec_module(generator)
# A search for garbage would copy every page that a fork shares.
gc.freeze()

def run(order):
    for number, name in ((1, "stdout"), (2, "stderr")):
        os.dup2(os.open(order[name], os.O_WRONLY), number)
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["env"])
    sys.argv = order["argv"]
    status = 0
    try:
        if order["code"]:
            sys.dont_write_bytecode = True
            exec(order["code"], {"__name__": "__main__"})
        else:
            generator.main()
    except SystemExit as end:
        status = end.code or 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)

for line in sys.stdin:
    child = os.fork()
    if not child:
        run(json.loads(line))
    _, status = os.waitpid(child, 0)
    print(os.waitstatus_to_exitcode(status), flush=True)
"""


class _Forks:
    """The process that has imported the generator."""

    def __init__(self) -> None:
        command = [sys.executable, "-P", "-c", _FORKS, str(_GENERATOR)]
        # What is read when an interpreter starts; the rest comes with each run.
        environment = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONUTF8": "1"}
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env=environment,
        )

    def run(self, command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        """Run a command as ``subprocess.run`` does; the generator's and the check's in a fork."""
        match command[1:]:
            case ["-P", path, *arguments] if path == str(_GENERATOR):
                argv, code = [path, *arguments], ""
            case ["-I", "-B", "-c", code, *arguments]:
                argv = ["-c", *arguments]
            case _:
                return subprocess.run(command, **options)

        with tempfile.NamedTemporaryFile() as stdout, tempfile.NamedTemporaryFile() as stderr:
            order = {
                "argv": argv,
                "code": code,
                "cwd": str(options.get("cwd", Path.cwd())),
                "env": options.get("env", dict(os.environ)),
                "stdout": stdout.name,
                "stderr": stderr.name,
            }
            status = self._status(json.dumps(order))
            texts = [file.read().decode(errors="replace") for file in (stdout, stderr)]
        return subprocess.CompletedProcess(command, status, *texts)

    def _status(self, line: str) -> int:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@contextmanager
def warm_generator() -> Iterator[None]:
    """Let the generator, and the check of its code, start as forks for the time being."""
    forks = _Forks()
    replacement = SimpleNamespace(run=forks.run, TimeoutExpired=subprocess.TimeoutExpired)
    with pytest.MonkeyPatch.context() as patch, forks.process:
        patch.setattr(generate, "subprocess", replacement)
        patch.setattr(verify, "subprocess", replacement)
        yield
