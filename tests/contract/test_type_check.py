"""The type checker as a judge: its lines are rows of the table."""

import shutil
from pathlib import Path

import pytest

from scripts.contract.misfit_table import table
from scripts.type_check import complaints

pytestmark = pytest.mark.slow

LAYER = """
from ledgerhq_api.models import Thing

def name(thing: Thing) -> str:
    return thing.name
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "ledgerhq_ext").mkdir()
    (tmp_path / "ledgerhq_ext" / "__init__.py").write_text(LAYER)
    return tmp_path


def package(root: Path, kind: str) -> Path:
    folder = root / "candidate" / "ledgerhq_api"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "py.typed").touch()
    (folder / "__init__.py").touch()
    (folder / "models.py").write_text(f"class Thing:\n    name: {kind}\n")
    return folder


@pytest.mark.sample
def test_a_layer_that_fits_has_no_rows(root: Path) -> None:
    assert complaints(package(root, "str"), root) == []


def test_a_line_of_the_checker_is_a_row(root: Path) -> None:
    [row] = complaints(package(root, "int"), root)
    assert row.where == "ledgerhq_ext/__init__.py:5"
    assert "int" in row.found
    assert "ledgerhq_ext/__init__.py:5" in table([row])


def test_without_a_layer_there_is_nothing_to_check(tmp_path: Path) -> None:
    assert complaints(package(tmp_path, "int"), tmp_path) == []
