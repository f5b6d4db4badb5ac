"""The blocks of code on a page, in order."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from attrs import frozen

ROOT = Path(__file__).parents[2]
AT_THE_TOP = ("ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")
"""Pages that stand at the top of the repository, and that the site includes."""

_BLOCK = re.compile(
    r"^(?P<indent> *)```(?P<language>[\w-]*)(?P<attributes>[^\n`]*)\n(?P<code>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)
_FENCE = re.compile(r"^ *```", re.MULTILINE)
_REASON = re.compile(r"<!-- not run: ([^>]+) -->\n+ *$")
_TAB = re.compile(r'^=== "(.+)"$', re.MULTILINE)
_TITLE = re.compile(r'title="([^"]+)"')
_FILE = re.compile(r"# ([\w-]+\.py)\n")


@frozen
class Block:
    """A block of code, and where it stands."""

    page: str
    line: int
    """The line on which its code begins."""
    language: str
    code: str
    title: str
    """The name of the file that it shows, `Output`, or nothing."""
    is_async: bool
    """True in a tab of that name: there `hq` and `books` are awaited."""
    reason: str
    """Why it is not run, or nothing."""

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def source(self) -> str:
        """The code at its own line, so that a traceback points into the page."""
        return "\n" * (self.line - 1) + self.code


def pages() -> list[str]:
    """Return every page of documentation, as a path from the root."""
    site = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md"))
    return ["README.md", "openapi/README.md", *AT_THE_TOP, *site]


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def blocks_of(page: str) -> list[Block]:
    text = text_of(page)
    blocks = [_block(page, text, match) for match in _BLOCK.finditer(text)]
    fences = len(_FENCE.findall(text))
    assert fences == 2 * len(blocks), f"{page}: a block does not end where it should"
    return blocks


def _block(page: str, text: str, match: re.Match[str]) -> Block:
    above = text[: match.start()]
    code = textwrap.dedent(match["code"])
    title = _TITLE.search(match["attributes"]) or _FILE.match(code)
    reason = _REASON.search(above)
    tabs = _TAB.findall(above) if match["indent"] else []
    return Block(
        page=page,
        line=text[: match.start("code")].count("\n") + 1,
        language=match["language"],
        code=code,
        title=title[1] if title else "",
        is_async=tabs[-1:] == ["Async"],
        reason=reason[1] if reason else "",
    )
