"""The options of a document: branding, locale, paper, templates.

They are a value; its JSON stands in every document.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from attrs import asdict, field, frozen

from ledgerhq_ext._files import read_file
from ledgerhq_ext._message import message as _
from ledgerhq_ext._paths import shown, to_path
from ledgerhq_ext._plain import plain
from ledgerhq_ext._version import __version__
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.render._claims import sorted_json
from ledgerhq_ext.render._colors import checked
from ledgerhq_ext.render._figures import locale_of
from ledgerhq_ext.render._pictures import (
    decoder_problem,
    jpeg_problem,
    jpeg_size,
    png_problem,
    png_size,
)

TITLE = _("Financial packet")
PACK_TITLES = (_("Management pack"), _("Working papers"))
"""Titles that a catalog has a translation of, as it has of every other message."""

LOGO_BYTES = 256 * 1024
LOGO_PIXELS = 4096
"""The longest side of a logo."""
TEXT_LENGTH = 500
LETTER_LENGTH = 20_000
"""The longest letter or note, in characters."""
_BLANK_LINES = re.compile(r"\n[ \t]*\n")
Paper = Literal["a4", "us-letter"]
# Where paper is sold in inches (CLDR: measurementData, paperSize US-Letter).
_LETTER = frozenset(
    ["BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"]
)


def _text(_: object, attribute: Any, value: object) -> None:
    if not isinstance(value, str) or len(value) > TEXT_LENGTH:
        raise InputError(f"{attribute.name} must be a string of at most {TEXT_LENGTH} characters.")


def _clean(value: str) -> str:
    return plain(value) if isinstance(value, str) else value


def _paragraphs(text: object) -> tuple[str, ...]:
    """Return a text as its paragraphs, which blank lines part; raises ``InputError``."""
    if isinstance(text, tuple | list):
        # As they stand in a document.
        text = "\n\n".join(str(paragraph) for paragraph in text)
    if not isinstance(text, str) or len(text) > LETTER_LENGTH:
        raise InputError(
            f"A letter or note must be a string of at most {LETTER_LENGTH} characters, with blank "
            "lines between its paragraphs."
        )
    paragraphs = (plain(" ".join(part.split())) for part in _BLANK_LINES.split(text))
    return tuple(paragraph for paragraph in paragraphs if paragraph)


def _notes(notes: object) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return notes by section, in order of the sections' ids; raises ``InputError``."""
    try:
        by_section = dict(notes)  # type: ignore[call-overload]
    except (TypeError, ValueError):
        raise InputError(
            "notes must map the id of a section, such as 'cash-flow', to a text."
        ) from None
    return tuple(sorted((str(id), _paragraphs(text)) for id, text in by_section.items()))


def _names(names: object) -> tuple[str, ...]:
    if isinstance(names, str) or not isinstance(names, Iterable):
        raise InputError("sections must be the ids of sections, such as ['cash-flow', 'ratios'].")
    return tuple(str(name) for name in names)


def _locale(name: str) -> str:
    return str(locale_of(name))


def _paper(_: object, __: object, value: object) -> None:
    if value not in ("a4", "us-letter", ""):
        raise InputError(f"paper must be 'a4' or 'us-letter', not {value!r}.")


def _logo(_: object, __: object, value: bytes | None) -> None:
    if value is None:
        return
    kind = logo_type(value)
    problem = png_problem(value) if kind == "png" else jpeg_problem(value)
    # A browser would show nothing where a PDF is refused: so damage is looked for once, here, for
    # every format.
    problem = problem or decoder_problem(value)
    if problem:
        raise InputError(
            f"The logo is a damaged {kind.upper()} file: {problem}. Export the image again."
        )


def _flag(_: object, attribute: Any, value: object) -> None:
    if not isinstance(value, bool):
        raise InputError(f"{attribute.name} must be True or False, not {value!r}.")


def _templates(value: str | os.PathLike[str] | None) -> Path | None:
    return _folder(value, "templates")


def _catalogs(value: str | os.PathLike[str] | None) -> Path | None:
    return _folder(value, "catalogs")


def _fonts(value: str | os.PathLike[str] | None) -> Path | None:
    return _folder(value, "fonts")


def _folder(value: str | os.PathLike[str] | None, name: str) -> Path | None:
    """Return the path of a folder, or None for None."""
    if value is None:
        return None
    folder = to_path(value, name)
    if not os.path.isdir(folder):  # noqa: PTH112 - Path.is_dir raises for a name that is too long
        raise InputError(f"{name}: the folder {shown(folder)} does not exist.")
    return folder


