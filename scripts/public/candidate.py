"""A candidate of a document: made, imported, type-checked, called."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from scripts.contract.layout import PACKAGE, ROOT, Layout
from scripts.contract.pipeline import make_candidate
from scripts.contract.pointers import Object
from scripts.contract.source import Fetched

from .cases import Case
from .echo import EchoServer
from .wire import Sent

Surface = Literal["call", "await"]
SURFACES: tuple[Surface, ...] = ("call", "await")
_CALLER = Path(__file__).with_name("caller.py")
_SECONDS = 1_800


@dataclass
class Package:
    """A generated package in a folder of its own, and what was said when it was made."""

    folder: Path
    log: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def left_out(self) -> list[str]:
        """Return the places that were left out, with the reasons."""
        # The faults of the raw document stand before, and cost nothing.
        at = next(at for at, line in enumerate(self.log) if line.startswith("generate "))
        return [line.strip() for line in self.log[at + 1 :] if line.startswith("           /")]

    def operations(self) -> list[Object]:
        """Import every module; return what each operation takes."""
        operations: list[Object] = json.loads(self._run("describe"))
        return operations

    def complaints(self, cache: Path | None = None) -> list[str]:
        """Return what mypy in its strict mode says against the package.

        ``cache``: a folder in which mypy keeps what it knows of the libraries, for several
        packages; without one, it reads them anew.
        """
        command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "-p", PACKAGE]
        environment = {**os.environ, "NO_COLOR": "1"}
        environment.pop("MYPYPATH", None)
        done = subprocess.run(
            [*command, "--no-error-summary", "--cache-dir", str(cache or self.folder / "cache")],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            timeout=_SECONDS,
        )
        return (done.stdout + done.stderr).splitlines() if done.returncode else []

    def call(
        self, cases: Sequence[Case], surface: Surface = "call"
    ) -> tuple[dict[int, Sent], dict[int, str]]:
        """Call the operation of each case by its blocking function, or by its awaiting one; return
        what was sent, and what was raised, by number.
        """
        with EchoServer() as server:
            text = json.dumps([case.to_caller() for case in cases])
            errors = json.loads(self._run(surface, server.url, lines=text))
            return server.requests, {int(number): error for number, error in errors.items()}

    def read(self, cases: Sequence[Case]) -> dict[int, str]:
        """Read the answers of each case; return what is lost of them, by number."""
        faults = json.loads(
            self._run("read", lines=json.dumps([case.to_caller() for case in cases]))
        )
        return {int(number): why for number, why in faults.items()}

    def _run(self, *arguments: str, lines: str = "") -> str:
        # `-P`: the modules beside the file are not to be taken for others of their names.
        done = subprocess.run(
            [sys.executable, "-P", str(_CALLER), str(self.folder), *arguments],
            input=lines,
            capture_output=True,
            encoding="utf-8",
            timeout=_SECONDS,
        )
        if done.returncode:
            raise RuntimeError(f"the generated package fails:\n{done.stderr.strip()[-2000:]}")
        return done.stdout.splitlines()[-1]


def make_package(fetched: Fetched, folder: Path) -> Package:
    """Make the candidate of a document with this checkout's settings of the generator.

    Its tables of names, records and repairs speak of one contract, which this is not. Raises
    ``StepError``.
    """
    start = time.monotonic()
    log: list[str] = []
    here = Layout(folder / "settings")
    shutil.copytree(Layout(ROOT).templates, here.templates)
    shutil.copy(Layout(ROOT).config, here.config)
    there = Layout(folder / "candidate")
    make_candidate(fetched, here, there, date(2026, 1, 1), (), log.append)
    return Package(there.package.parent, log, time.monotonic() - start)
