"""What documents are made of: packets and management packs."""

from __future__ import annotations

from typing import TypeAlias

from ledgerhq_ext.errors import InputError
from ledgerhq_ext.models import FinancialPacket
from ledgerhq_ext.pack._pack import ManagementPack
from ledgerhq_ext.render import _build as packets
from ledgerhq_ext.render import _pack_build as packs
from ledgerhq_ext.render._catalogs import words_of
from ledgerhq_ext.render._document import Document
from ledgerhq_ext.render._figures import locale_of
from ledgerhq_ext.render._finishing import finished
from ledgerhq_ext.render._options import Options
from ledgerhq_ext.render._translation import translated

Source: TypeAlias = FinancialPacket | ManagementPack
"""A packet, or a management pack."""


def check_arguments(source: object, options: object, compare: object) -> None:
    """Raise ``InputError`` for what no document can be made of, with, or beside."""
    if not isinstance(source, FinancialPacket | ManagementPack):
        raise InputError(
            "A document is made of a FinancialPacket or a ManagementPack, not of "
            f"{type(source).__name__}. For a single statement, pass what render.statement(…) "
            "returns."
        )
    if not isinstance(options, Options | None):
        raise InputError(f"options must be render.Options(…), not {options!r}.")
    if not isinstance(compare, Source | None):
        raise InputError(f"compare= must be an earlier packet, not {compare!r}.")


def build(source: Source, options: Options, compare: FinancialPacket | None = None) -> Document:
    """Return the document of a source with the firm's words, in the language of its reader.

    Errors as ``_build.build``; raises ``InputError`` for a packet to compare a pack with, too: it
    brings its own.
    """
    if isinstance(source, FinancialPacket):
        document = packets.build(source, options, compare)
    elif compare is None:
        document = packs.build(source, options)
    else:
        raise InputError(
            "A management pack has its own prior periods; leave compare= out, or give a packet."
        )
    words = words_of(locale_of(options.locale), options.catalogs)
    return translated(finished(document, options), words)


def fingerprint(source: Source) -> str:
    """Return the sha256 of the source's canonical JSON: keys sorted, no blanks, ASCII."""
    if isinstance(source, FinancialPacket):
        return packets.fingerprint(source)
    return packs.fingerprint(source)


def currency_of(source: Source) -> str:
    """Return the currency that all amounts of a source are in."""
    if isinstance(source, FinancialPacket):
        return source.organization.default_currency
    return source.currency
