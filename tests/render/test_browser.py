"""The HTML in a real browser: on a phone, on a laptop, on paper, in the dark; and what axe-core
says of it.
"""

from __future__ import annotations

import datetime as dt
import json
import time
from pathlib import Path

import pytest
import typst
from attrs import evolve
from PIL import Image
from pypdf import PdfReader

from ledgerhq_ext import render, review
from ledgerhq_ext.models import BankTransaction
from ledgerhq_ext.render._build import build
from ledgerhq_ext.render._pdf_pages import lay_out
from ledgerhq_ext.reports.packet import FinancialPacket

from .browser import ask, axe, needed, printed, run, screenshot, without_policy
from .packets import broken, earlier, hostile, packet

OPTIONS = render.Options(firm="Birch & Partners", footer="Prepared without audit.", unfolded=True)
GOLDEN = Path(__file__).with_name("golden.json")
GRID = (24, 32)

pytestmark = pytest.mark.slow


def _all_open(page: str) -> str:
    return page.replace('<details class="account">', '<details class="account" open>')


def _dark(page: str) -> str:
    """The page as it looks in the dark, in a browser that prefers light; its policy would refuse a
    changed style.
    """
    page = without_policy(page)
    page = page.replace("prefers-color-scheme: dark", "prefers-color-scheme: light")
    return page.replace('content="light dark"', 'content="dark"')


@needed
@pytest.mark.parametrize("look", ["light", "dark"])
def test_axe_finds_nothing(look: str) -> None:
    light = look == "light"
    page = _all_open(
        render.html(packet() if light else broken(), OPTIONS, compare=earlier() if light else None)
    )
    assert axe(page if light else _dark(page)) == []


@needed
def test_axe_finds_nothing_on_the_review_page(rows: list[BankTransaction]) -> None:
    assert axe(review.table(rows, currency="USD").html()) == []


@pytest.fixture
def rows() -> list[BankTransaction]:
    return [
        BankTransaction(
            id=f"row-{number}",
            bank_account_id="bank-1",
            date=dt.date(2026, 6, number),
            description="OFFICE DEPOT #42",
            amount=-1250 * number,
            status="unreconciled",
            source_type="plaid_bank_feed",
            pending=False,
        )
        for number in (1, 2)
    ]


@needed
@pytest.mark.parametrize("made", [packet(), hostile()], ids=["good", "hostile"])
def test_nothing_is_cut_off_on_a_phone(made: FinancialPacket) -> None:
    script = """
        document.documentElement.style.width = "390px";
        const wide = [...document.querySelectorAll("body *")].filter(
            e => !e.closest(".box") && !e.closest("svg") && !e.closest(".unseen")
                && e.getBoundingClientRect().right > 391);
        return wide.map(e => e.outerHTML.slice(0, 120));
    """
    assert ask(_all_open(render.html(made, OPTIONS)), script, (390, 844)) == []


@needed
@pytest.mark.parametrize("locale", ["es_MX", "fr_FR"])
def test_longer_words_are_not_cut_off(locale: str) -> None:
    """On a phone the page is not wider than it; on a laptop no table has to scroll."""
    page = _all_open(render.html(packet(), evolve(OPTIONS, locale=locale), compare=earlier()))
    phone = """
        document.documentElement.style.width = "390px";
        const wide = [...document.querySelectorAll("body *")].filter(
            e => !e.closest(".box") && !e.closest("svg") && !e.closest(".unseen")
                && e.getBoundingClientRect().right > 391);
        return wide.map(e => e.outerHTML.slice(0, 120));
    """
    laptop = """
        const boxes = [...document.querySelectorAll(".box")];
        return boxes.filter(e => e.scrollWidth > e.clientWidth).map(e => e.getAttribute("aria-label"));
    """
    assert ask(page, phone, (390, 844)) == []
    assert ask(page, laptop) == []


@pytest.mark.sample
@needed
def test_the_browser_runs_nothing_of_a_hostile_packet() -> None:
    page = render.html(hostile(), OPTIONS)
    # Its own policy is on: nothing but what the page itself says is in the document.
    dumped = run(page, "--dump-dom", "--virtual-time-budget=2000")
    assert "<script" not in dumped
    assert "alert(1)" in dumped
    assert "Content-Security-Policy" in dumped


