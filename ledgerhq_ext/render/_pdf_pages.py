"""A document as PDF, set by typst: the same bytes for the same document, with the fonts typst
brings along.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

from ledgerhq_ext._files import read_file, shown, temporary_folder
from ledgerhq_ext._plain import breakable, brief
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.render import _colours as colours
from ledgerhq_ext.render import _glyphs as glyphs
from ledgerhq_ext.render._claims import keywords, with_own_digest
from ledgerhq_ext.render._document import Chart, Document, Fact, Section, Table, Value
from ledgerhq_ext.render._figures import Figures, locale_of
from ledgerhq_ext.render._html_tables import written
from ledgerhq_ext.render._labels import when
from ledgerhq_ext.render._options import Options, Paper, logo_type
from ledgerhq_ext.render._pdf_tables import pdf_tables
from ledgerhq_ext.render._scripts import east_asian_language, in_order
from ledgerhq_ext.render._svg import described, figure_of, scale

TAGGED_ROWS = 1_000
"""Up to how many table rows the PDF carries tags for screen readers: they cost typst as much as the
pages.
"""
_LONG = 60
_PAGE, _WRAPS = 44, 28
"""Lines that fit on any paper for certain, and letters that fit into a name's column."""
_PANIC = "PanicException"
# Language and region, as typst wants them.
_LANGUAGES = {
    "ja": ["ja", "jp"],
    "ko": ["ko", "kr"],
    "zh-Hans": ["zh", "cn"],
    "zh-Hant": ["zh", "tw"],
    "zh-Hant-HK": ["zh", "hk"],
}
_PARTS = ("main.typ", "parts.typ", "blocks.typ")


def pdf(document: Document, options: Options) -> bytes:
    """The PDF. Nothing of it is read from the system: no fonts, no packages, no clock."""
    with temporary_folder() as folder:
        lay_out(folder, document, options)
        return set_pages(folder, document, options)


def set_pages(root: Path, document: Document, options: Options) -> bytes:
    """Have typst set what ``lay_out`` has laid out."""
    compiler = typst.Compiler(
        str(root / "main.typ"), root=str(root), font_paths=fonts(options), package_path=str(root)
    )
    try:
        made = compiler.compile(format="pdf", timestamp=0, pdf_tags=_rows(document) <= TAGGED_ROWS)
    except Exception as error:
        raise InputError(f"typst cannot set this{_own_parts(options)}: {error}") from error
    except BaseException as error:
        # A panic of typst is no Exception; whatever a stranger's text brings about must not end the
        # process.
        if type(error).__name__ != _PANIC:
            raise
        raise InputError(
            f"typst failed on this{_own_parts(options)}: {error}. Write HTML."
        ) from error
    assert isinstance(made, bytes)
    return with_own_digest(made)


def fonts(options: Options) -> typst.Fonts:
    """Return typst's own fonts and those of the options, none of the system's."""
    return typst.Fonts(
        include_system_fonts=False, font_paths=[str(options.fonts)] if options.fonts else []
    )


def _own_parts(options: Options) -> str:
    """Say which parts of a document are not ours."""
    parts: list[str] = []
    if options.templates:
        parts.append(f"the templates in {shown(options.templates)}")
    if options.fonts:
        parts.append(f"the fonts in {shown(options.fonts)}")
    if options.logo:
        parts.append("this logo")
    return f" with {', '.join(parts)}" if parts else ""


def lay_out(root: Path, document: Document, options: Options) -> None:
    """Everything typst reads, in one folder. What strangers wrote goes in as JSON, never as markup."""
    # Read and not copied: the package may stand in an archive.
    ours = files("ledgerhq_ext.render") / "typst"
    for name in _PARTS:
        yours = options.templates / name if options.templates and name != "main.typ" else None
        if yours is not None and yours.is_file():
            (root / name).write_bytes(read_file(yours))
        else:
            (root / name).write_bytes((ours / name).read_bytes())
    if options.templates:
        # So that a parts.typ or blocks.typ of yours can import ours.
        (root / "ledgerhq.typ").write_bytes((ours / "parts.typ").read_bytes())
    data = _data(document, options)
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False)
    glyphs.check(data, text, fonts(options))
    data |= _letters(text, document, options)
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False)
    (root / "packet.json").write_text(text, encoding="utf-8")
    if options.logo:
        (root / data["logo"]).write_bytes(options.logo)


def _tables(document: Document) -> Iterator[Table]:
    for section in document.sections:
        yield from section.tables
        yield from (part.table for part in section.parts)


def _rows(document: Document) -> int:
    return sum(table.size for table in _tables(document))


