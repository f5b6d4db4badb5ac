"""Cents: exact both ways, nothing rounded, nothing lost."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ledgerhq_ext import InputError, format_cents, split_cents, to_cents, to_decimal, to_string
from ledgerhq_ext.money import LIMIT, check_cents, digits
from tests.support.postings import PURCHASE

PLACES = {
    "USD": 2,
    "EUR": 2,
    "JPY": 0,
    "KRW": 0,
    "CLP": 0,
    "KWD": 3,
    "BHD": 3,
    "TND": 3,
    "CLF": 4,
    "MGA": 2,
}
currencies = st.sampled_from(sorted(PLACES))
amounts = st.integers(-LIMIT, LIMIT)


@given(amounts, currencies)
@example(0, "KWD")
@example(-1, "USD")
@example(LIMIT, "CLF")
def test_round_trips(cents: int, currency: str) -> None:
    assert to_cents(to_string(cents, currency), currency) == cents
    assert to_cents(to_decimal(cents, currency), currency) == cents
    assert to_decimal(cents, currency) * 10 ** PLACES[currency] == cents
    assert format_cents(cents, currency) == f"{to_decimal(cents, currency):,} {currency}"


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=5, min_value=-(10**11), max_value=10**11
    ),
    currencies,
)
def test_never_rounds(value: Decimal, currency: str) -> None:
    exact = value * 10 ** PLACES[currency]
    if exact == exact.to_integral_value() and abs(exact) <= LIMIT:
        assert to_cents(value, currency) == exact
    else:
        with pytest.raises(InputError):
            to_cents(value, currency)


@given(amounts, st.integers(1, 200))
def test_equal_parts(cents: int, shares: int) -> None:
    parts = split_cents(cents, shares)
    assert (sum(parts), len(parts)) == (cents, shares)
    assert max(parts) - min(parts) <= 1
    assert sorted(map(abs, parts), reverse=True) == list(map(abs, parts))


@given(amounts, st.lists(st.integers(0, 10**6), min_size=1, max_size=20).filter(any))
def test_weighted_parts(cents: int, weights: list[int]) -> None:
    parts = split_cents(cents, weights)
    assert sum(parts) == cents
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * sum(weights) - cents * weight) < sum(weights)
        assert weight or not part


@pytest.mark.parametrize(
    ("text", "currency", "cents"),
    [
        ("12.50", "USD", 1250),
        ("12.5", "USD", 1250),
        ("12.500000", "USD", 1250),
        ("-0.01", "USD", -1),
        ("-0.00", "USD", 0),
        ("+5", "USD", 500),
        ("1250", "JPY", 1250),
        ("1250.0", "JPY", 1250),
        ("1.250", "KWD", 1250),
        (Decimal("1E+3"), "USD", 100_000),
        (Decimal("0E-30"), "USD", 0),
    ],
)
def test_reads(text: str | Decimal, currency: str, cents: int) -> None:
    assert to_cents(text, currency) == cents


@pytest.mark.parametrize(
    "value",
    [
        12.5,
        12,
        True,
        None,
        b"1",
        "",
        " 1",
        "1 ",
        "1\n",
        "1,000",
        "1e3",
        ".5",
        "5.",
        "$5",
        "NaN",
        "--1",
        "٣",
        "1_0",
    ]
    + ["12.505", "0.001", "9" * 41, str(LIMIT)]
    + [
        Decimal(text)
        for text in ("NaN", "Infinity", "1E-3", "1E+99", "1E-99999999", "0E-99999999", "1" * 5_000)
    ],
    ids=lambda value: repr(value)[:20],
)
def test_refused_amounts(value: Any) -> None:
    with pytest.raises(InputError):
        to_cents(value, "USD")


@pytest.mark.parametrize("value", [1.0, True, False, "1", None, Decimal(1), LIMIT + 1, -LIMIT - 1])
@pytest.mark.parametrize(
    "take",
    [
        check_cents,
        lambda value: to_decimal(value, "USD"),
        lambda value: to_string(value, "USD"),
        lambda value: format_cents(value, "USD"),
        lambda value: split_cents(value, 2),
    ],
    ids=["check_cents", "to_decimal", "to_string", "format_cents", "split_cents"],
)
def test_what_is_no_number_of_cents(take: Any, value: Any) -> None:
    with pytest.raises(InputError):
        take(value)


def test_a_number_too_long_to_print() -> None:
    with pytest.raises(InputError):
        check_cents(10**5_000)


@pytest.mark.parametrize(
    "shares",
    [
        0,
        -1,
        True,
        1.5,
        "3",
        b"ab",
        None,
        [],
        [0, 0],
        [1, -1],
        [0.5, 0.5],
        [True, True],
        10**6 + 1,
        2**63,
    ],
)
def test_refused_shares(shares: Any) -> None:
    with pytest.raises(InputError):
        split_cents(100, shares)


USES: dict[str, Callable[[Any], object]] = {
    "digits": digits,
    "to_cents": lambda currency: to_cents("1", currency),
    "to_decimal": lambda currency: to_decimal(1, currency),
    "to_string": lambda currency: to_string(1, currency),
    "format_cents": lambda currency: format_cents(1, currency),
    "a posting": lambda currency: attrs.evolve(PURCHASE, currency_code=currency),
}
each_use = pytest.mark.parametrize("use", USES.values(), ids=USES)


@each_use
@pytest.mark.parametrize(
    "currency", ["usd", "US", "USDX", "USD ", "", "ÜSD", "ＵＳＤ", 5, b"USD", ["USD"]]
)
def test_what_is_no_code(use: Callable[[Any], object], currency: Any) -> None:
    with pytest.raises(InputError, match="not an ISO 4217 currency code"):
        use(currency)


@each_use
@pytest.mark.parametrize("currency", ["ABC", "BTC", "ZZZ", "AAA", "RMB", "HRK", "DEM"])
def test_codes_outside_the_list(use: Callable[[Any], object], currency: str) -> None:
    with pytest.raises(InputError, match=f"'{currency}' is not an active ISO 4217 currency code"):
        use(currency)


@each_use
@pytest.mark.parametrize(
    ("currency", "reason"),
    [
        ("XAU", "precious metal"),
        ("XBA", "bond market"),
        ("XDR", "unit of account"),
        ("XTS", "tests"),
        ("XXX", "no currency"),
    ],
)
def test_codes_without_a_minor_unit(
    use: Callable[[Any], object], currency: str, reason: str
) -> None:
    with pytest.raises(InputError, match=f"'{currency}' has no minor unit in ISO 4217, .*{reason}"):
        use(currency)


@pytest.mark.parametrize("convert", [to_cents, to_decimal, to_string, format_cents])
def test_there_is_no_currency_by_default(convert: Callable[..., object]) -> None:
    amount = "1250" if convert is to_cents else 1250
    with pytest.raises(TypeError, match="currency"):
        convert(amount)
    with pytest.raises(InputError):
        convert(amount, None)


@pytest.mark.parametrize(
    ("cents", "currency", "shown"),
    [
        (123450, "USD", "1,234.50 USD"),
        (-1250, "JPY", "-1,250 JPY"),
        (1250, "KWD", "1.250 KWD"),
        (5, "USD", "0.05 USD"),
    ],
)
def test_formats(cents: int, currency: str, shown: str) -> None:
    assert format_cents(cents, currency) == shown
