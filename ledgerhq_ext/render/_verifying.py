"""The check one can trust: render again, compare bytes; where they differ, say what it is that
differs.
"""

from __future__ import annotations

import json
import os
from typing import Any, Literal

from attrs import evolve, frozen

from ledgerhq_ext._files import read_file
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.render._build import build, fingerprint
from ledgerhq_ext.render._claims import UNREADABLE, Claims, claims_of
from ledgerhq_ext.render._differences import Difference, first_difference
from ledgerhq_ext.render._options import Options
from ledgerhq_ext.reports.packet import FinancialPacket

Finding = Literal["fits", "no seal", "other options", "other packet", "changed", "other versions"]
_TAKEN = ("title", "firm", "colour", "footer", "locale", "paper", "unfolded")
_GIVEN = {"logo": "logo", "templates": "templates", "fonts": "fonts"}
_MADE_BY = "made_by"


@frozen
class Verdict:
    """True when the document says what the packet says, byte for byte; else ``reason`` tells why
    not.

    ``finding`` is the reason in short: ``fits``, ``no seal``, ``other options``, ``other packet``,
    ``changed`` (after it was rendered), or ``other versions`` (of babel, typst and their like, so
    that bytes cannot be compared). ``options`` are those it was rendered with: title, footer and
    firm are words the packet cannot vouch for.
    """

    ok: bool
    reason: str = ""
    options: Options | None = None
    finding: Finding = "fits"

    def __bool__(self) -> bool:
        return self.ok


def verify(
    document: bytes | str | os.PathLike[str],
    packet: FinancialPacket,
    *,
    compare: FinancialPacket | None = None,
    options: Options | None = None,
) -> Verdict:
    """Return whether an HTML, PDF or XLSX document is what this packet renders to.

    ``document`` is a path, the text of the HTML, or bytes. It is rendered again with the options
    that stand in it, or with ``options``, and compared byte for byte. Logo, templates and fonts
    stand in it by their digest only: for a document with any of them give its ``options``.
    ``compare`` as when it was made.

    A document that other versions of the libraries typeset is true too where they give the same
    bytes. Where they do not, amounts are compared instead (HTML, XLSX of this release), or the
    digest that a PDF carries of itself, which shows damage and careless changes but can be forged:
    then the verdict is false, and its finding ``other versions`` or ``changed``.
    """
    data = _read(document)
    claims = claims_of(data)
    if claims is None:
        return Verdict(False, "it carries no seal of this package", finding="no seal")
    try:
        chosen = options or _options(claims.options)
    except InputError as error:
        return Verdict(
            False, f"its render options cannot be used: {error}", finding="other options"
        )

    names = _other_options(claims.options, chosen.to_json())
    if names:
        return Verdict(False, f"other render options: {', '.join(names)}", chosen, "other options")
    if claims.packet != fingerprint(packet):
        return Verdict(
            False, "it was made from another packet: the digests differ", chosen, "other packet"
        )
    if claims.compared != (fingerprint(compare) if compare else ""):
        reason = "it compares with another packet, or with none: give compare= as when it was made"
        return Verdict(False, reason, chosen, "other packet")

    expected = _render(data, packet, chosen, compare, claims)
    if expected == data:
        return Verdict(True, options=chosen)
    return _explained(data, expected, claims, chosen, packet.organization.default_currency)


def _explained(
    data: bytes, expected: bytes, claims: Claims, options: Options, currency: str
) -> Verdict:
    """Say what differs in a document of this packet and these options."""
    ours = str(_object(options.to_json())[_MADE_BY])
    theirs = str(_object(claims.options).get(_MADE_BY))
    # Another release of this package may show other rows: side by side they would say nothing.
    is_comparable = not data.startswith(b"%PDF") and _release(theirs) == _release(ours)
    difference = _difference(data, expected, currency) if is_comparable else None
    if theirs == ours:
        what = f": {difference}" if difference else ""
        return Verdict(False, f"it was changed after it was rendered{what}", options, "changed")
    if difference and difference.is_figure:
        return Verdict(
            False, f"a figure was changed after it was rendered: {difference}", options, "changed"
        )
    if claims.is_whole is False:
        reason = "it was changed after it was rendered: it does not have the digest that it carries of itself"
        return Verdict(False, reason, options, "changed")

    known = "it was made from this packet"
    if claims.is_whole:
        known = "it has the digest that it carries of itself, and was made from this packet"
    if is_comparable:
        known = "its amounts are those of the packet" + (
            f"; dates or words differ, {difference}" if difference else ""
        )
    reason = f"it was typeset by {theirs}, this is {ours}: {known}. To compare bytes, verify it with those versions"
    return Verdict(False, reason, options, "other versions")


def _release(made_by: str) -> str:
    """The version of this package, which is named first."""
    return made_by.partition(",")[0]


def _difference(data: bytes, expected: bytes, currency: str) -> Difference | None:
    try:
        return first_difference(data, expected, currency)
    except UNREADABLE:
        return Difference("a sheet that cannot be read", "one that can", is_figure=True)


def _render(
    data: bytes,
    packet: FinancialPacket,
    options: Options,
    compare: FinancialPacket | None,
    claims: Claims,
) -> bytes:
    """Render the packet again, with the versions that the document names: they decide nothing but
    the bytes.
    """
    document = build(packet, options, compare)
    document = evolve(document, seal=evolve(document.seal, options=claims.options))
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
        # Half a surrogate pair stands in no document of ours: whatever it becomes will differ.
        return document.encode(errors="replace")
    return read_file(document)


def _options(text: str) -> Options:
    """The options a document names, checked like anybody's."""
    raw = _object(text)
    missing = [word for name, word in _GIVEN.items() if raw.get(name)]
    if missing:
        raise InputError(
            f"it was made with its own {' and '.join(missing)}: give options= with the same."
        )
    return Options(**{name: raw[name] for name in _TAKEN if name in raw})


def _object(text: str) -> dict[str, Any]:
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError):
        raw = None
    if not isinstance(raw, dict):
        raise InputError("they are no JSON object.")
    return raw


def _other_options(claimed: str, ours: str) -> list[str]:
    """The options that differ; the versions are none."""
    one, other = _object(claimed), _object(ours)
    names = one.keys() | other.keys()
    names -= {_MADE_BY}
    return sorted(name for name in names if one.get(name) != other.get(name))
