"""Figures and dates for people, by locale.

Grouping, signs and months are Babel's; the digits are exact integers.
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
"""A zero, as statements write it."""
# What stands between them is ordered by itself, from right to left, and orders nothing around it.
_ISOLATE = "\N{RIGHT-TO-LEFT ISOLATE}"
_END = "\N{POP DIRECTIONAL ISOLATE}"
_EAST_ASIAN = "\u2e80"
_LAST_LATIN_SYMBOL = 0x20CF
"""The end of Unicode's block of currency symbols: fonts for Latin scripts have those up to here."""
_BY_ITSELF = "\N{FIRST STRONG ISOLATE}"
_DAYS = 4096
"""So many days are written once: a ledger has the same ones over and over."""


def locale_of(name: str) -> Locale:
    """Return the Babel locale of a name such as ``en_US`` or ``de-AT``.

    Raises ``InputError`` for one that Babel does not know.
    """
    if not isinstance(name, str) or not _LOCALE.fullmatch(name):
        raise InputError(f"{name!r} is not a valid locale, such as 'en_US'.")
    separator = "-" if "-" in name else "_"
    try:
        return Locale.parse(name, sep=separator)
    except (UnknownLocaleError, ValueError, TypeError):
        raise InputError(
            f"{name!r} is not a locale that Babel knows. Use one such as 'en_US'."
        ) from None


class Isolate(str):
    """A text with marks of direction around its figures or dates, which are meant to be there."""

    __slots__ = ()


def isolated(text: str, locale: Locale) -> str:
    """Return the text of a locale, isolated from the words around it if it runs to the left."""
    return Isolate(f"{_ISOLATE}{text}{_END}") if locale.text_direction == "rtl" else text


def day_of(day: dt.date, locale: Locale) -> str:
    """Return a day as a locale writes it: ``Jun 30, 2026``."""
    return isolated(format_date(day, "medium", locale), locale)


class Figures:
    """Writes cents, counts, tenths of a percent and dates; negative amounts in parentheses."""

    def __init__(self, locale: str, currency: str) -> None:
        self.locale = locale_of(locale)
        self.currency = currency
        self.places = digits(currency)
        self._point = get_decimal_symbol(self.locale)
        self._comma = get_group_symbol(self.locale)
        self._grouping: tuple[int, int] = self.locale.decimal_formats[None].grouping
        self.amount = self._writer()
        self.day: Callable[[dt.date], str] = lru_cache(_DAYS)(self._day)
        self.brief: Callable[[dt.date], str] = lru_cache(_DAYS)(self._brief_day)

    def _day(self, day: dt.date) -> str:
        return day_of(day, self.locale)

    def _brief_day(self, day: dt.date) -> str:
        return isolated(format_date(day, "short", self.locale), self.locale)

    def month(self, day: dt.date) -> str:
        """Return a month: ``Jun 2026``.

        ``2026-06`` where fonts for Latin scripts lack the locale's own form.
        """
        own = format_skeleton("yMMM", day, locale=self.locale)
        if max(own) < _EAST_ASIAN:
            return isolated(own, self.locale)
        return f"{day:%Y-%m}"

    def _writer(self) -> Callable[[int], str]:
        """Return a function that writes the magnitude of an amount in cents, without sign."""
        places = self.places
        if not places:
            return self.whole

        # A closure and not a method: a ledger calls it 150,000 times.
        point = self._point
        unit = 10**places
        whole_number = self.whole

        def fraction(cents: int) -> str:
            """Return cents, without their sign, as a decimal figure."""
            major, minor = divmod(abs(cents), unit)
            return f"{whole_number(major)}{point}{minor:0{places}d}"

        return fraction

    def whole(self, number: int) -> str:
        """Return the magnitude of a whole number, grouped."""
        magnitude = abs(number)
        last, others = self._grouping
        # Most locales: Python does it faster than a loop.
        if last == others == 3:
            return f"{magnitude:,}".replace(",", self._comma)

        # In India groups have two digits beyond the last three.
        figures = str(magnitude)
        groups = [figures[-last:]]
        rest = figures[:-last]
        while rest:
            groups.insert(0, rest[-others:])
            rest = rest[:-others]
        return self._comma.join(groups)

    def cents(self, cents: int) -> str:
        """Return an amount: ``1,234.50``, ``(1,234.50)``, and a dash for nothing."""
        if not cents:
            return NOTHING
        return self.amount(cents) if cents > 0 else f"({self.amount(cents)})"

    def money(self, cents: int) -> str:
        """Return an amount with the currency's symbol: ``$1,234.50``, ``(¥1,250)``."""
        symbol = self.symbol
        if self.locale.text_direction == "rtl":
            symbol = f"{_BY_ITSELF}{symbol}{_END}"
        # Their first form is for amounts that are not negative.
        pattern = self.locale.currency_formats["standard"]
        before = pattern.prefix[0].replace("¤", symbol)
        after = pattern.suffix[0].replace("¤", symbol)

        text = f"{before}{self.amount(cents)}{after}".strip()
        if cents < 0:
            text = f"({text})"
        return isolated(text, self.locale)

    def count(self, number: int) -> str:
        """Return a whole number, a minus in front of a negative one."""
        return f"{'−' if number < 0 else ''}{self.whole(number)}"

    def tenths(self, tenths: int) -> str:
        """Return tenths of a percent as a percentage: ``12.5 %``, ``(3.0 %)``."""
        major, minor = divmod(abs(tenths), 10)
        text = f"{self.whole(major)}{self._point}{minor} %"
        return f"({text})" if tenths < 0 else text

    def hundredths(self, hundredths: int) -> str:
        """Return hundredths as a number with two places: ``1.52``, ``(0.40)``."""
        major, minor = divmod(abs(hundredths), 100)
        text = f"{self.whole(major)}{self._point}{minor:02}"
        return f"({text})" if hundredths < 0 else text

    def language(self, text: str) -> str:
        """Return the language of an East Asian text, for the shapes of its characters.

        Empty for any other text.
        """
        return east_asian_language(self.locale, self.currency, text)

    @property
    def symbol(self) -> str:
        """The currency's symbol in the locale.

        The English one where fonts for Latin scripts lack it (a wide yen).
        """
        own = get_currency_symbol(self.currency, self.locale)
        if all(ord(sign) <= _LAST_LATIN_SYMBOL for sign in own):
            return own
        return get_currency_symbol(self.currency, "en")

    def currency_name(self, language: str) -> str:
        """Return the name of the currency in the language of a document: ``US Dollar``."""
        return get_currency_name(self.currency, locale=language)

    @property
    def excel_format(self) -> str:
        """The format of a spreadsheet's numbers under which amounts look the same."""
        fraction = f".{'0' * self.places}" if self.places else ""
        pattern = f"#,##0{fraction}"
        return f'{pattern}_);({pattern});"{NOTHING}"_)'
