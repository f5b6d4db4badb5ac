"""Which format a report is wanted in, and where it goes."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from attrs import frozen

from ledgerhq_ext import InputError
from ledgerhq_ext._files import write_file
from ledgerhq_ext.cli._output import say
from ledgerhq_ext.cli._periods import label_of

if TYPE_CHECKING:
    from ledgerhq_ext import OrganizationRecord, Period


Csv = Annotated[bool, typer.Option("--csv", help="Write CSV with plain decimals and ISO dates.")]
Html = Annotated[bool, typer.Option("--html", help="Write one HTML file, without scripts.")]
Pdf = Annotated[bool, typer.Option("--pdf", help="PDF.")]
Xlsx = Annotated[bool, typer.Option("--xlsx", help="Write an Excel workbook.")]
Target = Annotated[
    str | None,
    typer.Option("--output", "-o", metavar="FILE", help="The output file; - is standard output."),
]

Format = Literal["table", "json", "csv", "html", "pdf", "xlsx"]
STANDARD_OUTPUT = "-"


_SUFFIXES: dict[str, Format] = {
    ".json": "json",
    ".csv": "csv",
    ".html": "html",
    ".htm": "html",
    ".pdf": "pdf",
    ".xlsx": "xlsx",
}


def format_of(
    output: str | None, *, as_json: bool, csv: bool, html: bool, pdf: bool, xlsx: bool
) -> Format:
    """Return the one format that was asked for, a table for people without any.

    Raises ``InputError`` for several, or an ``output`` that is named as a file of another one, and
    ``MissingExtraError`` for a document that nothing can make here: before anything is fetched.
    """
    chosen: dict[Format, bool] = {
        "json": as_json,
        "csv": csv,
        "html": html,
        "pdf": pdf,
        "xlsx": xlsx,
    }
    names = [name for name, is_chosen in chosen.items() if is_chosen]
    if len(names) > 1:
        raise InputError(f"Choose only one of {', '.join(f'--{name}' for name in names)}.")
    format = names[0] if names else "table"
    suffix = format_of_name(output)
    if suffix not in (None, format):
        raise InputError(f"{output} is named as a file of --{suffix}. Pass that, or rename it.")
    if format not in ("table", "json"):
        load_rendering()
    return format


def format_of_name(output: str | Path | None) -> Format | None:
    """Return the format that the name of a file stands for; None where it stands for none."""
    return _SUFFIXES.get(Path(output or "").suffix.lower())


def load_rendering() -> None:
    """Import what makes documents; ``MissingExtraError`` says what to install where it is missing.

    Its libraries take longer to import than most commands to run.
    """
    import ledgerhq_ext.render  # noqa: F401


@frozen
class Destination:
    """The place of a report. Texts go to standard output unless a file is named, documents into a
    file of the current folder.
    """

    target: str | None
    name: str
    """The name of the file, without its suffix, where nobody gave one."""

    def write(self, format: Format, content: bytes) -> Path | None:
        """Write a report, and return the file; None where it went to standard output."""
        is_text = format in ("table", "json", "csv")
        if self.target == STANDARD_OUTPUT or (self.target is None and is_text):
            sys.stdout.flush()
            sys.stdout.buffer.write(content)
            return None
        path = write_file(self.path(f".{format}"), [content])
        say(f"Wrote {path}")
        return path

    def path(self, suffix: str) -> Path:
        """Return the file, or with an empty suffix the folder, that was asked for."""
        return Path(self.target) if self.target is not None else Path(f"{self.name}{suffix}")


def destination(
    target: str | None, record: OrganizationRecord, period: Period, report: str
) -> Destination:
    """Return where a report of a company goes: ``maple-street-coffee-2026-05-packet.pdf``."""
    return Destination(target, f"{company_name(record)}-{label_of(period)}-{report}")


def company_name(record: OrganizationRecord) -> str:
    """Return a company's name for the names of files: ``maple-street-coffee``."""
    return re.sub(r"[^a-z0-9]+", "-", record.name.lower()).strip("-") or "company"
