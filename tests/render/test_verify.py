"""The check: a document is what its packet renders to, or it is not."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from ledgerhq_ext import FinancialPacket, render
from ledgerhq_ext._version import __version__
from ledgerhq_ext.render import _build, _figures, _options

from .packets import LOGO, broken, earlier, packet

MAKERS: list[Callable[..., Any]] = [render.html, render.pdf, render.xlsx]
OPTIONS = render.Options(
    firm='Birch & "Partners" <x>',
    footer="Not audited \\ (yet). ẞ",
    color="#7A1F5C",
    locale="de_AT",
    unfolded=True,
)
made = pytest.mark.parametrize("make", MAKERS, ids=["html", "pdf", "xlsx"])


@made
def test_a_document_is_verified_against_its_packet(make: Callable[..., Any]) -> None:
    verdict = render.verify(make(packet(), OPTIONS), packet())
    assert verdict
    assert verdict.options == evolve(OPTIONS, paper="a4")


@made
def test_another_packet_is_not_taken_for_it(make: Callable[..., Any]) -> None:
    verdict = render.verify(make(packet(), OPTIONS), broken())
    assert not verdict
    assert "a different packet" in verdict.reason


@made
def test_files_are_verified(make: Callable[..., Any], tmp_path: Path) -> None:
    document = make(packet())
    path = tmp_path / "document"
    path.write_bytes(document.encode() if isinstance(document, str) else document)
    assert render.verify(path, packet())
    assert render.verify(str(path), packet())


@pytest.mark.parametrize(
    "unknown",
    [
        {},
        {"generalLedger": {"asOf": "2026-07-01"}},
        {"audit": {"generalLedger": {"lines": [1]}}},
    ],
)
def test_the_digest_is_of_the_canonical_json_whatever_fields_there_are(
    unknown: dict[str, dict[str, Any]],
) -> None:
    document = packet().to_dict()
    for name, fields in unknown.items():
        document[name] = {**document.get(name, {}), **fields}

    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    assert render.fingerprint(FinancialPacket.from_dict(document)) == digest


def test_a_changed_figure_is_caught() -> None:
    text = render.html(packet())
    assert "42,335.94" in text
    verdict = render.verify(text.replace("42,335.94", "42,335.95"), packet())
    assert "changed after it was rendered" in verdict.reason


def test_one_changed_byte_of_a_pdf_is_caught() -> None:
    pdf = render.pdf(packet())
    changed = pdf[: len(pdf) // 2] + bytes([pdf[len(pdf) // 2] ^ 1]) + pdf[len(pdf) // 2 + 1 :]
    assert "changed after it was rendered" in render.verify(changed, packet()).reason


def test_a_changed_cell_of_a_workbook_is_caught() -> None:
    original, target = io.BytesIO(render.xlsx(packet())), io.BytesIO()
    with (
        zipfile.ZipFile(original) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy,
    ):
        for item in source.infolist():
            copy.writestr(item, source.read(item).replace(b"42335.94", b"42335.95"))
    assert "changed after it was rendered" in render.verify(target.getvalue(), packet()).reason


def test_a_digest_that_was_changed_too_does_not_help() -> None:
    text = render.html(broken()).replace(render.fingerprint(broken()), render.fingerprint(packet()))
    assert "changed after it was rendered" in render.verify(text, packet()).reason


def test_the_comparison_belongs_to_it() -> None:
    text = render.html(packet(), compare=earlier())
    assert render.verify(text, packet(), compare=earlier())
    verdict = render.verify(text, packet())
    assert verdict.finding == "other packet"
    assert "compare=" in verdict.reason


def test_what_stands_in_it_only_by_digest_has_to_be_given() -> None:
    options = render.Options(logo=LOGO)
    text = render.html(packet(), options)
    assert "custom logo" in render.verify(text, packet()).reason
    assert render.verify(text, packet(), options=options)
    assert "logo" in render.verify(text, packet(), options=render.Options()).reason


def test_options_asked_for_must_be_those_of_the_document() -> None:
    text = render.html(packet(), OPTIONS)
    verdict = render.verify(text, packet(), options=render.Options())
    assert "color, firm, footer, locale" in verdict.reason


@pytest.mark.parametrize(
    ("part", "other"),
    [
        ('"color":', '"color": '),
        ('"draft":false', '"draft":true,"draft":false'),
        ('"title":"F', '"title":"\\u0046'),
        ('"unfolded":false', '"unfolded":false,"unheard":null'),
    ],
)
def test_a_change_of_the_seal_that_says_nothing_is_a_change(part: str, other: str) -> None:
    text = render.html(packet())
    changed = text.replace(_attribute(part), _attribute(other))
    assert changed != text
    assert render.verify(changed, packet()).finding == "changed"


def test_half_a_surrogate_pair_is_a_change() -> None:
    options = render.Options(letter="Questions?")
    text = render.html(packet(), options)
    assert render.verify(text, packet())
    assert render.verify(text.replace("s?", "s\ud800"), packet()).finding == "changed"


def _attribute(text: str) -> str:
    return text.replace('"', "&#34;")


OLDER = f"ledgerhq-ext {__version__}, babel 2.17.0, jinja2 3.1.5, typst 0.15.1, xlsxwriter 3.2.0"


@pytest.fixture
def older(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """As long as it is not undone, documents are made by older versions."""
    monkeypatch.setattr(_options, "made_by", lambda: OLDER)
    yield monkeypatch
    monkeypatch.undo()


def look_otherwise(older: pytest.MonkeyPatch) -> None:
    """Let the older versions write dates and set paragraphs in another way."""
    older.setattr(_figures, "format_date", lambda day, *_: f"{day:%d. %B %Y}")


@made
def test_other_versions_that_give_the_same_bytes_do_not_matter(
    make: Callable[..., Any], older: pytest.MonkeyPatch
) -> None:
    document = make(packet())
    older.undo()
    verdict = render.verify(document, packet())
    assert verdict
    assert verdict.finding == "fits"


@made
def test_a_document_that_other_versions_typeset_is_told_from_a_changed_one(
    make: Callable[..., Any], older: pytest.MonkeyPatch
) -> None:
    look_otherwise(older)
    document = make(packet(), compare=earlier())
    older.undo()
    verdict = render.verify(document, packet(), compare=earlier())
    assert not verdict
    assert verdict.finding == "other versions"
    assert OLDER in verdict.reason
    assert _options.made_by() in verdict.reason
    known = "its own digest" if make is render.pdf else "its amounts are those of the packet"
    assert known in verdict.reason


def changed_html(document: str) -> str:
    return document.replace("42,335.94", "42,335.95", 1)


def changed_pdf(document: bytes) -> bytes:
    middle = len(document) // 2
    return document[:middle] + bytes([document[middle] ^ 1]) + document[middle + 1 :]


def changed_xlsx(document: bytes) -> bytes:
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(document)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy,
    ):
        for item in source.infolist():
            copy.writestr(item, source.read(item).replace(b"42335.94", b"42335.95"))
    return target.getvalue()


CHANGES: list[Callable[..., Any]] = [changed_html, changed_pdf, changed_xlsx]


@pytest.mark.parametrize(
    ("make", "change"), list(zip(MAKERS, CHANGES, strict=True)), ids=["html", "pdf", "xlsx"]
)
def test_a_change_to_a_document_of_other_versions_is_found(
    make: Callable[..., Any], change: Callable[..., Any], older: pytest.MonkeyPatch
) -> None:
    look_otherwise(older)
    document = change(make(packet()))
    older.undo()
    verdict = render.verify(document, packet())
    assert verdict.finding == "changed"
    if make is not render.pdf:
        assert "42335.95" in verdict.reason.replace(",", "")
        assert "42335.94" in verdict.reason.replace(",", "")


@made
def test_another_release_of_this_package_is_not_compared_figure_by_figure(
    make: Callable[..., Any], older: pytest.MonkeyPatch
) -> None:
    look_otherwise(older)
    older.setattr(_options, "made_by", lambda: "ledgerhq-ext 0.0.1, babel 2.17.0")
    # Another release may say more or less: here it leaves the summary out.
    older.setattr(_build, "figures_of", lambda *_: iter(()))
    document = make(packet())
    older.undo()
    verdict = render.verify(document, packet())
    assert verdict.finding == "other versions"
    assert "ledgerhq-ext 0.0.1" in verdict.reason
    assert "was made from this packet" in verdict.reason


def test_other_versions_and_another_packet() -> None:
    text = re.sub("ledgerhq-ext [0-9.]+", "ledgerhq-ext 9.9.9", render.html(broken()))
    assert render.verify(text, packet()).finding == "other packet"


def test_the_changed_figure_is_named() -> None:
    verdict = render.verify(changed_html(render.html(packet())), packet())
    assert verdict.finding == "changed"
    assert "'42,335.95' stands where '42,335.94' belongs" in verdict.reason


def test_a_changed_name_is_named_and_is_no_figure(older: pytest.MonkeyPatch) -> None:
    look_otherwise(older)
    text = render.html(packet()).replace(">Rent<", ">Rant<")
    older.undo()
    verdict = render.verify(text, packet())
    assert verdict.finding == "other versions"
    assert "words differ" in verdict.reason


def test_a_workbook_that_is_no_longer_one(older: pytest.MonkeyPatch) -> None:
    look_otherwise(older)
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(render.xlsx(packet()))) as source,
        zipfile.ZipFile(target, "w") as copy,
    ):
        for item in source.infolist():
            if "sheet2" not in item.filename:
                copy.writestr(item, source.read(item))
    older.undo()
    assert render.verify(target.getvalue(), packet()).finding == "changed"


@pytest.mark.parametrize(
    "document",
    [b"", b"%PDF-1.7 nothing", b"PK\x03\x04", "<!DOCTYPE html><p>hello", b"\xff\xfe"],
)
def test_documents_of_others_carry_no_seal(document: bytes | str) -> None:
    verdict = render.verify(document, packet())
    assert verdict.finding == "no seal"
    assert "no seal" in verdict.reason


@pytest.mark.parametrize(
    "options", ["", "[]", "{", '{"color":"red"}', '{"templates":"ab"}', '{"paper":"../x"}']
)
def test_options_that_cannot_be_used_are_told_of(options: str) -> None:
    text = re.sub(
        '(name="ledgerhq:options" content=)"[^"]*"', f"\\1'{options}'", render.html(packet())
    )
    text = text.replace(f"'{options}'", '"' + options.replace('"', "&#34;") + '"')
    assert not render.verify(text, packet())
