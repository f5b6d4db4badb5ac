"""Tokens: fresh, stale, invalid; refreshed ahead, after a 401, once for all, and when the endpoint
fails.
"""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from ledgerhq_ext import (
    AuthenticationError,
    Connection,
    InputError,
    LedgerHQError,
    MemoryTokenStore,
    OAuthError,
    ReconnectRequired,
    RetryPolicy,
    Section,
    TransportError,
)
from tests.support.authorization import HOUR, MakeClient, Service, TokenScript, answer, ask, fail
from tests.support.clients import BASE
from tests.support.clocks import FakeClock

pytestmark = pytest.mark.anyio
STALE, DEAD = HOUR - 30, HOUR + 1


@pytest.mark.parametrize(
    ("lifetime", "age", "state"),
    [
        (3600, 0, "fresh"),
        (3600, 3539.9, "fresh"),
        (3600, 3540, "stale"),
        (3600, 3599.9, "stale"),
        (3600, 3600, "invalid"),
        (2, 1.59, "fresh"),
        (2, 1.6, "stale"),
        (2, 2, "invalid"),
        (300, 239.9, "fresh"),
        (300, 240, "stale"),
    ],
)
async def test_the_margin_is_a_minute_or_a_fifth(lifetime: float, age: float, state: str) -> None:
    connection = Connection(
        issuer=BASE,
        client_id="c",
        access_token="a",
        obtained_at=1000.0,
        expires_at=1000.0 + lifetime,
    )
    assert connection.state(1000.0 + age) == state


async def test_without_an_access_token_nothing_is_good() -> None:
    assert Connection(issuer=BASE, client_id="c", expires_at=9e9).state(0) == "invalid"


@pytest.mark.parametrize(("age", "refreshes"), [(0, 0), (HOUR - 61, 0), (STALE, 1), (DEAD, 1)])
async def test_refreshed_ahead_of_the_end(
    make_client: MakeClient, service: Service, clock: FakeClock, age: float, refreshes: int
) -> None:
    store = MemoryTokenStore(service.connection())
    clock.advance(age)
    client = make_client(store)
    await ask(client)
    await ask(client)
    assert len(service.presented) == refreshes
    assert service.bearers == [f"mcp_at_access{refreshes}"] * 2
    kept = store.read()
    assert kept is not None
    assert kept.refresh_token == service.refresh_token


async def test_a_401_overrules_the_clock_once_per_call(
    make_client: MakeClient, service: Service, clock: FakeClock
) -> None:
    client = make_client(service.connection())
    service.living.clear()
    await ask(client)
    assert service.bearers == ["mcp_at_access0", "mcp_at_access1"]
    service.before_api = lambda _: service.living.clear()
    with pytest.raises(AuthenticationError) as caught:
        await ask(client)
    assert caught.value.outcome == "rejected"
    assert len(service.presented) == 1, "a token that was issued seconds ago is not refreshed again"

    clock.advance(60)
    with pytest.raises(AuthenticationError) as caught:
        await ask(client)
    assert caught.value.outcome == "rejected"
    assert len(service.presented) == 2


async def test_a_token_of_a_clock_that_was_ahead_is_refreshed_after_a_401(
    make_client: MakeClient, service: Service, clock: FakeClock
) -> None:
    later = clock.now() + HOUR
    connection = service.connection(obtained_at=later, expires_at=later + HOUR, refreshed=True)
    client = make_client(connection)
    service.living.clear()
    await ask(client)
    assert service.bearers == ["mcp_at_access0", "mcp_at_access1"]


async def test_a_token_of_a_clock_that_was_ahead_is_not_served_beyond_its_end(
    make_client: MakeClient, service: Service, clock: FakeClock
) -> None:
    now = clock.now()
    client = make_client(service.connection(obtained_at=now + HOUR, expires_at=now + 10))
    await ask(client)
    clock.advance(11)
    await ask(client)
    assert service.bearers == ["mcp_at_access0", "mcp_at_access1"]


async def test_a_call_refreshes_once_however_often_it_is_repeated(
    make_client: MakeClient, service: Service
) -> None:
    client = make_client(service.connection())
    service.living.clear()

    def second_answer_lost(bearer: str) -> None:
        if len(service.bearers) == 2:
            service.living.clear()
            raise httpx.ReadError("lost")

    service.before_api = second_answer_lost
    with pytest.raises(AuthenticationError):
        await ask(client)
    assert service.bearers == ["mcp_at_access0", "mcp_at_access1", "mcp_at_access1"]
    assert len(service.presented) == 1


