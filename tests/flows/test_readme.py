"""The README's Python runs, block after block, against a sandbox."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from ledgerhq_ext.sandbox import Sandbox

README = Path(__file__).parents[2] / "README.md"


def snippets() -> list[str]:
    """The python blocks, each at its own line so that a traceback points into the README."""
    text = README.read_text(encoding="utf-8")
    blocks = re.finditer(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return ["\n" * text[: block.start(1)].count("\n") + block[1] for block in blocks]


def test_quick_start_runs_alone() -> None:
    quick_start = snippets()[0]
    assert "Sandbox()" in quick_start
    exec(compile(quick_start, str(README), "exec"), {})


def test_all_snippets_run_in_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Sandbox(auto_approve=True, seed=1) as box:
        names: dict[str, Any] = {
            "base_url": box.url,
            "token_file": tmp_path / "tokens.json",
            "folder": tmp_path,
            "send_the_browser_to": lambda url: httpx.get(url).headers["location"],
        }
        for snippet in snippets()[1:]:
            exec(compile(snippet, str(README), "exec"), names)
        names["hq"].close()
        assert box.contract_violations == []
    assert "does not tie" not in capsys.readouterr().out
