"""What runs the pages finds what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from . import blocks
from .blocks import Block, blocks_of
from .shell import Shell, commands_of, matches


def console(code: str) -> Block:
    return Block("page.md", 1, "console", code, title="", is_async=False, reason="")


@pytest.fixture
def shell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Shell:
    return Shell(tmp_path, capsys, monkeypatch)


@pytest.mark.parametrize(
    "code",
    [
        "$ make no-such-target",
        "$ make drift NO_SUCH=variable",
        "$ pip install 'ledgerhq-ext[no-such-extra]'",
        "$ pip install another-package",
        "$ ledgerhq no-such-command",
        "$ ledgerhq --help    # exits with 1",
        "$ ledgerhq --help\nsomething else",
        "$ frobnicate",
        "ledgerhq --help",
    ],
)
def test_a_wrong_command_is_an_error(shell: Shell, code: str) -> None:
    with pytest.raises(AssertionError):
        shell.run(console(code))


@pytest.mark.parametrize(
    "code",
    [
        "$ make drift CONTRACT=new.json    # a comment",
        "$ pip install 'ledgerhq-ext[cli,store]'",
        "$ python -m ledgerhq_ext.store worker books.db",
        "$ ledgerhq --help\n…Usage…",
        "$ ledgerhq no-such-command    # exits with 2",
    ],
)
def test_a_right_command_is_none(shell: Shell, code: str) -> None:
    shell.run(console(code))


def test_a_command_has_the_lines_below_it() -> None:
    first, second = commands_of(console("$ ledgerhq a    # why\none\ntwo\n$ ledgerhq b\n"))
    assert (first.text, first.output) == ("ledgerhq a", "one\ntwo")
    assert (second.text, second.line) == ("ledgerhq b", 4)


def test_only_an_ellipsis_stands_for_any_text() -> None:
    assert matches("a…c", "abbc\n")
    assert matches("", "\n")
    assert not matches("a.c", "abc")
    assert not matches("a", "ab")


def test_blocks_are_found_in_tabs_and_below_reasons(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = """# Page

=== "Async"

    ```python
    await x
    ```

<!-- not run: no network -->
```console
$ npm
```

```csv title="month.csv"
id
```
"""
    (tmp_path / "page.md").write_text(page, encoding="utf-8")
    monkeypatch.setattr(blocks, "ROOT", tmp_path)
    tab, command, file = blocks_of("page.md")
    assert (tab.code, tab.line, tab.is_async) == ("await x\n", 6, True)
    assert (command.reason, command.is_async) == ("no network", False)
    assert file.title == "month.csv"

    (tmp_path / "page.md").write_text("```python\nx\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="does not end"):
        blocks_of("page.md")
