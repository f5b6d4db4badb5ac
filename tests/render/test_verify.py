"""The check: a document is what its packet renders to, or it is not."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from ledgerhq_ext import render

from .packets import LOGO, broken, earlier, packet

MAKERS: list[Callable[..., Any]] = [render.html, render.pdf, render.xlsx]
OPTIONS = render.Options(
    firm='Birch & "Partners" <x>', footer="Not audited \\ (yet). ẞ", colour="#7A1F5C", locale="de_AT", unfolded=True
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
    assert "another packet" in verdict.reason


@made
def test_files_are_verified(make: Callable[..., Any], tmp_path: Path) -> None:
    document = make(packet())
    path = tmp_path / "document"
    path.write_bytes(document.encode() if isinstance(document, str) else document)
    assert render.verify(path, packet())
    assert render.verify(str(path), packet())


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
    with zipfile.ZipFile(original) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for item in source.infolist():
            copy.writestr(item, source.read(item).replace(b"42335.94", b"42335.95"))
    assert "changed after it was rendered" in render.verify(target.getvalue(), packet()).reason


def test_a_digest_that_was_changed_too_does_not_help() -> None:
    text = render.html(broken()).replace(render.fingerprint(broken()), render.fingerprint(packet()))
    assert "changed after it was rendered" in render.verify(text, packet()).reason


def test_the_comparison_belongs_to_it() -> None:
    text = render.html(packet(), compare=earlier())
    assert render.verify(text, packet(), compare=earlier())
    assert not render.verify(text, packet())


def test_what_stands_in_it_only_by_digest_has_to_be_given() -> None:
    options = render.Options(logo=LOGO)
    text = render.html(packet(), options)
    assert "own logo" in render.verify(text, packet()).reason
    assert render.verify(text, packet(), options=options)
    assert "logo" in render.verify(text, packet(), options=render.Options()).reason


def test_options_asked_for_must_be_those_of_the_document() -> None:
    text = render.html(packet(), OPTIONS)
    verdict = render.verify(text, packet(), options=render.Options())
    assert "colour, firm, footer, locale" in verdict.reason


def test_a_document_of_another_version_says_so() -> None:
    text = re.sub(r"ledgerhq-ext [0-9.]+", "ledgerhq-ext 9.9.9", render.html(packet()))
    assert "verify it with that version" in render.verify(text, packet()).reason


@pytest.mark.parametrize(
    "document",
    [b"", b"%PDF-1.7 nothing", b"PK\x03\x04", "<!DOCTYPE html><p>hello", b"\xff\xfe"],
)
def test_documents_of_others_carry_no_seal(document: bytes | str) -> None:
    assert "no seal" in render.verify(document, packet()).reason


@pytest.mark.parametrize("options", ["", "[]", "{", '{"colour":"red"}', '{"templates":"ab"}', '{"paper":"../x"}'])
def test_options_that_cannot_be_used_are_told_of(options: str) -> None:
    text = re.sub('(name="ledgerhq:options" content=)"[^"]*"', f"\\1'{options}'", render.html(packet()))
    text = text.replace(f"'{options}'", '"' + options.replace('"', "&#34;") + '"')
    assert not render.verify(text, packet())
