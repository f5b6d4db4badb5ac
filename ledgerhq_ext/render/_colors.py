"""Colors that can be read: WCAG contrast, and a shade of a brand's color that has it."""

from __future__ import annotations

import re

from ledgerhq_ext.errors import InputError

PAPER = "#ffffff"
NIGHT = "#1b1e24"
"""The grounds of text, by day and in the dark."""
READABLE = 4.5
"""WCAG AA for text."""
VISIBLE = 3.0
"""WCAG AA for drawings."""
_HEX = re.compile(r"#[0-9a-f]{6}", re.ASCII)


def checked(color: str) -> str:
    """Return the color in lower case; ``InputError`` unless it is ``#rrggbb``."""
    if not isinstance(color, str) or not _HEX.fullmatch(color.lower()):
        raise InputError(f"{color!r} is not a valid color, such as '#1f4e5f'.")
    return color.lower()


def _parts(color: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(color[1:]))


def _luminance(color: str) -> float:
    """Return the relative luminance that WCAG defines, 0 to 1."""
    red, green, blue = (_linear(part / 255) for part in _parts(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    """Return a part of an sRGB color as a share of light."""
    if part <= 0.04045:
        return part / 12.92
    return float(((part + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colors, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mixed(color: str, towards: str, share: float) -> str:
    """Return the color with a share of another one in it."""
    pairs = zip(_parts(color), _parts(towards), strict=True)
    mix = bytes(round(part + (other - part) * share) for part, other in pairs)
    return f"#{mix.hex()}"


def readable(color: str, ground: str) -> str:
    """Return the color, darkened or lightened until text in it can be read on the ground."""
    # The end of the way, black or white, can be read on any ground of ours.
    far = "#000000" if _luminance(ground) > 0.5 else "#ffffff"
    shades = (mixed(color, far, step / 20) for step in range(21))
    return next(shade for shade in shades if contrast(shade, ground) >= READABLE)


def pale(color: str, ground: str) -> str:
    """Return the color, as far towards the ground as it can go and still be seen on it."""
    strong = readable(color, ground)
    shades = (mixed(strong, ground, step / 20) for step in range(19, -1, -1))
    return next(shade for shade in shades if contrast(shade, ground) >= VISIBLE)


def tones(color: str, ground: str) -> dict[str, str]:
    """Return the colors of bars; ``wash`` fills those of the prior period, outlined in ``soft``."""
    strong = readable(color, ground)
    return {"main": strong, "soft": pale(color, ground), "wash": mixed(strong, ground, 0.9)}
