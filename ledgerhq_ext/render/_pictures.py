"""Pictures: the size of a PNG or JPEG file, and what is damaged or missing in one."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterable, Iterator

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8"
_JPEG_END = b"\xff\xd9"
_SCAN = 0xDA
"""The marker of the picture itself."""
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
"""The markers of frames, which have the size; those between them begin something else."""
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Samples of a pixel, by color type."""
_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
# Adam7: where the pixels of each pass begin, and how far apart they are.
_PASSES = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)
_ONE_PASS = ((0, 0, 1, 1),)
_PIECE = 1 << 20
_DRAWING = b"#image(bytes(json(bytes(sys.inputs.picture))))"


def png_size(data: bytes) -> tuple[int, int] | None:
    """Return width and height of a PNG file in pixels; None for any other file."""
    if data[:8] != _PNG or data[12:16] != b"IHDR" or len(data) < 24:
        return None
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Return width and height of a JPEG file in pixels; None for any other file."""
    for marker, at, _ in _segments(data):
        if marker not in _FRAMES:
            continue
        # Marker, length and precision stand before them: five bytes.
        if at + 9 <= len(data):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
    return None


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield marker, beginning and end of the segments of a JPEG file, up to the picture itself."""
    if data[:2] != _JPEG:
        return
    at = len(_JPEG)
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            # A byte that fills a gap.
            at += 1
            continue

        # The length counts itself, two bytes.
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        end = at + 2 + max(length, 2)
        yield marker, at, end
        if marker == _SCAN:
            return
        at = end


def jpeg_problem(data: bytes) -> str:
    """Return what is wrong with a JPEG file; empty when it has a picture and an end."""
    scans = [end for marker, _, end in _segments(data) if marker == _SCAN]
    if not scans:
        return "it contains no image"

    # Its pixels begin behind the segment.
    pixels = data[scans[0] :]
    if not pixels:
        return "it contains no image"
    return "" if _JPEG_END in pixels else "its end is missing"


def png_problem(data: bytes) -> str:
    """Return what is wrong with a PNG file; empty when nothing of it is damaged or missing."""
    header = b""
    pixels: list[bytes] = []
    at = len(_PNG)
    kind = b""
    while kind != b"IEND":
        if at + 12 > len(data):
            return "its end is missing"
        # Each part is its length, its kind, its content and a checksum.
        length = int.from_bytes(data[at : at + 4], "big")
        kind = data[at + 4 : at + 8]
        content = data[at + 8 : at + 8 + length]
        checksum = data[at + 8 + length : at + 12 + length]
        if len(content) < length or len(checksum) < 4:
            return "its end is missing"
        if int.from_bytes(checksum, "big") != zlib.crc32(kind + content):
            return "a checksum does not match"

        if kind == b"IHDR" and not header:
            header = content
        if kind == b"IDAT":
            pixels.append(content)
        at += 12 + length
    return _pixel_problem(header, b"".join(pixels))


def _pixel_problem(header: bytes, packed: bytes) -> str:
    if len(header) != 13:
        return "its header is invalid"
    width, height, depth, color, compression, method, interlace = struct.unpack(">IIBBBBB", header)
    # The standard knows one compression and one way to filter.
    is_known = depth in _DEPTHS.get(color, ()) and not compression and not method
    if not is_known or interlace > 1:
        return "its header is invalid"

    bits = depth * _SAMPLES[color]
    needed = _unpacked_size(width, height, bits, _PASSES if interlace else _ONE_PASS)
    try:
        size = _inflated_size(packed, needed)
    except zlib.error:
        return "its pixels cannot be unpacked"
    return "" if size >= needed else "pixels are missing"


def _unpacked_size(
    width: int, height: int, bits: int, passes: Iterable[tuple[int, int, int, int]]
) -> int:
    """Return the bytes of all rows, each with the byte that names its filter."""
    total = 0
    for x, y, across, down in passes:
        columns = max(0, _ceiling(width - x, across))
        rows = max(0, _ceiling(height - y, down))
        # A small picture has nothing of some passes.
        if columns:
            total += rows * (1 + _ceiling(columns * bits, 8))
    return total


def _ceiling(number: int, divisor: int) -> int:
    return -(-number // divisor)


def _inflated_size(packed: bytes, most: int) -> int:
    """Return the size of packed bytes, counted no further than to ``most``.

    They are let go as they come: a small file may hold gigabytes.
    """
    inflater = zlib.decompressobj()
    size = len(inflater.decompress(packed, _PIECE))
    while size < most and inflater.unconsumed_tail:
        size += len(inflater.decompress(inflater.unconsumed_tail, _PIECE))
    if size < most:
        size += len(inflater.flush())
    return size


def decoder_problem(data: bytes) -> str:
    """Return what typst says of a picture that it cannot decode; empty for one that it can."""
    # Options are made before anything is rendered, and most have no logo.
    import typst

    inputs = {"picture": json.dumps(list(data))}
    fonts = typst.Fonts(include_system_fonts=False)
    try:
        typst.Compiler(_DRAWING, font_paths=fonts, sys_inputs=inputs).compile(format="pdf")
    except typst.TypstError as error:
        return error.message
    return ""
