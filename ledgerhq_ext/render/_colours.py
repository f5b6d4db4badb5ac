"""Colours that can be read: WCAG contrast, and a shade of a brand's colour that has it."""

from __future__ import annotations

import re

from ledgerhq_ext.errors import InputError

PAPER, NIGHT = "#ffffff", "#1b1e24"
"""What text stands on, by day and in the dark."""
READABLE = 4.5
"""WCAG AA for text."""
VISIBLE = 3.0
"""WCAG AA for what is drawn."""
_HEX = re.compile(r"#[0-9a-f]{6}", re.ASCII)


def checked(colour: str) -> str:
    """The colour, in lower case; ``InputError`` unless it is ``#rrggbb``."""
    if not isinstance(colour, str) or not _HEX.fullmatch(colour.lower()):
        raise InputError(f"{colour!r} is no colour such as '#1f4e5f'.")
    return colour.lower()


def _parts(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour[1:]))


def _luminance(colour: str) -> float:
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (p / 255 for p in _parts(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mixed(colour: str, towards: str, share: float) -> str:
    """The colour with a share of another one in it."""
    mix = (round(a + (b - a) * share) for a, b in zip(_parts(colour), _parts(towards), strict=True))
    return "#" + bytes(mix).hex()


def readable(colour: str, ground: str) -> str:
    """The colour, darkened or lightened until text in it can be read on the ground."""
    far = "#000000" if _luminance(ground) > 0.5 else "#ffffff"
    shades = (mixed(colour, far, step / 20) for step in range(21))
    return next(shade for shade in shades if contrast(shade, ground) >= READABLE)


def pale(colour: str, ground: str) -> str:
    """The colour, as far towards the ground as it can go and still be seen on it."""
    strong = readable(colour, ground)
    shades = (mixed(strong, ground, step / 20) for step in range(19, -1, -1))
    return next(shade for shade in shades if contrast(shade, ground) >= VISIBLE)


def tones(colour: str, ground: str) -> dict[str, str]:
    """What bars are drawn in: ``wash`` fills those of the prior period, whose outline is ``soft``."""
    strong = readable(colour, ground)
    return {"main": strong, "soft": pale(colour, ground), "wash": mixed(strong, ground, 0.9)}
