from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from ledgerhq_ext.sandbox import Clock, Sandbox

from .api import Api


def api_of(box: Sandbox, http: httpx.Client) -> Api:
    return Api(box, http)


def test_a_state_in_a_file_goes_on_after_a_restart(tmp_path: Path, http: httpx.Client) -> None:
    path = tmp_path / "box.db"
    with Sandbox(state=path) as box:
        api = api_of(box, http)
        receipt = api.post("/purchases", api.purchase(), key="k").json()
        key, token = box.api_key(api.org), api.headers["authorization"]
        box.advance(1800)
        api.submit("purchases", api.purchase())
        before = box.clock.now()
    with Sandbox(state=path) as box:
        assert box.clock.now() >= before
        api = api_of(box, http)
        replay = api.post("/purchases", api.purchase(), key="k")
        assert (replay.status_code, replay.json()) == (200, receipt)
        assert Api(box, http, api.org, key).get("/accounts").status_code == 200
        api.headers["authorization"] = token
        assert api.get("/accounts").status_code == 200
        box.advance(1801)
        assert api.get("/accounts").status_code == 401


def test_one_file_serves_one_sandbox(tmp_path: Path) -> None:
    path = tmp_path / "box.db"
    box = Sandbox(state=path)
    with pytest.raises(ValueError, match="locked"):
        Sandbox(state=path)
    box.close()
    Sandbox(state=path).close()


def test_a_file_that_is_no_state_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database, but somebody's notes" * 100)
    with pytest.raises(ValueError, match="cannot use"):
        Sandbox(state=path)
    assert path.read_text().startswith("not a database")


@pytest.mark.parametrize(
    "table",
    [
        "outbox (id INTEGER, body TEXT)",
        "meta (key TEXT, value TEXT)",
        "meta (id INTEGER, version INTEGER, ids INTEGER, clock TEXT)",
    ],
)
def test_a_database_of_another_program_is_refused_and_kept(tmp_path: Path, table: str) -> None:
    path = tmp_path / "books.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"CREATE TABLE {table}")
    before = path.read_bytes()
    with pytest.raises(ValueError, match="another program; use another file"):
        Sandbox(state=path)
    assert path.read_bytes() == before


def test_a_state_of_another_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "box.db"
    Sandbox(state=path).close()
    with sqlite3.connect(path) as db:
        db.execute("UPDATE meta SET version = 99")
    db.close()
    with pytest.raises(ValueError, match="version 99"):
        Sandbox(state=path)


