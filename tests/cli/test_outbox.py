"""`ledgerhq outbox`, `link` and `move-host`: the store, with signals and several firms."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from attrs import frozen
from cryptography.fernet import Fernet

from ledgerhq_ext import FileTokenStore, LedgerHQ, MemoryTokenStore, OAuth, Transfer
from ledgerhq_ext.store import Store
from scripts.storm.servers import postgres
from tests.cli.conftest import PATIENCE, Terminal, log_in, terminal
from tests.support.waiting import Gate, wait_until

if TYPE_CHECKING:
    from ledgerhq_ext.sandbox import Sandbox

pytestmark = pytest.mark.slow

MAPLE = "Maple Street Coffee"
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")


@pytest.fixture
def desk(machine: Terminal, tmp_path: Path) -> Terminal:
    """Return the machine with a store of its own."""
    return Terminal(
        machine.home, {**machine.environment, "LEDGERHQ_STORE": str(tmp_path / "books.db")}
    )


def add(desk: Terminal, service: Sandbox, *sources: str) -> None:
    """Write transfers down, to be sent. Without any, the store is there and empty."""
    with (
        LedgerHQ(base_url=service.url, access_token=service.access_token()) as hq,
        Store(desk.environment["LEDGERHQ_STORE"]) as store,
    ):
        store.outbox().status()
        books = hq.organization(hq.company(MAPLE))
        accounts = books.accounts()
        transfer = Transfer(
            txn_date="2026-06-08",
            from_account_id=accounts.by_code("1010"),
            to_account_id=accounts.by_code("1020"),
            amount=500,
        )
        for source in sources:
            store.outbox().add(books, transfer, source=("acme-pos", source))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (b'"amount": 500', b'"amount": 500, "amount": 700', "it has a property twice"),
        (b'"amount": 500', b'"amount": 500, "memo": "Caf\xe9"', "is not UTF-8"),
    ],
    ids=["twice", "another encoding"],
)
def test_a_correction_that_cannot_be_read_exactly_is_refused(
    old: bytes, new: bytes, words: str, desk: Terminal, service: Sandbox
) -> None:
    add(desk, service, "1001")
    before = desk.run("outbox", "show", "1", "--json").json
    request = json.dumps(before["request"]).encode()
    assert old in request
    (desk.home / "1.json").write_bytes(request.replace(old, new))
    done = desk.run("outbox", "correct", "1", "1.json")
    assert (done.status, done.out) == (2, "")
    assert words in done.err
    assert desk.run("outbox", "show", "1", "--json").json == before

    # With a mark, as some editors save it.
    (desk.home / "1.json").write_bytes(b"\xef\xbb\xbf" + request.replace(b"500", b"700"))
    assert desk.run("outbox", "correct", "1", "1.json").status == 0
    assert desk.run("outbox", "show", "1", "--json").json["request"]["amount"] == 700


def test_a_company_that_is_paused_and_waits_for_another_firm_says_both(
    desk: Terminal, service: Sandbox
) -> None:
    add(desk, service, "busy")
    nobody = OAuth(MemoryTokenStore(), name="gone")
    with (
        LedgerHQ(base_url=service.url, access_token=service.access_token()) as hq,
        LedgerHQ(nobody, base_url=service.url) as gone,
        Store(desk.environment["LEDGERHQ_STORE"]) as store,
    ):
        transfer = Transfer(
            txn_date="2026-06-08", from_account_id="acc_1", to_account_id="acc_2", amount=500
        )
        company = hq.company(MAPLE).id
        for owner in (gone, hq):
            books = owner.organization(company)
            source = ("acme-pos", "first" if owner is gone else "second")
            store.outbox().add(books, transfer, source=source, in_order=True)

    service.fault("POST /api/v1/transfers", "status", status=429, retry_after=600)
    done = desk.run("outbox", "drain", "--wait", "0")
    assert done.status == 1
    lines = [line for line in done.out.splitlines() if line.startswith("company ")]
    assert len(lines) == 2
    assert "RateLimitError" in lines[0]
    assert "connection 'gone'" in lines[1]


def test_a_drain_says_why_the_last_attempt_settled_nothing(
    desk: Terminal, service: Sandbox
) -> None:
    add(desk, service, "lost")
    service.fault("POST /api/v1/transfers", "lose_response", times=None)
    done = desk.run("outbox", "drain", "--wait", "0")
    service.clear_faults()
    assert done.status == 1
    reason = desk.run("outbox", "show", "1", "--json").json["reason"]
    assert f"The last attempt failed: {reason}\n" in done.out

    settled = desk.run("outbox", "drain", "--json").json
    assert (settled["posted"], settled["last_failure"]) == (1, None)


@frozen
class Stall:
    """An answer to a transfer that waits for a gate."""

    gate: Gate
    fault: Any

    def interrupt(self, process: subprocess.Popen[str]) -> None:
        """Press Ctrl-C while something is being sent, and wait until that is noted."""
        wait_until(lambda: self.fault.hits == 1)
        process.send_signal(signal.SIGINT)
        assert process.stderr
        while "Stopping" not in process.stderr.readline():
            pass


@pytest.fixture
def stall(service: Sandbox, stall_gate: Gate) -> Iterator[Stall]:
    """Let the answer to a transfer wait."""
    yield Stall(stall_gate, service.fault("POST /api/v1/transfers", "stall", seconds=1.0))
    stall_gate.open()
    service.clear_faults()


@POSIX
def test_ctrl_c_ends_a_drain_after_what_is_being_sent(
    desk: Terminal, service: Sandbox, stall: Stall
) -> None:
    add(desk, service, "c1", "c2")
    process = desk.start("outbox", "drain")
    stall.interrupt(process)
    stall.gate.open()
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130, err
    assert out.startswith("1 posted")
    assert "1 left" in out
    states = [row["state"] for row in desk.run("outbox", "list", "--json").json["postings"]]
    assert states == ["posted", "pending"]
    assert desk.run("outbox", "drain", "--json").json["posted"] == 1


@POSIX
def test_a_second_ctrl_c_breaks_off_and_the_next_drain_settles_it(
    desk: Terminal, service: Sandbox, stall: Stall
) -> None:
    add(desk, service, "d1")
    process = desk.start("outbox", "drain")
    stall.interrupt(process)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out) == (130, "")
    assert "the next drain settles it" in err
    assert "Traceback" not in err


@pytest.mark.sample
@POSIX
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_a_signal(desk: Terminal, service: Sandbox, number: signal.Signals) -> None:
    add(desk, service, f"e{number}")
    process = desk.start("outbox", "run")
    assert process.stderr
    line = ""
    while "posted" not in line:
        line = process.stderr.readline()
        assert line, "it ended early"
    process.send_signal(number)
    _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err
    assert "Traceback" not in err


def test_status_is_for_cron(desk: Terminal, service: Sandbox) -> None:
    add(desk, service)
    assert desk.run("outbox", "status", "--json").json["pending"] == 0
    add(desk, service, "f1")
    assert desk.run("outbox", "status").status == 0
    assert desk.run("outbox", "status", "--max-age", "0s").status == 1
    done = desk.run("outbox", "status", "--max-age", "soon")
    assert (done.status, done.out) == (2, "")


def test_a_firm_that_never_logged_in_is_no_firm_where_all_is_well(
    desk: Terminal, service: Sandbox
) -> None:
    add(desk, service, "f1")
    for command in ("status", "list"):
        done = desk.run("outbox", command, "--firm", "oack")
        assert (done.status, done.out) == (4, "")
        assert "Log in with: ledgerhq login --firm oack" in done.err
        assert desk.run("outbox", command, "--firm", "oack", "--all").status == 0


def test_an_archive_is_a_file(desk: Terminal, service: Sandbox) -> None:
    add(desk, service)
    done = desk.run("outbox", "prune", "--before", "2026-01-01", "--archive", "-")
    assert (done.status, done.out) == (2, "")
    assert "Name one with --archive." in done.err


def test_a_request_is_shown_as_it_can_be_corrected(desk: Terminal, service: Sandbox) -> None:
    add(desk, service, "g1")
    shown = desk.run("outbox", "show", "1").out
    [line] = [line for line in shown.splitlines() if line.startswith("request ")]
    request = desk.run("outbox", "show", "1", "--json").json["request"]
    assert json.loads(line.removeprefix("request")) == request


def test_a_posting_that_is_not_there(desk: Terminal, service: Sandbox) -> None:
    add(desk, service)
    done = desk.run("outbox", "show", "99")
    assert (done.status, done.out) == (2, "")
    assert "99" in done.err


@pytest.mark.parametrize(
    "words",
    [
        ("resolve", "1"),
        ("resolve", "1", "--entry", "e", "--not-posted"),
        ("prune", "--before", "2026-01-01"),
        ("prune", "--before", "new year", "--no-archive"),
        ("prune", "--before", "0001-01-01", "--no-archive"),
        ("audit", "last moonth"),
    ],
)
def test_a_decision_that_is_not_whole_is_refused(desk: Terminal, words: tuple[str, ...]) -> None:
    done = desk.run("outbox", *words)
    assert (done.status, done.out) == (2, "")
    assert "Traceback" not in done.err


def test_a_store_that_cannot_be_used_is_a_sentence(desk: Terminal, tmp_path: Path) -> None:
    (tmp_path / "broken.db").write_text("no database " * 100, encoding="utf-8")
    done = desk.run("links", "--store", str(tmp_path / "broken.db"))
    assert (done.status, done.out) == (3, "")
    assert "broken.db" in done.err
    assert "Traceback" not in done.err


def test_a_company_is_linked_and_unlinked(desk: Terminal) -> None:
    company = desk.run("link", MAPLE, "client-17", "--json").json["company_id"]
    (link,) = desk.run("links", "--json").json["links"]
    assert (link["id"], link["company_id"], link["firm"]) == ("client-17", company, "default")
    refused = desk.run("link", "Harbor Bike Repair", "client-17")
    assert refused.status == 2
    assert desk.run("unlink", "client-17").status == 0
    assert desk.run("unlink", "client-17").status == 1


def test_two_firms_and_their_encrypted_tokens(service: Sandbox, tmp_path: Path) -> None:
    birch = service.add_firm("Birch & Partners")
    service.add_company("Kuwait Trading", "KWD", firm=birch)
    store = tmp_path / "books.db"
    plain = terminal(tmp_path / "home")
    keys = {"LEDGERHQ_STORE": str(store), "LEDGERHQ_STORE_KEYS": Fernet.generate_key().decode()}
    machine = Terminal(plain.home, {**plain.environment, **keys})
    assert log_in(machine, service).status == 0
    done = log_in(machine, service, "--firm", "birch", firm=birch)
    assert done.status == 0, done.err

    (company,) = machine.run("companies", "--firm", "birch", "--json").json["companies"]
    assert (company["name"], company["currency"]) == ("Kuwait Trading", "KWD")
    assert machine.run("whoami", "--json").json["firms"][0]["name"] == "Ledger & Co"
    assert not (plain.home / "config" / "ledgerhq" / "tokens.json").exists()
    assert b"mcp_" not in store.read_bytes()

    # A firm takes the place of another one when somebody says so.
    done = log_in(machine, service, firm=birch)
    assert done.status == 2
    assert "--replace" in done.err
    assert log_in(machine, service, "--replace", firm=birch).status == 0
    assert machine.run("whoami", "--json").json["firms"][0]["name"] == "Birch & Partners"


def test_everything_moves_to_the_new_host(service: Sandbox, tmp_path: Path) -> None:
    machine = terminal(tmp_path)
    log_in(machine, service)
    machine.run("link", MAPLE, "client-17")
    new = service.url.replace("127.0.0.1", "localhost")
    moved = machine.run("move-host", service.url, new, "--json").json
    assert (moved["login"], moved["store"]["links"]) == (True, 1)
    assert machine.run("whoami", "--json").json["address"] == new
    again = machine.run("move-host", service.url, new)
    assert (again.status, again.out) == (2, "")


@pytest.mark.parametrize(
    "words",
    [
        ["outbox", "status"],
        ["outbox", "list"],
        ["outbox", "drain"],
        ["outbox", "audit", "2026-06"],
        ["links"],
        ["unlink", "client-17"],
    ],
)
def test_a_store_that_is_named_and_not_there(desk: Terminal, words: list[str]) -> None:
    store = Path(desk.environment["LEDGERHQ_STORE"])
    done = desk.run(*words)
    assert (done.status, done.out) == (2, "")
    assert f"There is no store at {store}." in done.err
    assert not store.exists()


def test_a_store_that_is_named_by_a_url_and_not_there(desk: Terminal) -> None:
    store = Path(desk.environment["LEDGERHQ_STORE"])
    url = f"sqlite:///{store}"
    done = desk.run("outbox", "status", LEDGERHQ_STORE=url)
    assert (done.status, done.out) == (2, "")
    assert f"There is no store at {url}." in done.err
    assert not store.exists()


def test_a_database_that_is_named_and_has_no_store(desk: Terminal) -> None:
    with postgres() as pg:
        url = pg.new_database()
        for _ in range(2):
            done = desk.run("outbox", "status", LEDGERHQ_STORE=f"{url}&application_name=secret")
            assert (done.status, done.out) == (2, "")
            assert "There is no store at this URL." in done.err
            assert "secret" not in done.err


def test_a_store_that_is_named_and_not_there_is_not_made_for_its_tokens(desk: Terminal) -> None:
    store = Path(desk.environment["LEDGERHQ_STORE"])
    keys = Fernet.generate_key().decode()
    done = desk.run("outbox", "status", LEDGERHQ_STORE_KEYS=keys)
    assert (done.status, done.out) == (2, "")
    assert f"There is no store at {store}." in done.err
    assert not store.exists()


def test_an_audit_of_a_firm_without_companies_blames_no_period(
    service: Sandbox, tmp_path: Path
) -> None:
    machine = terminal(tmp_path)
    log_in(machine, service, firm=service.add_firm("Lone Star"))
    machine.run("outbox", "status")
    done = machine.run("outbox", "audit", "last month")
    assert (done.status, done.out) == (2, "")
    assert done.err == "error: The firm has no client companies.\n"


def test_a_machine_that_has_nothing_says_so(tmp_path: Path) -> None:
    keys = Fernet.generate_key().decode()
    machine = terminal(tmp_path)
    old = "https://old.test"
    done = machine.run("move-host", old, "https://new.test", LEDGERHQ_STORE_KEYS=keys)
    assert (done.status, done.out) == (2, "")
    assert done.err == f"error: Nothing of {old} is stored here. Nothing was changed.\n"


def test_what_cannot_be_moved_now_is_not_taken_for_nothing(
    service: Sandbox, tmp_path: Path
) -> None:
    machine = terminal(tmp_path)
    log_in(machine, service)
    machine.run("link", MAPLE, "client-17")
    folder = machine.home / "config" / "ledgerhq"
    new = service.url.replace("127.0.0.1", "localhost")

    section = FileTokenStore(folder / "tokens.json").try_lock()
    assert section is not None
    with section:
        refused = machine.run("move-host", service.url, new)
    assert (refused.status, refused.out) == (2, "")
    assert "being refreshed" in refused.err

    with closing(sqlite3.connect(folder / "ledgerhq.db")) as db:
        db.execute("UPDATE ledgerhq_version SET version = version + 1")
        db.commit()
        refused = machine.run("move-host", service.url, new)
        db.execute("UPDATE ledgerhq_version SET version = version - 1")
        db.commit()
    assert (refused.status, refused.out) == (3, "")
    assert "newer release" in refused.err

    # The login has moved by then; the same again moves the rest.
    moved = machine.run("move-host", service.url, new, "--json").json
    assert (moved["login"], moved["store"]["links"]) == (False, 1)
