"""The pages show the files that the tests run, whole, and name tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .support import RECIPES, ROOT

PAGES = sorted([*RECIPES.glob("*.md"), ROOT / "docs/migrating/from-requests.md"])
INCLUDE = r'^```python\n--8<-- "(.*)"\n```$'
PYTHON = r"^```python\n(.*?)^```"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_shows_files_and_has_no_code_of_its_own(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    includes = re.findall(INCLUDE, text, re.MULTILINE)
    assert includes
    assert len(re.findall(PYTHON, text, re.MULTILINE | re.DOTALL)) == len(includes)
    assert [path for path in includes if not (ROOT / path).is_file()] == []
    [test] = set(re.findall(r"`(tests/recipes/test_\w+\.py)`", text))
    assert (ROOT / test).is_file()


def test_every_recipe_is_shown_by_a_page() -> None:
    texts = [page.read_text(encoding="utf-8") for page in PAGES]
    shown = {path for text in texts for path in re.findall(INCLUDE, text, re.MULTILINE)}
    for recipe in RECIPES.glob("*.py"):
        assert str(recipe.relative_to(ROOT)) in shown


def test_the_django_page_shows_what_is_not_written_by_django() -> None:
    text = (RECIPES / "django.md").read_text(encoding="utf-8")
    shown = set(re.findall(INCLUDE, text, re.MULTILINE))
    project = RECIPES / "django_project/till"
    files = ["apps", "ledger", "middleware", "settings", "views", "management/commands/post_sales"]
    assert shown == {f"{(project / name).relative_to(ROOT)}.py" for name in files}
