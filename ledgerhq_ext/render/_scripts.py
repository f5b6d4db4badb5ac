"""Scripts: what a character is written in, and in which country's shapes Chinese characters are
set.
"""

from __future__ import annotations

import re
import unicodedata

from babel import Locale

_HAN = re.compile(
    "[\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_KANA = re.compile("[\u3040-\u30ff\uff66-\uff9f]")
_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]")
_EAST_ASIAN = (
    "CJK",
    "HIRAGANA",
    "KATAKANA",
    "HANGUL",
    "BOPOMOFO",
    "IDEOGRAPHIC",
    "FULLWIDTH",
    "HALFWIDTH",
)
# One code point has several shapes: which, say the currency of the company where the locale does
# not.
_BY_CURRENCY = {
    "JPY": "ja",
    "CNY": "zh-Hans",
    "SGD": "zh-Hans",
    "TWD": "zh-Hant",
    "HKD": "zh-Hant-HK",
    "KRW": "ko",
}
_TRADITIONAL = {"TW": "zh-Hant", "MO": "zh-Hant-HK", "HK": "zh-Hant-HK"}
# How the families of one design are named: Noto Sans CJK JP, Noto Sans JP, Source Han Sans JP.
_SUFFIX = {"ja": "JP", "ko": "KR", "zh-Hans": "SC", "zh-Hant": "TC", "zh-Hant-HK": "HK"}


def script_of(character: str) -> str:
    """Return the script of a character, as the names of fonts spell it: ``Thai``, ``Arabic``,
    ``Han``, ``Emoji``.
    """
    name = unicodedata.name(character, "Symbols")
    if name.startswith(_EAST_ASIAN) or _HAN.match(character):
        return "Han"
    if unicodedata.category(character) in ("So", "Sk") and ord(character) > 0xFFFF:
        return "Emoji"
    return name.split()[0].title()


def east_asian_language(locale: Locale, currency: str, text: str) -> str:
    """Return the language in whose shapes a text is set: that of the locale, of the currency, or of
    its own letters.

    Empty for a text without Chinese, Japanese or Korean characters, and where nothing tells.
    """
    if text.isascii() or not (_HAN.search(text) or _KANA.search(text) or _HANGUL.search(text)):
        return ""
    if locale.language in ("ja", "ko"):
        return str(locale.language)
    if locale.language == "zh":
        simple = "zh-Hant" if locale.script == "Hant" else "zh-Hans"
        return _TRADITIONAL.get(locale.territory or "", simple)
    if currency in _BY_CURRENCY:
        return _BY_CURRENCY[currency]
    if _KANA.search(text):
        return "ja"
    return "ko" if _HANGUL.search(text) else ""


def in_order(families: list[str], language: str) -> list[str]:
    """Return font families, those in the shapes of the language first."""
    suffix = f" {_SUFFIX.get(language, '')}"
    return sorted(families, key=lambda family: (not family.endswith(suffix), family))
