"""The check of a document: render it again, compare bytes, and say what differs."""

from __future__ import annotations

import json
import os
from typing import Any, Literal

from attrs import evolve, fields_dict, frozen

from ledgerhq_ext._files import read_file
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.render._claims import UNREADABLE, Claims, claims_of, sorted_json
from ledgerhq_ext.render._differences import Difference, first_difference
from ledgerhq_ext.render._options import Options
from ledgerhq_ext.render._sources import (
    Source,
    build,
    check_arguments,
    currency_of,
    fingerprint,
)
from ledgerhq_ext.reports.packet import FinancialPacket

Finding = Literal["fits", "no seal", "other options", "other packet", "changed", "other versions"]
_AS_DIGESTS = ("logo", "templates", "fonts", "catalogs")
"""Options of which a document has the digest only; the others stand in it as they are."""
_MADE_BY = "made_by"


@frozen
class Verdict:
    """The result of ``verify``. It is truthy if the document matches the packet byte for byte;
    otherwise ``reason`` says why not.

    ``finding`` is the reason in short: ``fits``, ``no seal``, ``other options``, ``other packet``,
    ``changed`` (after it was rendered), or ``other versions`` (of babel, typst or similar
    libraries, so that bytes cannot be compared). ``options`` are the ones it was rendered with; the
    packet cannot vouch for the title, footer and firm.
    """

    ok: bool
    reason: str = ""
    options: Options | None = None
    finding: Finding = "fits"

    def __bool__(self) -> bool:
        return self.ok


def verify(
    document: bytes | str | os.PathLike[str],
    packet: Source,
    *,
    compare: FinancialPacket | None = None,
    options: Options | None = None,
) -> Verdict:
    """Check a document against a packet. Return a truthy verdict if it is what this packet renders
    to.

    ``document`` is HTML, PDF or XLSX, as a path, the text of the HTML, or bytes. The packet is
    rendered again with the options stored in the document, or with ``options``, and compared byte
    for byte. The document stores only digests of its logo, templates, fonts and catalogs, so if it
    has any, pass its ``options``. ``compare`` is the packet that the document compares with, if
    any. Raises ``InputError`` if the file cannot be read.

    A document made with other versions of the libraries matches if they produce the same bytes. If
    they do not, amounts are compared instead (HTML, and XLSX of this release), or the PDF's digest
    of itself, which reveals damage and careless changes but can be forged; the verdict is then
    false, and its finding is ``other versions`` or ``changed``.
    """
    check_arguments(packet, options, compare)
    data = _read(document)
    claims = claims_of(data)
    if claims is None:
        return Verdict(False, "it has no seal from this package", finding="no seal")
    try:
        chosen = options or _options(claims.options)
    except InputError as error:
        reason = f"its render options cannot be used: {error}"
        return Verdict(False, reason, finding="other options")

    # With other options the bytes differ, whatever the packet says.
    names = _other_options(claims.options, chosen.to_json())
    if names:
        return Verdict(False, f"other render options: {', '.join(names)}", chosen, "other options")
    if claims.packet != fingerprint(packet):
        reason = "it was made from a different packet, because the digests differ"
        return Verdict(False, reason, chosen, "other packet")
    if claims.compared != (fingerprint(compare) if compare else ""):
        reason = (
            "it compares with a different packet, or with none; pass the compare= that it "
            "was made with"
        )
        return Verdict(False, reason, chosen, "other packet")

    expected = _render(data, packet, chosen, compare, claims)
    if expected == data:
        return Verdict(True, options=chosen)
    return _explained(data, expected, claims, chosen, currency_of(packet))


