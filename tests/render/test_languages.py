"""Documents in the words of their readers: what is translated, by which catalog, and what is not."""

from __future__ import annotations

import copy
import io
import json
import pickle
import re
import zipfile
from collections.abc import Iterator
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any, cast

import pytest
from attrs import evolve
from babel.messages import Catalog
from babel.messages.pofile import write_po
from pypdf import PdfReader

from ledgerhq_ext import InputError, LedgerHQ, render
from ledgerhq_ext._message import message, plural
from ledgerhq_ext.models import FinancialPacket
from ledgerhq_ext.pack import Group, ManagementPack, read_pack
from ledgerhq_ext.render._catalogs import words_of
from ledgerhq_ext.render._figures import locale_of
from ledgerhq_ext.render._workbook import sheet_name
from ledgerhq_ext.sandbox import Sandbox
from scripts import catalogs
from tests.pack.books import GROUPS
from tests.render.packets import broken, earlier, packet
from tests.render.reading import read_page, read_workbook

OPEN, CLOSE = "‹›"
"""What a pseudo-catalog puts around every message."""
_MONTHS = "January February March April May June July August September October November December"
_DATA = {
    *_MONTHS.split(),
    *(month[:3] for month in _MONTHS.split()),
    *("UTC", "USD", "US", "Dollar", "sha"),
    # The contract's names of statements stand in problems.
    *("profitAndLoss", "balanceSheet", "trialBalance", "generalLedger", "bankReconciliationStatus"),
}


@pytest.fixture(scope="module")
def pack() -> Iterator[ManagementPack]:
    with Sandbox() as box, LedgerHQ(base_url=box.url, access_token=box.access_token()) as hq:
        books = hq.organization(hq.company("Maple Street Coffee"))
        yield read_pack(books, "2026-05", groups=cast("dict[str, Group]", GROUPS))


def write_catalog(folder: Path, name: str, texts: dict[Any, Any]) -> Path:
    catalog = Catalog(locale=name)
    for id, text in texts.items():
        catalog.add(id, text)
    with (folder / f"{name}.po").open("wb") as file:
        write_po(file, catalog)
    return folder


@pytest.fixture(scope="module")
def pseudo(tmp_path_factory: pytest.TempPathFactory) -> render.Options:
    """Options whose catalog marks every message."""
    texts: dict[Any, Any] = {}
    for entry in catalogs.template():
        if not entry.id:
            continue
        ids = entry.id if isinstance(entry.id, tuple) else (entry.id,)
        marked = tuple(f"{OPEN}{id}{CLOSE}" for id in ids)
        texts[entry.id] = marked if isinstance(entry.id, tuple) else marked[0]
    folder = write_catalog(tmp_path_factory.mktemp("catalogs"), "en", texts)
    return render.Options(catalogs=folder, draft=True, preparer="Jo Birch", reviewer="Sam Reed")


def unmarked(text: str) -> str:
    """Return what stands outside of every message."""
    depth = 0
    outside: list[str] = []
    for sign in text.replace("\u200b", ""):
        depth += (sign == OPEN) - (sign == CLOSE)
        outside.append(" " if depth or sign == CLOSE else sign)
    assert depth == 0
    return "".join(outside)


def words(text: str) -> set[str]:
    return set(re.findall(r"\b[^\W\d_]{2,}\b", text))


def texts_of(format: str, source: FinancialPacket | ManagementPack, **more: Any) -> list[str]:
    """Return the texts of a document: those between tags, of pages, or of cells."""
    if format == "html":
        page = re.sub(r"<style>.*?</style>", "", render.html(source, **more), flags=re.DOTALL)
        labels = re.findall(r' (?:aria-label|alt|data-label)="([^"]*)"', page)
        return [unescape(text) for text in (*re.findall(r">([^<]+)<", page), *labels)]
    if format == "pdf":
        return [
            sheet.extract_text()
            for sheet in PdfReader(io.BytesIO(render.pdf(source, **more))).pages
        ]
    sheets = read_workbook(render.xlsx(source, **more))
    return [*sheets, *(cell for rows in sheets.values() for row in rows for cell in row)]


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)


@pytest.mark.parametrize("format", ["html", "pdf", "xlsx"])
@pytest.mark.parametrize("kind", ["packet", "broken", "pack"])
def test_every_word_is_one_of_a_catalog(
    format: str, kind: str, pseudo: render.Options, pack: ManagementPack
) -> None:
    sources: dict[str, FinancialPacket | ManagementPack]
    sources = {"packet": packet(), "broken": broken(), "pack": pack}
    source = sources[kind]
    more: dict[str, Any] = {"options": pseudo}
    if kind == "packet":
        more["compare"] = earlier()
    data = {*_strings(json.loads(source.to_json())), *_strings(json.loads(earlier().to_json()))}
    known = {word for text in data for word in words(text)} | _DATA | {"Jo", "Birch", "Sam", "Reed"}
    texts = texts_of(format, source, **more)
    assert any(OPEN in text for text in texts)
    messages = _messages()
    for text in texts:
        outside = unmarked(text)
        assert words(outside) <= known, text
        # A word that the books have too must be theirs where it stands alone.
        if outside.strip() in messages and format != "pdf":
            assert outside.strip() in data, text


