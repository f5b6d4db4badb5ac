"""Catalogs: the words of documents in other languages, from gettext's ``.po`` files.

A catalog is read as it is written, so that there is no compiled copy to keep in step.
"""

from __future__ import annotations

import gettext
import io
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from attrs import frozen
from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from ledgerhq_ext._files import read_file
from ledgerhq_ext._message import Message, filled, placeholders
from ledgerhq_ext._paths import shown
from ledgerhq_ext._plain import plain
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.render._figures import Isolate


@frozen
class Words:
    """The words of a document: English, or those of a catalog.

    ``language`` is that of the words, such as ``es`` or ``pt_BR``.
    """

    language: str
    catalogs: tuple[gettext.GNUTranslations, ...] = ()

    def text(self, message: str) -> str:
        """Return a message in this language; any other text as it is."""
        if not isinstance(message, Message):
            return message
        parameters = {name: self._parameter(value) for name, value in message.parameters.items()}
        # It may be a parameter of another message, and its names and reasons are plain already.
        return Isolate(filled(self._template(message), parameters))

    def _template(self, message: Message) -> str:
        # An empty text is the key of a catalog's header.
        if not message.template:
            return ""
        for catalog in self.catalogs:
            text = _of_catalog(catalog, message)
            if text not in (message.template, message.plural):
                return text
        return message.english

    def _parameter(self, value: object) -> object:
        if isinstance(value, Message):
            return self.text(value)
        if isinstance(value, Isolate) or not isinstance(value, str):
            return value
        # Names and reasons, which may be a stranger's.
        return plain(value)

    @property
    def tag(self) -> str:
        """The language as HTML and PDF name it: ``pt-BR``."""
        return self.language.replace("_", "-")

    @property
    def is_rtl(self) -> bool:
        """True where the language is written from right to left."""
        return Locale.parse(self.language).text_direction == "rtl"


ENGLISH = Words("en")
"""The words as they stand in the code."""


def _of_catalog(catalog: gettext.GNUTranslations, message: Message) -> str:
    """Return the template in a catalog, or the English one where it has none."""
    if message.plural:
        count = message.parameters["count"]
        return catalog.ngettext(message.template, message.plural, count)
    return catalog.gettext(message.template)


def words_of(locale: Locale, folder: Path | None) -> Words:
    """Return the words of a locale: of the nearest catalog that there is, else English.

    ``folder`` has catalogs of its own, which go first: what they do not translate is taken from the
    next one, such as ``es_MX.po``, ``es.po``, then those of this package. Raises ``InputError`` for
    a catalog that cannot be used.
    """
    language = ""
    catalogs: list[gettext.GNUTranslations] = []
    for name in _names(locale):
        for catalog in (_of_folder(folder, name), _of_package(name)):
            if catalog is not None:
                catalogs.append(catalog)
                language = language or name
    return Words(language, tuple(catalogs)) if language else ENGLISH


def _names(locale: Locale) -> list[str]:
    """Return the names of catalogs for a locale, the nearest first: ``es_MX``, ``es``."""
    parts = str(locale).split("_")
    return ["_".join(parts[:length]) for length in range(len(parts), 0, -1)]


@cache
def _of_package(name: str) -> gettext.GNUTranslations | None:
    path = files("ledgerhq_ext.render") / "catalogs" / f"{name}.po"
    return _translations(path.read_bytes(), path.name) if path.is_file() else None


def _of_folder(folder: Path | None, name: str) -> gettext.GNUTranslations | None:
    if folder is None:
        return None
    path = folder / f"{name}.po"
    return _translations(read_file(path), shown(path)) if path.is_file() else None


def _translations(data: bytes, name: str) -> gettext.GNUTranslations:
    """Return the catalog of a ``.po`` file; raises ``InputError`` where it cannot be used."""
    try:
        messages = read_po(io.BytesIO(data), abort_invalid=True)
    except (PoFileError, ValueError, LookupError) as error:
        raise InputError(f"The catalog {name} cannot be read: {error}. Correct the file.") from None
    for message in messages:
        problem = placeholder_problem(message)
        if problem:
            raise InputError(f"The catalog {name} cannot be used: {problem}.")

    compiled = io.BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def placeholder_problem(message: Any) -> str:
    """Return what is wrong with the placeholders of a message of a catalog; empty for nothing."""
    templates = message.id if isinstance(message.id, tuple) else (message.id,)
    texts = message.string if isinstance(message.string, tuple) else (message.string,)
    known = set().union(*map(placeholders, templates))
    for text in texts:
        unknown = placeholders(text) - known
        if message.id and text and unknown:
            names = ", ".join(sorted(unknown))
            return f"{text!r} has placeholders that {templates[0]!r} does not have: {names}"
    return ""
