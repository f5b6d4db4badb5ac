"""A document as one HTML file: no script, no request, under the strictest security policy."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import jinja2
from markupsafe import Markup

from ledgerhq_ext._message import message as _
from ledgerhq_ext._paths import shown
from ledgerhq_ext.errors import InputError, LedgerHQError
from ledgerhq_ext.render import _colors as colors
from ledgerhq_ext.render._catalogs import ENGLISH, Words
from ledgerhq_ext.render._document import Chart, Document, Fact, LineChart, Part, Section, Table
from ledgerhq_ext.render._figures import Figures
from ledgerhq_ext.render._html_tables import fact_text, language_mark, table
from ledgerhq_ext.render._labels import dates, seal_lines, unit, when
from ledgerhq_ext.render._options import Options, logo_type
from ledgerhq_ext.render._svg import svg
from ledgerhq_ext.render._svg_lines import line_svg

_FLUSH = 64
"""Pieces that are joined before they are handed on."""
_LONG_FIGURE = 12
"""Characters of a key figure that two beside each other have room for on a phone."""


def _environment(options: Options) -> jinja2.Environment:
    """Return the templates by name: those of the options first, then those of this package."""
    if options.templates:
        # Made anew: whoever works on templates changes them between two documents.
        return _templates(jinja2.FileSystemLoader(options.templates))
    return _compiled()


@cache
def _compiled() -> jinja2.Environment:
    """Return the package's own templates, for every document: compiling them takes longer than to
    fill them in.
    """
    return _templates()


def _templates(*first: jinja2.BaseLoader) -> jinja2.Environment:
    """Return the templates that loaders have, then those of this package.

    The package's own are under ``ledgerhq/`` too, so that others can extend them.
    """
    package = jinja2.PackageLoader("ledgerhq_ext.render", "templates")
    own = jinja2.PrefixLoader({"ledgerhq": package})
    return jinja2.Environment(
        loader=jinja2.ChoiceLoader([*first, package, own]),
        autoescape=True,
        # A slip in a template is an error, and not a blank in a statement.
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _style(
    environment: jinja2.Environment, options: Options, words: Words, *, broken: bool = False
) -> str:
    """Return the style sheet, with the brand's color in shades for the day and for the dark."""

    def css(text: str) -> Markup:
        """Return words for a string of the style sheet, which they cannot end."""
        # Escaped, character by character.
        return Markup(_css(words.text(_(text))))  # noqa: S704

    page = "A4" if options.page == "a4" else "letter"
    return environment.get_template("style.css").render(
        day=colors.tones(options.color, colors.PAPER),
        night=colors.tones(options.color, colors.NIGHT),
        page=page,
        broken=broken,
        css=css,
    )


def _css(text: str) -> str:
    """Return a text as a string of a style sheet has it, between its quotes."""
    return "".join(sign if sign.isalnum() or sign == " " else f"\\{ord(sign):x} " for sign in text)


def _policy(style: str) -> str:
    """Return the content security policy: nothing may be loaded or run.

    The style sheet is allowed by its digest, the logo as data.
    """
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; "
        "form-action 'none'"
    )


def _logo(options: Options) -> str:
    if not options.logo:
        return ""
    data = base64.b64encode(options.logo).decode()
    return f"data:image/{logo_type(options.logo)};base64,{data}"