@pytest.mark.parametrize(
    "damage",
    [
        "DROP TABLE organizations",
        "ALTER TABLE meta DROP COLUMN clock",
        "ALTER TABLE bankRows RENAME COLUMN amount TO cents",
        "UPDATE meta SET clock = 'yesterday'",
        "UPDATE meta SET clock = '2026-07-01T00:00:00'",
        "UPDATE meta SET clock = '9999-12-31T23:59:59Z'",
        "UPDATE meta SET clock = x'00'",
    ],
)
def test_a_damaged_state_is_refused_and_kept(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "box.db"
    Sandbox(state=path).close()
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(damage)
    before = path.read_bytes()
    with pytest.raises(ValueError, match="the state is damaged, or of another program"):
        Sandbox(state=path)
    assert path.read_bytes() == before


_KILLED = """
import sys, threading
from ledgerhq_ext.sandbox import Sandbox
box = Sandbox(state=sys.argv[1], port=0).start()
print(box.url, box.access_token(), flush=True)
threading.Event().wait()
"""


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_a_kill_leaves_postings_whole(tmp_path: Path, http: httpx.Client) -> None:
    """Everything answered is there; and what is there is whole: entry, rows and receipt."""
    path = tmp_path / "box.db"
    answered: list[str] = []
    for attempt in range(2):
        process = subprocess.Popen(
            [sys.executable, "-c", _KILLED, str(path)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout
        url, token = process.stdout.readline().split()
        answered += _post_until_dead(http, url, token, attempt, process)
        process.wait()
        process.stdout.close()
    with Sandbox(state=path) as box:
        posted = box.postings()
        assert set(answered) <= {row["journalEntryId"] for row in posted}
        assert len(answered) >= 40
        rows = {row["id"] for row in box.bank_rows()}
        entries = {entry["id"]: entry for entry in box.entries()}
        for row in posted:
            assert set(row["bankTransactionIds"]) <= rows
            assert len(entries[row["journalEntryId"]]["lines"]) == 2
        made = [entry for entry in entries.values() if entry["sourceType"] == "purchase"]
        assert len(made) == len(posted)
        assert len([row for row in box.bank_rows() if row["sourceType"] == "api_posting"]) == len(
            posted
        )


def _post_until_dead(
    http: httpx.Client, url: str, token: str, attempt: int, process: subprocess.Popen[str]
) -> list[str]:
    headers = {"authorization": f"Bearer {token}"}
    org = http.get(
        url + "/api/v1/organizations", headers=headers, params={"type": "client"}
    ).json()["data"][0]
    headers["x-organization-id"] = org["id"]
    accounts = http.get(url + "/api/v1/accounts", headers=headers).json()["accounts"]
    ids = {account["code"]: account["id"] for account in accounts}
    body = {
        "txnDate": "2026-06-08",
        "payeeName": "x",
        "sourceAccountId": ids["1010"],
        "lines": [{"accountId": ids["6100"], "amount": 5}],
    }
    answered: list[str] = []
    for number in range(10_000):
        headers["idempotency-key"] = f"{attempt}-{number}"
        if number == 20:
            threading.Timer(0.05 + attempt / 100, process.send_signal, [signal.SIGKILL]).start()
        try:
            response = http.post(url + "/api/v1/purchases", json=body, headers=headers)
        except httpx.TransportError:
            return answered
        answered.append(response.json()["data"]["journalEntryId"])
    raise AssertionError("the process was not killed")


def test_a_seed_gives_the_same_ids_and_secrets(http: httpx.Client) -> None:
    def run(seed: int | None) -> tuple[str, str]:
        with Sandbox(seed=seed) as box:
            api = api_of(box, http)
            token = api.headers["authorization"]
            return token, api.post("/purchases", api.purchase(), key="k").json()["data"][
                "journalEntryId"
            ]

    assert run(7) == run(7)
    assert run(7) != run(8)
    assert run(None) != run(None)


def test_ids_are_not_given_twice_after_a_restart(tmp_path: Path, http: httpx.Client) -> None:
    ids = []
    for key in ("k1", "k2"):
        with Sandbox(state=tmp_path / "box.db", seed=7) as box:
            api = api_of(box, http)
            ids.append(
                api.post("/purchases", api.purchase(), key=key).json()["data"]["journalEntryId"]
            )
    assert len(set(ids)) == 2


def test_every_box_is_seeded_alike(box: Sandbox) -> None:
    other = Sandbox()
    tables = ("organizations", "accounts", "contacts", "documents", "bankRows", "entries", "lines")
    for table in tables:
        sql = f"SELECT * FROM {table} ORDER BY id"
        assert box.rows(sql) == other.rows(sql)
        assert len(box.rows(sql)) >= 5
    assert len(box.bank_rows()) > 500
    other.close()


def test_the_clock_starts_in_2026_and_can_stand_still() -> None:
    box = Sandbox(clock=Clock(frozen=True))
    assert box._box.state.now() == "2026-06-30T12:00:00.000Z"
    box.advance(1.5)
    assert box._box.state.now() == "2026-06-30T12:00:01.500Z"
    box.close()


def test_reset_begins_anew(box: Sandbox, http: httpx.Client) -> None:
    api = api_of(box, http)
    api.submit("purchases", api.purchase())
    box.fault("*", "status")
    url = box.url
    box.reset()
    assert (box.url, box.postings(), box.requests) == (url, [], [])
    assert http.get(box.url + "/api/health").status_code == 200


def test_the_clock_begins_where_it_began_after_a_reset() -> None:
    start = datetime(2031, 1, 15, tzinfo=UTC)
    with closing(Sandbox(clock=Clock(start, frozen=True))) as box:
        box.advance(86_400)
        box.reset()
        assert (box.clock.moment(), box.clock.frozen) == (start, True)

    with closing(Sandbox(clock=Clock.real())) as box:
        before = datetime.now(UTC)
        box.reset()
        assert box.clock.moment() >= before


def test_requests_are_logged_without_tokens(box: Sandbox, http: httpx.Client) -> None:
    api = api_of(box, http)
    api.post("/purchases", api.purchase(), key="k")
    record = box.requests[-1]
    assert (record["method"], record["path"], record["status"]) == (
        "POST",
        "/api/v1/purchases",
        201,
    )
    assert (record["idempotencyKey"], record["organizationId"]) == ("k", api.org)
    assert "mcp_at_" not in repr(box.requests)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.10", "example.com", ""])
def test_only_loopback_is_served(host: str) -> None:
    with pytest.raises(ValueError, match="loopback"):
        Sandbox(host=host)


def test_an_unstarted_box_has_no_url() -> None:
    box = Sandbox()
    with pytest.raises(RuntimeError, match="not started"):
        assert box.url
    box.close()


def test_unknown_organizations_are_named(box: Sandbox) -> None:
    for call in (box.api_key, box.unlock_period):
        with pytest.raises(LookupError, match="org_nowhere"):
            call("org_nowhere")


def test_answers_are_not_held_back_on_the_wire(box: Sandbox, http: httpx.Client) -> None:
    """Without TCP_NODELAY each answer would wait 40 ms for an acknowledgement."""
    api = api_of(box, http)
    body = api.purchase()
    waits = []
    for _ in range(50):
        begun = time.monotonic()
        assert api.submit("purchases", body).status_code == 201
        waits.append(time.monotonic() - begun)
    # On a busy machine many answers are late; held back would be all but the first.
    assert sorted(waits)[4] < 0.035


@pytest.mark.parametrize("version", ["new", "old"])
def test_a_state_in_memory_is_a_box_of_its_own(
    version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also by a SQLite that is older than its databases in memory with pages that are written."""
    connect = sqlite3.connect
    places: list[str] = []

    def note(place: str, **options: object) -> sqlite3.Connection:
        """Note the place; an old SQLite does not know it."""
        places.append(str(place))
        if version == "old" and "memdb" in str(place):
            raise sqlite3.OperationalError("no such vfs: memdb")
        return connect(place, **options)  # type: ignore[call-overload,no-any-return]

    monkeypatch.setattr(sqlite3, "connect", note)
    with closing(Sandbox()) as one, closing(Sandbox()) as other:
        one.add_firm("Of the first")
        assert [len(box.firms) for box in (one, other)] == [2, 1]
    assert any("memdb" in place for place in places)
