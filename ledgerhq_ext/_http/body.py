"""The body of a response: collected within a size, whatever it is compressed with."""

from __future__ import annotations

import zlib

import httpx

from ledgerhq_ext._http.messages import Response
from ledgerhq_ext.errors import LedgerHQError, TransportError

BODY_LIMIT = 256 * 1024 * 1024
_PIECE = 1024 * 1024
_GZIP = 0x1F
"""The first byte of a member of gzip."""
ACCEPTED = "gzip, deflate"
"""The encodings that this module reads, as ``Accept-Encoding`` names them."""


class Body:
    """Collects a body. Nothing is decompressed beyond ``BODY_LIMIT`` bytes, nested or not."""

    def __init__(self, response: httpx.Response) -> None:
        self._status = response.status_code
        self._headers = _headers_of(response)
        self._encoding: str | None = None
        self._decoder: zlib._Decompress | None = None
        self._chunks: list[bytes] = []
        self._raw_size = 0
        self._size = 0
        if not response.is_closed:
            self._encoding = _encoding(self._headers.get("content-encoding", ""))
        # Hooks of a client that was handed in, and transports, may have read it: nothing would come
        # any more. What was closed before it was read has no content.
        elif response.is_stream_consumed:
            self._append(response.content)

    def add(self, chunk: bytes) -> None:
        """Take a chunk as it came. Raises ``TransportError`` when the body becomes too large."""
        self._raw_size += len(chunk)
        self._check(self._raw_size)
        if self._encoding is None:
            self._append(chunk)
            return
        while chunk:
            if self._decoder is None or _is_next_member(self._decoder, self._encoding, chunk):
                self._decoder = _decoder(self._encoding, chunk[0])
            if self._decoder.eof:
                return  # What follows is no content.
            try:
                self._append(self._decoder.decompress(chunk, _PIECE))
            except zlib.error as error:
                raise _unreadable(f"cannot be decompressed: {error}") from None
            chunk = self._decoder.unused_data or self._decoder.unconsumed_tail

    def response(self) -> Response:
        """Return the complete response. Raises ``TransportError`` when it is truncated."""
        # A response to HEAD, or one without content, names an encoding and has no bytes.
        if self._decoder is None:
            return self.part()

        self._append(self._decoder.flush(_PIECE))
        if not self._decoder.eof:
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


def _encoding(header: str) -> str | None:
    """Return the content encoding that a header names; None when there is no encoding."""
    if not header:
        return None
    names = [name.strip().lower() for name in header.split(",")]
    encodings = [name for name in names if name not in ("", "identity")]
    if not encodings:
        return None
    if encodings in (["gzip"], ["x-gzip"], ["deflate"]):
        return encodings[0]
    # Nobody asked for anything else, nor for one inside of another.
    raise _unreadable(f"has the content encoding {header!r}, which was not requested")


def _decoder(encoding: str, first: int) -> zlib._Decompress:
    """Return the decompressor of a content encoding, by the first byte of the content."""
    if encoding != "deflate":
        # 16 more than the window: with the header of gzip, not that of zlib.
        return zlib.decompressobj(zlib.MAX_WBITS | 16)
    # Some servers leave out zlib's header (RFC 9110, 8.4.1.2), whose first byte ends in an 8.
    has_header = first & 0x0F == 8
    return zlib.decompressobj(zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)


def _is_next_member(decoder: zlib._Decompress, encoding: str, chunk: bytes) -> bool:
    """Return whether a chunk begins another member of gzip, which may have several."""
    return decoder.eof and encoding != "deflate" and chunk[0] == _GZIP


def _unreadable(reason: str) -> TransportError:
    return TransportError(f"The response {reason}.", outcome="unknown")
