"""Every exception of the tree, raised through the public client; none carries a token or a long
body.
"""

import pickle
import traceback
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

import ledgerhq_ext
from ledgerhq_ext import (
    APIError,
    AuthenticationError,
    ConflictError,
    ContractError,
    IdempotencyConflictError,
    InputError,
    LedgerHQ,
    LedgerHQError,
    MemoryTokenStore,
    MissingExtraError,
    NotFoundError,
    OAuthError,
    PeriodLockedError,
    PermissionDeniedError,
    RateLimitError,
    ReconnectRequired,
    RecordLookupError,
    ServerError,
    TransportError,
    ValidationError,
)
from tests.support.clients import BASE, ORG, SECRET, TOKEN, client, options
from tests.support.postings import PURCHASE
from tests.support.responses import Script, accounts, coded, not_json

OAUTH_ERROR = httpx.Response(
    400, json={"error": "invalid_client_metadata", "error_description": "no"}
)


def post(hq: LedgerHQ) -> Any:
    return hq.organization(ORG).post(PURCHASE, key="k-1")


def register(hq: LedgerHQ) -> Any:
    return hq.register_client(["https://app.test/back"])


def look_up(hq: LedgerHQ) -> Any:
    return hq.organization(ORG).accounts().by_code("9999")


RAISED: dict[type[LedgerHQError], tuple[Any, Any]] = {
    APIError: (post, 418),
    AuthenticationError: (post, 401),
    PermissionDeniedError: (post, 403),
    NotFoundError: (post, 404),
    RateLimitError: (post, 429),
    ServerError: (post, 500),
    ValidationError: (post, coded(422, "VALIDATION_ERROR")),
    PeriodLockedError: (post, coded(422, "PERIOD_LOCKED")),
    ConflictError: (post, 409),
    IdempotencyConflictError: (post, coded(409, "IDEMPOTENCY_CONFLICT")),
    TransportError: (post, httpx.ReadTimeout("slow")),
    ContractError: (post, httpx.Response(201, json={"data": {"id": 5}})),
    OAuthError: (register, OAUTH_ERROR),
    InputError: (lambda hq: hq.organization(".."), 200),
    RecordLookupError: (look_up, accounts),
}


def caught(kind: type[LedgerHQError]) -> LedgerHQError:
    """The error as a caller gets it."""
    act, answer = RAISED[kind]
    with pytest.raises(kind) as raised:
        act(client(Script(answer)))
    assert type(raised.value) is kind
    return raised.value


def reconnect() -> LedgerHQError:
    with pytest.raises(ReconnectRequired) as raised:
        LedgerHQ(base_url=BASE, token_store=MemoryTokenStore()).organization(ORG).accounts()
    return raised.value


def public() -> set[Any]:
    values = [getattr(ledgerhq_ext, name) for name in ledgerhq_ext.__all__]
    return {value for value in values if isinstance(value, type) and issubclass(value, Exception)}


def test_every_class_is_raised() -> None:
    # A missing extra is tested where the extras are imported.
    assert public() == {*RAISED, ReconnectRequired, MissingExtraError, LedgerHQError}
    for kind in RAISED:
        assert caught(kind).outcome in ("not_sent", "rejected", "unknown")
    assert reconnect().outcome == "not_sent"


def everything(error: BaseException | None) -> Iterator[Any]:
    """The error, what it came from, and all they hold."""
    while error is not None:
        yield error
        yield from (value for value in vars(error).values())
        error = error.__cause__ or error.__context__


@pytest.mark.parametrize("error", [*RAISED, ReconnectRequired], ids=lambda kind: kind.__name__)
def test_pickled_and_read_again(error: type[LedgerHQError]) -> None:
    original = reconnect() if error is ReconnectRequired else caught(error)
    again = pickle.loads(pickle.dumps(original))
    assert (type(again), str(again), repr(again)) == (type(original), str(original), repr(original))
    assert vars(again) == vars(original)


LEAKY = {
    "echoed": httpx.Response(
        400, json={"error": f"bad token {TOKEN}"}, headers={"X-Echo": f"Bearer {SECRET}"}
    ),
    "escaped": httpx.Response(
        400, text=f'{{"error": {{"code": "{TOKEN}", "message": "line\\n{TOKEN}"}}}}'
    ),
    "a detail": httpx.Response(400, json={"title": "no", "detail": f"not {TOKEN}"}),
    "plain text": httpx.Response(400, text=f"Bearer {TOKEN}"),
    "request id": httpx.Response(500, json={"error": {"requestId": TOKEN}}),
    "not JSON": httpx.Response(200, text=f"<html>refresh_token=mcp_rt_{SECRET}</html>"),
    "location": httpx.Response(
        302, headers={"Location": f"https://x.test/?t={TOKEN}", "Set-Cookie": f"s={SECRET}"}
    ),
    "timeout": httpx.ReadTimeout("slow"),
    "refused": httpx.ConnectError("refused"),
    "misfit": httpx.Response(201, json={"data": {"id": [TOKEN]}}),
    "misfit text": httpx.Response(201, json={"data": TOKEN}),
}


@pytest.mark.parametrize("answer", LEAKY.values(), ids=list(LEAKY))
def test_no_token_anywhere(answer: Any) -> None:
    with pytest.raises(LedgerHQError) as raised:
        post(client(Script(answer), **options(2)))
    error = raised.value
    for held in everything(error):
        assert not isinstance(held, httpx.Request | httpx.Response | httpx.HTTPError)
        assert SECRET not in repr(held)
    assert SECRET.encode() not in pickle.dumps(error)
    assert SECRET not in "".join(traceback.format_exception(error))


