"""A document as PDF, set by typst with its own fonts: the same bytes for the same document."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst
from babel import Locale

from ledgerhq_ext._files import read_file, temporary_folder
from ledgerhq_ext._message import message as _
from ledgerhq_ext._paths import shown
from ledgerhq_ext._plain import breakable, brief
from ledgerhq_ext.render import _colors as colors
from ledgerhq_ext.render import _glyphs as glyphs
from ledgerhq_ext.render._catalogs import Words
from ledgerhq_ext.render._claims import keywords, with_own_digest
from ledgerhq_ext.render._document import Document, Fact, Section, Table
from ledgerhq_ext.render._figures import Figures, locale_of
from ledgerhq_ext.render._html_tables import fact_text
from ledgerhq_ext.render._labels import dates, seal_lines, unit, when
from ledgerhq_ext.render._options import Options, Paper, logo_type
from ledgerhq_ext.render._pdf_charts import pdf_chart
from ledgerhq_ext.render._pdf_parts import WHOLE, WHOLE_DOCUMENT, set_in_parts
from ledgerhq_ext.render._pdf_process import fonts_in, typeset
from ledgerhq_ext.render._pdf_split import rows_of
from ledgerhq_ext.render._pdf_tables import pdf_tables
from ledgerhq_ext.render._scripts import east_asian_language, in_order

_LONG = 60
_SHORT_DOCUMENT = 6
"""The sections that need no table of contents on paper: so many has a packet."""
_PAGE = 44
"""Lines that fit on any paper for certain."""
_WRAPS = 28
"""Letters that fit into a name's column."""
# Language and region, as typst wants them.
_LANGUAGES = {
    "ja": ["ja", "jp"],
    "ko": ["ko", "kr"],
    "zh-Hans": ["zh", "cn"],
    "zh-Hant": ["zh", "tw"],
    "zh-Hant-HK": ["zh", "hk"],
}
_REPLACEABLE = ("parts.typ", "blocks.typ")
_PARTS = ("main.typ", *_REPLACEABLE)


def pdf(document: Document, options: Options) -> bytes:
    """Return the PDF. Nothing is read from the system: no fonts, no packages, no clock.

    Raises ``InputError`` for what typst cannot set, or would set as boxes.
    """
    with temporary_folder() as folder:
        data = lay_out(folder, document, options)
        # Templates of others may count, number and look up what stands anywhere in the document.
        if options.templates is None and rows_of(data) > WHOLE:
            joined = _joined(folder, data, options)
            if joined:
                return with_own_digest(joined)
            lay_out(folder, document, options)
        return set_pages(folder, options)


def _joined(folder: Path, data: dict[str, Any], options: Options) -> bytes | None:
    try:
        return set_in_parts(folder, data, options.fonts, _own_parts(options))
    except (LookupError, ValueError, AssertionError):
        # Another version of typst may write its files in another way: in one piece they need not be
        # read.
        return None


def set_pages(root: Path, options: Options) -> bytes:
    """Return the PDF that typst makes of the files of ``lay_out``, in one piece."""
    pdf = typeset(root / "main.typ", fonts_in(options.fonts), _own_parts(options))
    return with_own_digest(pdf)


def _own_parts(options: Options) -> str:
    """Return the parts of a document that come from its options, for an error message."""
    parts: list[str] = []
    if options.templates:
        parts.append(f"the templates in {shown(options.templates)}")
    if options.fonts:
        parts.append(f"the fonts in {shown(options.fonts)}")
    if options.logo:
        parts.append("this logo")

    return f" with {', '.join(parts)}" if parts else ""


def lay_out(root: Path, document: Document, options: Options) -> dict[str, Any]:
    """Write everything that typst reads into one folder, and return what is in its data.

    What strangers wrote goes in as JSON, never as markup.
    """
    _write_templates(root, options.templates)
    data = _data(document, options)
    text = _dumps(data)
    glyphs.check(data, text, fonts_in(options.fonts))
    # The letters are chosen by the text.
    data |= _letters(text, document, options)
    (root / "packet.json").write_text(_dumps(data), encoding="utf-8")
    if options.logo:
        (root / data["logo"]).write_bytes(options.logo)
    return data


def _dumps(data: dict[str, Any]) -> str:
    return json.dumps(data, separators=(",", ":"), ensure_ascii=False)


def _write_templates(root: Path, templates: Path | None) -> None:
    # Read and not copied: the package may stand in an archive.
    package = files("ledgerhq_ext.render") / "typst"
    for name in _PARTS:
        (root / name).write_bytes((package / name).read_bytes())
    if templates is None:
        return

    # So that another parts.typ or blocks.typ can import this one.
    (root / "ledgerhq.typ").write_bytes((package / "parts.typ").read_bytes())
    for name in _REPLACEABLE:
        own = templates / name
        if own.is_file():
            (root / name).write_bytes(read_file(own))


