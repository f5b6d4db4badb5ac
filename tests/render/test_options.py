"""Options: what is refused, what is adjusted, and what it takes to import the package."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ledgerhq_ext import InputError, render
from ledgerhq_ext._plain import breakable, brief, plain
from ledgerhq_ext.render._colors import NIGHT, PAPER, READABLE, contrast, readable

from .packets import LOGO, packet


def _png(width: int, height: int, size: int = 100) -> bytes:
    return (
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", width, height) + b"\x00" * size
    )


def _picture(kind: str, mode: str, size: tuple[int, int], **how: Any) -> bytes:
    """A picture as another program writes it: stripes, so that every row differs."""
    file = io.BytesIO()
    picture = Image.new(mode, size)
    for x in range(0, size[0], 3):
        color = 1 if mode in ("1", "P", "L") else (x % 256,) * len(mode)
        picture.paste(color, (x, 0, x + 1, size[1]))
    for y in range(0, size[1], 5):
        picture.paste(0, (0, y + 1, size[0], min(y + 5, size[1])))
    picture.save(file, kind, **how)
    return file.getvalue()


PNG = _picture("PNG", "RGB", (30, 20))
JPEG = _picture("JPEG", "RGB", (30, 20))


def _interlaced() -> bytes:
    """Four gray pixels, interlaced: three of the seven passes hold some."""
    rows = b"\x00\x10" + b"\x00\x20" + b"\x00\x30\x40"
    header = struct.pack(">IIBBBBB", 2, 2, 8, 0, 0, 0, 1)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    data = b"\x89PNG\r\n\x1a\n"
    for kind, content in chunks:
        data += (
            struct.pack(">I", len(content))
            + kind
            + content
            + struct.pack(">I", zlib.crc32(kind + content))
        )
    assert Image.open(io.BytesIO(data)).getpixel((1, 1)) == 0x40
    return data


LOGOS = {
    "the logo of the tests": LOGO,
    "one bit": _picture("PNG", "1", (31, 7)),
    "gray": _picture("PNG", "L", (300, 200)),
    "a palette": _picture("PNG", "P", (31, 7)),
    "with an alpha channel": _picture("PNG", "RGBA", (31, 7)),
    "interlaced": _interlaced(),
    "as large as may be": _picture("PNG", "1", (4096, 4096)),
    "JPEG": JPEG,
    "gray JPEG": _picture("JPEG", "L", (9, 200)),
    "progressive JPEG": _picture("JPEG", "RGB", (64, 64), progressive=True),
}


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
        {"color": "red"},
        {"color": "#12345"},
        {"color": "#1234567;}"},
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


@pytest.mark.parametrize("logo", LOGOS.values(), ids=LOGOS)
def test_logos_are_png_or_jpeg(logo: bytes) -> None:
    assert render.Options(logo=logo).logo == logo


@pytest.mark.parametrize("logo", [PNG, JPEG], ids=["png", "jpeg"])
def test_a_logo_that_is_cut_anywhere(logo: bytes) -> None:
    for end in range(len(logo)):
        with pytest.raises(InputError, match="logo"):
            render.Options(logo=logo[:end])


def test_a_logo_with_any_byte_changed() -> None:
    for at in range(len(PNG)):
        with pytest.raises(InputError, match="logo"):
            render.Options(logo=PNG[:at] + bytes([PNG[at] ^ 0x10]) + PNG[at + 1 :])


def test_a_logo_with_pixels_missing() -> None:
    taller = bytearray(_interlaced())
    taller[20:24] = struct.pack(">I", 3)
    taller[29:33] = struct.pack(">I", zlib.crc32(bytes(taller[12:29])))
    with pytest.raises(InputError, match="pixels are missing"):
        render.Options(logo=bytes(taller))


def test_a_jpeg_that_only_a_decoder_finds_damaged() -> None:
    """It is refused when the options are made, or every format takes it."""
    refused: list[str] = []
    for at in range(2, len(JPEG) - 2, 29):
        logo = JPEG[:at] + bytes([JPEG[at] ^ 0xFF]) + JPEG[at + 1 :]
        try:
            options = render.Options(logo=logo)
        except InputError as error:
            refused.append(str(error))
        else:
            assert render.pdf(packet(), options)
    assert refused
    assert all(message.startswith("The logo is") for message in refused)


@pytest.mark.parametrize(
    "given_options",
    [
        {"logo": Path("logo.png")},
        {"logo": bytearray(PNG)},
        {"unfolded": "yes"},
        {"templates": 5},
        {"templates": b"/"},
        {"templates": "a\0b"},
        {"fonts": ""},
        {"fonts": "x" * 5_000},
        {"fonts": "~no-such-user/fonts"},
    ],
)
def test_options_of_a_wrong_kind_are_named(given_options: dict[str, Any]) -> None:
    (name,) = given_options
    with pytest.raises(InputError, match=name):
        render.Options(**given_options)


@pytest.mark.parametrize(
    "template",
    [
        b"{% extends 'ledgerhq/packet.html' %}{% block head %}{{ nobody }}{% endblock %}",
        b"{% extends 'ledgerhq/packet.html' %}{% block head %}{{ 1 / 0 }}{% endblock %}",
        b"{% block head %}",
        b"{% include 'missing.html' %}",
        b"caf\xe9",
    ],
)
def test_templates_that_do_not_work_are_named(tmp_path: Path, template: bytes) -> None:
    (tmp_path / "packet.html").write_bytes(template)
    with pytest.raises(InputError) as caught:
        render.write_html(packet(), tmp_path / "out.html", render.Options(templates=tmp_path))
    assert str(tmp_path) in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["packet.html"]


def test_the_logo_stays_out_of_repr() -> None:
    assert "PNG" not in repr(render.Options(logo=LOGO))


def test_templates_are_known_by_their_content(tmp_path: Path) -> None:
    (tmp_path / "style.css").write_text("a")
    one = render.Options(templates=tmp_path).to_json()
    (tmp_path / "style.css").write_text("b")
    assert render.Options(templates=tmp_path).to_json() != one


@given(st.integers(0, 0xFFFFFF), st.sampled_from([PAPER, NIGHT]))
def test_any_brand_color_becomes_readable(number: int, ground: str) -> None:
    assert contrast(readable(f"#{number:06x}", ground), ground) >= READABLE


def test_a_readable_color_is_left_alone() -> None:
    assert readable("#1f4e5f", PAPER) == "#1f4e5f"


def test_what_cannot_be_seen_is_shown() -> None:
    assert plain("a\u202eb\x00c\nd\ud800") == "a�b�c d�"
    assert plain("Zoë עברית 日本 👩‍👩‍👧") == "Zoë עברית 日本 👩‍👩‍👧"


def test_long_words_may_break() -> None:
    assert breakable("short words stay") == "short words stay"
    assert breakable("W" * 30).replace("\u200b", "") == "W" * 30
    assert max(map(len, breakable("W" * 500).split("\u200b"))) == 12
    assert brief("Maple Street", 6) == "Maple…"


WRITERS: dict[str, Any] = {
    "html": render.html,
    "pdf": render.pdf,
    "xlsx": render.xlsx,
    "csv": lambda source, **how: render.csv(source, "checks", **how),
    "verify": lambda source, **how: render.verify(b"%PDF", source, **how),
}


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_what_is_no_packet_is_refused(write: Any) -> None:
    for stranger in (None, Path("packet.pdf"), packet().profit_and_loss):
        message = f"or a ManagementPack, not of {type(stranger).__name__}"
        with pytest.raises(InputError, match=message):
            write(stranger)
    with pytest.raises(InputError, match="compare= must be an earlier packet, not '2026-05'"):
        write(packet(), compare="2026-05")


@pytest.mark.parametrize("write", [render.html, render.pdf, render.xlsx])
@pytest.mark.parametrize("options", ["en_US", {}, {"locale": "en_US"}])
def test_what_is_no_options_is_refused(write: Any, options: Any) -> None:
    with pytest.raises(InputError, match=r"options must be render\.Options"):
        write(packet(), options)


def _python(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )


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
