"""docs/command-line.md shows every command, and every command has an example in its help.

`test_pages.py` runs the examples.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from ledgerhq_ext.cli import main

from .blocks import blocks_of
from .shell import commands_of

pytestmark = pytest.mark.slow

PAGE = "docs/command-line.md"
GROUPS = ("accounts", "bank", "contacts", "review", "outbox")
"""Commands that have commands of their own."""
NOT_RUN_HERE = {"move-host", "outbox run", "sandbox", "drift"}
"""Commands that are run by tests of their own."""


def examples() -> Iterator[list[str]]:
    """Yield the words of every `ledgerhq` on the page."""
    for block in blocks_of(PAGE):
        if block.language != "console":
            continue
        for command in commands_of(block):
            program, *words = command.words
            if program == "ledgerhq":
                yield words


@pytest.mark.sample
def test_every_command_is_in_the_document(capsys: pytest.CaptureFixture[str]) -> None:
    shown = {command_of(words) for words in examples()}
    assert set(every_command(capsys)) - NOT_RUN_HERE - shown == set()


@pytest.mark.parametrize("words", ["", *GROUPS])
def test_every_help_has_an_example(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    for name in subcommands(words.split(), capsys):
        command = [*words.split(), name]
        if name in (*GROUPS, "sandbox"):
            continue
        main([*command, "--help"])
        assert f"ledgerhq {' '.join(command)}" in capsys.readouterr().out.partition("Examples:")[2]


def command_of(words: list[str]) -> str:
    is_group = words[0] in GROUPS
    return " ".join(words[: 2 if is_group else 1])


def every_command(capsys: pytest.CaptureFixture[str]) -> Iterator[str]:
    for name in subcommands([], capsys):
        if name in GROUPS:
            for inner in subcommands([name], capsys):
                yield f"{name} {inner}"
        else:
            yield name


def subcommands(group: list[str], capsys: pytest.CaptureFixture[str]) -> list[str]:
    assert main([*group, "--help"]) == 0
    listed = capsys.readouterr().out.partition("Commands:")[2]
    return re.findall(r"^  ([a-z-]+) ", listed, re.MULTILINE)