def _data(document: Document, options: Options) -> dict[str, Any]:
    figures = Figures(options.locale, document.currency)
    words = document.words
    period = words.text(dates(document.start, document.end, figures))
    compared = words.text(dates(*document.compared, figures)) if document.compared else ""
    return {
        "title": document.title,
        "organization": breakable(document.organization),
        "running": brief(document.organization, 60),
        "heading": 25 if len(document.organization) <= _LONG else 13,
        "period": period,
        "compared": compared,
        "unit": unit(document, figures),
        "currency": document.currency,
        "checked": document.checked,
        "tick": "✓ " if document.ties else "",
        "notes": list(document.notes),
        "letter": [breakable(paragraph) for paragraph in document.letter],
        "assurance": [breakable(paragraph) for paragraph in document.assurance],
        "signers": [[signer.role, breakable(signer.name)] for signer in document.signers],
        "marks": list(document.marks),
        "contents": len(document.sections) > _SHORT_DOCUMENT,
        "has-checks": any(section.id == "checks" for section in document.sections),
        **WHOLE_DOCUMENT,
        "problems": [breakable(problem) for problem in document.problems],
        "warnings": [breakable(warning) for warning in document.warnings],
        "figures": [_fact(fact, figures) for fact in document.figures],
        "charts": [pdf_chart(chart, figures) for chart in document.charts],
        "sections": [
            _section(section, document, figures, options.page) for section in document.sections
        ],
        "firm": breakable(options.firm),
        "footer": breakable(options.footer),
        "logo": f"logo.{logo_type(options.logo)}" if options.logo else "",
        "paper": options.page,
        "color": colors.readable(options.color, colors.PAPER),
        "tones": colors.tones(options.color, colors.PAPER),
        "seal": [breakable(line) for line in seal_lines(document)],
        "words": _words(document, compared),
        "locale": _language_of(words),
        "keywords": keywords(
            document.seal.sha256, document.seal.compared_sha256, document.seal.options
        ),
    }


def _words(document: Document, compared: str) -> dict[str, str]:
    """Return the words of the pages themselves, as ``parts.typ`` names them."""
    messages = {
        "does-not-tie": _("Does not tie"),
        "alarm": _("DOES NOT TIE"),
        "broken": _("This packet does not tie"),
        "do-not-rely": _("Do not rely on its figures before this is cleared up:"),
        "see-checks": _("The table of checks says which."),
        "logo": _("Logo"),
        "compared": _("compared with {period}", period=compared),
        "contents": _("Contents"),
        "warnings": _("Warnings"),
        "continued": _("continued"),
    }
    return {name: document.words.text(text) for name, text in messages.items()}


def _language_of(words: Words) -> list[str]:
    """Return language and region of the words, as typst wants them; no region is empty."""
    locale = Locale.parse(words.language)
    return [locale.language, (locale.territory or "").lower()]


def _letters(text: str, document: Document, options: Options) -> dict[str, Any]:
    """Return the fonts, and the language of East Asian texts.

    Typst's own text font is the first; those of the options have what it lacks.
    """
    language = east_asian_language(locale_of(options.locale), document.currency, text)
    families = ["Libertinus Serif"]
    if options.fonts:
        more_fonts = typst.Fonts(
            include_system_fonts=False,
            include_embedded_fonts=False,
            font_paths=[str(options.fonts)],
        )
        families += in_order(more_fonts.families(), language)
    return {"fonts": families, "language": _LANGUAGES.get(language, [])}


def _fact(fact: Fact, figures: Figures) -> dict[str, Any]:
    return {
        "label": fact.label,
        "value": fact_text(fact.value, fact.kind, figures),
        "before": fact_text(fact.before, fact.kind, figures),
        "when": fact.before_label,
    }


def _section(
    section: Section, document: Document, figures: Figures, paper: Paper
) -> dict[str, Any]:
    words = document.words
    part_tables = pdf_tables([part.table for part in section.parts], figures, paper, small=True)
    height = sum(_height(table) for table in section.tables)
    return {
        "id": section.id,
        "title": section.title,
        "when": when(section, document, figures),
        "headline": [_fact(fact, figures) for fact in section.headline],
        "problems": [breakable(_alarm(problem, words)) for problem in section.problems],
        "missing": section.missing,
        "continued": False,
        "titled": section.is_ledger or len(section.tables) > 1,
        "note": [breakable(paragraph) for paragraph in section.note],
        "fits": not section.parts and height <= _PAGE,
        "tables": [pdf_tables([table], figures, paper)[0] for table in section.tables],
        "parts": [
            {"title": breakable(part.label), "note": part.note, "table": table}
            for part, table in zip(section.parts, part_tables, strict=True)
        ],
    }


def _alarm(problem: str, words: Words) -> str:
    """Return what does not tie in a statement, as its section says it."""
    return words.text(_("Does not tie: {problem}", problem=problem))


def _height(table: Table) -> int:
    """Return about how many lines a table takes, its heading included."""
    lines = 3
    for row in table.rows:
        longest = max((len(cell) for cell in row.cells if isinstance(cell, str)), default=0)
        # Long names wrap.
        lines += 1 + longest // _WRAPS
    return lines
