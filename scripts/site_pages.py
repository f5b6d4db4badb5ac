"""A hook of mkdocs: pages of the site that stand at the top of the repository.

A page that is only ``<!-- the file SECURITY.md -->`` shows that file, with links as the site has
them.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
_MARK = re.compile(r"<!-- the file ([A-Z]+\.md) -->\s*")
_DOCS_LINK = re.compile(r"\]\(docs/")
_TOP_LINK = re.compile(r"\]\(([A-Z]+\.md)\)")


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Return the text of a page: its own, or that of the file that it names."""
    mark = _MARK.fullmatch(markdown)
    if mark is None:
        return markdown
    text = (ROOT / mark[1]).read_text(encoding="utf-8")
    text = _DOCS_LINK.sub("](", text)
    return _TOP_LINK.sub(lambda link: f"]({link[1].lower()})", text)
