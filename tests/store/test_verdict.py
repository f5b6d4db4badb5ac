"""What becomes of a posting, by how its attempt ended: the table of docs/crash-safety.md."""

from __future__ import annotations

import pytest

from ledgerhq_ext import (
    APIError,
    AuthenticationError,
    ContractError,
    IdempotencyConflictError,
    InputError,
    LedgerHQError,
    NotFoundError,
    OAuthError,
    PeriodLockedError,
    PermissionDeniedError,
    RateLimitError,
    ReconnectRequired,
    ServerError,
    TransportError,
    ValidationError,
)
from ledgerhq_ext.store._verdict import LONGEST_PAUSE, Verdict, judge, pause_after

CASES = [
    (TransportError("refused", outcome="not_sent"), "pending", False, "put back"),
    (TransportError("reset", outcome="unknown"), "pending", True, "put back"),
    (ContractError("cut"), "pending", True, "put back"),
    (ServerError("503", status=503, outcome="unknown"), "pending", True, "put back"),
    (ValidationError("bad", status=400), "rejected", False, "settled"),
    (PeriodLockedError("locked", status=422), "rejected", False, "settled"),
    (NotFoundError("gone", status=404), "pending", False, "put back"),
    (APIError("teapot", status=418), "rejected", False, "settled"),
    (RateLimitError("slow", status=429), "pending", False, "hold"),
    (IdempotencyConflictError("other", status=409), "conflict", False, "settled"),
    (AuthenticationError("401", status=401), "pending", False, "hold"),
    (PermissionDeniedError("403", status=403), "pending", False, "put back"),
    (ReconnectRequired("invalid_grant"), "pending", False, "stop"),
    (InputError("the token store is broken"), "pending", False, "stop"),
    (OAuthError("no_answer"), "pending", False, "put back"),
]


@pytest.mark.parametrize(
    ("error", "state", "unknown", "then"), CASES, ids=lambda value: type(value).__name__
)
def test_a_first_attempt(error: LedgerHQError, state: str, unknown: bool, then: str) -> None:
    verdict = judge(error, attempts=1, unknown=False, now=0)
    assert (verdict.state, verdict.unknown, _consequence(verdict)) == (state, unknown, then)


def _consequence(verdict: Verdict) -> str:
    if verdict.stop:
        return "stop"
    if verdict.hold:
        return "hold"
    return "put back" if verdict.pause else "settled"


@pytest.mark.parametrize("kind", [PermissionDeniedError, NotFoundError])
def test_a_refusal_of_the_company_pauses_and_one_of_the_posting_rejects(
    kind: type[APIError],
) -> None:
    error = kind("no", status=403)
    closed = judge(error, attempts=1, unknown=False, now=0, access="closed")
    assert (closed.state, closed.hold is not None) == ("pending", True)
    opened = judge(error, attempts=1, unknown=False, now=0, access="open")
    assert (opened.state, opened.hold) == ("rejected", None)
    unclear = judge(error, attempts=1, unknown=False, now=0, access="unclear")
    assert (unclear.state, unclear.hold) == ("pending", None)
    assert judge(error, attempts=2, unknown=True, now=0, access="open").state == "pending"


def test_a_token_that_is_refused_pauses_the_whole_connection() -> None:
    verdict = judge(AuthenticationError("401", status=401), attempts=1, unknown=False, now=0)
    assert verdict.hold is not None
    assert verdict.hold.whole_connection


@pytest.mark.parametrize(("error", "state"), [(case[0], case[1]) for case in CASES])
def test_after_an_unknown_outcome_nothing_is_rejected(error: LedgerHQError, state: str) -> None:
    verdict = judge(error, attempts=2, unknown=True, now=0)
    assert verdict.unknown
    assert verdict.state == ("conflict" if state == "conflict" else "pending")


def test_retry_after_is_heeded_up_to_a_quarter_of_an_hour() -> None:
    for value, seconds in (
        ("7", 7.0),
        ("99999999", LONGEST_PAUSE),
        ("Thu, 01 Jan 1970 00:00:30 GMT", 30.0),
    ):
        error = ServerError("busy", status=503, outcome="unknown", headers={"retry-after": value})
        verdict = judge(error, attempts=1, unknown=False, now=0)
        assert verdict.hold is not None
        assert verdict.hold.seconds == seconds
        assert not verdict.hold.whole_connection


def test_a_429_that_names_no_time_holds_its_company_for_a_moment() -> None:
    verdict = judge(RateLimitError("slow", status=429), attempts=12, unknown=False, now=0)
    assert verdict.hold is not None
    assert verdict.hold.seconds <= 0.5
    assert verdict.pause > 100


def test_retry_after_does_not_outrank_a_refusal() -> None:
    error = ValidationError("bad", status=422, headers={"retry-after": "60"})
    verdict = judge(error, attempts=1, unknown=False, now=0)
    assert (verdict.state, verdict.hold) == ("rejected", None)


def test_pauses_grow_to_a_quarter_of_an_hour() -> None:
    assert 0.25 <= pause_after(1) <= 0.5
    assert 4 <= pause_after(5) <= 8
    assert LONGEST_PAUSE / 2 <= pause_after(10_000) <= LONGEST_PAUSE == 900
