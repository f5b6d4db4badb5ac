"""The package imported from an archive, as from a zipapp, a PEX, or a wheel on the path."""

from __future__ import annotations

import json
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from .support import ROOT, run

# The folders of the checkout are taken off the path, so that everything comes from the archive.
STEPS = """
import json, sys
from pathlib import Path

archive, checkout = sys.argv[1:]
sys.path[:] = [archive, *(p for p in sys.path if p and not Path(p).is_relative_to(checkout)
                          or "site-packages" in p)]
sys.meta_path[:] = [finder for finder in sys.meta_path if "editable" not in repr(finder)]

import importlib, tempfile
import ledgerhq_api, ledgerhq_ext
from ledgerhq_ext import LedgerHQ, LedgerHQError, render, review
from ledgerhq_ext.sandbox import Sandbox
from ledgerhq_ext.store import Store

for package in (ledgerhq_api, ledgerhq_ext):
    if not package.__file__.startswith(archive):
        raise RuntimeError(f"{package.__file__} is not in the archive")

folder = Path(tempfile.mkdtemp(dir=Path(archive).parent))
accounts = importlib.import_module("ledgerhq_api.api.accounts.get_accounts")
results = {}

def step(name, action):
    try:
        result = action()
    except LedgerHQError as error:
        results[name] = f"refused: {error}"
    except Exception as error:
        results[name] = f"outside of the tree: {type(error).__name__}: {error}"
    else:
        results[name] = "done"
        return result

with Sandbox() as box, LedgerHQ(base_url=box.url, access_token=box.access_token()) as hq:
    books = hq.organization(next(iter(hq.organizations(type="client"))))
    packet = step("packet", lambda: books.financial_packet("2026-05"))
    step("operation", lambda: books.call(accounts))
    step("html", lambda: render.write_html(packet, folder / "packet.html"))
    step("xlsx", lambda: render.write_xlsx(packet, folder / "packet.xlsx"))
    step("csv", lambda: render.write_csv(packet, folder))
    step("pdf", lambda: render.write_pdf(packet, folder / "packet.pdf"))
    step("verify", lambda: render.verify(folder / "packet.html", packet))
    step("review", lambda: review.table(books.bank_transactions()).html())
    step("store", lambda: Store(folder / "books.db").outbox().status())
print(json.dumps(results))
"""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """How each step ended with the package in an archive."""
    archive = tmp_path_factory.mktemp("archive") / "ledgerhq.zip"
    pack(archive)
    output = run([sys.executable, "-c", STEPS, str(archive), str(ROOT)])
    results: dict[str, str] = json.loads(output)
    return results


def pack(archive: Path) -> None:
    """Pack what a wheel holds, as pyproject.toml says."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    with zipfile.ZipFile(archive, "w") as file:
        for package in wheel["only-include"]:
            for source in (ROOT / package).rglob("*"):
                if source.is_file() and "__pycache__" not in source.parts:
                    file.write(source, source.relative_to((ROOT / package).parent))
        for source, name in wheel.get("force-include", {}).items():
            file.write(ROOT / source, name)


@pytest.mark.parametrize(
    "step", ["packet", "operation", "html", "xlsx", "csv", "pdf", "verify", "review", "store"]
)
def test_a_step(results: dict[str, str], step: str) -> None:
    # Or it says in words what it needs.
    assert results[step] == "done" or results[step].startswith("refused: ")


def test_a_pdf_is_made_from_an_archive(results: dict[str, str]) -> None:
    assert results["pdf"] == "done"
