"""Scripts: that of a character, and the country in whose shapes Chinese characters are set."""

from __future__ import annotations

import re
import unicodedata

from babel import Locale

_HAN = re.compile(
    "[\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
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
_LAST_OF_THE_BASIC_PLANE = 0xFFFF


def script_of(character: str) -> str:
    """Return the script of a character, as the names of fonts spell it.

    Such as ``Thai``, ``Arabic``, ``Han`` or ``Emoji``.
    """
    name = unicodedata.name(character, "Symbols")
    if name.startswith(_EAST_ASIAN) or _HAN.match(character):
        return "Han"

    is_symbol = unicodedata.category(character) in ("So", "Sk")
    if is_symbol and ord(character) > _LAST_OF_THE_BASIC_PLANE:
        return "Emoji"
    # Unicode names begin with the script: "THAI CHARACTER KO KAI".
    return name.split()[0].title()


def east_asian_language(locale: Locale, currency: str, text: str) -> str:
    """Return the language in whose shapes a text is set.

    It is that of the locale, of the currency, or of the text's own letters. Empty for a text
    without Chinese, Japanese or Korean characters, and where nothing tells.
    """
    # Most texts have none, and this is asked for every cell.
    if text.isascii():
        return ""
    has_kana = _KANA.search(text) is not None
    has_hangul = _HANGUL.search(text) is not None
    if not (has_kana or has_hangul or _HAN.search(text)):
        return ""

    of_locale = _language_of(locale)
    if of_locale:
        return of_locale
    if currency in _BY_CURRENCY:
        return _BY_CURRENCY[currency]
    if has_kana:
        return "ja"
    return "ko" if has_hangul else ""


def _language_of(locale: Locale) -> str:
    """Return the East Asian language of a locale; empty for any other."""
    if locale.language in ("ja", "ko"):
        return str(locale.language)
    if locale.language != "zh":
        return ""

    # The place says more than the script: Hong Kong and Taiwan draw some characters differently.
    if locale.territory in _TRADITIONAL:
        return _TRADITIONAL[locale.territory]
    return "zh-Hant" if locale.script == "Hant" else "zh-Hans"


def in_order(families: list[str], language: str) -> list[str]:
    """Return font families, those in the shapes of the language first, each part by name."""
    suffix = f" {_SUFFIX.get(language, '')}"
    names = sorted(families)

    own = [name for name in names if name.endswith(suffix)]
    others = [name for name in names if not name.endswith(suffix)]
    return own + others