def _data(document: Document, options: Options) -> dict[str, Any]:
    figures = Figures(options.locale, document.currency)
    day = figures.day
    return {
        "title": document.title,
        "organization": breakable(document.organization),
        "running": brief(document.organization, 60),
        "heading": 25 if len(document.organization) <= _LONG else 13,
        "period": f"{day(document.start)} to {day(document.end)}",
        "compared": f"{day(document.compared[0])} to {day(document.compared[1])}"
        if document.compared
        else "",
        "unit": f"Amounts in {figures.currency_name} ({document.currency}).",
        "currency": document.currency,
        "checked": document.checked,
        "tick": "✓ " if document.ties else "",
        "notes": list(document.notes),
        "problems": [breakable(problem) for problem in document.problems],
        "warnings": [breakable(warning) for warning in document.warnings],
        "figures": [_fact(fact, figures) for fact in document.figures],
        "charts": [_chart(chart, figures) for chart in document.charts],
        "sections": [
            _section(section, document, figures, options.page) for section in document.sections
        ],
        "firm": breakable(options.firm),
        "footer": breakable(options.footer),
        "logo": f"logo.{logo_type(options.logo)}" if options.logo else "",
        "paper": options.page,
        "colour": colours.readable(options.colour, colours.PAPER),
        "tones": colours.tones(options.colour, colours.PAPER),
        "seal": _seal(document),
        "keywords": keywords(
            document.seal.sha256, document.seal.compared_sha256, document.seal.options
        ),
    }


def _letters(text: str, document: Document, options: Options) -> dict[str, Any]:
    """Typst's own text font, then those of the options, for what it lacks; and the language of East
    Asian texts.
    """
    language = east_asian_language(locale_of(options.locale), document.currency, text)
    families = ["Libertinus Serif"]
    if options.fonts:
        theirs = typst.Fonts(
            include_system_fonts=False,
            include_embedded_fonts=False,
            font_paths=[str(options.fonts)],
        )
        families += in_order(theirs.families(), language)
    return {"fonts": families, "language": _LANGUAGES.get(language, [])}


def _seal(document: Document) -> list[str]:
    """The small print: when, whose, and the digests; the options stand in the metadata."""
    seal = document.seal
    whose = breakable(document.organization_id)
    lines = [
        f"Figures as of {document.generated_at.isoformat(' ', 'seconds')} · Organization {whose}"
    ]
    lines.append(f"Packet, sha256: {seal.sha256}")
    if seal.compared_sha256:
        lines.append(f"Prior packet, sha256: {seal.compared_sha256}")
    return lines


def _fact(fact: Fact, figures: Figures) -> dict[str, Any]:
    def told(value: Value) -> str:
        if fact.kind == "cents" and isinstance(value, int):
            return figures.money(value)
        return written(value, fact.kind, figures)

    return {
        "label": fact.label,
        "value": told(fact.value),
        "before": told(fact.before),
        "when": fact.before_label,
    }


def _chart(chart: Chart, figures: Figures) -> dict[str, Any]:
    low, high = scale(chart)
    reach = (high - low) or 1
    bars = [
        {
            "label": breakable(bar.label),
            "value": figure_of(chart, bar.total, figures),
            "parts": [
                {
                    "label": f"{segment.label} {figure_of(chart, segment.value, figures)}",
                    "share": segment.value / reach,
                    "tone": segment.tone,
                }
                for segment in bar.segments
            ],
        }
        for bar in chart.bars
    ]
    return {
        "title": chart.title,
        "detail": chart.detail,
        "zero": -low / reach,
        "bars": bars,
        "words": described(chart, figures),
    }


def _section(
    section: Section, document: Document, figures: Figures, paper: Paper
) -> dict[str, Any]:
    tables = pdf_tables([part.table for part in section.parts], figures, paper, small=True)
    return {
        "id": section.id,
        "title": section.title,
        "when": when(section, document, figures),
        "headline": [_fact(fact, figures) for fact in section.headline],
        "problems": [breakable(problem) for problem in section.problems],
        "missing": section.missing,
        "fits": not section.parts and sum(map(_height, section.tables)) <= _PAGE,
        "tables": [pdf_tables([table], figures, paper)[0] for table in section.tables],
        "parts": [
            {"title": breakable(part.label), "note": part.note, "table": table}
            for part, table in zip(section.parts, tables, strict=True)
        ],
    }


def _height(table: Table) -> int:
    """About how many lines a table takes: names that are long wrap."""
    texts = ([len(cell) for cell in row.cells if isinstance(cell, str)] for row in table.rows)
    return 3 + sum(1 + max(lengths, default=0) // _WRAPS for lengths in texts)
