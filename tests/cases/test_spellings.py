"""What JSON Schema and RFC 3339 allow is read, however it is spelled; the rest is an error."""

from __future__ import annotations

import datetime as dt
import json

import httpx
import pytest

from ledgerhq_ext import ContractError, LedgerHQ, RetryPolicy

from .support import ORG, bank_row, blocking, page_of, purchase, receipt_body

NOT_JSON = "the amount stands here"


def amount_of(spelling: str) -> int:
    """Return the amount of a bank row whose amount is spelled so."""
    body = json.dumps(page_of([bank_row(amount=NOT_JSON)]))
    content = body.replace(json.dumps(NOT_JSON), spelling)
    with blocking(lambda _: httpx.Response(200, content=content)) as hq:
        (row,) = hq.organization(ORG).bank_transactions()
    return row.amount


@pytest.mark.parametrize(
    ("spelling", "amount"),
    [
        ("1250", 1250),
        ("-0", 0),
        ("9007199254740991", 9007199254740991),
        pytest.param("1250.0", 1250),
        pytest.param("1.25e3", 1250),
        pytest.param("-0.0", 0),
    ],
)
def test_a_valid_amount(spelling: str, amount: int) -> None:
    result = amount_of(spelling)
    assert result == amount
    assert type(result) is int


NO_AMOUNTS = [
    "1250.5",
    "1250.00000000000000000001",
    "4503599627370497.25",
    "9007199254740993",
    "9007199254740993.0",
    "1e400",
    "1e999999999",
    "1e99999999999999999999",
    "1e-99999999999999999999",
    "true",
    '"1250"',
    "null",
    "NaN",
]


@pytest.mark.parametrize("spelling", NO_AMOUNTS)
def test_an_amount_that_is_none(spelling: str) -> None:
    with pytest.raises(ContractError, match="/data/0/amount"):
        amount_of(spelling)


def posted_at(spelling: str) -> dt.datetime:
    """Return the moment of a receipt whose ``postedAt`` is spelled so."""

    def answer(request: httpx.Request) -> httpx.Response:
        body = receipt_body(request.headers["Idempotency-Key"], postedAt=spelling)
        return httpx.Response(201, json=body)

    with blocking(answer) as hq:
        once: LedgerHQ = hq.with_options(retries=RetryPolicy(attempts=1))
        receipt = once.organization(ORG).post(purchase(), source=("till", "1"))
    return receipt.posted_at


TEN = dt.datetime(2026, 6, 8, 10, 0, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("spelling", "moment"),
    [
        ("2026-06-08T10:00:00Z", TEN),
        ("2026-06-08 10:00:00Z", TEN),
        ("2026-06-08T10:00:00.1Z", TEN.replace(microsecond=100_000)),
        ("2026-06-08T10:00:00.123456789Z", TEN.replace(microsecond=123_456)),
        ("2026-06-08T10:00:00-00:00", TEN),
        ("2026-06-08T10:00:00+0200", TEN - dt.timedelta(hours=2)),
        ("2026-06-08T10:00:00,5Z", TEN.replace(microsecond=500_000)),
        pytest.param("2026-06-08t10:00:00z", TEN),
    ],
)
def test_a_valid_moment(spelling: str, moment: dt.datetime) -> None:
    assert posted_at(spelling) == moment


def test_a_leap_second() -> None:
    moment = posted_at("2016-12-31T23:59:60Z")
    # Python has no second 60: the last one of the year, or the first moment of the next.
    last_second = dt.datetime(2016, 12, 31, 23, 59, 59, tzinfo=dt.UTC)
    assert last_second <= moment <= last_second + dt.timedelta(seconds=1)


@pytest.mark.parametrize("spelling", ["2026-02-30T10:00:00Z", "2026-06-08", "noon"])
def test_a_moment_that_is_none_leaves_the_outcome_unknown(spelling: str) -> None:
    with pytest.raises(ContractError, match="/data/postedAt") as caught:
        posted_at(spelling)
    assert caught.value.outcome == "unknown"
