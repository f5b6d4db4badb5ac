"""A checkout of this repository's settings, to regenerate a client in."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from scripts.contract.layout import ROOT, Layout
from scripts.contract.seam import Need
from scripts.regenerate import regenerate

from .waiting import PATIENCE

DAY = date(2026, 6, 8)


@dataclass(frozen=True)
class FakeNeed(Need):
    """What a layer could ask for."""

    operation: str = "Organization.things"
    request: Any = None
    response: Any = None


@dataclass
class Checkout:
    """A folder with the settings of this repository, to regenerate in."""

    root: Path
    said: list[str] = field(default_factory=list)

    @property
    def layout(self) -> Layout:
        return Layout(self.root)

    def contract(self, value: Any) -> str:
        """Write a contract to a file beside the checkout."""
        file = self.root.parent / f"{self.root.name}-contract.json"
        file.write_text(value if isinstance(value, str) else json.dumps(value))
        return str(file)

    def run(self, value: Any, *, needs: Sequence[Need] = (), accept_misfit: bool = False) -> int:
        return self.run_source(self.contract(value), needs=needs, accept_misfit=accept_misfit)

    def run_source(
        self,
        source: str,
        *,
        needs: Sequence[Need] = (),
        today: date = DAY,
        accept_misfit: bool = False,
    ) -> int:
        say = self.said.append
        return regenerate(
            source, self.layout, needs=needs, today=today, accept_misfit=accept_misfit, say=say
        )

    def files(self) -> dict[str, bytes]:
        """Every file of the checkout, but for what may be thrown away."""
        found = {
            file.relative_to(self.root): file for file in self.root.rglob("*") if file.is_file()
        }
        kept = {
            path: file
            for path, file in found.items()
            if path.parts[0] != "build" and "__pycache__" not in path.parts
        }
        return {path.as_posix(): file.read_bytes() for path, file in kept.items()}

    def python(self, code: str) -> str:
        """Run code in a process of its own that sees the generated package. Warnings are errors."""
        command = [
            sys.executable,
            "-B",
            "-W",
            "error",
            "-c",
            f"import sys; sys.path.insert(0, 'generated')\n{code}",
        ]
        done = subprocess.run(
            command, cwd=self.root, capture_output=True, text=True, timeout=PATIENCE
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


def make_checkout(root: Path) -> Checkout:
    here = Layout(ROOT)
    there = Layout(root)
    shutil.copytree(here.templates, there.templates)
    shutil.copy(here.config, there.config)
    shutil.copy(here.records, there.records)
    there.repairs.write_text("[]")
    return Checkout(root)
