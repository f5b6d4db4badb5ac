"""What a release must be: a tag that fits, and an extra that is tried before it goes out."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from scripts.release_check import problems
from scripts.smoke.__main__ import SCRIPTS, VERSIONS

ROOT = Path(__file__).parents[2]


def project(folder: Path, changelog: str) -> Path:
    """Make a project of version 1.2.3 with this changelog."""
    (folder / "ledgerhq_ext").mkdir()
    (folder / "ledgerhq_ext" / "_version.py").write_text('__version__ = "1.2.3"\n')
    (folder / "CHANGELOG.md").write_text(changelog)
    return folder


def test_a_tag_that_is_the_version_may_be_released(tmp_path: Path) -> None:
    root = project(tmp_path, "# Changelog\n\n## Unreleased\n\n## 1.2.3 - 2026-11-29\n\n- New\n")
    assert problems("v1.2.3", root) == []


@pytest.mark.parametrize(
    ("tag", "changelog", "problem"),
    [
        ("v1.2.4", "## 1.2.3 - 2026-11-29\n", "The tag is v1.2.4, and the version is 1.2.3"),
        ("1.2.3", "## 1.2.3 - 2026-11-29\n", "tag v1.2.3."),
        ("v1.2.3", "## Unreleased\n", "CHANGELOG.md has no section for 1.2.3"),
        ("v1.2.3", "## 1.2.3\n", "has no date"),
    ],
)
def test_a_tag_that_does_not_fit_is_refused(
    tag: str, changelog: str, problem: str, tmp_path: Path
) -> None:
    [only] = problems(tag, project(tmp_path, changelog))
    assert problem in only


def test_the_command_exits_with_1_for_another_version() -> None:
    command = [sys.executable, "-m", "scripts.release_check", "v999.0.0"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "The tag is v999.0.0" in run.stdout


def test_every_extra_and_every_python_of_the_classifiers_is_tried() -> None:
    metadata = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = metadata["optional-dependencies"].keys() - {"dev"}
    assert SCRIPTS.keys() - {""} == extras
    prefix = "Programming Language :: Python :: "
    pythons = {name.removeprefix(prefix) for name in metadata["classifiers"] if prefix in name}
    assert pythons <= set(VERSIONS)
