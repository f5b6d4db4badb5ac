"""The lines of the README about the command line, typed by somebody who has only the wheel."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import frozen

from tests.cli.conftest import terminal
from tests.package.conftest import ROOT, TIMEOUT, Installation, install

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="the lines are those of a POSIX shell"),
]

README = ROOT / "README.md"
PORT = "8000"


def quick_start() -> list[str]:
    """Return the lines of the README's block of commands, without what stands behind a #."""
    text = README.read_text(encoding="utf-8")
    section = text.partition("## From the command line")[2]
    block = section.partition("```console\n")[2].partition("```")[0]
    lines = [line.removeprefix("$ ") for line in block.splitlines()]
    return [line.partition("  #")[0].rstrip() for line in lines]


def extras() -> list[str]:
    """Return the extras that the README tells to install for the command line."""
    text = README.read_text(encoding="utf-8").partition("## From the command line")[2]
    command = re.search(r"pip install 'ledgerhq-ext\[([\w,]+)\]'", text)
    assert command is not None
    return command[1].split(",")


@frozen
class Desk:
    """A folder in which the installed command is typed."""

    folder: Path
    environment: dict[str, str]

    def start(self, line: str) -> subprocess.Popen[str]:
        """Start a line in a shell."""
        return subprocess.Popen(
            ["/bin/sh", "-c", line],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )

    def type(self, line: str) -> str:
        """Run a line to its end; return what it printed."""
        process = self.start(line)
        try:
            printed, _ = process.communicate(timeout=TIMEOUT)
        finally:
            process.kill()
        assert process.returncode == 0, f"{line}\n{printed}"
        return printed


@pytest.fixture(scope="module")
def everything(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The wheel in a fresh environment, with the extras that the README names."""
    return install(wheel, tmp_path_factory.mktemp("everything") / "venv", *extras())


@pytest.fixture
def desk(everything: Installation, tmp_path: Path) -> Desk:
    """Return the desk of somebody whose browser approves by itself."""
    machine = terminal(tmp_path / "home")
    environment = dict(machine.environment)
    # Nothing of the checkout is to be seen.
    del environment["PYTHONPATH"]
    environment["PATH"] = f"{everything.python.parent}{os.pathsep}{os.environ['PATH']}"
    return Desk(machine.home, environment)


@pytest.fixture
def port(desk: Desk) -> Iterator[str]:
    """Start the sandbox of the first line, on a free port; return the port when it serves."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = str(free.getsockname()[1])

    first = quick_start()[0]
    assert first == f"ledgerhq sandbox --port {PORT} &"
    line = first.removesuffix(" &").replace(PORT, number)
    # Whoever types it presses Approve. As its own process, which can be ended.
    service = desk.start(f"exec {line} --auto-approve")
    assert service.stdout is not None
    printed = ""
    while "LEDGERHQ_BASE_URL=" not in printed:
        piece = service.stdout.readline()
        assert piece, f"it ended early: {printed}"
        printed += piece
    # Read on, or the sandbox would wait for a reader when the pipe is full.
    reader = threading.Thread(target=service.stdout.read, daemon=True)
    reader.start()
    yield number
    service.terminate()
    assert service.wait(TIMEOUT) == 0
    reader.join(TIMEOUT)
    service.stdout.close()


def test_the_readme_runs_with_only_the_wheel_installed(desk: Desk, port: str) -> None:
    origin = desk.type("python -c 'import ledgerhq_ext; print(ledgerhq_ext.__file__)'").strip()
    assert not Path(origin).is_relative_to(ROOT)

    printed = {line: desk.type(line.replace(PORT, port)) for line in quick_start()[1:]}
    [month] = set(re.findall(r"\d{4}-\d\d(?=-\d\d,)", printed_file(desk)))
    assert printed["ledgerhq post month.csv --dry-run"].startswith("5 would be posted")
    assert printed["ledgerhq post month.csv"] == "5 posted, 0 posted before, 0 not posted.\n"
    assert desk.type("ledgerhq post month.csv").startswith("0 posted, 5 posted before")

    [profit] = [printed[line] for line in printed if line.startswith("ledgerhq pl")]
    statement = json.loads(profit)
    assert statement["totals"]["total_revenue"] == 415_325
    assert statement["ties"]
    # What the file calls last month is what the packet does.
    packet = desk.folder / f"maple-street-coffee-{month}-packet.pdf"
    assert packet.read_bytes().startswith(b"%PDF")


def printed_file(desk: Desk) -> str:
    """Return the file that --example wrote."""
    return (desk.folder / "month.csv").read_text(encoding="utf-8")
