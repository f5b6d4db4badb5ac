"""The body of a response: collected within a size, whatever it is compressed with."""

from __future__ import annotations

import zlib

import httpx

from ledgerhq_ext._http.messages import Response
from ledgerhq_ext.errors import LedgerHQError, TransportError

BODY_LIMIT = 256 * 1024 * 1024
_PIECE = 1024 * 1024
ACCEPTED = "gzip, deflate"
"""The encodings that this module reads, as ``Accept-Encoding`` names them."""


class Body:
    """Collects a body. Nothing is decompressed beyond ``BODY_LIMIT`` bytes, nested or not."""

    def __init__(self, response: httpx.Response) -> None:
        self._status = response.status_code
        self._headers = _headers_of(response)
        self._decoder = _decoder(self._headers.get("content-encoding", ""))
        self._chunks: list[bytes] = []
        self._raw_size = 0
        self._size = 0

    def add(self, chunk: bytes) -> None:
        """Take a chunk as it came. Raises ``TransportError`` when the body becomes too large."""
        self._raw_size += len(chunk)
        self._check(self._raw_size)
        if self._decoder is None:
            self._append(chunk)
            return
        while chunk:
            try:
                self._append(self._decoder.decompress(chunk, _PIECE))
            except zlib.error as error:
                raise _unreadable(f"cannot be decompressed: {error}") from None
            chunk = self._decoder.unconsumed_tail

    def response(self) -> Response:
        """Return the complete response. Raises ``TransportError`` when it is truncated."""
        if self._decoder is None:
            return self.part()

        self._append(self._decoder.flush(_PIECE))
        # A response to HEAD, or one without content, names an encoding and has no bytes.
        if self._raw_size and not self._decoder.eof:
            raise _unreadable("is compressed and truncated")
        return self.part()

    def part(self, problem: LedgerHQError | None = None) -> Response:
        """Return what came before the problem, as a response that names it."""
        content = b"".join(self._chunks)
        return Response(
            status=self._status, headers=self._headers, content=content, problem=problem
        )

    def _append(self, content: bytes) -> None:
        self._size += len(content)
        self._check(self._size)
        self._chunks.append(content)

    def _check(self, size: int) -> None:
        if size > BODY_LIMIT:
            raise TransportError(
                f"The response is larger than {BODY_LIMIT} bytes.", outcome="unknown"
            )


def _headers_of(response: httpx.Response) -> dict[str, str]:
    """Return the headers by their names in lower case; several of one name are one, as in httpx."""
    headers: dict[str, str] = {}
    try:
        for raw_name, raw_value in response.headers.raw:
            name = raw_name.decode().lower()
            value = raw_value.decode()
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
    except UnicodeDecodeError:
        return {name.lower(): value for name, value in response.headers.items()}
    return headers


def _decoder(encoding: str) -> zlib._Decompress | None:
    """Return the decompressor of a content encoding; None when there is no encoding."""
    if not encoding:
        return None
    names = [name.strip().lower() for name in encoding.split(",")]
    encodings = [name for name in names if name not in ("", "identity")]
    if not encodings:
        return None
    # 16 more than the window: with the header of gzip, not that of zlib.
    if encodings == ["gzip"] or encodings == ["x-gzip"]:
        return zlib.decompressobj(zlib.MAX_WBITS | 16)

    if encodings == ["deflate"]:
        return zlib.decompressobj()
    # Nobody asked for anything else, nor for one inside of another.
    raise _unreadable(f"has the content encoding {encoding!r}, which was not requested")


def _unreadable(reason: str) -> TransportError:
    return TransportError(f"The response {reason}.", outcome="unknown")
