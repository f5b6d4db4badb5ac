"""The README's Python runs, snippet after snippet, with nothing but what stands above it."""

from __future__ import annotations

import ast
import codeop
import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

import ledgerhq_ext

README = Path(__file__).parents[2] / "README.md"
PACKAGES = {"render", "review", "sandbox", "store"}
"""The public packages beside the core."""


@frozen
class Snippet:
    """A block of Python in the README."""

    line: int
    """The line of the README on which its code begins."""
    code: str

    def __str__(self) -> str:
        return f"{README.name}:{self.line}"

    def run(self, names: dict[str, Any]) -> None:
        """Run it, at its own line, so that a traceback points into the README."""
        source = "\n" * (self.line - 1) + self.code
        exec(compile(source, str(README), "exec"), names)


def snippets() -> list[Snippet]:
    text = README.read_text(encoding="utf-8")
    blocks = re.finditer(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [Snippet(text[: block.start(1)].count("\n") + 1, block[1]) for block in blocks]


SNIPPETS = snippets()


@pytest.fixture(autouse=True)
def _temporary_folders_of_the_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The README does not tidy up its folder; pytest does."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def test_quick_start_runs_alone() -> None:
    quick_start = SNIPPETS[0]
    assert "with Sandbox() as box" in quick_start.code
    quick_start.run({})


def test_every_snippet_runs_from_what_stands_above_it(capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, Any] = {}
    try:
        for snippet in SNIPPETS:
            try:
                snippet.run(names)
            except Exception as error:
                pytest.fail(f"{snippet}: {type(error).__name__}: {error}")
        assert names["box"].contract_violations == []
    finally:
        # The README closes both itself, unless a snippet failed before.
        for name in ("hq", "box"):
            if name in names:
                names[name].close()
    assert "does not tie" not in capsys.readouterr().out


@pytest.mark.parametrize("snippet", SNIPPETS, ids=str)
def test_a_snippet_can_be_pasted_into_the_interactive_prompt(snippet: Snippet) -> None:
    """There a blank line ends a block, and a block needs one: 3.11 and 3.12 read line by line."""
    statement: list[str] = []
    for number, line in enumerate([*snippet.code.splitlines(), ""], snippet.line):
        statement.append(line)
        try:
            if codeop.compile_command("\n".join(statement), symbol="single") is not None:
                statement.clear()
        except SyntaxError as error:
            pytest.fail(f"{README.name}:{number}: {error.msg}")
    assert statement in ([], [""])


@pytest.mark.parametrize("snippet", SNIPPETS, ids=str)
def test_a_snippet_imports_only_public_names(snippet: Snippet) -> None:
    for node in ast.walk(ast.parse(snippet.code)):
        if not isinstance(node, ast.ImportFrom) or node.module is None:
            continue
        if node.module == "ledgerhq_ext":
            names = {alias.name for alias in node.names}
            assert names <= {*ledgerhq_ext.__all__, *PACKAGES}
        elif node.module.startswith("ledgerhq_ext."):
            assert node.module.removeprefix("ledgerhq_ext.") in PACKAGES