class _Words:
    """The functions that a template calls for the words and figures of a document."""

    def __init__(self, document: Document, figures: Figures) -> None:
        self._document = document
        self._figures = figures

    def say(self, template: str, **parameters: Any) -> str:
        """Return a message in the document's words."""
        return self._document.words.text(_(template, **parameters))

    def dates(self, start: dt.date, end: dt.date) -> str:
        """Return two days as a period."""
        return self._document.words.text(dates(start, end, self._figures))

    def unit(self) -> str:
        """Return how the amounts are written."""
        return unit(self._document, self._figures)

    def seal(self) -> list[str]:
        """Return the lines of small print."""
        return seal_lines(self._document)

    def fact(self, fact: Fact, *, before: bool = False) -> str:
        """Return the value of a key figure as text, or the one before it."""
        value = fact.before if before else fact.value
        return fact_text(value, fact.kind, self._figures)

    def are_long(self, facts: Iterable[Fact]) -> bool:
        """Return True when two of the key figures do not fit beside each other on a phone."""
        return any(len(self.fact(fact)) > _LONG_FIGURE for fact in facts)

    def when(self, section: Section) -> str:
        """Return the days of a section, and its currency."""
        return when(section, self._document, self._figures)

    def section(self, name: str) -> Section | None:
        """Return the section of an id, or None."""
        for section in self._document.sections:
            if section.id == name:
                return section
        return None

    def parts(self, section: Section) -> tuple[Part, ...]:
        """Return the parts of a section."""
        return section.parts

    def table(self, content: Table, *more: str) -> Iterator[Markup]:
        """Yield a table in pieces; joined a few at a time, which costs less."""
        pieces: list[str] = []
        for piece in table(content, self._figures, self._document.words, *more):
            pieces.append(piece)
            if len(pieces) == _FLUSH:
                # Every cell was escaped where it was written.
                yield Markup("".join(pieces))  # noqa: S704
                pieces.clear()
        yield Markup("".join(pieces))  # noqa: S704

    def mark(self, text: str) -> Markup:
        """Return the language of a text as an attribute; empty for most texts."""
        # It is one of six words of ours.
        return Markup(language_mark(text, self._figures))  # noqa: S704

    def svg(self, chart: Chart | LineChart) -> Markup:
        """Return a chart as an element."""
        if isinstance(chart, LineChart):
            picture = line_svg(chart, self._figures)
        else:
            picture = svg(chart, self._figures)
        # Its words were escaped where it was drawn.
        return Markup(picture)  # noqa: S704


def _context(document: Document, options: Options) -> dict[str, Any]:
    figures = Figures(options.locale, document.currency)
    words = _Words(document, figures)
    # Templates of users go by these names, too.
    return {
        "document": document,
        "options": options,
        "figures": figures,
        "logo": _logo(options),
        "lang": options.locale.replace("_", "-"),
        "language": document.words.tag,
        "is_rtl": document.words.is_rtl,
        "_": words.say,
        "dates": words.dates,
        "unit": words.unit,
        "seal": words.seal,
        "told": words.fact,
        "are_long": words.are_long,
        "when": words.when,
        "section": words.section,
        "parts": words.parts,
        "table": words.table,
        "mark": words.mark,
        "svg": words.svg,
    }


def stream(document: Document, options: Options) -> Iterator[str]:
    """Yield the file, piece by piece."""
    with _own_templates(options):
        environment = _environment(options)
        broken = bool(document.problems)
        style = _style(environment, options, document.words, broken=broken)
        context = _context(document, options)
        template = environment.get_template("packet.html")
        sheet = Markup(style)  # noqa: S704 - made from a template, not from the packet
        yield from template.generate(style=sheet, policy=_policy(style), **context)


@contextmanager
def _own_templates(options: Options) -> Iterator[None]:
    """Raise ``InputError``, which names their folder, for errors in templates of the options."""
    try:
        yield
    except LedgerHQError:
        raise
    except Exception as error:
        # Templates of this package have no faults that a user could mend.
        if options.templates is None:
            raise
        where = ""
        if isinstance(error, jinja2.TemplateSyntaxError):
            where = f" (line {error.lineno} of {error.name})"
        raise InputError(
            f"The templates in {shown(options.templates)} cannot be used: {type(error).__name__}: "
            f"{error}{where}"
        ) from error


def page(name: str, options: Options, *, sheet: str, **more: Any) -> str:
    """Return another page of the same looks, from a template of this name.

    Its own style sheet comes after the one of documents; ``more`` are names for the template.
    """
    with _own_templates(options):
        environment = _environment(options)
        style = _style(environment, options, ENGLISH) + environment.get_template(sheet).render()
        return environment.get_template(name).render(
            style=Markup(style),  # noqa: S704 - made from a template
            policy=_policy(style),
            options=options,
            logo=_logo(options),
            **more,
        )
