"""Every code, against the list of ISO 4217 as its maintenance agency publishes it.

The package ``iso4217`` carries that list. CLDR (in Babel) is no reference here: it says how many
digits people use, and gives none to thirteen currencies that have two or three in ISO 4217.
"""

from __future__ import annotations

import itertools
import string

import iso4217
import pytest
from babel.numbers import get_currency_precision

from ledgerhq_ext import InputError
from ledgerhq_ext.money import digits
from ledgerhq_ext.sandbox._currencies import MINOR_DIGITS

pytestmark = pytest.mark.slow

PUBLISHED = {code: str(row["CcyMnrUnts"]) for code, row in iso4217.raw_table.items() if code}
"""The code and its minor unit, as the list spells it: a digit, or ``N.A.``."""

WITH_MINOR_UNIT = {code: int(unit) for code, unit in PUBLISHED.items() if unit != "N.A."}


@pytest.mark.sample
def test_the_list_is_whole() -> None:
    assert len(PUBLISHED) > 170
    assert set(WITH_MINOR_UNIT.values()) == {0, 2, 3, 4}


@pytest.mark.parametrize("code", sorted(PUBLISHED))
def test_a_code_of_the_list(code: str) -> None:
    if code in WITH_MINOR_UNIT:
        assert digits(code) == MINOR_DIGITS[code] == WITH_MINOR_UNIT[code]
    else:
        assert code not in MINOR_DIGITS
        with pytest.raises(InputError, match="no minor unit"):
            digits(code)


def test_no_other_code_is_taken() -> None:
    """Of all 17,576 that look like one."""
    taken: set[str] = set()
    for letters in itertools.product(string.ascii_uppercase, repeat=3):
        code = "".join(letters)
        try:
            digits(code)
        except InputError:
            continue
        taken.add(code)
    assert taken == set(WITH_MINOR_UNIT) == set(MINOR_DIGITS)


def test_where_people_use_fewer_digits() -> None:
    """Where CLDR differs from ISO 4217. A service that counts minor units goes by ISO 4217."""
    differing = {
        code for code, places in WITH_MINOR_UNIT.items() if get_currency_precision(code) != places
    }
    assert differing == {
        "AFN",
        "ALL",
        "IQD",
        "IRR",
        "KPW",
        "LAK",
        "LBP",
        "MGA",
        "MMK",
        "RSD",
        "SOS",
        "SYP",
        "YER",
    }
