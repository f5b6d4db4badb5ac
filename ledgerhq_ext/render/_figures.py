"""Figures and dates for people, by locale: grouping, signs and months are Babel's, the digits are
exact integers.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.numbers import (
    get_currency_name,
    get_currency_symbol,
    get_decimal_symbol,
    get_group_symbol,
)

from ledgerhq_ext.errors import InputError
from ledgerhq_ext.money import digits
from ledgerhq_ext.render._scripts import east_asian_language

_LOCALE = re.compile(r"[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8}){0,3}", re.ASCII)
NOTHING = "–"
"""How a zero is written in a statement."""
# What stands between them is ordered by itself, from right to left, and orders nothing around it.
_ISOLATE = "\N{RIGHT-TO-LEFT ISOLATE}"
_END = "\N{POP DIRECTIONAL ISOLATE}"
_EAST_ASIAN = "\u2e80"
_BY_ITSELF = "\N{FIRST STRONG ISOLATE}"


def locale_of(name: str) -> Locale:
    """The Babel locale of a name such as ``en_US`` or ``de-AT``; ``InputError`` for an unknown one."""
    if not isinstance(name, str) or not _LOCALE.fullmatch(name):
        raise InputError(f"{name!r} is no locale such as 'en_US'.")
    try:
        return Locale.parse(name, sep="-" if "-" in name else "_")
    except (UnknownLocaleError, ValueError, TypeError):
        raise InputError(f"{name!r} is no locale Babel knows: give one such as 'en_US'.") from None


def isolated(text: str, locale: Locale) -> str:
    """Return the text of a locale; that of a right-to-left one isolated from the left-to-right
    words around it.
    """
    return f"{_ISOLATE}{text}{_END}" if locale.text_direction == "rtl" else text


def day_of(day: dt.date, locale: Locale) -> str:
    """Return a day as a locale writes it: ``Jun 30, 2026``."""
    return isolated(format_date(day, "medium", locale), locale)


class Figures:
    """Writes cents, counts, tenths of a percent and dates. Negative amounts stand in parentheses."""

    def __init__(self, locale: str, currency: str) -> None:
        self.locale, self.currency, self.places = locale_of(locale), currency, digits(currency)
        self._point, self._comma = get_decimal_symbol(self.locale), get_group_symbol(self.locale)
        self._grouping: tuple[int, int] = self.locale.decimal_formats[None].grouping
        self.amount = self._writer()
        self.day: Callable[[dt.date], str] = lru_cache(4096)(lambda day: day_of(day, self.locale))
        self.brief: Callable[[dt.date], str] = lru_cache(4096)(
            lambda day: isolated(format_date(day, "short", self.locale), self.locale)
        )

    def month(self, day: dt.date) -> str:
        """Return a month: ``Jun 2026``; ``2026-06`` where fonts for Latin scripts lack the locale's
        own form.
        """
        own = format_skeleton("yMMM", day, locale=self.locale)
        return isolated(own, self.locale) if max(own) < _EAST_ASIAN else f"{day:%Y-%m}"

    def _writer(self) -> Callable[[int], str]:
        """The magnitude of an amount, without sign. A closure: a ledger asks for it 150,000 times."""
        point, places, unit, whole = self._point, self.places, 10**self.places, self.whole

        def fraction(cents: int) -> str:
            major, minor = divmod(abs(cents), unit)
            return f"{whole(major)}{point}{minor:0{places}d}"

        return fraction if places else whole

    def whole(self, number: int) -> str:
        """The magnitude of a whole number, grouped."""
        number, (last, others) = abs(number), self._grouping
        if last == others == 3:
            return f"{number:,}".replace(",", self._comma)
        figures = str(number)
        head, groups = figures[:-last], [figures[-last:]]
        while head:
            head, group = head[:-others], head[-others:]
            groups.insert(0, group)
        return self._comma.join(groups)

    def cents(self, cents: int) -> str:
        """``1,234.50``, ``(1,234.50)``, and a dash for nothing."""
        if not cents:
            return NOTHING
        return self.amount(cents) if cents > 0 else f"({self.amount(cents)})"

    def money(self, cents: int) -> str:
        """With the currency's symbol: ``$1,234.50``, ``(¥1,250)``."""
        pattern = self.locale.currency_formats["standard"]
        symbol = self.symbol
        if self.locale.text_direction == "rtl":
            symbol = f"{_BY_ITSELF}{symbol}{_END}"
        before, after = (
            part.replace("¤", symbol) for part in (pattern.prefix[0], pattern.suffix[0])
        )
        written = f"{before}{self.amount(cents)}{after}".strip()
        return isolated(f"({written})" if cents < 0 else written, self.locale)

    def count(self, number: int) -> str:
        """A whole number, a minus in front of a negative one."""
        return f"{'−' if number < 0 else ''}{self.whole(number)}"

    def tenths(self, tenths: int) -> str:
        """Tenths of a percent: ``12.5 %``, ``(3.0 %)``."""
        major, minor = divmod(abs(tenths), 10)
        written = f"{self.whole(major)}{self._point}{minor} %"
        return f"({written})" if tenths < 0 else written

    def language(self, text: str) -> str:
        """Return the language of an East Asian text, for the shapes of its characters; empty for
        any other text.
        """
        return east_asian_language(self.locale, self.currency, text)

    @property
    def symbol(self) -> str:
        """The currency's symbol in the locale; the English one where fonts for Latin scripts lack
        it (a wide yen).
        """
        own = get_currency_symbol(self.currency, self.locale)
        return (
            own
            if all(ord(sign) < 0x20D0 for sign in own)
            else get_currency_symbol(self.currency, "en")
        )

    @property
    def currency_name(self) -> str:
        """``US Dollar``: in English, as all words of a document are."""
        return get_currency_name(self.currency, locale="en")

    @property
    def excel_format(self) -> str:
        """The same appearance as a spreadsheet's number format."""
        plain = "#,##0" + ("." + "0" * self.places if self.places else "")
        return f'{plain}_);({plain});"{NOTHING}"_)'
