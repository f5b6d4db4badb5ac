"""Text that is written or read says its encoding, so that a locale changes nothing."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = sorted([*(ROOT / "ledgerhq_ext").rglob("*.py"), *(ROOT / "scripts").rglob("*.py")])
OPENERS = {"open", "fdopen", "read_text", "write_text"}
NO_FILES = {"os", "archive", "self._sealer", "Image", "webbrowser"}
"""What has an ``open`` of another kind."""


def unsaid(tree: ast.AST) -> list[int]:
    """Lines with a call that opens text without saying its encoding."""
    lines: list[int] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and opens_text(node):
            keywords = {keyword.arg for keyword in node.keywords}
            if "encoding" not in keywords:
                lines.append(node.lineno)
    return lines


def opens_text(call: ast.Call) -> bool:
    """Whether a call opens a file as text, or takes what a process prints for text."""
    if any(keyword.arg in ("text", "universal_newlines") for keyword in call.keywords):
        return True
    if isinstance(call.func, ast.Attribute):
        name = call.func.attr
        if name == "open" and ast.unparse(call.func.value) in NO_FILES:
            return False
    else:
        name = getattr(call.func, "id", "")
        if name in ("read_text", "write_text"):
            # Functions of this project, which write UTF-8.
            return False
    modes = [part.value for part in call.args if isinstance(part, ast.Constant)]
    is_binary = any(isinstance(mode, str) and "b" in mode and len(mode) <= 3 for mode in modes)
    takes_mode = name in ("open", "fdopen")
    return name in OPENERS and not (takes_mode and is_binary)


def test_the_search_finds_what_it_looks_for() -> None:
    source = """
open("x")
Path("x").write_text("b")
subprocess.run(command, text=True)
open("x", "rb")
os.open("x", 0)
Path("x").open(encoding="utf-8")
"""
    assert unsaid(ast.parse(source)) == [2, 3, 4]


def test_an_encoding_is_said_everywhere() -> None:
    lines = {
        path.relative_to(ROOT).as_posix(): unsaid(ast.parse(path.read_text(encoding="utf-8")))
        for path in SOURCES
    }
    assert {name: found for name, found in lines.items() if found} == {}
    assert len(lines) > 100
