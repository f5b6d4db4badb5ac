"""The layer, untouched, on the client and the sandbox of a changed contract.

`make survival` (SURVIVAL=all) takes all variants and flow tests; without it, these tests take a fixed
sample.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from scripts.contract.layout import PACKAGE, ROOT, Layout
from scripts.contract.seam import load_needs
from scripts.regenerate import regenerate

from . import plugin
from .detoured import DETOURED
from .edits import Json
from .harmless import ADDITIVE, SAME
from .healed import HEALED
from .indifferent import INDIFFERENT
from .variants import ALL, HERE, seen_by_the_generator, variant, vendored_input

# The sandbox answers in plain JSON only.
NOT_SPOKEN = {"answer_in_json_of_the_vendor"}
EITHER = {name: case.change for name, case in INDIFFERENT.items() if name not in NOT_SPOKEN}
HARMLESS = SAME | ADDITIVE | EITHER
NAMES = (
    list(HARMLESS)
    if ALL
    else [
        "written_as_3_0",
        "company_routes_added",
        "required_response_fields",
        "envelope_called_data",
    ]
)
CARRIED = [("as_published", "path"), *((name, "header") for name in HEALED)]
ON_COMPANY_PATHS = "envelopes_of_company_paths_called_data"
FLOWS = "tests/flows"
# The demo and the README start processes of their own, which know nothing of the variant.
WHOLE = (
    "carriers",
    "connecting",
    "open_door",
    "postings",
    "reclassify",
    "records",
    "reports",
    "review",
    "review_races",
    "walks",
)
SAMPLE = (
    "test_carriers.py",
    "test_connecting.py::test_connect_once_and_work_from_any_process",
    "test_postings.py::test_a_posting_gives_its_receipt_and_the_same_one_again",
    "test_records.py::test_one_thing_each",
    "test_reports.py::test_the_packet_ties_and_the_statements_agree_with_it",
    "test_review.py::test_carried_out_once_however_often_it_is_asked_for",
    "test_walks.py::test_the_register_of_one_account_and_a_span",
)


def chosen(package: Path, *, moved: bool) -> list[str]:
    """The flow tests that are run: for a client that has not changed those of one surface, since
    both make the same requests. Tests of the open door name their routes, which may be other ones
    in a contract where things `moved`."""
    if not ALL:
        return [f"{FLOWS}/{name}" for name in SAMPLE]
    files = [f"{FLOWS}/test_{word}.py" for word in WHOLE if not (moved and word == "open_door")]
    return [*files, "-k", "not awaiting"] if package == HERE.package else files


def generated(contract: Json, source: Path, folder: Path) -> Path:
    """Where the client of a contract is: the committed one, when its input would be the same."""
    if seen_by_the_generator(contract) == vendored_input():
        return HERE.package
    shutil.copytree(HERE.openapi, folder / "openapi")
    there = Layout(folder)
    said: list[str] = []
    needs = load_needs()
    assert needs
    assert (
        regenerate(str(source), there, needs=needs, today=date(2026, 6, 8), say=said.append) == 0
    ), said
    return there.package


@pytest.mark.parametrize("name", NAMES)
def test_the_layer_survives(name: str, tmp_path: Path) -> None:
    survive(variant(HARMLESS[name]), tmp_path)


@pytest.mark.parametrize(("name", "carrier"), CARRIED, ids=[name for name, _ in CARRIED])
def test_an_app_does_not_notice_what_carries_the_company(
    name: str, carrier: str, tmp_path: Path
) -> None:
    """The header only, both as published, everything below the company."""
    survive(variant(HEALED.get(name)), tmp_path, carrier=carrier, moved=name in HEALED)


@pytest.mark.parametrize("name", DETOURED if ALL else list(DETOURED)[:1])
def test_an_app_does_not_notice_that_one_of_two_routes_does_not_fit(
    name: str, tmp_path: Path
) -> None:
    """It prefers the carrier whose routes have changed, and goes by the other one."""
    survive(variant(DETOURED[name].change), tmp_path, carrier=DETOURED[name].carrier, moved=True)


@pytest.mark.skipif(not ALL, reason="minutes: make survival")
def test_an_app_does_not_notice_the_envelope_of_a_company_path(tmp_path: Path) -> None:
    survive(variant(EITHER[ON_COMPANY_PATHS]), tmp_path, carrier="path")


def survive(
    contract: Json, tmp_path: Path, *, carrier: str = "header", moved: bool = False
) -> None:
    """Let the flow tests pass on a contract, with a client of it and a sandbox that speaks it."""
    source = tmp_path / "contract.json"
    source.write_text(json.dumps(contract))
    package = generated(contract, source, tmp_path / "checkout")
    assert package.name == PACKAGE
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(package.parent), str(ROOT)]),
        plugin.CONTRACT: str(source),
        plugin.PACKAGE: str(package),
        plugin.CARRIER: carrier,
    }
    environment.pop("PYTEST_XDIST_WORKER", None)
    alone = ["-q", "-p", "no:cacheprovider", "-p", "tests.survival.plugin"]
    command = [sys.executable, "-m", "pytest", *alone, *chosen(package, moved=moved)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=900
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
