from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from ledgerhq_ext.sandbox import Sandbox
from tests.support.waiting import Gate, wait_until

from .api import Api, code_of

ROUTE = "POST /api/v1/purchases"


def count(api: Api) -> int:
    return len(api.box.postings(api.org))


def test_a_lost_response_leaves_the_posting_and_its_replay(maple: Api) -> None:
    maple.box.fault(ROUTE, "lose_response")
    with pytest.raises(httpx.RemoteProtocolError):
        maple.post("/purchases", maple.purchase(), key="k")
    assert count(maple) == 1
    assert maple.post("/purchases", maple.purchase(), key="k").status_code == 200
    assert count(maple) == 1


def test_a_closed_connection_leaves_nothing(maple: Api) -> None:
    maple.box.fault(ROUTE, "close")
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        maple.post("/purchases", maple.purchase(), key="k")
    assert count(maple) == 0


def test_a_cut_body_is_cut_on_the_wire_after_the_commit(maple: Api) -> None:
    maple.box.fault(ROUTE, "cut_body")
    request = maple.http.build_request(
        "POST",
        maple.box.url + "/api/v1/purchases",
        json=maple.purchase(),
        headers=maple.headers | {"idempotency-key": "k"},
    )
    response = maple.http.send(request, stream=True)
    received = b""
    with pytest.raises(httpx.RemoteProtocolError):  # noqa: PT012
        for chunk in response.iter_raw():
            received += chunk
    response.close()
    assert response.status_code == 201
    assert 0 < len(received) < int(response.headers["content-length"])
    assert count(maple) == 1


def test_a_status_comes_before_any_work_with_its_retry_after(maple: Api) -> None:
    maple.box.fault(ROUTE, "status", times=2, status=429, retry_after=3)
    for _ in range(2):
        response = maple.post("/purchases", maple.purchase(), key="k")
        assert code_of(response) == (429, "RATE_LIMITED")
        assert response.headers["retry-after"] == "3"
    assert count(maple) == 0
    assert maple.post("/purchases", maple.purchase(), key="k").status_code == 201


def test_a_status_can_carry_a_page_of_a_proxy(maple: Api) -> None:
    maple.box.fault(ROUTE, "status", status=520, body="<h1>Web server is down</h1>")
    response = maple.post("/purchases", maple.purchase(), key="k")
    assert (response.status_code, response.text) == (520, "<h1>Web server is down</h1>")
    assert response.headers["content-type"] == "text/html"


def test_a_status_after_the_commit_hides_a_receipt(maple: Api) -> None:
    maple.box.fault(ROUTE, "status_after_commit", status=503)
    assert maple.post("/purchases", maple.purchase(), key="k").status_code == 503
    assert count(maple) == 1


@pytest.mark.parametrize(("when", "posted"), [("before", 0), ("after", 1)])
def test_a_stall_holds_up_its_own_request_only(
    maple: Api, stall_gate: Gate, when: str, posted: int
) -> None:
    maple.box.fault(ROUTE, "stall", seconds=1, when=when)
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(maple.post, "/purchases", maple.purchase(), "k")
        wait_until(lambda: bool(maple.box.requests) and maple.box.requests[-1]["fault"] == "stall")
        wait_until(lambda: count(maple) == posted)
        assert maple.get("/accounts").status_code == 200
        assert count(maple) == posted
        assert not slow.done()
        stall_gate.open()
        assert slow.result().status_code == 201
    assert count(maple) == 1


def test_a_client_that_gives_up_on_a_stall_finds_its_posting_later(
    maple: Api, stall_gate: Gate
) -> None:
    maple.box.fault(ROUTE, "stall", seconds=1)
    headers = maple.headers | {"idempotency-key": "k"}
    with pytest.raises(httpx.ReadTimeout):
        maple.request("POST", "/purchases", json=maple.purchase(), headers=headers, timeout=1)
    stall_gate.open()
    wait_until(lambda: count(maple) == 1)
    assert maple.post("/purchases", maple.purchase(), key="k").status_code == 200


