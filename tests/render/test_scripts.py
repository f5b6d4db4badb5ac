"""Scripts: right-to-left dates among English words, letters that no font has, Chinese characters in
their shapes.
"""

from __future__ import annotations

import datetime as dt
import io
from importlib.resources import files
from pathlib import Path

import pytest
import typst
from attrs import evolve
from pypdf import PdfReader

from ledgerhq_ext import InputError, render
from ledgerhq_ext._plain import SHOWN
from ledgerhq_ext.render import _glyphs
from ledgerhq_ext.render._figures import Figures
from ledgerhq_ext.render._scripts import east_asian_language, script_of
from ledgerhq_ext.reports.packet import FinancialPacket, PacketPeriod

from .browser import ask, needed
from .packets import JUNE, broken, ledger, packet
from .reading import read_page, read_workbook

RIGHT_TO_LEFT = ["ar", "ar_EG", "he_IL", "fa_IR", "ur_PK"]
ISOLATE, END = "\u2067", "\u2069"


def of_company(name: str, currency: str = "USD") -> FinancialPacket:
    """The packet of a company of another name."""
    whole = packet(currency)
    return evolve(whole, organization=evolve(whole.organization, name=name))


@pytest.fixture
def fonts(tmp_path: Path) -> Path:
    """A folder with Noto Sans CJK, every language's shapes in one file."""
    source = files("noto_cjk_sans_otc") / "NotoSansCJK-Regular.ttc"
    (tmp_path / "NotoSansCJK-Regular.ttc").write_bytes(source.read_bytes())
    return tmp_path


@pytest.mark.parametrize("locale", RIGHT_TO_LEFT)
def test_a_right_to_left_date_is_isolated_everywhere(locale: str) -> None:
    figures, options = Figures(locale, "USD"), render.Options(locale=locale)
    for written in (
        figures.day(JUNE.start_date),
        figures.brief(JUNE.start_date),
        figures.money(-5),
    ):
        assert written.startswith(ISOLATE)
        assert written.endswith(END)
    period = f"{figures.day(JUNE.start_date)} to {figures.day(JUNE.end_date)}"
    page = read_page(render.html(packet(), options))
    assert period in page.texts["p"]
    assert period in page.texts["title"]
    first = packet().general_ledger.lines[0]
    dates = [
        row[0] for row in page.tables["account-1000-table"] if row[1] == f"#{first.entry_number}"
    ]
    assert dates == [figures.brief(first.date)]
    assert ["Period", period] in read_workbook(render.xlsx(packet(), options))["Summary"]


@pytest.mark.parametrize("locale", RIGHT_TO_LEFT)
def test_a_compared_right_to_left_period_is_isolated_and_nothing_else(locale: str) -> None:
    figures = Figures(locale, "USD")
    options = render.Options(locale=locale)
    # Two days of a fiscal year stand in its sentences.
    year = PacketPeriod(start_date=dt.date(2025, 6, 1), end_date=dt.date(2026, 5, 31))
    prior = evolve(broken(), period=year)
    start = figures.day(year.start_date)
    end = figures.day(year.end_date)

    page = render.html(packet(), options, compare=prior)
    assert f"compared with {start} to {end}" in page
    assert f"prior period, {start} – {end}" in page
    assert SHOWN not in page
    sheets = read_workbook(render.xlsx(packet(), options, compare=prior))
    cells = [cell for row in sheets["Summary"] for cell in row]
    assert any(f"prior period, {start} – {end}" in cell for cell in cells)
    assert not any(SHOWN in cell for cell in cells)
    pdf = PdfReader(io.BytesIO(render.pdf(packet(), options, compare=prior)))
    assert not any(SHOWN in sheet.extract_text() for sheet in pdf.pages)


def test_a_left_to_right_date_needs_no_marks() -> None:
    assert Figures("de_DE", "USD").day(JUNE.end_date) == "30.06.2026"


