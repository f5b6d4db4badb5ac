"""The claims of a document: the digests of its packets, its options, and a PDF's own digest."""

from __future__ import annotations

import base64
import binascii
import hashlib
import html
import io
import json
import re
import zipfile
import zlib

from attrs import frozen

BYTES = "bytes:"
"""The keyword of a PDF that names the digest of the file, with zeros in the digest's place."""
_ZEROS = "0" * 64
_LARGEST = 1 << 20
_META = re.compile(rb'<meta name="ledgerhq:(packet|compared|options)" content="([^"]*)">')
_KEYWORDS = re.compile(
    rb"/Keywords\(packet:([0-9a-f]{64}), compared:([0-9a-f]*), options:([A-Za-z0-9_=-]+), "
    rb"bytes:([0-9a-f]{64})"
)
_PROPERTY = re.compile(r'name="ledgerhq:(packet|compared|options:\d{1,4})"><vt:lpwstr>([^<]*)<')
# What zipfile says of an archive that is cut, changed, encrypted, or packed in a way it does not
# know.
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    OSError,
    EOFError,
    RuntimeError,
    ValueError,
)


@frozen
class Claims:
    """The digests a document carries, and its options as JSON.

    ``is_whole`` says whether it has the digest that it carries of itself; None where it has none.
    """

    packet: str
    compared: str
    options: str
    is_whole: bool | None = None


def sorted_json(value: object) -> str:
    """Return the one text in which digests and seals have a value: JSON, its keys sorted, no blanks
    and no letters beyond ASCII.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def keywords(packet: str, compared: str, options: str) -> list[str]:
    """Return the keywords of a PDF, the digest of its bytes still to come."""
    packed = base64.urlsafe_b64encode(options.encode()).decode()
    return [f"packet:{packet}", f"compared:{compared}", f"options:{packed}", f"{BYTES}{_ZEROS}"]


def with_own_digest(pdf: bytes) -> bytes:
    """Return a PDF that carries the digest of its bytes; its length stays."""
    # As long as the zeros: a PDF names places within itself by their offsets.
    digest = hashlib.sha256(pdf).hexdigest()
    return pdf.replace(f"{BYTES}{_ZEROS}".encode(), f"{BYTES}{digest}".encode())


def claims_of(data: bytes) -> Claims | None:
    """Return what a document says of itself; None where it carries no seal of this package."""
    if data.startswith(b"%PDF"):
        return _of_pdf(data)
    if data.startswith(b"PK"):
        return _of_workbook(data)

    return _of_page(data)


def _of_page(data: bytes) -> Claims | None:
    claims: dict[str, str] = {}
    for name, value in _META.findall(data):
        claims[name.decode()] = html.unescape(value.decode("utf-8", "replace"))

    if "packet" not in claims or "options" not in claims:
        return None
    return Claims(claims["packet"], claims.get("compared", ""), claims["options"])


def _of_pdf(data: bytes) -> Claims | None:
    match = _KEYWORDS.search(data)
    if match is None:
        return None
    packet, compared, packed, digest = (group.decode() for group in match.groups())
    try:
        options = base64.urlsafe_b64decode(packed).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None

    # The digest was made before it had a place in the file: see with_own_digest.
    without = data.replace(f"{BYTES}{digest}".encode(), f"{BYTES}{_ZEROS}".encode())
    is_whole = hashlib.sha256(without).hexdigest() == digest
    return Claims(packet, compared, options, is_whole)


def _of_workbook(data: bytes) -> Claims | None:
    try:
        with (
            zipfile.ZipFile(io.BytesIO(data)) as archive,
            archive.open("docProps/custom.xml") as file,
        ):
            text = file.read(_LARGEST).decode("utf-8", "replace")
    except UNREADABLE:
        return None

    digests: dict[str, str] = {}
    pieces: dict[int, str] = {}
    for name, value in _PROPERTY.findall(text):
        kind, _, number = name.partition(":")
        if kind == "options":
            pieces[int(number)] = html.unescape(value)
        else:
            digests[kind] = html.unescape(value)
    # A property holds few characters, so the options stand in several.
    options = "".join(pieces[number] for number in sorted(pieces))
    return Claims(digests.get("packet", ""), digests.get("compared", ""), options)