def test_a_stalled_request_does_not_reach_into_the_state_after_a_reset(
    box: Sandbox, http: httpx.Client, stall_gate: Gate
) -> None:
    """A test ends without waiting for it, and the next one begins with a reset."""
    before = Api(box, http)
    box.fault(ROUTE, "stall", seconds=1)
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(before.post, "/purchases", before.purchase(), "k")
        wait_until(lambda: box.keys_in_flight == ["k"])
        box.reset()
        keys = box.keys_in_flight
        stall_gate.open()
        assert slow.result().status_code == 503
    assert keys == []
    after = Api(box, http)
    assert (box.postings(), box.contract_violations) == ([], [])
    assert after.post("/purchases", after.purchase(), key="k").status_code == 201


def test_a_period_can_be_locked_right_after_the_commit(maple: Api) -> None:
    maple.box.fault(ROUTE, "lock_period", lose=True)
    with pytest.raises(httpx.RemoteProtocolError):
        maple.post("/purchases", maple.purchase(), key="k")
    assert code_of(maple.post("/purchases", maple.purchase(), key="new")) == (422, "PERIOD_LOCKED")
    assert maple.post("/purchases", maple.purchase(), key="k").status_code == 200


def test_a_period_can_be_locked_for_a_moment(maple: Api) -> None:
    maple.box.lock_period(maple.org, through="2020-12-31")
    maple.box.fault(ROUTE, "lock_period", seconds=3, through="2026-12-31")
    assert maple.post("/purchases", maple.purchase(), key="k1").status_code == 201
    assert maple.post("/purchases", maple.purchase(), key="k2").status_code == 422
    wait_until(lambda: maple.post("/purchases", maple.purchase(), key="k2").status_code == 201)
    assert maple.submit("purchases", maple.purchase(txnDate="2020-12-31")).status_code == 422


def test_locks_for_a_moment_that_overlap_leave_the_period_as_it_was(maple: Api) -> None:
    maple.box.fault(ROUTE, "lock_period", seconds=0.3, through="2026-12-31", times=2)
    maple.post("/purchases", maple.purchase(), key="k1")
    maple.post("/purchases", maple.purchase(), key="k2")
    wait_until(
        lambda: maple.post("/purchases", maple.purchase(), key="k3").status_code in (200, 201)
    )


def test_a_lock_for_good_outlasts_one_for_a_moment(maple: Api) -> None:
    maple.box.fault(ROUTE, "lock_period", seconds=0.3, through="2026-12-31")
    assert maple.post("/purchases", maple.purchase(), key="k1").status_code == 201
    maple.box.lock_period(maple.org, through="2026-11-30")
    time.sleep(0.6)
    assert code_of(maple.post("/purchases", maple.purchase(), key="k2")) == (422, "PERIOD_LOCKED")


def test_after_and_times_choose_the_requests(maple: Api) -> None:
    maple.box.fault("GET /api/v1/accounts", "status", after=1, times=2)
    statuses = [maple.get("/accounts").status_code for _ in range(4)]
    assert statuses == [200, 503, 503, 200]


def test_scripts_follow_each_other(maple: Api) -> None:
    maple.box.fault("GET /api/v1/accounts", "status", status=503)
    maple.box.fault("GET /api/v1/accounts", "status", status=502)
    assert [maple.get("/accounts").status_code for _ in range(3)] == [503, 502, 200]


@pytest.mark.parametrize(
    "route",
    [
        "*",
        "GET *",
        "* /api/v1/entries/{id}",
        "GET /api/v1/entries/{entryId}",
        "GET /api/v1/entries/*",
    ],
)
def test_routes_may_hold_wildcards(maple: Api, route: str) -> None:
    maple.box.fault(route, "status")
    assert maple.get("/entries/x").status_code == 503


@pytest.mark.parametrize("route", ["POST *", "GET /api/v1/entries", "* /api/v1/accounts/{id}"])
def test_other_routes_are_left_alone(maple: Api, route: str) -> None:
    maple.box.fault(route, "status")
    assert maple.get("/entries/x").status_code == 404