async def test_after_a_401_the_newer_token_of_the_store_is_taken_first(
    make_client: MakeClient, service: Service
) -> None:
    old = service.connection()
    store = MemoryTokenStore(old)

    def somebody_refreshes(_: str) -> None:
        service.living.clear()
        service.presented.append("by somebody else")
        section = store.try_lock()
        assert section is not None
        with section:
            section.write(service.connection())
        service.before_api = lambda _: None

    service.before_api = somebody_refreshes
    await ask(make_client(store))
    assert service.bearers == ["mcp_at_access0", "mcp_at_access1"]
    assert service.forms == []


async def test_the_lifetime_counts_from_when_the_request_was_sent(
    make_client: MakeClient, service: Service, clock: FakeClock
) -> None:
    store = MemoryTokenStore(service.connection())
    clock.advance(DEAD)
    sent_at = clock.now()

    def slow(_: httpx.Request) -> None:
        clock.advance(15)

    service.token_scripts = [slow]
    await ask(make_client(store))
    kept = store.read()
    assert kept is not None
    assert (kept.obtained_at, kept.expires_at) == (sent_at, sent_at + HOUR)


async def test_a_refresh_token_that_is_not_given_anew_stays(
    make_client: MakeClient, service: Service, clock: FakeClock
) -> None:
    store = MemoryTokenStore(service.connection())
    clock.advance(DEAD)
    service.living.add("mcp_at_next")
    tokens = {"access_token": "mcp_at_next", "token_type": "bearer", "expires_in": HOUR}
    service.token_scripts = [answer(200, **tokens)]
    await ask(make_client(store))
    kept = store.read()
    assert kept is not None
    assert kept.refresh_token == "mcp_rt_refresh0"


LOST = fail(httpx.ReadTimeout("no answer"))
FAILURES: list[tuple[str, list[TokenScript], type[LedgerHQError]]] = [
    ("busy", [answer(429)] * 5, TransportError),
    ("unavailable", [answer(503)] * 5, TransportError),
    ("refused", [fail(httpx.ConnectError("refused"))] * 5, TransportError),
    ("broken", [answer(500, error="server_error")] * 2, OAuthError),
    ("lost", [LOST] * 2, OAuthError),
    ("client gone", [answer(400, error="invalid_client")], OAuthError),
]


@pytest.mark.parametrize(("what", "scripts", "kind"), FAILURES, ids=[case[0] for case in FAILURES])
async def test_a_failed_refresh_matters_only_when_no_living_token_is_left(
    make_client: MakeClient,
    service: Service,
    clock: FakeClock,
    what: str,
    scripts: list[TokenScript],
    kind: type[LedgerHQError],
) -> None:
    client = make_client(service.connection()).with_options(retries=RetryPolicy(attempts=5))
    clock.advance(STALE)
    service.token_scripts = list(scripts)
    await ask(client)
    await ask(client)
    assert len(service.forms) <= 2, "a failed refresh is not tried again at once"
    clock.advance(60)
    service.token_scripts = list(scripts)
    with pytest.raises(kind) as caught:
        await ask(client)
    assert type(caught.value) is kind
    assert caught.value.outcome == "not_sent"
    assert service.token_scripts == [], (
        "an answer that may have been lost is asked for once more, never again"
    )
    await ask(client)


async def test_a_store_that_cannot_be_locked_matters_only_when_no_living_token_is_left(
    make_client: MakeClient, service: Service, clock: FakeClock
) -> None:
    class Tokens(MemoryTokenStore):
        def try_lock(self) -> Section | None:
            raise OSError("no locks available")

    client = make_client(Tokens(service.connection()))
    clock.advance(STALE)
    await ask(client)
    clock.advance(60)
    with pytest.raises(InputError, match="no locks available"):
        await ask(client)
    assert service.forms == []


@pytest.mark.parametrize("error", ["INVALID_GRANT", {"code": "INVALID_GRANT"}])
async def test_a_grant_that_is_refused_in_capitals_is_gone(
    make_client: MakeClient, service: Service, clock: FakeClock, error: object
) -> None:
    client = make_client(service.connection())
    clock.advance(DEAD)
    service.token_scripts = [answer(400, error=error)]
    with pytest.raises(ReconnectRequired) as caught:
        await ask(client)
    assert caught.value.error == "invalid_grant"


