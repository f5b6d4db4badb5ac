"""The README can be tried at once. `tests/docs` runs it from its first line to its last."""

from __future__ import annotations

import codeop

import pytest

from tests.docs.blocks import Block, blocks_of

SNIPPETS = [block for block in blocks_of("README.md") if block.language == "python"]


def test_quick_start_runs_alone() -> None:
    quick_start = SNIPPETS[0]
    assert "with Sandbox() as box" in quick_start.code
    exec(compile(quick_start.source, str(quick_start), "exec"), {})


@pytest.mark.parametrize("snippet", SNIPPETS, ids=str)
def test_a_snippet_can_be_pasted_into_the_interactive_prompt(snippet: Block) -> None:
    """There a blank line ends a block, and a block needs one: 3.11 and 3.12 read line by line."""
    statement: list[str] = []
    for number, line in enumerate([*snippet.code.splitlines(), ""], snippet.line):
        statement.append(line)
        try:
            if codeop.compile_command("\n".join(statement), symbol="single") is not None:
                statement.clear()
        except SyntaxError as error:
            pytest.fail(f"README.md:{number}: {error.msg}")
    assert statement in ([], [""])
