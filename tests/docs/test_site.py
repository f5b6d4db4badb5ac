"""The site builds without a warning, fetches nothing, and has every public name."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.render import browser

from .blocks import ROOT

REFERENCE = sorted((ROOT / "docs/reference").glob("*.md"))
MODULES = [
    "ledgerhq_ext",
    "ledgerhq_ext.pack",
    "ledgerhq_ext.render",
    "ledgerhq_ext.review",
    "ledgerhq_ext.sandbox",
    "ledgerhq_ext.store",
]
PATIENCE = 300


def names_in_the_reference() -> Counter[str]:
    """Return how often each public name stands on a page of the reference."""
    names: Counter[str] = Counter()
    for page in REFERENCE:
        text = page.read_text(encoding="utf-8")
        names.update(re.findall(r"^::: (\S+)$", text, re.MULTILINE))
    return names


def test_every_public_name_is_in_the_reference_once() -> None:
    public = {
        f"{module}.{name}"
        for module in MODULES
        for name in importlib.import_module(module).__all__
        if name != "__version__"
    }
    names = names_in_the_reference()
    assert sorted(public - names.keys()) == [], "put them on a page of docs/reference"
    assert [name for name, count in names.items() if count > 1] == []


class Fetches(HTMLParser):
    """What a browser fetches when it opens a page."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        if tag in ("script", "img", "iframe", "source") and values.get("src"):
            self.addresses.append(values["src"] or "")
        if tag == "link" and values.get("rel") not in ("canonical", "next", "prev"):
            self.addresses.append(values["href"] or "")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site as `make docs` does, with every warning an error."""
    site = tmp_path_factory.mktemp("docs") / "site"
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(site)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    return site


@pytest.mark.slow
def test_the_site_fetches_nothing_and_has_every_name(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > len(REFERENCE)
    anchors: set[str] = set()
    for page in pages:
        text = page.read_text(encoding="utf-8")
        anchors.update(re.findall(r'id="(ledgerhq_\w+\.[\w.]+)"', text))
        fetches = Fetches()
        fetches.feed(text)
        assert [address for address in fetches.addresses if "//" in address] == [], page
    assert names_in_the_reference().keys() <= anchors


@pytest.mark.slow
@browser.needed
def test_the_search_works_on_files(site: Path, tmp_path: Path) -> None:
    start = f'<script>location = "{(site / "index.html").as_uri()}?q=distrust"</script>'
    page = tmp_path / "start.html"
    page.write_text(start, encoding="utf-8")
    shown = browser.run(page, "--dump-dom", "--virtual-time-budget=20000")
    assert "matching documents" in shown
    assert 'href="backup.html' in shown.partition("matching documents")[2]