@needed
@pytest.mark.parametrize("locale", ["ar_EG", "he_IL"])
def test_a_browser_puts_right_to_left_dates_where_they_belong(locale: str) -> None:
    """On the screen: begin, "to", end from the left; within a date, the day at the right."""
    script = """
        const node = document.querySelector(".period").firstChild, text = node.data;
        const left = at => { const range = document.createRange(); range.setStart(node, at); range.setEnd(node, at + 1);
            return range.getBoundingClientRect().left };
        const to = text.indexOf(" to "), all = [...text].map((_, at) => left(at));
        const digits = [...text].map((sign, at) => [sign, at]).filter(([sign, at]) => /[0-9]/.test(sign) && at < to);
        return [Math.max(...digits.map(([_, at]) => left(at))), left(to + 1), Math.min(...all.slice(to + 5)),
            left(digits[0][1]), left(digits.at(-1)[1])];
    """
    begin, to, end, day, year = ask(render.html(packet(), render.Options(locale=locale)), script)
    assert begin < to < end
    assert day > year


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("桜文具", "Noto Sans CJK"),
        ("さくら", "Noto Sans CJK"),
        ("벚꽃", "Noto Sans CJK"),
        ("ร้านกาแฟ", "Noto Sans Thai"),
        ("Shop 🧾", "Noto Color Emoji"),
    ],
)
def test_a_pdf_that_would_show_boxes_is_refused(name: str, advice: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        render.write_pdf(of_company(name), tmp_path / "packet.pdf")
    message = str(caught.value)
    assert advice in message
    assert f"organization: '{name}'" in message
    assert f"{name[-1]} (U+{ord(name[-1]):04X})" in message or f"U+{ord(name[-1]):04X}" in message
    assert "Options(fonts=folder)" in message
    assert not list(tmp_path.iterdir())
    assert name in render.html(of_company(name))


def test_a_box_anywhere_is_found_and_its_place_is_named() -> None:
    whole = evolve(packet(), general_ledger=ledger([5, 7], memo="咖啡"))
    with pytest.raises(InputError, match="as in sections: '咖啡'"):
        render.pdf(whole)
    with pytest.raises(InputError, match="as in firm"):
        render.pdf(packet(), render.Options(firm="桜会計"))


def test_hundreds_of_letters_without_a_font_are_named_in_short() -> None:
    name = "".join(chr(0x4E00 + number) for number in range(500))
    with pytest.raises(InputError) as caught:
        render.pdf(of_company(name))
    assert len(str(caught.value)) < 600


@pytest.mark.parametrize(
    "name",
    ["Zoë Žižek", "Αθήνα", "Кофе", "שלום", "مكتبة", "naïve ½ — “x” €₺₹ ✓", "e\u0301", "a\u3000b"],
)
def test_letters_that_its_own_fonts_have_are_set(name: str) -> None:
    assert render.pdf(of_company(name))


def test_what_typst_panics_at_is_an_error_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        """As the bindings of typst name it; it is no Exception."""

    def panic(*_: object, **__: object) -> bytes:
        raise PanicException("byte index 3 is out of bounds")

    class Compiler:
        def __init__(self, *_: object, **__: object) -> None:
            self.compile = panic

    monkeypatch.setattr(_glyphs, "check", lambda *_: None)
    monkeypatch.setattr(typst, "Compiler", Compiler)
    with pytest.raises(InputError, match="typst failed to typeset this"):
        render.pdf(packet())


@pytest.mark.parametrize(
    ("locale", "currency", "font"),
    [
        ("ja_JP", "USD", "NotoSansCJKjp"),
        ("en_US", "JPY", "NotoSansCJKjp"),
        ("ko_KR", "KRW", "NotoSansCJKkr"),
        ("zh_CN", "CNY", "NotoSansCJKsc"),
        ("zh_TW", "TWD", "NotoSansCJKtc"),
        ("en_US", "HKD", "NotoSansCJKhk"),
    ],
)
def test_a_pdf_has_the_shapes_of_the_language(
    locale: str, currency: str, font: str, fonts: Path
) -> None:
    pdf = render.pdf(of_company("直骨", currency), render.Options(locale=locale, fonts=fonts))
    pages = PdfReader(io.BytesIO(pdf)).pages
    names = {
        str(name.get_object()["/BaseFont"])
        for page in pages
        for name in page["/Resources"]["/Font"].values()  # type: ignore[index]
    }
    assert [name for name in names if "CJK" in name and font not in name] == []
    assert [name for name in names if font in name]


def test_a_page_tells_the_browser_which_shapes() -> None:
    text = render.html(of_company("桜文具", "JPY"), render.Options(locale="en_US", firm="桜会計"))
    page = read_page(text)
    assert [tag.get("lang") for tag in page.all("bdi")] == ["ja"]
    assert 'lang="ja">桜会計' in text
    assert page.all("html")[0]["lang"] == "en"
    assert 'lang="ja"' not in render.html(packet())


@pytest.mark.parametrize(
    ("currency", "text", "language"),
    [
        ("USD", "さくら文具", "ja"),
        ("USD", "벚꽃", "ko"),
        ("USD", "文具", ""),
        ("CNY", "文具", "zh-Hans"),
        ("JPY", "shop", ""),
    ],
)
def test_the_language_of_a_text(currency: str, text: str, language: str) -> None:
    assert east_asian_language(Figures("en_US", currency).locale, currency, text) == language


@pytest.mark.parametrize(
    ("character", "script"),
    [
        ("桜", "Han"),
        ("ア", "Han"),
        ("ก", "Thai"),
        ("ب", "Arabic"),
        ("🧾", "Emoji"),
        ("अ", "Devanagari"),
    ],
)
def test_the_script_of_a_character(character: str, script: str) -> None:
    assert script_of(character) == script