def _explained(
    data: bytes, expected: bytes, claims: Claims, options: Options, currency: str
) -> Verdict:
    """Return the verdict on a document of this packet and these options whose bytes differ."""
    this_package = str(_object(options.to_json())[_MADE_BY])
    its_package = str(_object(claims.options).get(_MADE_BY))
    # Another release of this package may show other rows: side by side they would say nothing.
    is_same_release = _release(its_package) == _release(this_package)
    difference = None
    is_comparable = is_same_release and not data.startswith(b"%PDF")
    if is_comparable:
        difference = _difference(data, expected, currency)

    changed = _change(its_package == this_package, difference, claims)
    if changed:
        return Verdict(False, changed, options, "changed")

    if is_comparable:
        evidence = "its amounts are those of the packet"
        if difference:
            evidence += f"; dates or words differ, {difference}"
    elif claims.is_whole:
        evidence = "it matches its own digest, and was made from this packet"
    else:
        evidence = "it was made from this packet"
    reason = (
        f"it was typeset by {its_package}, but this is {this_package}: {evidence}. To compare "
        "bytes, verify it with those versions"
    )
    return Verdict(False, reason, options, "other versions")


def _change(is_same_version: bool, difference: Difference | None, claims: Claims) -> str:
    """Return how a document was changed after it was rendered; empty where nothing proves it."""
    if is_same_version:
        detail = f": {difference}" if difference else ""
        return f"it was changed after it was rendered{detail}"
    if difference and difference.is_figure:
        return f"a figure was changed after it was rendered: {difference}"
    # None where it carries no digest of itself.
    if claims.is_whole is False:
        return "it was changed after it was rendered, because it does not match its own digest"
    return ""


def _release(made_by: str) -> str:
    """Return the version of this package, which is named first."""
    release, _, _ = made_by.partition(",")
    return release


def _difference(data: bytes, expected: bytes, currency: str) -> Difference | None:
    try:
        return first_difference(data, expected, currency)
    except UNREADABLE:
        return Difference("a sheet that cannot be read", "one that can", is_figure=True)


def _render(
    data: bytes,
    packet: Source,
    options: Options,
    compare: FinancialPacket | None,
    claims: Claims,
) -> bytes:
    """Return the packet rendered again, in the format of a document.

    It names the versions that the document names: they decide nothing but the bytes.
    """
    named = _object(options.to_json()) | {_MADE_BY: str(_object(claims.options).get(_MADE_BY))}
    # Written anew: blanks, escapes or a second title would say nothing else, and are a change.
    sealed = sorted_json(named)
    document = build(packet, options, compare)
    document = evolve(document, seal=evolve(document.seal, options=sealed))
    if data.startswith(b"%PDF"):
        from ledgerhq_ext.render._pdf_pages import pdf

        return pdf(document, options)
    if data.startswith(b"PK"):
        from ledgerhq_ext.render._workbook import xlsx

        return xlsx(document, options)
    from ledgerhq_ext.render._html_page import stream

    return "".join(stream(document, options)).encode()


def _read(document: bytes | str | os.PathLike[str]) -> bytes:
    if isinstance(document, bytes):
        return document
    if isinstance(document, str) and document.lstrip().startswith("<"):
        # Half a surrogate pair stands in no document of ours, and must not become a question mark.
        return document.encode(errors="surrogatepass")

    return read_file(document)


def _options(text: str) -> Options:
    """Return the options that a document names, checked like anybody's."""
    raw = _object(text)
    missing = [name for name in _AS_DIGESTS if raw.get(name)]
    if missing:
        raise InputError(
            f"it was made with custom {' and '.join(missing)}. Pass options= with the same ones."
        )
    names = fields_dict(Options).keys() - {*_AS_DIGESTS}
    values = {name: raw[name] for name in names if name in raw}
    return Options(**values)


def _object(text: str) -> dict[str, Any]:
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError):
        raw = None
    if not isinstance(raw, dict):
        raise InputError("they are not a JSON object.")
    return raw


def _other_options(claimed: str, chosen: str) -> list[str]:
    """Return the names of the options that differ; the versions are no options."""
    one = _object(claimed)
    other = _object(chosen)
    names = (one.keys() | other.keys()) - {_MADE_BY}
    return sorted(name for name in names if one.get(name) != other.get(name))