def test_a_rate_is_drawn_from_a_seed(maple: Api) -> None:
    def draw(seed: int) -> list[int]:
        maple.box.clear_faults()
        maple.box.fault("GET *", "status", times=None, rate=0.3, seed=seed)
        return [maple.get("/tax-rates").status_code for _ in range(40)]

    first = draw(1)
    assert first == draw(1)
    assert first != draw(2)
    assert 4 <= first.count(503) <= 20


def test_an_unknown_kind_is_refused(box: Sandbox) -> None:
    with pytest.raises(ValueError, match="lose_response"):
        box.fault("*", "explode")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("route", 5),
        ("times", "2"),
        ("times", -1),
        ("after", "1"),
        ("rate", "0.5"),
        ("rate", 30),
        ("status", "503"),
        ("status", 99),
        ("retry_after", "a\nb"),
        ("seconds", "long"),
        ("seconds", float("nan")),
        ("seconds", -1),
        ("when", "later"),
        ("through", 5),
        ("through", "June"),
        ("through", "2026-06-31"),
        ("through", "20260630"),
    ],
)
def test_an_option_that_cannot_be_is_refused(box: Sandbox, option: str, value: object) -> None:
    """Else it would do nothing, or fail in the middle of a request."""
    script = {"route": "*", "kind": "status", option: value}
    with pytest.raises(ValueError, match=f"^{option}=.* of a fault is not valid; give "):
        box.fault(**script)  # type: ignore[arg-type]


def test_a_status_can_carry_an_empty_object(maple: Api) -> None:
    maple.box.fault("*", "status", body={})
    assert maple.get("/accounts").json() == {}


def test_in_process_a_lost_response_is_a_reset_connection(box: Sandbox) -> None:
    box.fault("*", "lose_response")

    async def attempt() -> None:
        transport = httpx.ASGITransport(box.app)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://box", verify=False
        ) as client:
            await client.get("/api/health")

    with pytest.raises(ConnectionResetError):
        asyncio.run(attempt())


def test_faults_lock_and_clock_over_http(maple: Api) -> None:
    control = maple.box.url + "/_sandbox"
    fault = {"route": ROUTE, "kind": "status", "status": 503, "times": 1}
    assert maple.http.post(control + "/faults", json=fault).status_code == 200
    assert [f["route"] for f in maple.http.get(control + "/faults").json()["faults"]] == [ROUTE]
    assert maple.post("/purchases", maple.purchase(), key="k").status_code == 503
    maple.http.delete(control + "/faults")
    assert maple.http.get(control + "/faults").json() == {"faults": []}
    lock = {"organizationId": maple.org, "through": "2026-12-31"}
    maple.http.post(control + "/lock-period", json=lock)
    assert maple.post("/purchases", maple.purchase(), key="k").status_code == 422
    maple.http.post(control + "/lock-period", json={**lock, "through": None})
    assert maple.post("/purchases", maple.purchase(), key="k").status_code == 201
    before = maple.box.clock.now()
    maple.http.post(control + "/advance", json={"seconds": 600})
    assert maple.box.clock.now() - before > 599


def test_the_state_over_http_counts(maple: Api) -> None:
    maple.submit("purchases", maple.purchase())
    state = maple.http.get(maple.box.url + "/_sandbox/state").json()
    assert state["postings"] == {maple.org: 1}
    assert state["entries"][maple.org] == len(maple.box.entries(maple.org))
    assert state["contractViolations"] == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/faults", {"route": "*", "kind": "explode"}),
        ("/faults", {"nothing": 1}),
        ("/faults", {"route": 5, "kind": "close"}),
        ("/faults", {"route": "*", "kind": "stall", "seconds": "long"}),
        ("/faults", []),
        ("/lock-period", {"organizationId": "x", "through": "2026-01-01"}),
        ("/lock-period", {"organizationId": {}, "through": "2026-01-01"}),
        ("/lock-period", {"organizationId": "x", "through": "June"}),
        ("/advance", {}),
        ("/advance", {"seconds": 1e300}),
    ],
)
def test_bad_control_requests_are_400(
    box: Sandbox, http: httpx.Client, path: str, body: object
) -> None:
    assert http.post(f"{box.url}/_sandbox{path}", json=body).status_code == 400
