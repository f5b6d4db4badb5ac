"""What an error says of its call: the reason, the facts that there are, and what may be done next."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import respx

from ledgerhq_ext import (
    ConflictError,
    ContractError,
    DraftEntry,
    InputError,
    JournalLine,
    LedgerHQ,
    LedgerHQError,
    MemoryTokenStore,
    OAuthError,
    ReconnectRequired,
    ServerError,
    TransportError,
)
from tests.support.clients import BASE, ORG, client, connect, options
from tests.support.clocks import NOON, FakeClock
from tests.support.postings import PURCHASE
from tests.support.responses import Script, coded, entry
from tests.support.surfaces import Surface, resolve

Act = Callable[[LedgerHQ], Any]


def error_of(act: Act, *answers: Any, attempts: int = 1) -> LedgerHQError:
    """Return the error that a call ends with."""
    with pytest.raises(LedgerHQError) as raised:
        act(client(Script(*answers), **options(attempts)))
    return raised.value


def post(hq: LedgerHQ) -> Any:
    return hq.organization(ORG).post(PURCHASE, key="k-1")


def create_draft(hq: LedgerHQ) -> Any:
    lines = [
        JournalLine(account_id="acc_1", debit_amount=5),
        JournalLine(account_id="acc_2", credit_amount=5),
    ]
    return hq.organization(ORG).create_entry(
        DraftEntry(date="2026-06-08", description="Accrual", lines=lines)
    )


# --- postings


@pytest.mark.anyio
async def test_an_unknown_posting_says_until_when_to_repeat_it_and_what_then(
    web: respx.MockRouter, clock: FakeClock, surface: Surface
) -> None:
    failed = httpx.Response(500, headers={"x-request-id": "req_5"})
    web.post("/api/v1/purchases").mock(side_effect=Script(httpx.ReadTimeout("slow"), failed))
    with pytest.raises(ServerError) as raised:
        await resolve(
            connect(surface, clock, **options(2)).organization(ORG).post(PURCHASE, key="k-1")
        )

    # The first attempt is made at noon, whenever the last one is.
    assert clock.sleeps
    assert raised.value.repeat_until == NOON + 20 * 3600
    assert str(raised.value) == (
        "500: the service responded with status 500 [POST /api/v1/purchases, organization org_8c1f, key k-1, 2 "
        "attempts, request req_5, outcome unknown] It may have been posted. Post it again with the "
        "same source (key k-1) until 2026-07-01 08:00 UTC, 20 hours after this call first sent it; "
        "if an earlier call sent it, 20 hours after that one. Later, look for the entry in "
        "LedgerHQ first, because it is not known how long LedgerHQ remembers a key."
    )


@pytest.mark.parametrize(
    "answer",
    [422, httpx.ConnectError("refused"), coded(409, "IDEMPOTENCY_CONFLICT")],
    ids=["rejected", "not sent", "another payload"],
)
def test_what_is_not_unknown_gives_no_such_advice(answer: Any) -> None:
    error = error_of(post, answer)
    assert error.repeat_until is None
    assert "again" not in str(error)


def test_another_payload_after_an_unknown_attempt_is_not_to_be_posted_again() -> None:
    error = error_of(post, 500, coded(409, "IDEMPOTENCY_CONFLICT"), attempts=2)
    assert (error.outcome, error.repeat_until) == ("unknown", None)


def test_a_change_without_a_key_is_not_to_be_repeated() -> None:
    error = error_of(create_draft, httpx.ReadTimeout("slow"))
    assert error.repeat_until is None
    assert str(error).endswith(
        "[POST /api/v1/entries, organization org_8c1f, 1 attempt, outcome unknown]"
    )


def test_a_request_id_is_that_of_the_last_attempt() -> None:
    named = httpx.Response(503, headers={"x-request-id": "req_5"})
    assert error_of(post, named, httpx.ReadTimeout("slow"), attempts=2).request_id is None


def test_half_a_character_in_an_answer_can_be_printed() -> None:
    half = httpx.Response(422, text='{"error": {"message": "no \\ud83d", "code": "\\ud83d"}}')
    text = str(error_of(post, half))
    assert text.encode()
    assert r"422 \ud83d: no \ud83d" in text


# --- other calls


READS: dict[str, tuple[Act, Any]] = {
    "refused": (lambda hq: hq.organization(ORG).accounts(), 403),
    "no answer": (lambda hq: hq.organization(ORG).accounts(), httpx.ReadTimeout("slow")),
    "of the firm": (lambda hq: list(hq.organizations()), httpx.Response(200, json={"data": 5})),
    "any path": (lambda hq: hq.organization(ORG).request("GET", "/api/v1/new"), 404),
    "a list that is cut": (
        lambda hq: list(hq.organization(ORG).bills()),
        httpx.Response(200, json={"data": [], "pagination": {"limit": 100, "total": 3}}),
    ),
}


@pytest.mark.parametrize(("act", "answer"), READS.values(), ids=list(READS))
def test_a_read_prints_no_outcome(act: Act, answer: Any) -> None:
    text = str(error_of(act, answer))
    assert "[GET /api/v1/" in text
    assert "outcome" not in text


def test_a_packet_of_another_period_names_its_route() -> None:
    packet = {
        "organization": {"id": ORG, "name": "Maple", "defaultCurrency": "USD"},
        "period": {"startDate": "2026-05-01", "endDate": "2026-05-31"},
        "generatedAt": "2026-06-08T16:00:00Z",
        "amountUnit": "integer_cents",
        "warnings": [],
    }
    answer = httpx.Response(200, json=packet)
    error = error_of(
        lambda hq: hq.organization(ORG).financial_packet("2026-06-01", "2026-06-30"), answer
    )
    assert isinstance(error, ContractError)
    assert str(error).endswith(
        "(at /period/startDate) [GET /api/v1/reports/financial-packet, organization org_8c1f, 1 "
        "attempt]"
    )


def test_a_verb_that_the_state_forbids_names_the_record_and_what_became_of_it() -> None:
    error = error_of(lambda hq: hq.organization(ORG).post_entry("je_9"), entry(status=200))
    assert error.path == "/api/v1/entries/je_9/post"

    void = httpx.Response(200, json={"entry": {**entry().json()["entry"], "status": "void"}})
    error = error_of(lambda hq: hq.organization(ORG).post_entry("je_9"), void)
    assert isinstance(error, ConflictError)
    assert str(error) == (
        "The entry je_9 is void and cannot become posted. Change that in LedgerHQ first, or leave "
        "it as it is. [GET /api/v1/entries/je_9, organization org_8c1f, outcome not_sent]"
    )


def test_what_is_refused_before_any_call_has_a_reason_alone() -> None:
    error = error_of(lambda hq: hq.organization(".."), 200)
    assert isinstance(error, InputError)
    assert (error.method, error.path, error.organization, error.attempts) == ("", "", None, 0)
    assert str(error) == error.message


def test_a_refusal_of_the_oauth_endpoints_names_its_route() -> None:
    answer = httpx.Response(
        400, json={"error": "invalid_client_metadata", "error_description": "no"}
    )
    error = error_of(lambda hq: hq.register_client(["https://app.test/back"]), answer)
    assert isinstance(error, OAuthError)
    assert str(error) == "invalid_client_metadata: no [POST /api/oauth/register]"


def test_a_token_that_is_not_to_be_had_is_told_with_the_call_that_needed_it() -> None:
    hq = LedgerHQ(base_url=BASE, token_store=MemoryTokenStore())
    with pytest.raises(ReconnectRequired) as raised:
        hq.organization(ORG).post(PURCHASE, key="k-1")
    facts = "[POST /api/v1/purchases, organization org_8c1f, key k-1, 1 attempt, outcome not_sent]"
    assert str(raised.value).endswith(facts)


# --- texts


def request(path: str) -> Act:
    return lambda hq: hq.organization(ORG).request("POST", path, json={}, idempotency_key="k-1")


LONG = "x" * 3_000
LONG_VALUES: dict[str, tuple[Act, httpx.Response, str]] = {
    "path": (request(f"/api/v1/{LONG}"), httpx.Response(418, json={"error": "No."}), "418: No. ["),
    "message": (
        request("/api/v1/new"),
        httpx.Response(418, json={"error": f"No: {LONG}"}),
        "418: No: xxx",
    ),
    "code": (request("/api/v1/new"), coded(418, LONG, message="No."), "418 xxx"),
    "body": (
        request("/api/v1/new"),
        httpx.Response(418, json={"error": "No.", "b": LONG}),
        "418: No. [",
    ),
    "pointer": (
        post,
        httpx.Response(201, json={"data": {"bankTransactionIds": LONG}}),
        "expected ",
    ),
}


@pytest.mark.parametrize(("act", "answer", "begin"), LONG_VALUES.values(), ids=list(LONG_VALUES))
def test_a_long_value_cuts_off_neither_the_reason_nor_the_facts(
    act: Act, answer: httpx.Response, begin: str
) -> None:
    text = str(error_of(act, answer))
    assert text.startswith(begin)
    facts = ("POST /api/v1/", ", organization org_8c1f, key k-1, 1 attempt, ", "outcome ")
    assert [fact for fact in facts if fact not in text] == []
    assert len(text) < 3_500


def test_the_path_itself_is_not_cut_off() -> None:
    act, answer, _ = LONG_VALUES["path"]
    assert error_of(act, answer).path == f"/api/v1/{LONG}"


def test_a_copy_has_the_facts_too() -> None:
    original = error_of(post, 500)
    again = copy.copy(original)
    assert type(again) is type(original)
    assert (str(again), vars(again)) == (str(original), vars(original))


def test_the_reason_alone_is_the_message() -> None:
    error = error_of(post, coded(422, "PERIOD_LOCKED"))
    assert error.message == "PERIOD_LOCKED happened"
    assert isinstance(error_of(post, httpx.ReadTimeout("slow")), TransportError)
