"""Bodies that are not JSON of the layer's own: files, forms, bytes, and what a generated operation
hands over.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping, Sequence
from typing import IO, Any, TypeAlias
from urllib.parse import urlencode

from ledgerhq_ext._checks import check_id
from ledgerhq_ext._idempotency import canonical_json
from ledgerhq_ext._query import QueryValue, query_pairs, query_texts
from ledgerhq_ext._texts import check_spelling
from ledgerhq_ext.errors import InputError

FileValue: TypeAlias = (
    bytes | IO[bytes] | tuple[str, bytes | IO[bytes]] | tuple[str, bytes | IO[bytes], str]
)
"""A file to send: its bytes, or (name, bytes), or (name, bytes, media type). An open file counts as
its bytes.
"""

JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"
_BYTES = "application/octet-stream"
_LONGEST = 500

Part: TypeAlias = tuple[str, tuple[str | None, bytes, str]]
"""A part of a form: its name, and (file name, content, media type)."""


def encoded(
    *,
    json: object = None,
    form: Mapping[str, QueryValue] | None = None,
    files: Mapping[str, FileValue | Sequence[FileValue]] | None = None,
    content: bytes | None = None,
    content_type: str | None = None,
) -> tuple[bytes | None, str | None]:
    """Return the bytes of a body and their media type; nothing for nothing.

    Raises ``InputError`` for what cannot be sent, and for two bodies at once.
    """
    bodies = [
        name
        for name, value in (("json", json), ("form", form), ("content", content))
        if value is not None
    ]
    if len(bodies) > 1 or (files is not None and bodies not in ([], ["form"])):
        raise InputError(
            "A request has only one body: json=, content=, form=, files=, or form= and files= "
            "together."
        )
    if content_type is not None and (form is not None or files is not None):
        raise InputError(
            "content_type= applies only to json= and content=; the media type of a form is fixed."
        )
    if json is not None:
        return canonical_json(json), _media_type(content_type, JSON)
    if files is not None:
        return _multipart(form, files)
    if form is not None:
        return urlencode(query_pairs(form)).encode(), _FORM
    if content is None:
        return None, None
    if not isinstance(content, bytes):
        raise InputError(
            f"content must be bytes, not {type(content).__name__}. Read the file, or encode the "
            "text."
        )
    return content, _media_type(content_type, _BYTES)


def from_keywords(
    request: Mapping[str, Any], content_type: str | None
) -> tuple[bytes | None, str | None]:
    """Return the body that a generated operation hands over as keywords of httpx, and its media
    type.

    Raises ``InputError`` for a keyword that is not known, which would be a body that is not sent.
    """
    bodies = sorted(request.keys() & {"json", "data", "files", "content"})
    if not bodies:
        return None, None
    if bodies == ["json"]:
        return canonical_json(request["json"]), _media_type(content_type, JSON)
    if bodies == ["data"]:
        return urlencode(query_pairs(request["data"])).encode(), _FORM
    if bodies == ["files"]:
        return _parts(_triples(request["files"]))
    if bodies == ["content"]:
        return _read("body", request["content"]), _media_type(content_type, _BYTES)
    raise InputError(f"A body of {' and '.join(bodies)} cannot be sent.")


def path_text(value: object, what: str) -> str:
    """Return a path parameter as text: an id, a number, or a word in any script.

    Raises ``InputError`` for what is empty or would not stay one segment as it is.
    """
    if not isinstance(value, str):
        # Not at the top: hardly any process needs it.
        from uuid import UUID

        if isinstance(value, UUID):
            value = str(value)
    if isinstance(value, list | tuple):
        raise InputError(f"{what} must be one value, and not several.")
    text = "".join(query_texts(what, value))
    if not text.isascii() and text.strip() not in ("", ".", ".."):
        if len(text) > _LONGEST:
            raise InputError(f"{what} has more than {_LONGEST} characters.")
        check_spelling(text, what)
        return text
    return check_id(text, what)


def cookie_header(cookies: Mapping[str, QueryValue] | None) -> str | None:
    """Return the header of some cookies; None for none. Raises ``InputError`` for a name or value
    of other letters.
    """
    pairs = query_pairs(cookies)
    for name, value in pairs:
        _check_cookie(name, value)
    return "; ".join(f"{name}={value}" for name, value in pairs) or None


def _check_cookie(name: str, value: str) -> None:
    """Raise ``InputError`` for a cookie that would be read as another one, or as several."""
    is_name = name.isascii() and name.replace("-", "_").isidentifier()
    if not is_name:
        raise InputError(f"{name!r} is not a valid cookie name.")

    # RFC 6265, section 4.1.1: these end a value, or begin the next one.
    is_printable = value.isascii() and value.isprintable()
    if not is_printable or set(value) & set(' ",;\\'):
        raise InputError(
            f"the cookie {name} must be printable ASCII without blanks, quotes, commas and "
            "semicolons."
        )


def _media_type(content_type: str | None, usual: str) -> str:
    if content_type is None:
        return usual
    if (
        not isinstance(content_type, str)
        or not content_type.isascii()
        or not content_type.isprintable()
    ):
        raise InputError(f"{content_type!r} is not a valid media type.")
    if "/" not in content_type:
        raise InputError(f"{content_type!r} is not a valid media type, such as text/csv.")
    if "*" in content_type.partition(";")[0]:
        raise InputError(
            f"{content_type!r} is a range of media types; pass the one that the bytes have, such "
            "as image/png."
        )
    return content_type


def _multipart(
    form: Mapping[str, QueryValue] | None, files: Mapping[str, FileValue | Sequence[FileValue]]
) -> tuple[bytes, str]:
    """Return the body and the media type of a form with files, its fields before its files."""
    if not isinstance(files, Mapping) or not files:
        raise InputError("files must be a mapping of names to files, with at least one.")

    parts: list[Part] = []
    for name, text in query_pairs(form):
        parts.append((name, (None, text.encode(), "text/plain")))
    for name, value in files.items():
        # A tuple is one file: its name, content and media type.
        several = value if isinstance(value, list) else [value]
        parts += [(name, _file(name, each)) for each in several]
    return _parts(parts)


def _file(name: str, value: object) -> tuple[str | None, bytes, str]:
    """Return the name, the bytes and the media type of a file."""
    if not isinstance(value, tuple):
        return name, _read(name, value), _BYTES
    if len(value) not in (2, 3):
        raise InputError(
            f"files: {name} must be bytes, (name, bytes) or (name, bytes, media type)."
        )
    file_name = value[0]
    if not isinstance(file_name, str) or not file_name:
        raise InputError(
            f"files: {name} must have a file name that is a string, not {file_name!r}."
        )
    kind = value[2] if len(value) == 3 else mimetypes.guess_type(file_name)[0]
    return file_name, _read(name, value[1]), _media_type(kind, _BYTES)


def _triples(files: Any) -> list[Part]:
    """Return the parts of a generated form: (name, (file name, content, media type)), all there."""
    pairs = files.items() if isinstance(files, Mapping) else files
    return [(name, _triple(name, part)) for name, part in pairs]


def _triple(name: str, part: Any) -> tuple[str | None, bytes, str]:
    """Return a part of a generated form with all that it may leave out."""
    if not isinstance(part, tuple):
        return None, _read(name, part), _BYTES

    file_name, content, *rest = part
    own = rest[0] if rest else None
    return file_name, _read(name, content), _media_type(own or None, _BYTES)


def _parts(parts: list[Part]) -> tuple[bytes, str]:
    """Return a form of several parts as bytes, and the header that names their boundary."""
    import httpx

    try:
        request = httpx.Request("POST", "http://form.invalid", files=parts)
        return request.read(), request.headers["Content-Type"]
    except (TypeError, UnicodeError) as error:
        raise InputError(f"The name of a part or of its file cannot be sent: {error}.") from None


def _read(name: str, value: object) -> bytes:
    content = value.read() if hasattr(value, "read") else value
    if isinstance(content, str):
        return content.encode()
    if not isinstance(content, bytes):
        raise InputError(
            f"{name} must be bytes or a file opened in binary mode for reading, not "
            f"{type(value).__name__}."
        )
    return content
