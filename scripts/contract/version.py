"""The version of the layer, and what a change of its promise asks of it."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from ..files import write_text
from .layout import Layout
from .promise import Change

Part = Literal["major", "minor", "patch"]
_PARTS: tuple[Part, ...] = ("major", "minor", "patch")
_VERSION = re.compile(r'(?<=")\d+\.\d+\.\d+')
_RELEASE = re.compile(r"^## \[?v?(\d+\.\d+\.\d+)", re.MULTILINE)


def read_version(layout: Layout) -> str | None:
    """Return the version of the layer, None where there is no layer."""
    match = _VERSION.search(_text(_file(layout)))
    return match[0] if match else None


def released_version(layout: Layout) -> str | None:
    """Return the version that users have: the last one that has a section in the changelog, or that
    of the layer where none has.
    """
    match = _RELEASE.search(_text(layout.root / "CHANGELOG.md"))
    return match[1] if match else read_version(layout)


def part_to_raise(version: str, changes: Sequence[Change]) -> Part | None:
    """Return which part of a version changes of the promise raise."""
    if not changes:
        return None

    part: Part = "minor"
    if any(change.is_broken for change in changes):
        part = "major"

    # Semantic versioning, section 4: before 1.0 a minor version may break what users lean on.
    if version.startswith("0."):
        part = "minor" if part == "major" else "patch"
    return part


def next_version(version: str, changes: Sequence[Change]) -> str:
    """Return the version that asks for such changes."""
    part = part_to_raise(version, changes)
    if part is None:
        return version
    numbers = _numbers(version)
    place = _PARTS.index(part)
    # What stands behind the raised part begins at nothing.
    raised = [*numbers[:place], numbers[place] + 1, 0, 0]
    return ".".join(map(str, raised[:3]))


def raise_version(layout: Layout, changes: Sequence[Change]) -> str | None:
    """Write the version that changes ask for, after the one that users have; return it.

    Returns None where there is no layer, or where its version is as high already.
    """
    version = read_version(layout)
    released = released_version(layout)
    if version is None or released is None:
        return None
    raised = next_version(released, changes)
    # Raised already, by an earlier change since the release.
    if _numbers(raised) <= _numbers(version):
        return None
    write_text(_file(layout), _VERSION.sub(raised, _text(_file(layout)), count=1))
    return raised


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


def _file(layout: Layout) -> Path:
    return layout.root / "ledgerhq_ext" / "_version.py"


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""
