"""The check one can trust: render again, compare bytes."""

from __future__ import annotations

import base64
import binascii
import html
import io
import json
import os
import re
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

from attrs import frozen

from ledgerhq_ext._files import read_file
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.render import _writing as writing
from ledgerhq_ext.render._build import fingerprint
from ledgerhq_ext.render._options import Options
from ledgerhq_ext.reports.packet import FinancialPacket

_LARGEST = 1 << 20
_META = re.compile(rb'<meta name="ledgerhq:(packet|compared|options)" content="([^"]*)">')
_KEYWORDS = re.compile(rb"/Keywords\(packet:([0-9a-f]{64}), options:([A-Za-z0-9_=-]+)")
_PROPERTY = re.compile(r'name="ledgerhq:(packet|options:\d{1,4})"><vt:lpwstr>([^<]*)<')
_TAKEN = ("title", "firm", "colour", "footer", "locale", "paper", "unfolded")
# What zipfile says of an archive that is cut, changed, encrypted, or packed in a way it does not know.
_UNREADABLE = (zipfile.BadZipFile, zlib.error, KeyError, OSError, EOFError, RuntimeError, ValueError)
_GIVEN = {"logo": "logo", "templates": "templates", "fonts": "fonts"}


@frozen
class Verdict:
    """True when the document says what the packet says, byte for byte; else ``reason`` tells why not.

    ``options`` are those it was rendered with: title, footer and firm are words the packet cannot vouch for.
    """

    ok: bool
    reason: str = ""
    options: Options | None = None

    def __bool__(self) -> bool:
        return self.ok


@frozen
class _Claims:
    """What a document says of itself."""

    packet: str
    options: str


def verify(
    document: bytes | str | os.PathLike[str],
    packet: FinancialPacket,
    *,
    compare: FinancialPacket | None = None,
    options: Options | None = None,
) -> Verdict:
    """Whether an HTML, PDF or XLSX document is what this packet renders to.

    ``document`` is a path, the text of the HTML, or bytes. It is rendered again with the options that stand in it,
    or with ``options``, and compared byte for byte. Logo, templates and fonts stand in it by their digest only: for
    a document with any of them give its ``options``. ``compare`` as when it was made.
    """
    data = _read(document)
    made: Callable[..., Any]
    if data.startswith(b"%PDF"):
        claims, made = _pdf_claims(data), writing.pdf
    elif data.startswith(b"PK"):
        claims, made = _xlsx_claims(data), writing.xlsx
    else:
        claims, made = _html_claims(data), _html
    if claims is None:
        return Verdict(False, "it carries no seal of this package")
    try:
        found = options or _options(claims.options)
    except InputError as error:
        return Verdict(False, f"its render options cannot be used: {error}")
    if found.to_json() != claims.options:
        return Verdict(False, _difference(claims.options, found.to_json()), found)
    if claims.packet != fingerprint(packet):
        return Verdict(False, "it was made from another packet: the digests differ", found)
    if made(packet, found, compare=compare) != data:
        return Verdict(False, "it was changed after it was rendered, or compares with another packet", found)
    return Verdict(True, options=found)


def _html(packet: FinancialPacket, options: Options, *, compare: FinancialPacket | None) -> bytes:
    return writing.html(packet, options, compare=compare).encode()


def _read(document: bytes | str | os.PathLike[str]) -> bytes:
    if isinstance(document, bytes):
        return document
    if isinstance(document, str) and document.lstrip().startswith("<"):
        # Half a surrogate pair stands in no document of ours: whatever it becomes will differ.
        return document.encode(errors="replace")
    return read_file(document)


def _html_claims(data: bytes) -> _Claims | None:
    found = {name.decode(): html.unescape(value.decode("utf-8", "replace")) for name, value in _META.findall(data)}
    return _Claims(found["packet"], found["options"]) if {"packet", "options"} <= found.keys() else None


def _pdf_claims(data: bytes) -> _Claims | None:
    found = _KEYWORDS.search(data)
    if found is None:
        return None
    try:
        return _Claims(found[1].decode(), base64.urlsafe_b64decode(found[2]).decode())
    except (binascii.Error, UnicodeDecodeError):
        return None


def _xlsx_claims(data: bytes) -> _Claims | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("docProps/custom.xml") as file:
            text = file.read(_LARGEST).decode("utf-8", "replace")
    except _UNREADABLE:
        return None
    found = {name: html.unescape(value) for name, value in _PROPERTY.findall(text)}
    pieces = sorted((int(name.partition(":")[2]), value) for name, value in found.items() if name != "packet")
    return _Claims(found.get("packet", ""), "".join(value for _, value in pieces))


def _options(text: str) -> Options:
    """The options a document names, checked like anybody's."""
    raw = _object(text)
    missing = [word for name, word in _GIVEN.items() if raw.get(name)]
    if missing:
        raise InputError(f"it was made with its own {' and '.join(missing)}: give options= with the same.")
    return Options(**{name: raw[name] for name in _TAKEN if name in raw})


def _object(text: str) -> dict[str, Any]:
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError):
        raw = None
    if not isinstance(raw, dict):
        raise InputError("they are no JSON object.")
    return raw


def _difference(claimed: str, ours: str) -> str:
    one, other = _object(claimed), _object(ours)
    names = sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
    if names == ["made_by"]:
        return f"it was made by {one.get('made_by')}, this is {other['made_by']}: verify it with that version"
    return f"other render options: {', '.join(names) or 'spelled in another way'}"
