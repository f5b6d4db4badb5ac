"""Bring the catalogs of documents in step with the code: all of its messages, and no others.

    python -m scripts.catalogs            write messages.pot, and add new messages to every catalog
    python -m scripts.catalogs --check    fail when one of them is not in step, or not complete

Messages are the texts within ``_(…)`` and ``plural(…)``. A new one is empty in the catalogs until
somebody translates it.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from ledgerhq_ext.render._catalogs import placeholder_problem
from scripts.files import write_text

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "ledgerhq_ext"
FOLDER = PACKAGE / "render" / "catalogs"
TEMPLATE = FOLDER / "messages.pot"
_SOURCES = (
    ("python", PACKAGE / "reports", "*.py"),
    ("python", PACKAGE / "pack", "*.py"),
    ("python", PACKAGE / "render", "*.py"),
    ("jinja2", PACKAGE / "render" / "templates", "*.*"),
)
_KEYWORDS = {"_": None, "plural": (1, 2), "css": None}
_WIDTH = 100
# A moment of the last writing would make every check fail.
_MOMENT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def template() -> Catalog:
    """Return a catalog of all messages in the code, none of them translated."""
    catalog = Catalog(
        project="ledgerhq-ext",
        header_comment="# The words of documents: copy this file, and translate every msgid.",
        creation_date=_MOMENT,
        fuzzy=False,
    )
    for path, line, text in _messages():
        place = path.relative_to(ROOT).as_posix()
        catalog.add(text, locations=[(place, line)])
    return catalog


def _messages() -> Iterator[tuple[Path, int, str | tuple[str, ...]]]:
    """Yield every message with its file and line."""
    for method, folder, pattern in _SOURCES:
        for path in sorted(folder.glob(pattern)):
            with path.open("rb") as file:
                options = {"silent": "false", "encoding": "utf-8"}
                for line, text, *_rest in extract(method, file, _KEYWORDS, options=options):
                    yield path, line, text


def languages() -> list[str]:
    """Return the names of the catalogs."""
    return sorted(path.stem for path in FOLDER.glob("*.po"))


def catalog_of(language: str) -> Catalog:
    """Return a catalog as it stands in its file."""
    with (FOLDER / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def updated(catalog: Catalog, template: Catalog) -> Catalog:
    """Return a catalog with the messages of the template, and with no others."""
    # A guess would be printed in a client's document before anybody read it.
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    return catalog


def text_of(catalog: Catalog) -> str:
    """Return a catalog as text, in order of its messages."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=_WIDTH, sort_output=True, include_lineno=False)
    return buffer.getvalue().decode()


def problems(catalog: Catalog) -> Iterator[str]:
    """Yield what is missing or wrong in a catalog."""
    for message in catalog:
        if not message.id:
            continue
        name = message.id[0] if isinstance(message.id, tuple) else message.id
        if not _is_complete(message, catalog.num_plurals):
            yield f"{name!r} is not translated"
        elif message.fuzzy:
            yield f"{name!r} is marked as fuzzy"
        elif problem := placeholder_problem(message):
            yield problem


def _is_complete(message: Message, forms: int) -> bool:
    texts = message.string if isinstance(message.string, tuple) else (message.string,)
    needed = forms if isinstance(message.id, tuple) else 1
    return len(texts) == needed and all(texts)


def main(arguments: list[str] | None = None) -> int:
    """Write the catalogs, or check them; return the exit status."""
    parser = argparse.ArgumentParser(description="Bring the catalogs in step with the code.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail unless in step")
    is_check = parser.parse_args(arguments).check
    messages = template()
    texts = {TEMPLATE: text_of(messages)}
    complaints: list[str] = []
    for language in languages():
        catalog = updated(catalog_of(language), messages)
        texts[FOLDER / f"{language}.po"] = text_of(catalog)
        complaints += [f"{language}: {problem}" for problem in problems(catalog)]

    changed = [path for path, text in texts.items() if not _has(path, text)]
    for path in changed:
        if is_check:
            complaints.append(f"{path.relative_to(ROOT)} is not in step: run make catalogs")
        else:
            write_text(path, texts[path])
            print(f"wrote {path.relative_to(ROOT)}")
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return 1 if complaints else 0


def _has(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main())
