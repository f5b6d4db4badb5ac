"""What a firm adds to its documents: logo, letter, names, marks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Self

from attrs import evolve, frozen

from ledgerhq_ext import InputError
from ledgerhq_ext._files import read_file

if TYPE_CHECKING:
    from ledgerhq_ext.render import Options


@frozen(kw_only=True)
class FirmWords:
    """The firm's own words for a document, as they were given on the command line."""

    logo: bytes | None
    letter: str
    preparer: str
    reviewer: str
    draft: bool

    @classmethod
    def read(
        cls, logo: Path | None, letter: Path | None, *, preparer: str, reviewer: str, draft: bool
    ) -> Self:
        """Read the files, and return all of it. Raises ``InputError`` for a file that is not there
        or is not text.
        """
        return cls(
            logo=None if logo is None else read_file(logo),
            letter="" if letter is None else _text(letter),
            preparer=preparer,
            reviewer=reviewer,
            draft=draft,
        )

    def options(
        self, firm: str, locale: str, catalogs: Path | None, *, pack: bool, papers: bool
    ) -> Options:
        """Return the options of a document: of a packet, or of one part of a management pack."""
        from ledgerhq_ext import render

        options = render.Options(
            firm=firm,
            locale=locale,
            catalogs=catalogs,
            logo=self.logo,
            letter=self.letter,
            preparer=self.preparer,
            reviewer=self.reviewer,
            draft=self.draft,
        )
        if not pack:
            return options
        return evolve(
            options,
            title="Working papers" if papers else "Management pack",
            assurance=render.NO_ASSURANCE,
            sections=render.WORKING_PAPERS if papers else render.CLIENT_SECTIONS,
        )


def _text(path: Path) -> str:
    try:
        return read_file(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{path} is not a text in UTF-8. Save it as plain text.") from None