async def test_a_refusal_that_holds_tokens_shows_none(
    make_client: MakeClient, service: Service, clock: FakeClock
) -> None:
    client = make_client(service.connection())
    clock.advance(DEAD)
    service.token_scripts = [
        answer(
            400,
            error="invalid_request",
            error_description="Use access-of-nobody or refresh-of-nobody.",
            access_token="access-of-nobody",
            refresh_token="refresh-of-nobody",
        )
    ]
    with pytest.raises(OAuthError, match="invalid_request: Use … or …") as caught:
        await ask(client)
    assert "of-nobody" not in f"{vars(caught.value)}"


ODD_ANSWERS: dict[str, dict[str, object]] = {
    "no lifetime": {},
    "null": {"expires_in": None},
    "text": {"expires_in": "3600"},
    "words": {"expires_in": "an hour"},
    "float": {"expires_in": 3600.0},
    "zero": {"expires_in": 0},
    "negative": {"expires_in": -1},
    "decades": {"expires_in": 2 * 10**9},
    "for ever": {"expires_in": 10**400},
    "a truth": {"expires_in": True},
    "a list": {"expires_in": [3600]},
    "no type": {"expires_in": 3600, "token_type": None},
    "a type that is no text": {"expires_in": 3600, "token_type": ["Bearer"]},
    "scope as a list": {"expires_in": 3600, "scope": ["mcp", "mcp:read"]},
}


@pytest.mark.parametrize("odd", ODD_ANSWERS.values(), ids=ODD_ANSWERS)
async def test_an_odd_answer_is_used_with_care(
    make_client: MakeClient, service: Service, clock: FakeClock, odd: dict[str, object]
) -> None:
    store = MemoryTokenStore(service.connection())
    clock.advance(DEAD)
    service.living.add("mcp_at_next")
    tokens = {"access_token": "mcp_at_next", "token_type": "bearer", "refresh_token": "mcp_rt_next"}
    service.token_scripts = [answer(200, **tokens | odd)]
    await ask(make_client(store))
    assert service.bearers == ["mcp_at_next"]
    connection = store.read()
    assert connection is not None
    assert connection.refresh_token == "mcp_rt_next"
    assert clock.now() + 60 < connection.expires_at <= clock.now() + HOUR
    assert connection.scope == ("mcp mcp:read" if "scope" in odd else None)


@pytest.mark.parametrize(
    "lifetime", ["3_600", "３６００", "٣٦٠٠", " 3600", "+3600", "36e2", "0x10", "1" * 5000]
)
async def test_a_lifetime_in_odd_digits_counts_as_five_minutes(
    make_client: MakeClient, service: Service, clock: FakeClock, lifetime: str
) -> None:
    store = MemoryTokenStore(service.connection())
    clock.advance(DEAD)
    service.living.add("mcp_at_next")
    service.token_scripts = [
        answer(200, access_token="mcp_at_next", refresh_token="mcp_rt_next", expires_in=lifetime)
    ]
    await ask(make_client(store))
    connection = store.read()
    assert connection is not None
    assert connection.expires_at == clock.now() + 300


CUT = '{"access_token": "mcp_at_next", "token_type": "Bearer", "refresh_token": '
KEPT: dict[str, str] = {
    "cut behind it": CUT + '"mcp_rt_next"',
    "cut in the scope": CUT + '"mcp_rt_next", "expires_in": 3600, "scope": "mc',
    "with escapes": CUT + '"mcp\\u005frt_next", "expires_in',
    "two answers": CUT + '"mcp_rt_next"}{}',
}
GONE: dict[str, str] = {
    "cut in it": CUT + '"mcp_rt_ne',
    "cut in an escape": CUT + '"mcp_rt_next\\',
    "no text": CUT + "null, ",
    "empty": CUT + '"", ',
    "half a character": CUT + '"\\ud800", ',
    "only mentioned": '{"scope": "\\"refresh_token\\": \\"mcp_rt_next\\"',
}


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT)
async def test_a_whole_refresh_token_in_an_answer_that_is_cut_is_kept(
    make_client: MakeClient, service: Service, clock: FakeClock, text: str
) -> None:
    store = MemoryTokenStore(service.connection())
    client = make_client(store)
    clock.advance(DEAD)
    service.refresh_token = "mcp_rt_next"
    service.token_scripts = [lambda _: httpx.Response(200, text=text)]
    with pytest.raises(OAuthError, match="refresh token was kept"):
        await ask(client)
    await ask(client)
    assert service.presented == ["mcp_rt_next"]