@pytest.mark.parametrize(
    "answer", [401, 422, 503, httpx.ReadTimeout("slow"), httpx.ConnectError("x"), not_json]
)
def test_no_token_among_the_locals_of_a_traceback(answer: Any) -> None:
    with pytest.raises(LedgerHQError) as raised:
        post(client(Script(answer), **options(2)))
    told = traceback.TracebackException.from_exception(raised.value, capture_locals=True)
    ours = [
        frame
        for frame in told.stack
        if "ledgerhq_ext" in frame.filename and "tests" not in frame.filename
    ]
    assert ours
    assert SECRET not in repr([frame.locals for frame in ours])


def test_bodies_and_messages_are_bounded() -> None:
    told = {"code": "C" * 9_000, "message": "m" * 9_000, "requestId": "r" * 9_000}
    with pytest.raises(ValidationError) as raised:
        post(client(Script(httpx.Response(400, json={"error": told}))))
    assert len(raised.value.body) == 2_000
    assert len(str(raised.value)) < 2_700


SHAPES: list[tuple[Any, dict[str, Any]]] = [
    (
        {"error": "Not yours"},
        {"message": "Not yours", "code": None, "request_id": "req_h", "retryable": None},
    ),
    (
        {"error": {"code": "X", "message": "No", "retryable": False, "requestId": "req_b"}},
        {"message": "No", "code": "X", "request_id": "req_b", "retryable": False},
    ),
    (
        {"error": {"code": 5, "message": None, "retryable": "no", "requestId": 1}},
        {"code": None, "retryable": None},
    ),
    ({"error": ""}, {"message": "the service responded with status 403"}),
    ({"error": ["a"]}, {"message": "the service responded with status 403"}),
    ([], {"message": "the service responded with status 403"}),
    (None, {"message": "the service responded with status 403", "request_id": "req_h"}),
    ({"message": "No seat"}, {"message": "No seat", "code": None, "request_id": "req_h"}),
    ({"error": "Forbidden", "message": "No seat"}, {"message": "Forbidden: No seat"}),
    ({"error": "No seat", "message": "No seat"}, {"message": "No seat"}),
    (
        {"type": "about:blank", "title": "Forbidden", "detail": "No seat", "status": 403},
        {"message": "Forbidden: No seat"},
    ),
    (
        {"error": "No seat", "code": "X", "requestId": "req_b", "retryable": False},
        {"message": "No seat", "code": "X", "request_id": "req_b", "retryable": False},
    ),
    ({"error": None, "title": "", "detail": ["a"], "code": 5}, {"code": None}),
    ("No seat", {"message": "No seat"}),
]


@pytest.mark.parametrize(("body", "expected"), SHAPES)
def test_both_error_shapes_and_none(body: Any, expected: dict[str, Any]) -> None:
    with pytest.raises(PermissionDeniedError) as raised:
        post(client(Script(httpx.Response(403, json=body, headers={"x-request-id": "req_h"}))))
    error = raised.value
    assert {name: getattr(error, name) for name in expected} == expected
    assert (error.status, error.method, error.path) == (403, "POST", "/api/v1/purchases")
    assert error.idempotency_key == "k-1"


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("text/plain", "error code: 1020"),
        ("text/plain; charset=utf-8", "error code: 1020"),
        ("text/html", "the service responded with status 403"),
        ("application/json", "the service responded with status 403"),
    ],
)
def test_a_text_of_a_gateway_is_the_message(kind: str, shown: str) -> None:
    answer = httpx.Response(403, content=b"error code:\r\n1020\n", headers={"Content-Type": kind})
    with pytest.raises(PermissionDeniedError) as raised:
        post(client(Script(answer)))
    assert raised.value.message == shown


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("Missing bearer token", "Missing bearer token"),
        ("Bearer token expired", "Bearer token expired"),
        ("Send a Bearer token.", "Send a Bearer token."),
        ("bearer tokens, one a header", "bearer tokens, one a header"),
        ("no Bearer token-8d3f0c1b here", "no Bearer … here"),
        ("no Bearer tokenize here", "no Bearer … here"),
        ("no bearer 8d3f0c1b here", "no bearer … here"),
    ],
)
def test_a_sentence_about_bearer_tokens_is_whole(message: str, shown: str) -> None:
    with pytest.raises(AuthenticationError) as raised:
        post(client(Script(httpx.Response(401, json={"error": message}))))
    assert raised.value.message == shown


def test_what_an_error_says() -> None:
    error = caught(PeriodLockedError)
    assert str(error) == (
        "422 PERIOD_LOCKED: PERIOD_LOCKED happened [POST /api/v1/purchases, organization org_8c1f, "
        "key k-1, 1 attempt, request req_7, outcome rejected]"
    )


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "PERIOD_LOCKED", PeriodLockedError),
        (409, "PERIOD_LOCKED", ConflictError),
        (500, "PERIOD_LOCKED", ServerError),
        (422, "IDEMPOTENCY_CONFLICT", ValidationError),
        (404, "SOMETHING_NEW", NotFoundError),
    ],
)
def test_a_code_only_refines_its_status(status: int, code: str, kind: type[APIError]) -> None:
    with pytest.raises(kind) as raised:
        post(client(Script(coded(status, code)), **options(1)))
    assert (type(raised.value), raised.value.code) == (kind, code)


def test_an_unreadable_success_is_a_contract_error() -> None:
    with pytest.raises(ContractError, match="not JSON"):
        post(client(Script(not_json)))
