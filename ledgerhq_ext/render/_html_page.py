"""A document as one HTML file: no script, no request, readable under the strictest content security
policy.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import jinja2
from markupsafe import Markup

from ledgerhq_ext._files import shown
from ledgerhq_ext.errors import InputError, LedgerHQError
from ledgerhq_ext.render import _colours as colours
from ledgerhq_ext.render._document import Document, Fact, Part, Section, Table
from ledgerhq_ext.render._figures import Figures
from ledgerhq_ext.render._html_tables import language_mark, table, written
from ledgerhq_ext.render._labels import when
from ledgerhq_ext.render._options import Options, logo_type
from ledgerhq_ext.render._svg import svg

_FLUSH = 64
"""Pieces that are joined before they are handed on."""
_LONG_FIGURE = 12
"""Characters of a key figure that two beside each other have room for on a phone."""


def _environment(options: Options) -> jinja2.Environment:
    """Templates by name: yours first, ours under ``ledgerhq/`` too, so that yours can extend them."""
    ours = jinja2.PackageLoader("ledgerhq_ext.render", "templates")
    yours = [jinja2.FileSystemLoader(options.templates)] if options.templates else []
    loader = jinja2.ChoiceLoader([*yours, ours, jinja2.PrefixLoader({"ledgerhq": ours})])
    return jinja2.Environment(
        loader=loader,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _style(environment: jinja2.Environment, options: Options, *, broken: bool = False) -> str:
    """The style sheet, with the brand's colour in shades that can be read by day and in the dark."""
    page = "A4" if options.page == "a4" else "letter"
    return environment.get_template("style.css").render(
        day=colours.tones(options.colour, colours.PAPER),
        night=colours.tones(options.colour, colours.NIGHT),
        page=page,
        broken=broken,
    )


def _policy(style: str) -> str:
    """Nothing may be loaded or run; the style sheet is allowed by its digest, the logo as data."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"


def _logo(options: Options) -> str:
    if not options.logo:
        return ""
    return f"data:image/{logo_type(options.logo)};base64,{base64.b64encode(options.logo).decode()}"


def _marked(
    make: Callable[..., Iterator[str]], figures: Figures
) -> Callable[..., Iterator[Markup]]:
    """The pieces of a table, for a template to loop over; joined a few at a time, which costs less."""

    def pieces(shown: Table, *more: str) -> Iterator[Markup]:
        held: list[str] = []
        for piece in make(shown, figures, *more):
            held.append(piece)
            if len(held) == _FLUSH:
                yield Markup("".join(held))  # noqa: S704 - every cell was escaped where it was written
                held.clear()
        yield Markup("".join(held))  # noqa: S704

    return pieces


def _context(document: Document, options: Options) -> dict[str, Any]:
    figures = Figures(options.locale, document.currency)

    def told(fact: Fact, *, before: bool = False) -> str:
        value = fact.before if before else fact.value
        if fact.kind == "cents" and isinstance(value, int):
            return figures.money(value)
        return written(value, fact.kind, figures)

    def section(name: str) -> Section | None:
        return next((found for found in document.sections if found.id == name), None)

    def parts(found: Section) -> tuple[Part, ...]:
        return found.parts

    return {
        "document": document,
        "options": options,
        "figures": figures,
        "logo": _logo(options),
        "lang": options.locale.replace("_", "-"),
        "told": told,
        "are_long": lambda facts: any(len(told(fact)) > _LONG_FIGURE for fact in facts),
        "when": lambda section: when(section, document, figures),
        "section": section,
        "parts": parts,
        "table": _marked(table, figures),
        "mark": lambda text: Markup(language_mark(text, figures)),  # noqa: S704 - one of six words
        "svg": lambda chart: Markup(svg(chart, figures)),  # noqa: S704 - escaped where it is drawn
    }


def stream(document: Document, options: Options) -> Iterator[str]:
    """The file, piece by piece."""
    with _own_templates(options):
        environment = _environment(options)
        style = _style(environment, options, broken=bool(document.problems))
        context = _context(document, options)
        template = environment.get_template("packet.html")
        yield from template.generate(style=Markup(style), policy=_policy(style), **context)  # noqa: S704 - ours


@contextmanager
def _own_templates(options: Options) -> Iterator[None]:
    """Raise ``InputError``, which names their folder, for whatever templates that are not ours do
    wrong.
    """
    try:
        yield
    except LedgerHQError:
        raise
    except Exception as error:
        if options.templates is None:
            raise
        where = (
            f" (line {error.lineno} of {error.name})"
            if isinstance(error, jinja2.TemplateSyntaxError)
            else ""
        )
        raise InputError(
            f"the templates in {shown(options.templates)} cannot be used: {type(error).__name__}: "
            f"{error}{where}"
        ) from error


def page(name: str, options: Options, *, sheet: str, **more: Any) -> str:
    """Another page of the same looks, under a template's name, with a style sheet of its own after
    ours.
    """
    with _own_templates(options):
        environment = _environment(options)
        style = _style(environment, options) + environment.get_template(sheet).render()
        return environment.get_template(name).render(
            style=Markup(style),  # noqa: S704 - ours
            policy=_policy(style),
            options=options,
            logo=_logo(options),
            **more,
        )
