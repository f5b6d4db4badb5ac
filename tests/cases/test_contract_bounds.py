"""A contract whose bounds the layer exceeds does not fit, and regenerating says so."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .support import JSON, ROOT

PARTS = ("generated", "ledgerhq_ext", "openapi", "scripts", "constraints.txt", "pyproject.toml")
MISFIT = 3
"""The exit status of ``make regenerate`` for a contract that the layer does not fit."""

# Operation, parameter, and what the contract now says of it.
BOUNDS: dict[str, tuple[str, str, str, JSON]] = {
    "a smaller page": ("/api/v1/organizations", "get", "limit", {"maximum": 100}),
    "a shorter key": ("/api/v1/purchases", "post", "Idempotency-Key", {"maxLength": 36}),
    "another format": ("/api/v1/deposits", "post", "Idempotency-Key", {"format": "uuid"}),
}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of this checkout, to regenerate in."""
    root = tmp_path_factory.mktemp("bounds") / "checkout"
    root.mkdir()
    # The storm writes what looks like tokens, for which this run searches its files.
    ignored = shutil.ignore_patterns("__pycache__", "bench", "demo", "storm")
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, root / part, ignore=ignored)
        else:
            shutil.copy(ROOT / part, root / part)
    return root


@pytest.fixture(scope="module")
def result(checkout: Path) -> tuple[int, list[str]]:
    """The exit status and the output for the contract with all these bounds."""
    contract = json.loads((ROOT / "openapi" / "openapi.json").read_text(encoding="utf-8"))
    for path, method, name, bound in BOUNDS.values():
        # Of this operation alone, also where the contract shares the parameter.
        operation = contract["paths"][path][method]
        own = json.loads(json.dumps(parameter(contract, operation, name)))
        own["schema"].update(bound)
        parameters = operation["parameters"]
        others = [each for each in parameters if component(contract, each)["name"] != name]
        operation["parameters"] = [*others, own]
    file = checkout.parent / "contract.json"
    file.write_text(json.dumps(contract), encoding="utf-8")
    return regenerate(checkout, file)


def component(contract: JSON, parameter: JSON) -> JSON:
    """Return a parameter itself, where the contract refers to it."""
    if "$ref" not in parameter:
        return parameter
    parameters: dict[str, JSON] = contract["components"]["parameters"]
    return parameters[parameter["$ref"].rpartition("/")[2]]


def parameter(contract: JSON, operation: JSON, name: str) -> JSON:
    """Return a parameter of an operation."""
    parameters = [component(contract, each) for each in operation["parameters"]]
    return next(each for each in parameters if each["name"] == name)


def regenerate(checkout: Path, contract: Path) -> tuple[int, list[str]]:
    """Return the exit status and the lines of the command behind ``make regenerate``."""
    folders = os.pathsep.join([str(checkout), str(checkout / "generated")])
    child = subprocess.run(
        [sys.executable, "-m", "scripts.regenerate", str(contract)],
        cwd=checkout,
        env=os.environ | {"PYTHONPATH": folders},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    if child.returncode not in (0, MISFIT):
        raise RuntimeError(f"exit status {child.returncode}: {child.stdout}")
    return child.returncode, child.stdout.splitlines()


@pytest.mark.slow
@pytest.mark.parametrize("case", BOUNDS)
def test_a_bound_that_the_layer_exceeds(result: tuple[int, list[str]], case: str) -> None:
    status, lines = result
    assert status == MISFIT
    _, _, name, bound = BOUNDS[case]
    (value,) = bound.values()
    assert [line for line in lines if name in line and str(value) in line]
