"""The lowest versions that pyproject.toml admits work as the pinned ones do."""

from __future__ import annotations

import json
import os
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typst

from ledgerhq_ext import render

from .support import ROOT, packet, run

EXTRAS = ("render", "sandbox", "store")
BUILD = "LOWEST_DEPENDENCIES"
"""Set it to build an environment with the lowest versions; that needs a package index."""
DOCUMENTS = """
import json, sys
sys.path[:0] = json.loads(sys.argv[1])
from ledgerhq_ext import LedgerHQ, render
from ledgerhq_ext.sandbox import Sandbox
from ledgerhq_ext.store import Store

results = []
with Sandbox() as box, LedgerHQ(base_url=box.url, access_token=box.access_token()) as hq:
    company = next(iter(hq.organizations(type="client")))
    packet = hq.organization(company).financial_packet("2026-05")
with Store(sys.argv[2]) as store:
    store.outbox().status()
for make in (render.html, render.xlsx, render.pdf, lambda it: render.csv(it, "trial-balance")):
    try:
        results.append("made" if make(packet) else "empty")
    except Exception as error:
        results.append(repr(error))
print(json.dumps(results))
"""


def lowest_versions() -> dict[str, str]:
    """Return the lower bound of each dependency of the core and its extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    requirements = list(project["dependencies"])
    for extra in EXTRAS:
        requirements += project["optional-dependencies"][extra]
    versions = {}
    for requirement in requirements:
        bound = re.match(r"([a-z0-9-]+)>=([0-9.]+)", requirement)
        if bound is None:
            raise LookupError(f"{requirement} has no lower bound")
        versions[bound[1]] = bound[2]
    return versions


COMPILER = typst.Compiler


class CompilerOfTypst015:
    """The compiler as typst 0.15.0 has it: without ``pdf_tags``, which came with 0.15.2."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self._compiler = COMPILER(*arguments, **options)

    def compile(self, *arguments: Any, **options: Any) -> Any:
        """Compile a document."""
        if "pdf_tags" in options:
            raise TypeError("Compiler.compile() got an unexpected keyword argument 'pdf_tags'")
        return self._compiler.compile(*arguments, **options)


def test_a_pdf_by_the_lowest_typst(monkeypatch: pytest.MonkeyPatch) -> None:
    lowest = tuple(map(int, lowest_versions()["typst"].split(".")))
    if lowest < (0, 15, 2):
        monkeypatch.setattr(typst, "Compiler", CompilerOfTypst015)
    assert render.pdf(packet()).startswith(b"%PDF")


@pytest.mark.skipif(BUILD not in os.environ, reason=f"takes an index and time: set {BUILD}=1")
def test_documents_by_the_lowest_versions(tmp_path: Path) -> None:
    pins = [f"{name}=={version}" for name, version in lowest_versions().items()]
    python = tmp_path / "lowest" / "bin" / "python"
    run([sys.executable, "-m", "venv", str(python.parents[1])])
    install = [str(python), "-m", "pip", "install", "--quiet", "--only-binary", ":all:"]
    run([*install, *pins], timeout=600)
    folders = [str(ROOT), str(ROOT / "generated")]
    database = str(tmp_path / "books.db")
    output = run([str(python), "-c", DOCUMENTS, json.dumps(folders), database])
    assert json.loads(output) == ["made"] * 4
