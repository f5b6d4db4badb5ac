"""`python -m scripts.smoke WHEEL`: install the wheel with each extra alone, and try it.

Every environment is new and sees nothing of the checkout. It is made for every Python version that
is on this machine, and once more for the lowest versions of the dependencies that the wheel admits.
Exits 1 when one fails, or when a version that was asked for by name is not here.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from attrs import frozen
from uv import find_uv_bin

from ledgerhq_ext.sandbox import Sandbox
from scripts.storm.servers import postgres

VERSIONS = ("3.11", "3.12", "3.13", "3.14")
SCRIPTS = {
    "": "core.py",
    "fast": "fast.py",
    "render": "render.py",
    "review": "review.py",
    "sandbox": "sandbox.py",
    "store": "store.py",
    "postgres": "store.py",
    "keyring": "keyring.py",
    "cli": "cli.py",
    "beancount": "beancount.py",
}
"""The extras, the core alone first, and the script that tries each one."""
_FOLDER = Path(__file__).with_name("tests")
_TIMEOUT = 600.0


@frozen
class Trial:
    """An environment to try: a Python, an extra, and which versions of the dependencies."""

    version: str
    python: str
    extra: str
    is_lowest: bool = False

    def __str__(self) -> str:
        versions = ", lowest versions" if self.is_lowest else ""
        return f"Python {self.version}, {self.extra or 'core alone'}{versions}"


def main() -> int:
    """Try the wheel of the command line, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m scripts.smoke", description=__doc__)
    parser.add_argument("wheel", type=Path)
    parser.add_argument(
        "versions", nargs="*", help="Python versions; by default all that are installed"
    )
    arguments = parser.parse_args()

    pythons = {version: _find(version) for version in arguments.versions or VERSIONS}
    missing = [version for version, python in pythons.items() if not python]
    for version in missing:
        print(f"Python {version}: not on this machine")
    failures = _try_all(arguments.wheel.resolve(), _trials(pythons))
    if arguments.versions and missing:
        return 1
    return 1 if failures else 0


def _find(version: str) -> str:
    """Return the path of a Python, empty when there is none."""
    search = _uv("python", "find", "--no-project", "--system", "--no-python-downloads", version)
    return search.stdout.strip() if search.returncode == 0 else ""


def _trials(pythons: dict[str, str]) -> list[Trial]:
    trials: list[Trial] = []
    for version, python in pythons.items():
        if python:
            trials += [Trial(version, python, extra) for extra in SCRIPTS]

    # The lowest versions were released for the Pythons of their time: the first one stands for all.
    lowest = [
        Trial(trial.version, trial.python, trial.extra, is_lowest=True)
        for trial in trials
        if trial.version == trials[0].version
    ]
    return trials + lowest


def _try_all(wheel: Path, trials: list[Trial]) -> int:
    failures = 0
    with Sandbox() as box, postgres() as server, tempfile.TemporaryDirectory() as folder:
        for number, trial in enumerate(trials):
            box.reset()
            home = Path(folder) / str(number)
            home.mkdir()
            place = str(home / "books.db")
            if trial.extra == "postgres":
                place = server.new_database()
            problem = _try(trial, wheel, home, [box.url, box.access_token(), place])
            failures += bool(problem)
            print(f"{trial}: {problem or 'works'}", flush=True)
    return failures


def _try(trial: Trial, wheel: Path, home: Path, arguments: list[str]) -> str:
    """Return what went wrong, empty when nothing did."""
    environment = home / "venv"
    python = environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    requirement = f"{wheel}[{trial.extra}]" if trial.extra else str(wheel)
    resolution = "lowest-direct" if trial.is_lowest else "highest"
    install = ("pip", "install", "--python", str(python), "--resolution", resolution, requirement)
    steps = [
        _uv("venv", "--no-project", "--python", trial.python, str(environment)),
        _uv(*install),
    ]
    for step in steps:
        if step.returncode != 0:
            return f"cannot be installed\n{step.stderr}"

    script = _FOLDER / SCRIPTS[trial.extra]
    run = _run([str(python), "-I", "-W", "error", str(script), *arguments], home)
    return f"fails\n{run.stdout}{run.stderr}" if run.returncode else ""


def _uv(*arguments: str) -> subprocess.CompletedProcess[str]:
    return _run([find_uv_bin(), *arguments], _FOLDER)


def _run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, capture_output=True, encoding="utf-8", timeout=_TIMEOUT, check=False
    )


if __name__ == "__main__":
    sys.exit(main())
