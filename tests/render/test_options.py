"""Options: what is refused, what is adjusted, and what it takes to import the package."""

from __future__ import annotations

import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgerhq_ext import InputError, render
from ledgerhq_ext._plain import breakable, brief, plain
from ledgerhq_ext.render._colours import NIGHT, PAPER, READABLE, contrast, readable

from .packets import LOGO


def _png(width: int, height: int, size: int = 100) -> bytes:
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", width, height) + b"\x00" * size


JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08" + struct.pack(">HH", 20, 30) + b"\x00" * 20


@pytest.mark.parametrize(
    "given_options",
    [
        {"logo": b"<svg onload=alert(1)>"},
        {"logo": b""},
        {"logo": _png(0, 10)},
        {"logo": _png(10_000, 10)},
        {"logo": _png(10, 10, 300_000)},
        {"logo": b"\xff\xd8\xff\xc0"},
        {"logo": "logo.png"},
        {"colour": "red"},
        {"colour": "#12345"},
        {"colour": "#1234567;}"},
        {"locale": "klingon"},
        {"paper": "a3"},
        {"firm": "x" * 501},
        {"footer": None},
        {"templates": "/nowhere/at/all"},
        {"fonts": "/nowhere/at/all"},
    ],
)
def test_options_nobody_can_mean_are_refused(given_options: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        render.Options(**given_options)


@pytest.mark.parametrize("logo", [LOGO, JPEG, _png(4096, 4096)])
def test_logos_are_png_or_jpeg(logo: bytes) -> None:
    assert render.Options(logo=logo).logo == logo


def test_the_logo_stays_out_of_repr() -> None:
    assert "PNG" not in repr(render.Options(logo=LOGO))


def test_templates_are_known_by_their_content(tmp_path: Path) -> None:
    (tmp_path / "style.css").write_text("a")
    one = render.Options(templates=tmp_path).to_json()
    (tmp_path / "style.css").write_text("b")
    assert render.Options(templates=tmp_path).to_json() != one


@given(st.integers(0, 0xFFFFFF), st.sampled_from([PAPER, NIGHT]))
def test_any_brand_colour_becomes_readable(number: int, ground: str) -> None:
    assert contrast(readable(f"#{number:06x}", ground), ground) >= READABLE


def test_a_readable_colour_is_left_alone() -> None:
    assert readable("#1f4e5f", PAPER) == "#1f4e5f"


def test_what_cannot_be_seen_is_shown() -> None:
    assert plain("a\u202eb\x00c\nd\ud800") == "a�b�c d�"
    assert plain("Zoë עברית 日本 👩‍👩‍👧") == "Zoë עברית 日本 👩‍👩‍👧"


def test_long_words_may_break() -> None:
    assert breakable("short words stay") == "short words stay"
    assert breakable("W" * 30).replace("\u200b", "") == "W" * 30
    assert max(map(len, breakable("W" * 500).split("\u200b"))) == 12
    assert brief("Maple Street", 6) == "Maple…"


def _python(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)


def test_without_the_extra_the_import_says_what_to_install() -> None:
    done = _python("""
import importlib.util
found = importlib.util.find_spec
importlib.util.find_spec = lambda name, *more: None if name in ("typst", "babel") else found(name, *more)
import ledgerhq_ext.render
""")
    assert "needs babel, typst: pip install 'ledgerhq-ext[render]'" in done.stderr


def test_the_core_and_the_review_import_nothing_of_it() -> None:
    done = _python("""
import sys, ledgerhq_ext, ledgerhq_ext.review
assert not {"babel", "jinja2", "typst", "xlsxwriter", "ledgerhq_ext.render"} & set(sys.modules)
""")
    assert done.returncode == 0, done.stderr


def test_rendering_imports_what_it_needs_when_it_needs_it() -> None:
    done = _python("""
import sys
from ledgerhq_ext import render
assert not {"jinja2", "typst", "xlsxwriter"} & set(sys.modules), "too early"
""")
    assert done.returncode == 0, done.stderr
