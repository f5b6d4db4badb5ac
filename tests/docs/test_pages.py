"""Every block of code on every page is run, in order, in one session for each page."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import inspect
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import CodeType
from typing import Any

import pytest
from attrs import define, field

import ledgerhq_ext
from ledgerhq_ext import AsyncLedgerHQ, LedgerHQ
from ledgerhq_ext.sandbox import Sandbox
from ledgerhq_ext.store import Store
from tests.support.consent import BROWSER

from . import desk
from .blocks import ROOT, Block, blocks_of, pages, text_of
from .shell import Shell, matches

PREPARED = "use `hq` and `books` from ["
"""What a page says whose examples do not make a client of their own."""
SLOW = {
    "README.md",
    "docs/command-line.md",
    "docs/documents.md",
    "docs/posting-files.md",
    "docs/quick-start.md",
    "docs/sandbox.md",
    "docs/testing.md",
}
"""Pages that take seconds: they start servers, run pytest or make documents."""
ELSEWHERE = ("docs/recipes/", "docs/migrating/", "docs/side-by-side.md")
"""Pages whose blocks are those of whole apps, which tests of their own run."""
QUICKLY = ["-p", "no:cacheprovider", "-p", "no:schemathesis", "-p", "no:hypothesispytest"]
"""Without the plugins of this project, which take seconds to import."""
PACKAGES = {"pack", "render", "review", "sandbox", "store"}
"""The public packages beside the core."""

with_blocks = [
    pytest.param(page, marks=[pytest.mark.slow] if page in SLOW else [])
    for page in pages()
    if not page.startswith(ELSEWHERE) and blocks_of(page)
]


@define
class Session:
    """What is there when a block runs: names, files, and what was printed last."""

    folder: Path
    shell: Shell
    capsys: pytest.CaptureFixture[str]
    loop: asyncio.Runner
    blocking: dict[str, Any] = field(factory=dict)
    awaiting: dict[str, Any] = field(factory=dict)
    """What stands in tabs named Async, over the names of the others."""
    printed: str = ""

    def run(self, block: Block) -> None:
        if block.language == "python" and Path(block.title).stem.startswith("test_"):
            (self.folder / Path(block.title).name).write_text(block.code, encoding="utf-8")
        elif block.title == "Output":
            assert matches(block.code, self.printed), f"{block}\n{self.printed}"
        elif block.title and not block.is_async and block.language != "python":
            (self.folder / block.title).write_text(block.code, encoding="utf-8")
        elif block.language == "python":
            self._execute(block)
        elif block.language == "console":
            self.shell.run(block)
        elif block.language == "json":
            json.loads(block.code)
        else:
            pytest.fail(f"{block}: nothing runs this block, and it does not say why")

    def _execute(self, block: Block) -> None:
        self.capsys.readouterr()
        if block.is_async:
            names = {**self.blocking, **self.awaiting}
            # In a folder of its own: its files are not those of the other tab.
            apart = self.folder / "async"
            apart.mkdir(exist_ok=True)
            with contextlib.chdir(apart):
                self._run_async(compile_async(block), names)
            self.awaiting = names
        else:
            exec(compile(block.source, block.page, "exec"), self.blocking)
        self.printed = self.capsys.readouterr().out

    def _run_async(self, code: CodeType, names: dict[str, Any]) -> None:
        result = eval(code, names)
        if inspect.iscoroutine(result):
            self.loop.run(result)

    def run_tests(self) -> None:
        """Run the files of tests that the page shows, as a user does who has the plugin alone."""
        if not list(self.folder.glob("test_*.py")):
            return
        command = [sys.executable, "-m", "pytest", "-q", *QUICKLY]
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")
        }
        done = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{done.stdout}{done.stderr}"


def compile_async(block: Block) -> CodeType:
    """Return the code of a block in which `await` may stand outside a function."""
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    code: CodeType = compile(block.source, block.page, "exec", flags=flags)
    return code


@pytest.fixture
def session(
    box: Sandbox,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Session]:
    """A folder of its own, a sandbox in the environment, and a person who approves."""
    for name in [name for name in os.environ if name.startswith("LEDGERHQ_")]:
        monkeypatch.delenv(name)
    browser = tmp_path / "browser.py"
    browser.write_text(BROWSER, encoding="utf-8")
    monkeypatch.setenv("BROWSER", f"{sys.executable} {browser} %s")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("LEDGERHQ_BASE_URL", box.url)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder = tmp_path / "folder"
    folder.mkdir()
    monkeypatch.chdir(folder)
    with Shell(folder, capsys, monkeypatch).open() as shell, asyncio.Runner() as loop:
        made = Session(folder, shell, capsys, loop)
        yield made
        loop.run(close(made, box))


@pytest.mark.parametrize("page", with_blocks)
def test_every_block_of_a_page_runs(
    page: str, box: Sandbox, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks = [block for block in blocks_of(page) if not block.reason]
    if page == "docs/command-line.md":
        desk.prepare(box, session.folder)
        monkeypatch.setenv("LEDGERHQ_STORE", str(session.folder / "books.db"))
    if PREPARED in text_of(page):
        connect(session, box)
    for block in blocks:
        try:
            session.run(block)
        except Exception as error:
            raise AssertionError(f"{block}: {type(error).__name__}: {error}") from error
    session.run_tests()
    for value in session.blocking.values():
        if isinstance(value, Sandbox):
            assert value.contract_violations == []


def connect(session: Session, box: Sandbox) -> None:
    """Give a page the client and the books that it says it uses."""
    token = box.access_token()
    hq = LedgerHQ(base_url=box.url, access_token=token)
    async_hq = AsyncLedgerHQ(base_url=box.url, access_token=token)
    company = hq.company("Maple Street Coffee")
    session.blocking = {"hq": hq, "books": hq.organization(company), "box": box}
    session.awaiting = {"hq": async_hq, "books": async_hq.organization(company)}


async def close(session: Session, box: Sandbox) -> None:
    """Close what the examples left open, as a program does that ends."""
    for value in session.awaiting.values():
        if isinstance(value, AsyncLedgerHQ):
            await value.close()
    for value in session.blocking.values():
        if isinstance(value, LedgerHQ | Sandbox | Store) and value is not box:
            value.close()


PYTHON_BLOCKS = [
    block for page in pages() for block in blocks_of(page) if block.language == "python"
]


@pytest.mark.parametrize("block", PYTHON_BLOCKS, ids=str)
def test_an_example_imports_only_public_names(block: Block) -> None:
    for node in ast.walk(ast.parse(block.code)):
        if not isinstance(node, ast.ImportFrom) or node.module is None:
            continue
        if node.module == "ledgerhq_ext":
            names = {alias.name for alias in node.names}
            assert names <= {*ledgerhq_ext.__all__, *PACKAGES, "errors"}
        elif node.module.startswith("ledgerhq_ext."):
            assert node.module.removeprefix("ledgerhq_ext.") in PACKAGES


NOT_RUN = {
    "ARCHITECTURE.md": 1,
    "CONTRIBUTING.md": 1,
    "docs/any-contract.md": 1,
    "docs/errors.md": 1,
    "docs/posting-files.md": 1,
}
"""How many blocks of a page are not run. Each says in the source of the page why."""


@pytest.mark.parametrize("page", [page for page in pages() if PREPARED in text_of(page)])
def test_the_names_that_a_page_uses_are_made_where_it_says(page: str) -> None:
    target = text_of(page).partition(PREPARED)[2].partition("](")[2].partition("#")[0]
    source = (ROOT / page).parent.joinpath(target).resolve().relative_to(ROOT).as_posix()
    first = next(block for block in blocks_of(source) if block.language == "python")
    for name in ("box", "hq", "books"):
        assert re.search(rf"^{name} = ", first.code, re.MULTILINE), f"{source} makes no {name}"


def test_what_runs_elsewhere_says_where() -> None:
    for page in pages():
        if page.startswith(ELSEWHERE) and blocks_of(page):
            tests = re.findall(r"tests/[\w/]+\.py", text_of(page))
            assert tests, f"{page} names no test that runs its blocks"
            assert [test for test in tests if not (ROOT / test).is_file()] == []


def test_few_blocks_are_not_run() -> None:
    reasons: dict[str, int] = {}
    for page in pages():
        count = sum(bool(block.reason) for block in blocks_of(page))
        if count:
            reasons[page] = count
    assert reasons == NOT_RUN


def test_a_page_begins_with_a_heading_and_says_what_it_is_for() -> None:
    for page in pages():
        if page.startswith("docs/") and "<!-- the file" not in text_of(page):
            assert re.match(r"# .+\n\n\S", text_of(page)), page
