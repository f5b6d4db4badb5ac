"""Requests as they are on the wire, and what of them has to be equal."""

import email.parser
import email.policy
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import parse_qsl, unquote_to_bytes

from scripts.contract.pointers import canonical_json

_FORM = "application/x-www-form-urlencoded"
Pair = tuple[str, str]


@dataclass(frozen=True)
class Part:
    """A part of a form with files. ``file_name`` is None for what is no file."""

    name: str
    file_name: str | None
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Sent:
    """A request: its raw target, headers in lower case, and its body, as bytes or as parts."""

    method: str
    target: str
    headers: list[Pair]
    content: bytes
    parts: tuple[Part, ...] | None = None

    def header(self, name: str) -> str | None:
        """Return a header, None where there is none."""
        return dict(self.headers).get(name)


def differences(
    own: Sent, foreign: Sent, headers: Iterable[str] = (), undefined: Iterable[str] = ()
) -> list[str]:
    """Return in what two requests differ, in words; an empty list when they are the same.

    Path, query and body are compared as what they mean: percent-decoded, the query as a multiset,
    the body by its media type. Of the headers, those that are named, cookies, and the media type.
    ``undefined`` are names in a query or a form whose values OpenAPI has no spelling for.
    """
    open_names = tuple(undefined)
    rows = []
    if own.method != foreign.method:
        rows.append(_row("method", own.method, foreign.method))
    if _segments(own.target) != _segments(foreign.target):
        rows.append(_row("path", own.target, foreign.target))
    rows += _queries(_query(own.target, open_names), _query(foreign.target, open_names))
    for name in headers:
        value = own.header(name)
        other = foreign.header(name)
        if not _same_value(value, other):
            rows.append(_row(f"header {name}", value, other))
    if _cookies(own) != _cookies(foreign):
        rows.append(_row("cookies", _cookies(own), _cookies(foreign)))
    return rows + _bodies(own, foreign, open_names)


def _row(what: str, own: object, foreign: object) -> str:
    return f"{what}: {own!r:.300}, the foreign tool {foreign!r:.300}"


def _segments(target: str) -> list[bytes]:
    # Before they are decoded: an escaped slash does not separate.
    return [unquote_to_bytes(segment) for segment in target.partition("?")[0].split("/")]


def _query(target: str, undefined: tuple[str, ...]) -> list[Pair]:
    return _pairs(target.partition("?")[2], undefined)


def _pairs(text: str, undefined: tuple[str, ...]) -> list[Pair]:
    """Return the pairs of a query or a form, with JSON in one spelling."""
    # `filter[a][b]` belongs to `filter`, or to `filter[a]`.
    parts_of_undefined = tuple(f"{each}[" for each in undefined)
    pairs: list[Pair] = []
    for name, value in parse_qsl(text, keep_blank_values=True):
        if name in undefined or name.startswith(parts_of_undefined):
            continue
        pairs.append((name, _one_spelling(value)))
    return pairs


def _one_spelling(value: str) -> str:
    if not value.startswith(("{", "[")):
        return value
    # The two may differ in blanks and in the order of keys.
    try:
        return canonical_json(json.loads(value))
    except ValueError:
        return value


def _queries(own: list[Pair], foreign: list[Pair]) -> list[str]:
    more = Counter(own) - Counter(foreign)
    fewer = Counter(foreign) - Counter(own)
    if not more and not fewer:
        return []
    return [_row("query", sorted(more.elements()), sorted(fewer.elements()))]


def _cookies(sent: Sent) -> dict[str, str]:
    text = sent.header("cookie") or ""
    pairs = [pair.strip().partition("=") for pair in text.split(";") if pair.strip()]
    return {name: value for name, _, value in pairs}


def _same_value(own: str | None, foreign: str | None) -> bool:
    """Return whether two headers say the same, as texts or as JSON."""
    if own == foreign:
        return True
    if own is None or foreign is None:
        return False
    try:
        same: bool = json.loads(own) == json.loads(foreign)
    except ValueError:
        return False
    return same


def _bodies(own: Sent, foreign: Sent, undefined: tuple[str, ...]) -> list[str]:
    if not (_has_body(own) or _has_body(foreign)):
        return []

    kind = _media_type(own.header("content-type"))
    foreign_kind = _media_type(foreign.header("content-type"))
    if not _is_of_kind(kind, foreign_kind):
        return [_row("media type", kind, foreign_kind)]

    meaning = _meaning(own, str(kind), undefined)
    foreign_meaning = _meaning(foreign, str(kind), undefined)
    places = _unequal(meaning, foreign_meaning)
    return [_row(f"body{where}", *values) for where, *values in places]


def _has_body(sent: Sent) -> bool:
    return bool(sent.content or sent.parts)


def _is_of_kind(own: str | None, foreign: str | None) -> bool:
    """Return whether a media type is the foreign tool's; that may be a range, such as ``*/*``.

    The tool sends what the contract says, and a range is not a type that a body can have.
    """
    if own is None or foreign is None:
        return own == foreign
    return fnmatchcase(own, foreign)


def _unequal(own: Any, foreign: Any, where: str = "") -> list[tuple[str, Any, Any]]:
    """Return the innermost places where two JSON values differ, and what is there."""
    if own == foreign:
        return []
    pairs = _inside(own, foreign)
    if pairs is None:
        return [(where, own, foreign)]

    places: list[tuple[str, Any, Any]] = []
    for step, left, right in pairs:
        places += _unequal(left, right, f"{where}/{step}")
    return places


def _inside(own: Any, foreign: Any) -> list[tuple[object, Any, Any]] | None:
    """Return what stands at the same place in two objects or two lists of one length, None where
    they are neither.
    """
    if isinstance(own, dict) and isinstance(foreign, dict):
        names = sorted(own.keys() | foreign.keys())
        return [(name, own.get(name), foreign.get(name)) for name in names]

    are_lists = isinstance(own, list) and isinstance(foreign, list)
    if are_lists and len(own) == len(foreign):
        return list(zip(range(len(own)), own, foreign, strict=True))
    # Of two lists of different lengths nobody can say which items belong together.
    return None


def _media_type(header: str | None) -> str | None:
    return header.partition(";")[0].strip().lower() if header else None


def _meaning(sent: Sent, kind: str, undefined: tuple[str, ...]) -> Any:
    if kind.startswith("multipart/"):
        # The boundary and the order of parts mean nothing.
        parts = sent.parts if sent.parts is not None else _parts(sent)
        return sorted(repr(_part_meaning(part)) for part in parts)

    if kind == _FORM:
        return sorted(_pairs(sent.content.decode(), undefined))
    if kind.endswith("json"):
        try:
            return json.loads(sent.content)
        except ValueError:
            return sent.content
    return sent.content


def _part_meaning(part: Part) -> tuple[object, ...]:
    content: object = part.content
    if part.media_type.endswith("json"):
        content = canonical_json(json.loads(part.content))
    return part.name, part.file_name, part.media_type, content


def _parts(sent: Sent) -> list[Part]:
    head = f"content-type: {sent.header('content-type')}\r\n\r\n".encode()
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + sent.content)
    return [_part(part) for part in message.iter_parts()] if message.is_multipart() else []


def _part(part: Any) -> Part:
    parameters = part["content-disposition"].params
    return Part(
        name=parameters.get("name", ""),
        file_name=parameters.get("filename"),
        media_type=part.get_content_type(),
        content=part.get_payload(decode=True) or b"",
    )
