"""Step `read`: the contract as bytes, from a file or from the web, and as a checked JSON object."""

import json
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx

from .errors import StepError
from .nulls import without_nulls
from .pointers import Object, pretty
from .yaml_text import read_yaml

LIVE_CONTRACT = "https://app.ledgerhq.pro/api/openapi.json"
MOST_BYTES = 32 * 1024 * 1024
SECONDS = 60.0
_RIGHT_ADDRESS = "is the address right?"
_UNDERSTOOD = ("3.0", "3.1")
_ELSEWHERE = "give the path or URL of another one"


@dataclass(frozen=True)
class Fetched:
    """A document as it was found: its bytes, and where it came from in words fit for the lock."""

    content: bytes
    origin: str


def fetch(source: str) -> Fetched:
    """Read the contract from a path or an http(s) URL."""
    if "://" not in source:
        return Fetched(as_json(_from_file(Path(source))), "local")
    try:
        address = urlsplit(source)
    except ValueError as error:
        raise StepError("read", "the address is no URL", why=str(error), todo=_ELSEWHERE) from None
    if address.scheme.lower() not in ("http", "https"):
        raise StepError(
            "read", f"cannot read {public(source)}", why="only paths, http and https are read"
        )
    return Fetched(as_json(_from_web(source)), public(source))


def as_json(content: bytes) -> bytes:
    """Return the document as it was found when that is JSON; else, when it is YAML, the same in
    JSON.
    """
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[", b"<", b""):
        return content
    try:
        return pretty(read_yaml(content), in_order=True)
    except (ValueError, RecursionError) as error:
        why = str(error) or "nested too deeply"
        raise StepError(
            "read", "the contract is neither JSON nor YAML", why=why, todo=_RIGHT_ADDRESS
        ) from None


def public(url: str) -> str:
    """Return a URL without user, password, query and fragment: those may be secret."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _from_file(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise StepError(
            "read", f"cannot read {path}", why=error.strerror or str(error), todo=_ELSEWHERE
        ) from None
    _check_size(len(content), str(path))
    return content


def _from_web(url: str) -> bytes:
    headers = {
        "accept": "application/json, application/yaml;q=0.9",
        "user-agent": "ledgerhq-ext regenerate",
    }
    try:
        with (
            httpx.Client(timeout=30.0) as client,
            client.stream("GET", url, headers=headers) as response,
        ):
            _check_answer(response, public(url))
            return _body(response, public(url))
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        why = f"{type(error).__name__}: {error}".rstrip(": ")
        todo = f"check the network, or {_ELSEWHERE}"
        raise StepError("read", f"cannot fetch {public(url)}", why=why, todo=todo) from None


def _check_answer(response: httpx.Response, url: str) -> None:
    if response.has_redirect_location:
        where = response.headers["location"]
        why = (
            f"it answers {response.status_code} and points to {where!r}; redirects are not followed"
        )
        raise StepError(
            "read",
            f"cannot fetch {url}",
            why=why,
            todo="give that address, if you trust it",
        )
    if response.status_code != httpx.codes.OK:
        raise StepError(
            "read", f"cannot fetch {url}", why=f"it answers {response.status_code}", todo=_ELSEWHERE
        )


def _body(response: httpx.Response, url: str) -> bytes:
    ends = time.monotonic() + SECONDS
    content = bytearray()
    for chunk in response.iter_bytes():
        content += chunk
        _check_size(len(content), url)
        if time.monotonic() > ends:
            raise StepError(
                "read", f"cannot fetch {url}", why=f"it took longer than {SECONDS:.0f} s"
            )
    return bytes(content)


def _check_size(size: int, name: str) -> None:
    if size > MOST_BYTES:
        raise StepError(
            "read", f"{name} is too large", why=f"more than {MOST_BYTES // 2**20} MiB are not read"
        )


def parse(content: bytes) -> Object:
    """Return the document, without keywords that are null. Refuses what is not JSON, or no OpenAPI
    3 document with paths.
    """
    try:
        document = json.loads(content, object_pairs_hook=_unique, parse_constant=_refuse_constant)
        if b"\\ud" in content.lower():
            document = _encodable(document)
    except (ValueError, RecursionError) as error:
        why = str(error) or "nested too deeply"
        raise StepError("read", "the contract is not JSON", why=why, todo=_RIGHT_ADDRESS) from None
    _check_openapi(document)
    return _object(without_nulls(document))


def _encodable(document: Any) -> Any:
    """Return a document without halves of characters, such as of an emoji where a text was cut:
    nothing can write them down.
    """
    text = json.dumps(document, ensure_ascii=False)
    return json.loads(text.encode("utf-8", errors="replace"))


def _unique(pairs: list[tuple[str, Any]]) -> Object:
    """Return the object of a JSON text. Raises ValueError for one key with two values.

    JSON leaves open which of the two counts, and parsers differ.
    """
    value = dict(pairs)
    if len(value) == len(pairs):
        return value

    counts = Counter(name for name, _ in pairs)
    twice = sorted(name for name, count in counts.items() if count > 1)
    raise ValueError(f"an object has the same key twice: {', '.join(twice)}")


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _check_openapi(document: Any) -> None:
    why = ""
    if not isinstance(document, dict):
        why = f"it is a JSON {type(document).__name__}, not an object"
    elif not _is_understood(str(document.get("openapi", ""))):
        version = document.get("openapi", document.get("swagger"))
        why = (
            f"its version is {version!r}; 3.0 and 3.1 are understood"
            if version
            else "it has no 'openapi' version"
        )
    elif not isinstance(document.get("paths"), dict) or not document["paths"]:
        why = "it has no paths"
    if why:
        raise StepError(
            "read", "the contract is not an OpenAPI 3 document", why=why, todo=_RIGHT_ADDRESS
        )


def _is_understood(version: str) -> bool:
    return any(version == line or version.startswith(f"{line}.") for line in _UNDERSTOOD)


def _object(value: Any) -> Object:
    assert isinstance(value, dict)
    return value
