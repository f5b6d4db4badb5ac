"""Commands of a page: run where they can be, checked word by word where they would not end."""

from __future__ import annotations

import json
import re
import shlex
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest
from attrs import define, field, frozen

from ledgerhq_ext.cli import main

from .blocks import ROOT, Block

PATIENCE = 60.0
_STATUS = re.compile(r" +# exits with (\d)$")
_COMMENT = re.compile(r" +# .*$")
_EXTRAS = re.compile(r"\[([^\]]+)\]")
_PORT = re.compile(r"\b8000\b")


@frozen
class Command:
    """A command, the exit status that it promises, and what it is said to print."""

    line: int
    text: str
    status: int
    output: str

    @property
    def words(self) -> list[str]:
        return shlex.split(self.text)


def commands_of(block: Block) -> Iterator[Command]:
    """Yield the commands of a block: the lines behind a `$`, each with the lines that follow."""
    lines = block.code.splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith("$ ")]
    assert starts[:1] == [0], f"{block}: a block of commands begins with a `$`"
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        text = lines[start].removeprefix("$ ")
        status = _STATUS.search(text)
        yield Command(
            line=block.line + start,
            text=_COMMENT.sub("", text),
            status=int(status[1]) if status else 0,
            output="\n".join(lines[start + 1 : end]),
        )


@define
class Shell:
    """The shell of a page: its folder, and the servers that it left running."""

    folder: Path
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch
    port: int = 0
    servers: list[subprocess.Popen[bytes]] = field(factory=list)

    def run(self, block: Block) -> None:
        for command in commands_of(block):
            where = f"{block.page}:{command.line}: {command.text}"
            printed = self._run(command, where)
            if command.output:
                assert matches(command.output, printed), f"{where}\n{printed}"

    def _run(self, command: Command, where: str) -> str:
        text = _PORT.sub(str(self.port), command.text) if self.port else command.text
        if text.endswith("&"):
            self._serve(command.text.removesuffix("&"))
            return ""

        program, *words = shlex.split(text)
        if program in _CHECKS:
            _CHECKS[program](words, where)
            return ""

        assert program == "ledgerhq", f"{where}: nothing here runs this command"
        target = ""
        if len(words) > 2 and words[-2] == ">":
            target = words[-1]
            words = words[:-2]
        self.capsys.readouterr()
        status = main(words)
        said = self.capsys.readouterr()
        if target:
            Path(target).write_text(said.out, encoding="utf-8")
        assert status == command.status, f"{where} ended with {status}\n{said.out}{said.err}"
        assert "Traceback" not in said.err, where
        if "--json" in words:
            json.loads(said.out)
        return said.out + said.err

    def _serve(self, text: str) -> None:
        """Start a server, at a port that is free, and wait until it answers."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        program, *words = shlex.split(_PORT.sub(str(self.port), text))
        assert program == "ledgerhq"
        process = subprocess.Popen(
            [sys.executable, "-m", "ledgerhq_ext", *words], stdout=subprocess.DEVNULL
        )
        self.servers.append(process)
        # From here on the page says itself where the service is.
        self.monkeypatch.delenv("LEDGERHQ_BASE_URL", raising=False)
        end = time.monotonic() + PATIENCE
        while not _answers(self.port):
            assert process.poll() is None, f"{text} ended at once"
            assert time.monotonic() < end, f"{text} does not answer"
            time.sleep(0.05)

    @contextmanager
    def open(self) -> Iterator[Shell]:
        """End what was started when the page is over."""
        try:
            yield self
        finally:
            for server in self.servers:
                server.kill()
                server.wait()


def matches(shown: str, printed: str) -> bool:
    """Return True if a text is what a page shows. On the page, `…` stands for any text."""
    pattern = re.escape(shown.strip()).replace("…", ".*")
    return re.fullmatch(pattern, printed.strip(), re.DOTALL) is not None


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _check_make(words: list[str], where: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z-]+):", makefile, re.MULTILINE)
    variables = re.findall(r"^(\w+) \?=", makefile, re.MULTILINE)
    target, *settings = words
    assert target in targets, where
    assert {setting.partition("=")[0] for setting in settings} <= set(variables), where


def _check_pip(words: list[str], where: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert words[0] == "install", where
    for requirement in words[1:]:
        name = requirement.partition("[")[0]
        assert name in (project["name"], ".", "-e"), where
        for extras in _EXTRAS.findall(requirement):
            assert set(extras.split(",")) <= project["optional-dependencies"].keys(), where


def _check_module(words: list[str], where: str) -> None:
    option, module, *_ = words
    assert option == "-m", where
    assert find_spec(module) is not None, where


_CHECKS = {"make": _check_make, "pip": _check_pip, "python": _check_module}
