"""The wheel, built once, and environments in which somebody has installed it."""

from __future__ import annotations

import subprocess
import sys
import venv
from collections.abc import Iterable
from importlib.metadata import distribution
from pathlib import Path

import pytest
from attrs import frozen
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from uv import find_uv_bin

ROOT = Path(__file__).parents[2]
TIMEOUT = 120.0


@frozen
class Installation:
    """An environment in which somebody has installed the wheel, with extras or without."""

    python: Path
    packages: Path
    distributions: frozenset[str]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run its interpreter, which sees nothing of the checkout."""
        return subprocess.run(
            [str(self.python), "-I", "-W", "error", *arguments],
            cwd=self.packages.anchor,
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    build = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=TIMEOUT, check=False
    )
    assert build.returncode == 0, f"{build.stdout}{build.stderr}"
    [wheel] = folder.glob("*.whl")
    return wheel


def install(wheel: Path, folder: Path, *extras: str) -> Installation:
    """Install the wheel into a fresh environment, with what it asks for from the present one."""
    builder = venv.EnvBuilder(with_pip=False, symlinks=sys.platform != "win32")
    builder.create(folder)
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    offline = ["--offline", "--no-deps", "--quiet"]
    subprocess.run(
        [find_uv_bin(), "pip", "install", *offline, "--python", str(python), str(wheel)],
        check=True,
        timeout=TIMEOUT,
    )
    [packages] = (
        [folder / "Lib" / "site-packages"]
        if sys.platform == "win32"
        else folder.glob("lib/*/site-packages")
    )

    [metadata] = packages.glob("ledgerhq_ext-*.dist-info/METADATA")
    lines = metadata.read_text(encoding="utf-8").splitlines()
    asked = [line.partition(": ")[2] for line in lines if line.startswith("Requires-Dist: ")]
    distributions = closure(asked, extras)
    for name in distributions:
        link(name, packages)
    return Installation(python, packages, distributions)


def closure(requirements: list[str], extras: Iterable[str]) -> frozenset[str]:
    """Return the names of what these requirements need, and of what those need in turn."""
    names: set[str] = set()
    waiting = [(Requirement(text), frozenset(extras)) for text in requirements]
    while waiting:
        requirement, wanted = waiting.pop()
        name = canonicalize_name(requirement.name)
        if _applies(requirement, wanted) and name not in names:
            names.add(name)
            inner = frozenset(requirement.extras)
            needs = distribution(name).requires or []
            waiting += [(Requirement(text), inner) for text in needs]
    return frozenset(names)


def _applies(requirement: Requirement, extras: Iterable[str]) -> bool:
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras))


def link(name: str, packages: Path) -> None:
    """Put a distribution of the present environment into another one."""
    installed = distribution(name)
    tops = {
        file.parts[0]
        for file in installed.files or []
        if file.parts[0] not in ("..", "__pycache__")
    }
    for top in tops:
        (packages / top).symlink_to(Path(str(installed.locate_file(top))))
