"""How a packet is rendered: branding, locale, paper, templates. A value; its JSON stands in every document."""

from __future__ import annotations

import hashlib
import json
import struct
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from attrs import field, frozen

from ledgerhq_ext._plain import plain
from ledgerhq_ext._version import __version__
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.render._colours import checked
from ledgerhq_ext.render._figures import locale_of

LOGO_BYTES, LOGO_PIXELS, TEXT_LENGTH = 256 * 1024, 4096, 500
Paper = Literal["a4", "us-letter"]
# Where paper is sold in inches (CLDR: measurementData, paperSize US-Letter).
_LETTER = frozenset(["BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"])


def _text(_: object, attribute: Any, value: object) -> None:
    if not isinstance(value, str) or len(value) > TEXT_LENGTH:
        raise InputError(f"{attribute.name} is text of {TEXT_LENGTH} characters at the most.")


def _clean(value: str) -> str:
    return plain(value) if isinstance(value, str) else value


def _locale(name: str) -> str:
    return str(locale_of(name))


def _paper(_: object, __: object, value: object) -> None:
    if value not in ("a4", "us-letter", ""):
        raise InputError(f"paper is 'a4' or 'us-letter', not {value!r}.")


def _logo(_: object, __: object, value: bytes | None) -> None:
    if value is not None:
        logo_type(value)


def _folder(_: object, attribute: Any, value: Path | None) -> None:
    if value is not None and not value.is_dir():
        raise InputError(f"{attribute.name}: there is no folder {value}.")


def _path(value: str | Path | None) -> Path | None:
    return None if value is None else Path(value)


def logo_type(logo: bytes) -> Literal["png", "jpeg"]:
    """What kind of picture a logo is; ``InputError`` for one that is none, too heavy or too large."""
    if not isinstance(logo, bytes) or len(logo) > LOGO_BYTES:
        raise InputError(f"a logo is the bytes of a PNG or JPEG file, {LOGO_BYTES // 1024} KiB at the most.")
    size = _png_size(logo) or _jpeg_size(logo)
    if size is None:
        raise InputError("the logo is neither a PNG nor a JPEG file (SVG could carry scripts: export it as PNG).")
    if not all(1 <= side <= LOGO_PIXELS for side in size):
        raise InputError(f"the logo is {size[0]} x {size[1]} pixels; {LOGO_PIXELS} a side at the most.")
    return "png" if _png_size(logo) else "jpeg"


def _png_size(data: bytes) -> tuple[int, int] | None:
    if data[:8] != b"\x89PNG\r\n\x1a\n" or data[12:16] != b"IHDR" or len(data) < 24:
        return None
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Walk over the segments to the frame header, which says the size."""
    at = 2 if data[:2] == b"\xff\xd8" else len(data)
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + max(length, 2)
    return None


def made_by() -> str:
    """This package and those whose versions decide which bytes a document has."""
    others = (f"{name} {version(name)}" for name in ("babel", "jinja2", "typst", "xlsxwriter"))
    return ", ".join([f"ledgerhq-ext {__version__}", *others])


def _digest(folder: Path | None) -> str:
    """One digest of every file in a folder, names included."""
    if folder is None:
        return ""
    total = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        data = path.read_bytes()
        total.update(f"{path.relative_to(folder).as_posix()}\0{len(data)}\0".encode() + data)
    return total.hexdigest()


@frozen(kw_only=True)
class Options:
    """Branding and looks.

    ``firm``, ``logo`` (PNG or JPEG bytes), ``colour`` (``#rrggbb``, shaded until it can be read) and ``footer`` are
    the firm's. ``locale`` (``en_US``) formats figures and dates; the words are English. ``paper`` follows the locale
    unless given. ``unfolded`` opens the statements of the HTML. ``templates`` is a folder with templates of your own
    (see ``render.html``), ``fonts`` one with font files for the PDF, for scripts that its own fonts lack.
    Raises ``InputError`` for anything that cannot be used.
    """

    title: str = field(default="Financial packet", converter=_clean, validator=_text)
    firm: str = field(default="", converter=_clean, validator=_text)
    logo: bytes | None = field(default=None, validator=_logo, repr=False)
    colour: str = field(default="#1f4e5f", converter=checked)
    footer: str = field(default="", converter=_clean, validator=_text)
    locale: str = field(default="en_US", converter=_locale)
    paper: str = field(default="", validator=_paper)
    unfolded: bool = False
    templates: Path | None = field(default=None, converter=_path, validator=_folder)
    fonts: Path | None = field(default=None, converter=_path, validator=_folder)

    @property
    def page(self) -> Paper:
        """The paper: as given, or what the locale's country prints on."""
        if self.paper:
            return "a4" if self.paper == "a4" else "us-letter"
        return "us-letter" if locale_of(self.locale).territory in _LETTER else "a4"

    def to_json(self) -> str:
        """Canonical JSON; logo, templates and fonts by their digest. ``made_by`` says what wrote the document."""
        return json.dumps(
            {
                "title": self.title,
                "firm": self.firm,
                "logo": hashlib.sha256(self.logo).hexdigest() if self.logo else "",
                "colour": self.colour,
                "footer": self.footer,
                "locale": self.locale,
                "paper": self.page,
                "unfolded": self.unfolded,
                "templates": _digest(self.templates),
                "fonts": _digest(self.fonts),
                "made_by": made_by(),
            },
            sort_keys=True,
            separators=(",", ":"),
        )