@needed
def test_paper_shows_what_the_screen_folds(tmp_path: Path) -> None:
    made = printed(
        render.html(packet(lines=120), render.Options(firm="Birch & Partners")),
        tmp_path / "page.pdf",
    )
    reader = PdfReader(made)
    words = "\n".join(page.extract_text() for page in reader.pages)
    assert len(reader.pages) >= 4
    assert words.count("Till close") == 120
    assert "Opening balance" in words
    assert f"1 / {len(reader.pages)}" in words


@needed
def test_a_broken_packet_says_so_on_every_printed_page(tmp_path: Path) -> None:
    reader = PdfReader(printed(render.html(broken(), OPTIONS), tmp_path / "page.pdf"))
    assert all("Does not tie" in page.extract_text() for page in reader.pages)


@needed
def test_a_long_ledger_opens_at_once(tmp_path: Path) -> None:
    long = render.write_html(packet(lines=10_000), tmp_path / "long.html")
    short = render.write_html(packet(), tmp_path / "short.html")
    times = []
    for path in (short, long):
        begun = time.monotonic()
        screenshot(path, tmp_path / "shot.png", (1280, 1000))
        times.append(time.monotonic() - begun)
    # A guard against freezing, not a measure: that is `make bench`.
    assert times[1] < times[0] + 20, times


def _ink(path: Path) -> list[int]:
    """How dark each part of a picture is, 0 to 255, on a coarse grid: the layout without the
    letters.
    """
    with Image.open(path) as picture:
        small = picture.convert("L").resize(GRID, Image.Resampling.BOX)
        return [255 - level for level in small.tobytes()]


def _looks_like(name: str, path: Path) -> None:
    known: dict[str, list[int]] = json.loads(GOLDEN.read_text())
    ink = _ink(path)
    # Fonts differ from machine to machine, where the blocks stand does not.
    apart = sum(abs(a - b) for a, b in zip(ink, known[name], strict=True)) / len(ink)
    assert apart < 8, (
        f"{name} looks different ({apart:.1f}): see {path}, then tests/render/golden.json"
    )


SIZES = {"phone": (390, 844), "laptop": (1280, 900)}


@needed
@pytest.mark.parametrize("name", [*SIZES, "dark"])
def test_the_page_looks_as_it_did(name: str, tmp_path: Path) -> None:
    page = render.html(packet(), OPTIONS)
    shown = _dark(page) if name == "dark" else page
    _looks_like(name, screenshot(shown, tmp_path / f"{name}.png", SIZES.get(name, SIZES["laptop"])))


def test_the_pages_of_the_pdf_look_as_they_did(tmp_path: Path) -> None:
    lay_out(tmp_path, build(packet(), OPTIONS), OPTIONS)
    fonts = typst.Fonts(include_system_fonts=False)
    pages = typst.Compiler(
        str(tmp_path / "main.typ"), root=str(tmp_path), font_paths=fonts
    ).compile(format="png", ppi=50)
    assert isinstance(pages, list)
    for number, data in enumerate(pages[:3], 1):
        path = tmp_path / f"pdf-{number}.png"
        path.write_bytes(data)
        _looks_like(path.stem, path)


def learn(folder: Path) -> None:
    """Take the pictures of today as the known ones, after somebody has looked at them."""
    page, known = render.html(packet(), OPTIONS), {}
    for name in [*SIZES, "dark"]:
        shown = _dark(page) if name == "dark" else page
        known[name] = _ink(
            screenshot(shown, folder / f"{name}.png", SIZES.get(name, SIZES["laptop"]))
        )
    lay_out(folder, build(packet(), OPTIONS), OPTIONS)
    compiler = typst.Compiler(
        str(folder / "main.typ"),
        root=str(folder),
        font_paths=typst.Fonts(include_system_fonts=False),
    )
    pages = compiler.compile(format="png", ppi=50)
    assert isinstance(pages, list)
    for number, data in enumerate(pages[:3], 1):
        (folder / f"pdf-{number}.png").write_bytes(data)
        known[f"pdf-{number}"] = _ink(folder / f"pdf-{number}.png")
    GOLDEN.write_text(json.dumps(known, separators=(",", ":")) + "\n")