@cache
def _messages() -> set[str]:
    ids = (entry.id for entry in catalogs.template() if entry.id)
    return {id if isinstance(id, str) else id[0] for id in ids}


def test_words_of_the_style_sheet_are_those_of_a_catalog(pseudo: render.Options) -> None:
    style = render.html(broken(), pseudo).split("<style>")[1].split("</style>")[0]
    contents = re.findall(r'content: "([^"]*[A-Za-z]{3}[^"]*)"', style)
    assert contents
    for content in contents:
        assert content.startswith("\\2039 ")
        assert content.endswith("\\203a ")


def test_catalogs_are_complete_and_in_step_with_the_code() -> None:
    assert {"es", "fr"} <= set(catalogs.languages())
    assert catalogs.main(["--check"]) == 0


def test_what_is_wrong_in_a_catalog() -> None:
    catalog = Catalog(locale="es")
    catalog.add("Total", "")
    catalog.add("Debit", "Débito", flags=["fuzzy"])
    catalog.add("{start} to {end}", "{start} al {fin}")
    catalog.add(("{count} day", "{count} days"), ("{count} día", ""))
    assert list(catalogs.problems(catalog)) == [
        "'Total' is not translated",
        "'Debit' is marked as fuzzy",
        "'{start} al {fin}' has placeholders that '{start} to {end}' does not have: fin",
        "'{count} day' is not translated",
    ]


@pytest.mark.parametrize("language", ["es", "fr"])
def test_translations_have_all_placeholders(language: str) -> None:
    entries: Iterator[Any] = iter(catalogs.catalog_of(language))
    for entry in entries:
        ids = entry.id if isinstance(entry.id, tuple) else (entry.id,)
        texts = entry.string if isinstance(entry.string, tuple) else (entry.string,)
        for text in texts if entry.id else ():
            assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", ids[-1])), text


@pytest.mark.parametrize(
    ("locale", "language", "result", "net_income"),
    [
        ("en_US", "en", "Profit and loss", "Net income"),
        ("es_MX", "es", "Estado de resultados", "Utilidad neta"),
        ("es", "es", "Estado de resultados", "Utilidad neta"),
        ("fr_CA", "fr", "Compte de résultat", "Résultat net"),
        # No catalog: English words, with its own figures and dates.
        ("de_DE", "en", "Profit and loss", "Net income"),
    ],
)
def test_the_language_is_that_of_the_locale(
    locale: str, language: str, result: str, net_income: str
) -> None:
    options = render.Options(locale=locale)
    text = render.html(packet(), options)
    assert read_page(text).all("html") == [{"lang": language}]
    assert f"<h2>{result}</h2>" in text
    assert net_income in text

    pdf = render.pdf(packet(), options)
    pages = PdfReader(io.BytesIO(pdf))
    assert str(cast("Any", pages.trailer["/Root"])["/Lang"]).split("-")[0] == language
    assert result in "".join(page.extract_text() for page in pages.pages)
    workbook = render.xlsx(packet(), options)
    assert result in read_workbook(workbook)
    for document in (text, pdf, workbook):
        assert render.verify(document, packet())


def test_the_colon_behind_a_label_is_that_of_the_language() -> None:
    french = render.html(broken(), render.Options(locale="fr_CA"))
    title = french.partition("<title>")[2].partition("</title>")[0]
    assert title.startswith("NE CONCORDE PAS : ")
    assert " : diffère" in french
    assert not re.search("[^ ]: diffère", french)
    english = render.html(broken(), render.Options())
    assert "<title>DOES NOT TIE: " in english


def test_titles_and_the_assurance_of_this_library_are_translated() -> None:
    options = render.Options(
        locale="fr_FR",
        title="Management pack",
        assurance=render.NO_ASSURANCE,
        letter="Total",
        footer="Total",
    )
    text = render.html(packet(), options)
    assert '<p class="kind">Rapport de gestion</p>' in text
    assert "aucune assurance" in text
    own = render.html(packet(), evolve(options, title="Juni", assurance="Ours."))
    assert '<p class="kind">Juni</p>' in own
    assert "Ours." in own