@pytest.mark.parametrize("text", GONE.values(), ids=GONE)
async def test_half_a_refresh_token_is_none(
    make_client: MakeClient, service: Service, clock: FakeClock, text: str
) -> None:
    client = make_client(service.connection())
    clock.advance(DEAD)
    service.token_scripts = [lambda _: httpx.Response(200, text=text)]
    with pytest.raises(ReconnectRequired, match="was used"):
        await ask(client)


UNUSABLE: dict[str, dict[str, object]] = {
    "no access token": {},
    "no bearer": {"access_token": "mcp_at_next", "token_type": "mac"},
    "no header can carry it": {"access_token": "mcp_at next"},
    "an error beside it": {"error": "server_error"},
}


@pytest.mark.parametrize("odd", UNUSABLE.values(), ids=UNUSABLE)
async def test_a_refresh_token_is_kept_whatever_came_with_it(
    make_client: MakeClient, service: Service, clock: FakeClock, odd: dict[str, object]
) -> None:
    store = MemoryTokenStore(service.connection())
    client = make_client(store)
    clock.advance(DEAD)
    service.refresh_token = "mcp_rt_next"
    service.token_scripts = [answer(200, refresh_token="mcp_rt_next", expires_in=HOUR, **odd)]
    with pytest.raises(OAuthError, match="refresh token was kept") as caught:
        await ask(client)
    assert caught.value.outcome == "not_sent"
    assert not isinstance(caught.value, ReconnectRequired)
    await ask(client)
    assert service.presented == ["mcp_rt_next"]


EMPTY: dict[str, TokenScript] = {
    "no JSON": lambda _: httpx.Response(200, text="<html>"),
    "no object": lambda _: httpx.Response(200, json=["mcp_at_next"]),
    "no tokens": answer(200, token_type="Bearer"),
    "a bad access token": answer(200, access_token="mcp_at next", token_type="Bearer"),
    "no content": lambda _: httpx.Response(204),
}


@pytest.mark.parametrize("script", EMPTY.values(), ids=EMPTY)
async def test_a_spent_token_is_not_presented_again_after_a_success(
    make_client: MakeClient, service: Service, clock: FakeClock, script: TokenScript
) -> None:
    """The access token serves until its end; after that somebody has to connect again."""
    client = make_client(service.connection())
    clock.advance(STALE)
    service.token_scripts = [script]
    await ask(client)
    assert service.bearers == ["mcp_at_access0"]
    clock.advance(60)
    for _ in range(2):
        with pytest.raises(ReconnectRequired, match="was used"):
            await ask(client)
    assert len(service.forms) == 1


async def test_a_lost_answer_is_asked_for_once_more(
    make_client: MakeClient, service: Service, clock: FakeClock
) -> None:
    client = make_client(service.connection())
    clock.advance(DEAD)
    service.token_scripts = [LOST]
    await ask(client)
    assert service.bearers == ["mcp_at_access1"]


@pytest.mark.parametrize("lost_first", [True, False])
async def test_a_spent_grant_ends_with_the_token_that_lives(
    make_client: MakeClient, service: Service, clock: FakeClock, lost_first: bool
) -> None:
    """After that ``ReconnectRequired``, which names the cause; the dead refresh token is not
    presented again.
    """
    client = make_client(service.connection())
    clock.advance(STALE)
    service.token_scripts = [service.lose if lost_first else answer(400, error="invalid_grant")]
    await ask(client)
    await ask(client)
    assert service.bearers == ["mcp_at_access0"] * 2
    asked = len(service.forms)
    clock.advance(60)
    for _ in range(2):
        with pytest.raises(ReconnectRequired) as caught:
            await ask(client)
        cause = (
            "response to a token refresh was lost" if lost_first else "refused the refresh token"
        )
        assert cause in str(caught.value)
        assert "connect again" in str(caught.value)
        assert caught.value.outcome == "not_sent"
    assert len(service.forms) == asked


