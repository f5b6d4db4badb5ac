"""What `ledgerhq post` does around the transactions: what it reads, what it shows, what it needs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from ledgerhq_ext.sandbox import Sandbox
from scripts.bench.posting_run import problems_of
from tests.cli.conftest import Terminal, log_in, terminal
from tests.cli.test_program import closed_port, on_a_terminal

pytestmark = pytest.mark.slow

COMPANY = "Maple Street Coffee"
HEADER = "id,kind,company,date,payee,bank,account,amount,bill"


@pytest.fixture
def box() -> Iterator[Sandbox]:
    """Serve a LedgerHQ of the test's own, since postings stay."""
    with Sandbox(auto_approve=True) as box:
        yield box
        assert box.contract_violations == []


@pytest.fixture
def desk(box: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """Return a machine that is logged in, with a folder of files."""
    machine = terminal(tmp_path_factory.mktemp("machine") / "desk")
    done = log_in(machine, box)
    assert done.status == 0, done.err
    return machine


def save(desk: Terminal, rows: list[str]) -> str:
    (desk.home / "month.csv").write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    return "month.csv"


def test_one_id_of_two_resources_is_two_transactions(box: Sandbox, desk: Terminal) -> None:
    """The one that is refused is reported, and its namesakes are not."""
    rows = [
        f"1,deposit,{COMPANY},2026-06-02,,1010,4000,5.00,",
        f"1,purchase,{COMPANY},2026-06-01,Shop,1010,6100,5.00,",
        "1,purchase,Harbor Bike Repair,2026-06-01,Shop,1010,6100,5.00,",
    ]
    [maple] = [client["id"] for client in box.clients if client["name"] == COMPANY]
    box.lock_period(maple, "2026-06-01")
    result = desk.run("post", save(desk, rows), "--json").json
    assert [(one["line"], one["source_id"]) for one in result["not_posted"]] == [(3, "1")]
    assert result["posted"] == 2


@pytest.mark.skipif(os.name == "nt", reason="needs the modes of POSIX")
def test_tokens_that_cannot_be_read_are_no_fault_of_the_rows(desk: Terminal) -> None:
    """Said once, and not for each of them."""
    [tokens] = desk.home.glob("config/**/*.json")
    tokens.chmod(0o644)
    rows = [f"{at},transfer,{COMPANY},2026-06-20,,,,1.00," for at in range(1, 4)]
    done = desk.run("post", save(desk, rows))
    assert done.status == 2
    assert done.out == ""
    assert done.err.count("can be read by other users") == 1


def test_rows_that_wait_for_another_one_say_what_befell_it(box: Sandbox, desk: Terminal) -> None:
    box.fault("POST /api/v1/deposits", "status", status=429, retry_after=600)
    rows = [f"{at},deposit,{COMPANY},2026-06-02,,1010,4000,{at}.00," for at in range(1, 4)]
    done = desk.run("post", save(desk, rows), "--json")
    reasons = [one["reason"] for one in done.json["not_posted"]]
    assert len(reasons) == 3
    [own] = [reason for reason in reasons if "another one" not in reason]
    text = own.removeprefix("pending: ").partition(" For details")[0]
    waiting = f"pending: it has not been sent, since another one failed: {text}"
    assert sum(reason.startswith(waiting) for reason in reasons) == 2


@pytest.mark.sample
def test_bills_are_listed_once_whatever_their_number(box: Sandbox, desk: Terminal) -> None:
    numbers = ["BILL-1003", "BILL-1006", "BILL-1007", "bill-1003"]
    rows = [
        f"{at},bill_payment,{COMPANY},2026-06-20,,1010,,1.00,{number}"
        for at, number in enumerate(numbers, 1)
    ]
    before = len(box.requests)
    result = desk.run("post", save(desk, rows), "--json").json
    assert result["not_posted"] == []
    assert result["posted"] == 4
    listed = [one for one in box.requests[before:] if one["path"] == "/api/v1/bills"]
    # Once for the numbers, however they are spelled, and once for the check.
    assert len(listed) == 2


def test_contacts_are_listed_once_also_those_that_are_not_there(
    box: Sandbox, desk: Terminal
) -> None:
    names = ["Metro Parts", "metro  parts", "Delta Travel", "Nobody & Sons", "Nobody & Daughters"]
    rows = [
        f"{at},purchase,{COMPANY},2026-06-20,Shop,1010,6100,1.00,,{name}"
        for at, name in enumerate(names, 1)
    ]
    text = "\n".join([f"{HEADER},contact", *rows, ""])
    (desk.home / "month.csv").write_text(text, encoding="utf-8")
    before = len(box.requests)
    result = desk.run("post", "month.csv", "--json").json
    assert [one["source_id"] for one in result["not_posted"]] == ["4", "5"]
    assert "contact name 'Nobody & Sons': no record matches." in result["not_posted"][0]["reason"]
    assert result["posted"] == 3
    listed = [one for one in box.requests[before:] if one["path"] == "/api/v1/contacts"]
    # Once for the names, and once for the check.
    assert len(listed) == 2


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo terminal")
def test_long_work_has_a_bar_on_a_terminal_only(desk: Terminal) -> None:
    rows = [
        f"{number},deposit,{COMPANY},2026-06-02,,1010,4000,{number}.00," for number in range(1, 21)
    ]
    name = save(desk, rows)
    shown = on_a_terminal(desk, "post", name, NO_COLOR="1", TERM="xterm-256color")
    assert "Reading month.csv" in shown
    assert "Posting" in shown
    assert "100%" in shown
    # The bars are gone at the end, and the result stands.
    assert shown.rstrip().endswith("20 posted, 0 posted before, 0 not posted.")

    piped = desk.run("post", name)
    assert piped.err == ""
    assert piped.out == "0 posted, 20 posted before, 0 not posted.\n"


WITHOUT = """
import importlib.util, sys
find_spec = importlib.util.find_spec
importlib.util.find_spec = lambda name, *more: None if name == sys.argv[1] else find_spec(name, *more)
from ledgerhq_ext.cli import main
sys.exit(main(sys.argv[2:]))
"""
PERIOD = [COMPANY, "2026-05"]


@pytest.mark.parametrize(
    ("module", "extra", "words"),
    [
        ("typst", "render", ["packet", *PERIOD, "--pdf"]),
        ("jinja2", "render", ["packet", *PERIOD, "--html"]),
        ("xlsxwriter", "render", ["tb", *PERIOD, "--xlsx"]),
        ("babel", "render", ["gl", *PERIOD, "--csv"]),
        ("jinja2", "render", ["review", "export", COMPANY, "-o", "review.html"]),
        ("sqlalchemy", "store", ["post", "month.csv"]),
        ("sqlalchemy", "store", ["link", COMPANY, "client-17"]),
        ("sqlalchemy", "store", ["outbox", "drain"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else value,
)
def test_a_missing_extra_is_named_before_anything_is_fetched(
    module: str, extra: str, words: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    machine = terminal(tmp_path_factory.mktemp("machine") / "desk")
    # Nobody listens there: had anything been asked for, that would be the error.
    environment = {
        **machine.environment,
        "LEDGERHQ_API_KEY": "dk_live_x",
        "LEDGERHQ_BASE_URL": f"http://127.0.0.1:{closed_port()}",
    }
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT, module, *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=machine.home,
        env=environment,
    )
    assert done.returncode == 2, done.stderr
    assert f"needs {module}: pip install 'ledgerhq-ext[{extra}]'" in done.stderr
    assert list(machine.home.glob("*.html")) == []


def test_a_run_is_accounted_for_to_the_cent() -> None:
    """As for a hundred thousand rows: entries, keys, trial balance, and a second run of nothing."""
    assert problems_of(40, workers=2) == []


PEAK = """
import resource, sys
from ledgerhq_ext.cli import main
status = main(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
sys.exit(status)
"""
FEW = 1_000
MANY = 5_000


@pytest.mark.skipif(os.name == "nt", reason="asks the system as POSIX does")
def test_a_long_file_takes_no_more_memory_than_a_short_one(desk: Terminal) -> None:
    """Several chunks of postings are checked in both: what grows is what is kept of every row."""

    def peak(count: int) -> int:
        rows = (
            f"{number},deposit,{COMPANY},2026-06-02,,1010,4000,{number}.00,"
            for number in range(1, count + 1)
        )
        done = subprocess.run(
            [sys.executable, "-c", PEAK, "post", save(desk, list(rows)), "--dry-run"],
            capture_output=True,
            text=True,
            check=False,
            cwd=desk.home,
            env=desk.environment,
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout == f"{count} would be posted, 0 posted before, 0 not posted.\n"
        return int(done.stderr)

    kib_of_a_row = (peak(MANY) - peak(FEW)) / (MANY - FEW)
    # One row with its posting, kept, takes several.
    assert kib_of_a_row < 0.5