def test_reasons_and_verdicts_are_translated_and_data_is_not() -> None:
    text = render.html(broken(), render.Options(locale="es_MX"))
    assert "no comprobable, porque" in text
    assert "Este informe no cuadra" in text
    differing = [check for check in broken().checks() if check.verdict == "differs"]
    assert all(str(check) == check.message for check in differing)
    assert all(": differs" in str(check) for check in differing)
    # CSV is for machines.
    assert render.csv(packet(), "profit-and-loss").startswith("Code,Account,Amount")


def test_numbers_have_the_plural_of_their_language() -> None:
    french = words_of(locale_of("fr_FR"), None)
    english = words_of(locale_of("en_US"), None)

    def checks(count: int) -> str:
        return french.text(plural("{count} check made", "{count} checks made", count=count))

    assert [checks(count) for count in (0, 1, 2)] == [
        "0 contrôle effectué",
        "1 contrôle effectué",
        "2 contrôles effectués",
    ]
    zero = plural("{count} check made", "{count} checks made", count=0)
    assert english.text(zero) == zero == "0 checks made"


def test_a_message_survives_copies_and_says_names_as_they_are() -> None:
    made = message("it is kept in {currency}", currency="{day}\u202e")
    for copied in (copy.deepcopy(made), pickle.loads(pickle.dumps(made))):
        assert copied == made == "it is kept in {day}\u202e"
        spanish = words_of(locale_of("es_MX"), None).text(copied)
        # A stranger's text fills no placeholder, and hides nothing.
        assert spanish == "se lleva en {day}\N{REPLACEMENT CHARACTER}"


def test_a_language_of_ones_own(tmp_path: Path) -> None:
    texts = {"Profit and loss": "Demonstração do resultado", "Net income": "Lucro líquido"}
    folder = write_catalog(tmp_path, "pt", texts)
    options = render.Options(locale="pt_BR", catalogs=folder)
    text = render.html(packet(), options)
    assert read_page(text).all("html") == [{"lang": "pt"}]
    assert "<h2>Demonstração do resultado</h2>" in text
    # What it does not translate is English.
    assert "<h2>Balance sheet</h2>" in text
    assert render.verify(text, packet(), options=options)
    assert "catalogs" in render.verify(text, packet()).reason

    # Other words are another document.
    write_catalog(tmp_path, "pt", {"Profit and loss": "Resultado"})
    verdict = render.verify(text, packet(), options=options)
    assert verdict.finding == "other options"


def test_own_words_go_before_those_of_this_library(tmp_path: Path) -> None:
    folder = write_catalog(tmp_path, "es_ES", {"Net income": "Resultado del ejercicio"})
    text = render.html(packet(), render.Options(locale="es_ES", catalogs=folder))
    assert "Resultado del ejercicio" in text
    assert "Utilidad neta" not in text.replace("utilidad neta", "")
    assert "<h2>Estado de resultados</h2>" in text
    mexican = render.html(packet(), render.Options(locale="es_MX", catalogs=folder))
    assert "Utilidad neta" in mexican


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'msgid "Total"\nTotal', "cannot be read"),
        (b'msgid "Total"\nmsgstr "\xff"', "cannot be read"),
        (b'msgid "Total"\nmsgstr "{sum}"', "does not have: sum"),
    ],
)
def test_a_catalog_that_cannot_be_used(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "pt.po").write_bytes(content)
    with pytest.raises(InputError, match=message):
        render.html(packet(), render.Options(locale="pt_BR", catalogs=tmp_path))


def test_a_folder_of_catalogs_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="catalogs: the folder"):
        render.Options(catalogs=tmp_path / "none")


def test_a_language_that_runs_to_the_left(tmp_path: Path) -> None:
    folder = write_catalog(tmp_path, "he", {"Profit and loss": "רווח והפסד"})
    options = render.Options(locale="he_IL", catalogs=folder)
    text = render.html(packet(), options)
    assert read_page(text).all("html") == [{"lang": "he", "dir": "rtl"}]
    assert render.pdf(packet(), options).startswith(b"%PDF")
    with zipfile.ZipFile(io.BytesIO(render.xlsx(packet(), options))) as archive:
        assert 'rightToLeft="1"' in archive.read("xl/worksheets/sheet1.xml").decode()


def test_names_of_sheets_are_those_that_a_workbook_can_have() -> None:
    others: set[str] = set()
    names = [
        sheet_name(title, others)
        for title in (
            "Compte de l'exercice",
            "Actifs / passifs: [2026] *?\\",
            "'Vorläufige Gewinn- und Verlustrechnung'",
            "Vorläufige Gewinn- und Verlustübersicht",
            "COMPTE DE L'EXERCICE",
            "???",
        )
    ]
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert 0 < len(name) <= 31
        assert not re.search(r"[\[\]:*?/\\]", name)
        assert name.strip(" '") == name
    assert names[0] == "Compte de l'exercice"
    assert names[4] == "COMPTE DE L'EXERCICE 2"
