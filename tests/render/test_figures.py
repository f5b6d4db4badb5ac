"""Amounts, counts and dates as each locale writes them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from ledgerhq_ext import InputError, to_decimal
from ledgerhq_ext.render._figures import Figures
from ledgerhq_ext.render._percents import percent_of_change

LOCALES = ["en_US", "de_DE", "fr_FR", "hi_IN", "de_CH", "ja_JP", "sv_SE", "pt_BR"]
PATTERNS = {"USD": ".00", "JPY": "", "KWD": ".000"}


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("currency", PATTERNS)
@given(cents=st.integers(0, 2**53 - 1))
def test_amounts_are_grouped_as_babel_groups_them(locale: str, currency: str, cents: int) -> None:
    figures = Figures(locale, currency)
    grouping = "#,##,##0" if locale == "hi_IN" else "#,##0"
    exact: Decimal = to_decimal(cents, currency)
    assert figures.amount(cents) == format_decimal(exact, grouping + PATTERNS[currency], locale)


def test_negative_amounts_stand_in_parentheses_and_nothing_is_a_dash() -> None:
    figures = Figures("en_US", "USD")
    assert [figures.cents(cents) for cents in (123450, -123450, 0, -5)] == [
        "1,234.50",
        "(1,234.50)",
        "–",
        "(0.05)",
    ]
    assert [figures.money(cents) for cents in (123450, -123450, 0)] == [
        "$1,234.50",
        "($1,234.50)",
        "$0.00",
    ]


@pytest.mark.parametrize(
    ("locale", "currency", "written"),
    [
        ("de_DE", "EUR", "1.234,50\u00a0€"),
        ("ja_JP", "JPY", "¥123,450"),
        ("en_US", "KWD", "KWD123.450"),
    ],
)
def test_key_figures_carry_the_currency_where_the_locale_puts_it(
    locale: str, currency: str, written: str
) -> None:
    assert Figures(locale, currency).money(123450).replace("KWD\u00a0", "KWD") == written


def test_dates_follow_the_locale() -> None:
    day = dt.date(2026, 6, 30)
    assert Figures("en_US", "USD").day(day) == "Jun 30, 2026"
    assert Figures("de_DE", "USD").day(day) == "30.06.2026"


@pytest.mark.parametrize(
    ("before", "after", "tenths"),
    [
        (100, 150, 500),
        (150, 100, -333),
        (-100, 50, "n.m."),
        (100, -50, "n.m."),
        (-100, -50, 500),
        (-100, 0, 1000),
        (100, 1099, 9990),
        (100, 1100, "n.m."),
        (3, 2, -333),
        (0, 5, None),
        (None, 5, None),
        (8, None, -1000),
    ],
)
def test_changes_are_rounded_to_tenths_of_a_percent(
    before: int | None, after: int | None, tenths: int | str | None
) -> None:
    assert percent_of_change(before, after) == tenths


@pytest.mark.parametrize("locale", ["", "xx_YY", "en_US; rm", "../../etc"])
def test_unknown_locales_are_refused(locale: str) -> None:
    with pytest.raises(InputError, match=r"not a (valid )?locale"):
        Figures(locale, "USD")