def logo_type(logo: bytes) -> Literal["png", "jpeg"]:
    """Return the kind of picture that a logo is.

    Raises ``InputError`` for what is neither PNG nor JPEG, too heavy or too large.
    """
    if not isinstance(logo, bytes):
        raise InputError(
            f"The logo must be the bytes of a PNG or JPEG file, not {type(logo).__name__}; "
            "Path(…).read_bytes() returns them."
        )
    if len(logo) > LOGO_BYTES:
        raise InputError(
            f"The logo must be the bytes of a PNG or JPEG file of at most {LOGO_BYTES // 1024} KiB."
        )

    kind: Literal["png", "jpeg"] = "png"
    size = png_size(logo)
    if size is None:
        kind = "jpeg"
        size = jpeg_size(logo)
    if size is None:
        raise InputError(
            "The logo is neither a PNG nor a JPEG file. Export it as PNG (SVG is not accepted, "
            "because it can contain scripts)."
        )

    width, height = size
    if not (1 <= width <= LOGO_PIXELS and 1 <= height <= LOGO_PIXELS):
        raise InputError(
            f"The logo is {width} x {height} pixels; at most {LOGO_PIXELS} per side are allowed."
        )
    return kind


@cache
def made_by() -> str:
    """Return the versions that decide the bytes of a document: this package's, then others'."""
    others = (f"{name} {version(name)}" for name in ("babel", "jinja2", "typst", "xlsxwriter"))
    return ", ".join([f"ledgerhq-ext {__version__}", *others])


def _digest(folder: Path | None) -> str:
    """Return one digest of every file in a folder, names included; empty without a folder."""
    if folder is None:
        return ""
    total = hashlib.sha256()
    try:
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
    except OSError as error:
        raise InputError(f"{shown(folder)} cannot be read: {error.strerror or error}.") from error
    for path in paths:
        data = read_file(path)
        name = os.fsencode(path.relative_to(folder).as_posix())
        # With its length no content can pass for another file's name.
        total.update(b"%s\0%d\0" % (name, len(data)) + data)
    return total.hexdigest()


@frozen(kw_only=True)
class Options:
    """Branding and layout of a document, and the firm's own words.

    ``firm``, ``logo`` (PNG or JPEG bytes), ``color`` (``#rrggbb``, adjusted until it is legible)
    and ``footer`` are the firm's. ``locale`` (``en_US``) formats figures and dates, and decides the
    language: ``es_MX`` is Spanish, ``fr_CA`` French; where there is no catalog, the words are
    English. ``catalogs`` is a folder with ``.po`` files of more languages, or of other words.
    ``paper`` follows the locale by default. ``unfolded`` opens the statements in the HTML.
    ``templates`` is a folder with your own templates (see ``render.html``); ``fonts`` is a folder
    with font files for the PDF, for scripts that its own fonts lack.

    ``sections`` are the IDs of the sections to write, all by default; ``CLIENT_SECTIONS`` and
    ``WORKING_PAPERS`` divide a management pack. ``letter`` is printed on the first page, ``notes``
    are texts by section ID, and ``assurance`` says how far the figures can be relied on
    (``NO_ASSURANCE``); blank lines separate their paragraphs. ``draft`` marks every page.
    ``preparer`` and ``reviewer`` are names. Raises ``InputError`` for anything that cannot be used.
    """

    title: str = field(default=TITLE, converter=_clean, validator=_text)
    firm: str = field(default="", converter=_clean, validator=_text)
    logo: bytes | None = field(default=None, validator=_logo, repr=False)
    color: str = field(default="#1f4e5f", converter=checked)
    footer: str = field(default="", converter=_clean, validator=_text)
    locale: str = field(default="en_US", converter=_locale)
    paper: str = field(default="", validator=_paper)
    unfolded: bool = field(default=False, validator=_flag)
    sections: tuple[str, ...] = field(default=(), converter=_names)
    draft: bool = field(default=False, validator=_flag)
    letter: tuple[str, ...] = field(default=(), converter=_paragraphs)
    assurance: tuple[str, ...] = field(default=(), converter=_paragraphs)
    notes: tuple[tuple[str, tuple[str, ...]], ...] = field(default=(), converter=_notes)
    preparer: str = field(default="", converter=_clean, validator=_text)
    reviewer: str = field(default="", converter=_clean, validator=_text)
    templates: Path | None = field(default=None, converter=_templates)
    fonts: Path | None = field(default=None, converter=_fonts)
    catalogs: Path | None = field(default=None, converter=_catalogs)

    @property
    def page(self) -> Paper:
        """The paper size: the one in ``paper``, or else the usual one of the locale's country."""
        if self.paper:
            return "a4" if self.paper == "a4" else "us-letter"
        territory = locale_of(self.locale).territory
        return "us-letter" if territory in _LETTER else "a4"

    def to_json(self) -> str:
        """Return the options as canonical JSON, with digests for the logo, templates, fonts and
        catalogs.

        ``made_by`` are the versions of the libraries that write the document.
        """
        return sorted_json(
            {
                **asdict(self, recurse=False),
                "logo": hashlib.sha256(self.logo).hexdigest() if self.logo else "",
                "paper": self.page,
                "templates": _digest(self.templates),
                "fonts": _digest(self.fonts),
                "catalogs": _digest(self.catalogs),
                "made_by": made_by(),
            }
        )