async def test_a_grant_that_was_lost_twice_names_the_cause_later(
    make_client: MakeClient, service: Service, clock: FakeClock
) -> None:
    client = make_client(service.connection())
    clock.advance(DEAD)
    service.token_scripts = [service.lose, LOST]
    with pytest.raises(OAuthError, match="after two attempts"):
        await ask(client)
    with pytest.raises(ReconnectRequired, match=r"lost \(TransportError\)"):
        await ask(client)


async def test_a_loss_before_an_endpoint_that_is_out_of_reach_names_the_cause_later(
    make_client: MakeClient, service: Service, clock: FakeClock
) -> None:
    client = make_client(service.connection())
    clock.advance(DEAD)
    service.token_scripts = [service.lose, fail(httpx.ConnectError("refused"))]
    with pytest.raises(ReconnectRequired, match=r"lost \(TransportError\)"):
        await ask(client)


async def test_a_store_that_somebody_else_renewed_is_read_again(
    make_client: MakeClient, service: Service, clock: FakeClock
) -> None:
    class Renewed(MemoryTokenStore):
        """What a store without a lock between machines would do."""

        def renew(self, _: httpx.Request) -> httpx.Response:
            self._write(service.connection())
            return httpx.Response(400, json={"error": "invalid_grant"})

    store = Renewed(service.connection())
    clock.advance(DEAD)
    service.presented.append("by somebody else")
    service.token_scripts = [store.renew]
    await ask(make_client(store))
    assert service.bearers == ["mcp_at_access1"]


@pytest.mark.parametrize(
    "connection", [None, Connection(issuer=BASE, client_id="c", lost="it was refused")]
)
async def test_an_empty_store_asks_to_connect(
    make_client: MakeClient, service: Service, connection: Connection | None
) -> None:
    with pytest.raises(ReconnectRequired) as caught:
        await ask(make_client(MemoryTokenStore(connection)))
    assert ("it was refused" if connection else "connect first") in str(caught.value)
    assert service.bearers == []


@pytest.mark.parametrize(
    "issuer", ["https://elsewhere.example", "http://ledger.test", "https://ledger.test:8443"]
)
async def test_tokens_of_another_service_are_never_sent(
    make_client: MakeClient, service: Service, issuer: str
) -> None:
    with pytest.raises(InputError, match="belong to"):
        await ask(make_client(service.connection(issuer=issuer)))
    assert (service.bearers, service.forms) == ([], [])


async def test_the_store_is_waited_for_until_the_deadline(
    make_client: MakeClient, service: Service, clock: FakeClock
) -> None:
    store = MemoryTokenStore(service.connection())
    client = make_client(store).with_options(deadline=5, retries=RetryPolicy(attempts=1))
    section = store.try_lock()
    assert section is not None
    clock.advance(STALE)
    await ask(client)  # The token still lives: nobody waits.
    clock.advance(60)
    with section, pytest.raises(TransportError) as caught:
        await ask(client)
    assert caught.value.outcome == "not_sent"
    assert service.forms == []


async def test_after_a_401_a_busy_token_endpoint_is_no_rejection(
    make_client: MakeClient, service: Service
) -> None:
    """The call goes on as soon as there is a token, and its bad one is not sent again."""
    client = make_client(service.connection())
    service.living.clear()
    service.token_scripts = [answer(503), answer(429)]
    await ask(client)
    assert service.bearers == ["mcp_at_access0", "mcp_at_access1"]


@pytest.mark.parametrize(
    "make", [lambda: {"api_key": "dk_live_1"}, lambda: {"access_token": "mcp_at_1"}]
)
async def test_what_cannot_be_renewed_is_rejected_at_once(
    make_client: MakeClient, service: Service, make: Callable[[], dict[str, str]]
) -> None:
    with pytest.raises(AuthenticationError):
        await ask(make_client(None, **make()))
    assert len(service.bearers) == 1


@pytest.mark.parametrize("code", ["invalid_grant", "invalid_client"])
async def test_a_refusal_of_the_token_endpoint_has_its_request_id(
    code: str, make_client: MakeClient, service: Service
) -> None:
    refusal = httpx.Response(400, json={"error": code}, headers={"x-request-id": "req_7"})
    service.token_scripts.append(lambda _: refusal)
    with pytest.raises(OAuthError) as raised:
        await ask(make_client(service.connection(expires_at=0.0)))
    assert raised.value.request_id == "req_7"
    assert "request req_7" in str(raised.value)
