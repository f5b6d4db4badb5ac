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
    ours: Sent, theirs: Sent, headers: Iterable[str] = (), undefined: Iterable[str] = ()
) -> list[str]:
    """Return in what two requests differ, in words; an empty list when they are the same.

    Path, query and body are compared as what they mean: percent-decoded, the query as a multiset,
    the body by its media type. Of the headers, those that are named, cookies, and the media type.
    ``undefined`` are names in a query or a form whose values OpenAPI has no spelling for.
    """
    open_names = tuple(undefined)
    found = []
    if ours.method != theirs.method:
        found.append(_said("method", ours.method, theirs.method))
    if _segments(ours.target) != _segments(theirs.target):
        found.append(_said("path", ours.target, theirs.target))
    found += _queries(_query(ours.target, open_names), _query(theirs.target, open_names))
    for name in headers:
        if not _same_value(ours.header(name), theirs.header(name)):
            found.append(_said(f"header {name}", ours.header(name), theirs.header(name)))
    if _cookies(ours) != _cookies(theirs):
        found.append(_said("cookies", _cookies(ours), _cookies(theirs)))
    return found + _bodies(ours, theirs, open_names)


def _said(what: str, ours: object, theirs: object) -> str:
    return f"{what}: {ours!r:.300}, the foreign tool {theirs!r:.300}"


def _segments(target: str) -> list[bytes]:
    # Before they are decoded: an escaped slash does not separate.
    return [unquote_to_bytes(segment) for segment in target.partition("?")[0].split("/")]


def _query(target: str, undefined: tuple[str, ...]) -> list[Pair]:
    return _pairs(target.partition("?")[2], undefined)


def _pairs(text: str, undefined: tuple[str, ...]) -> list[Pair]:
    """Return the pairs of a query or a form, with JSON in one spelling."""
    return [
        (name, _one_spelling(value))
        for name, value in parse_qsl(text, keep_blank_values=True)
        if not any(name == each or name.startswith(f"{each}[") for each in undefined)
    ]


def _one_spelling(value: str) -> str:
    if not value.startswith(("{", "[")):
        return value
    try:
        return canonical_json(json.loads(value))
    except ValueError:
        return value


def _queries(ours: list[Pair], theirs: list[Pair]) -> list[str]:
    more, fewer = Counter(ours) - Counter(theirs), Counter(theirs) - Counter(ours)
    if not more and not fewer:
        return []
    return [_said("query", sorted(more.elements()), sorted(fewer.elements()))]


def _cookies(sent: Sent) -> dict[str, str]:
    text = sent.header("cookie") or ""
    pairs = [pair.strip().partition("=") for pair in text.split(";") if pair.strip()]
    return {name: value for name, _, value in pairs}


def _same_value(ours: str | None, theirs: str | None) -> bool:
    if ours is None or theirs is None or ours == theirs:
        return ours == theirs
    try:
        same: bool = json.loads(ours) == json.loads(theirs)
    except ValueError:
        return False
    return same


def _bodies(ours: Sent, theirs: Sent, undefined: tuple[str, ...]) -> list[str]:
    kinds = [_media_type(sent.header("content-type")) for sent in (ours, theirs)]
    has_body = [bool(sent.content or sent.parts) for sent in (ours, theirs)]
    if not any(has_body):
        return []
    if not _is_of_kind(kinds[0], kinds[1]):
        return [_said("media type", kinds[0], kinds[1])]
    left = _meaning(ours, str(kinds[0]), undefined)
    right = _meaning(theirs, str(kinds[0]), undefined)
    return [_said(f"body{where}", *values) for where, *values in _unequal(left, right)]


def _is_of_kind(ours: str | None, theirs: str | None) -> bool:
    """Return whether a media type is the foreign tool's; that may be a range, such as ``*/*``.

    The tool sends what the contract says, and a range is not a type that a body can have.
    """
    if ours is None or theirs is None:
        return ours == theirs
    return fnmatchcase(ours, theirs)


def _unequal(ours: Any, theirs: Any, where: str = "") -> list[tuple[str, Any, Any]]:
    """Return the innermost places where two JSON values differ, and what is there."""
    if ours == theirs:
        return []
    if isinstance(ours, dict) and isinstance(theirs, dict):
        names = sorted(ours.keys() | theirs.keys())
        pairs = [(f"{where}/{name}", ours.get(name), theirs.get(name)) for name in names]
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        pairs = [(f"{where}/{at}", *each) for at, each in enumerate(zip(ours, theirs, strict=True))]
    else:
        return [(where, ours, theirs)]
    return [place for at, left, right in pairs for place in _unequal(left, right, at)]


def _media_type(header: str | None) -> str | None:
    return header.partition(";")[0].strip().lower() if header else None


def _meaning(sent: Sent, kind: str, undefined: tuple[str, ...]) -> Any:
    if kind.startswith("multipart/"):
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
