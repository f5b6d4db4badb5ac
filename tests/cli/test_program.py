"""The program as such: usage, errors, statuses, streams, signals, completion."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import PATIENCE, ROOT, Terminal, terminal

if TYPE_CHECKING:
    from ledgerhq_ext.sandbox import Sandbox

pytestmark = pytest.mark.slow

MAPLE = "Maple Street Coffee"


def closed_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.mark.parametrize("group", [[], ["accounts"], ["bank"], ["review"], ["outbox"]])
def test_the_list_of_commands_cuts_no_summary(machine: Terminal, group: list[str]) -> None:
    listed = machine.run(*group, "--help").out.partition("\nCommands:\n")[2]
    assert listed.strip()
    assert "..." not in listed


@pytest.mark.parametrize(
    "command",
    [
        "login",
        "packet",
        "post",
        "accounts create",
        "contacts create",
        "bank transactions",
        "outbox run",
        "outbox discard",
    ],
)
def test_help_names_what_an_option_takes_and_not_its_type(machine: Terminal, command: str) -> None:
    options = machine.run(*command.split(), "--help").out.partition("\nOptions:\n")[2]
    assert options.strip()
    assert not re.search(r"<(str|int|float|path)\b", options)


def test_wrong_usage_names_what_is_wrong(machine: Terminal) -> None:
    done = machine.run("accounts", "list", MAPLE, "--type", "expanse")
    assert (done.status, done.out) == (2, "")
    assert "expense" in done.err


def test_a_company_that_is_not_there_names_the_near_ones(machine: Terminal) -> None:
    done = machine.run("tb", "Maple Stret Coffee", "2026-05")
    assert (done.status, done.out) == (2, "")
    assert done.err.count(MAPLE) == 1


@pytest.mark.sample
def test_an_error_is_one_line_of_json_for_a_script(machine: Terminal) -> None:
    done = machine.run("pl", MAPLE, "lst month", "--json")
    assert (done.status, done.out) == (2, "")
    error = json.loads(done.err)["error"]
    assert error["type"] == "InputError"
    assert error["exit_status"] == 2
    assert "last quarter" in error["message"]


def test_a_service_that_is_not_reached_is_one_sentence(machine: Terminal) -> None:
    address = f"http://127.0.0.1:{closed_port()}"
    # A token of another service is never sent: an API key has no home.
    done = machine.run("companies", "--base-url", address, LEDGERHQ_API_KEY="dk_live_x")
    assert (done.status, done.out) == (3, "")
    assert "--base-url" in done.err
    assert "outcome" not in done.err
    assert "Traceback" not in done.err


def test_an_api_key_speaks_instead_of_the_login(machine: Terminal, service: Sandbox) -> None:
    company = next(row for row in service.clients if row["name"] == MAPLE)
    key = service.api_key(company["id"])
    address = ("--base-url", service.url)
    rows = machine.run("companies", "--json", *address, LEDGERHQ_API_KEY=key).json["companies"]
    assert [row["name"] for row in rows] == [MAPLE]
    done = machine.run("companies", *address, LEDGERHQ_API_KEY=f"{key}x")
    assert (done.status, done.out) == (4, "")
    assert "LEDGERHQ_API_KEY" in done.err
    assert key not in done.err


def test_an_address_that_is_not_the_service_s_says_so(service: Sandbox, tmp_path: Path) -> None:
    key = service.api_key(service.clients[0]["id"])
    url = f"{service.url}/elsewhere"
    done = terminal(tmp_path).run("companies", "--base-url", url, LEDGERHQ_API_KEY=key)
    assert (done.status, done.out) == (3, "")
    assert done.err.endswith("Check the base URL (--base-url).\n")


def test_a_folder_that_cannot_be_made_is_named(machine: Terminal) -> None:
    config = machine.home / "browser.py"
    done = machine.run("links", XDG_CONFIG_HOME=str(config))
    assert (done.status, done.out) == (3, "")
    assert done.err.startswith("error: The store cannot be opened: ")
    assert str(config / "ledgerhq") in done.err


def test_the_request_id_of_a_refusal_is_said(machine: Terminal, service: Sandbox) -> None:
    service.fault("GET /api/v1/accounts", "status", status=403)
    done = machine.run("accounts", "list", MAPLE)
    assert (done.status, done.out) == (3, "")
    assert re.search(r"request req_\w+", done.err)
    assert "owner of the firm" in done.err


def test_a_traceback_comes_with_debug_only(machine: Terminal) -> None:
    done = machine.run("pl", MAPLE, "lst month", "--debug")
    assert done.status == 2
    assert "Traceback" in done.err
    assert "GET /api/v1/organizations" in done.err
    assert "mcp_at_" not in done.err


def test_who_reads_a_pipe_may_stop(machine: Terminal) -> None:
    process = machine.start("accounts", "list", MAPLE, "--json")
    assert process.stdin
    process.stdin.close()
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    with process.stderr:
        assert process.stderr.read() == ""
    assert process.wait(PATIENCE) == 0


SHELL = pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")


def in_shell(machine: Terminal, text: str) -> subprocess.CompletedProcess[str]:
    """Run a line of a shell, in which ``ledgerhq`` is the command."""
    environment = dict(machine.environment)
    environment.pop("PYTHONUNBUFFERED", None)
    program = f'ledgerhq() {{ "{sys.executable}" -m ledgerhq_ext "$@"; }}; {text}'
    return subprocess.run(
        ["sh", "-c", program],
        capture_output=True,
        encoding="utf-8",
        cwd=machine.home,
        env=environment,
        timeout=PATIENCE,
        check=False,
    )


@SHELL
@pytest.mark.parametrize(
    ("words", "status"), [("companies", 0), ("unlink nobody", 1), ("pl Nobody 2026", 2)]
)
def test_streams_that_are_closed(machine: Terminal, words: str, status: int) -> None:
    for closed in (">&-", "<&-", "2>&-", "<&- >&- 2>&-"):
        done = in_shell(machine, f"ledgerhq {words} {closed}")
        assert done.returncode == status
        assert "internal error" not in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize(
    "words", ["companies --json", "unlink nobody", "--help", "--version", "post --example"]
)
def test_output_that_finds_no_room(machine: Terminal, words: str) -> None:
    done = in_shell(machine, f"ledgerhq {words} > /dev/full")
    assert done.returncode == 70
    assert done.stderr == (
        "error: The output cannot be written: No space left on device. "
        "What the command did is not undone.\n"
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("unlink nobody", 1),
        ("pl Nobody 2026", 2),
        ("pl Nobody 2026 --json", 2),
        ("companies --base-url http://127.0.0.1:9", 2),
    ],
)
def test_notes_that_nobody_can_read(machine: Terminal, words: str, status: int) -> None:
    for nobody in ("2> /dev/full", "2> pipe"):
        # A pipe whose reader has gone.
        pipe = 'mkfifo pipe; sleep 9 < pipe & reader=$!; exec 3> pipe; kill "$reader"; wait; '
        text = f"ledgerhq {words} {nobody}"
        if "pipe" in nobody:
            text = f"rm -f pipe; {pipe} ledgerhq {words} 2>&3"
        assert in_shell(machine, text).returncode == status


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo terminal")
@pytest.mark.parametrize("no_color", ["", "1"])
def test_colors_are_for_terminals_without_no_color(machine: Terminal, no_color: str) -> None:
    printed = on_a_terminal(machine, "companies", NO_COLOR=no_color, TERM="xterm-256color")
    assert "Maple" in printed
    assert ("\x1b[1;36m" in printed) is (no_color == "")
    # The terminal is 80 columns wide: ids are whole all the same.
    assert len(re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", printed)) == 4


def on_a_terminal(machine: Terminal, *words: str, **environment: str) -> str:
    """Return what a command prints to a terminal."""
    import pty

    variables = {**machine.environment, **environment}
    if not variables["NO_COLOR"]:
        del variables["NO_COLOR"]
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "ledgerhq_ext", *words],
        stdin=follower,
        stdout=follower,
        stderr=follower,
        cwd=machine.home,
        env=variables,
    )
    os.close(follower)
    printed = b""
    while True:
        try:
            piece = os.read(leader, 65_536)
        except OSError:
            break
        if not piece:
            break
        printed += piece
    os.close(leader)
    assert process.wait(PATIENCE) == 0
    return printed.decode()


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")
def test_ctrl_c_while_somebody_is_awaited_stores_nothing(service: Sandbox, tmp_path: Path) -> None:
    machine = terminal(tmp_path)
    process = machine.start("login", "--no-browser", "--base-url", service.url)
    assert process.stderr
    while "Paste" not in process.stderr.readline():
        pass
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out) == (130, "")
    assert "Interrupted" in err
    assert "Traceback" not in err
    assert machine.run("logout", "--json").json == {"logged_out": False}


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")
def test_the_sandbox_serves_until_ctrl_c(tmp_path: Path) -> None:
    machine = terminal(tmp_path)
    process = machine.start("sandbox", "--firm", "Birch", "--company", "Acme:EUR", "--empty")
    assert process.stdout
    printed = ""
    while "LEDGERHQ_BASE_URL=" not in printed:
        line = process.stdout.readline()
        assert line, "it ended early"
        printed += line
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert "Birch" in printed
    assert "Acme" in printed


def test_the_shell_completes_commands(machine: Terminal) -> None:
    done = machine.run(
        _LEDGERHQ_COMPLETE="complete_bash", COMP_WORDS="ledgerhq out", COMP_CWORD="1"
    )
    assert done.out.split() == ["outbox"]


def test_without_the_extra_it_says_what_to_install() -> None:
    program = """
import importlib.util, sys
found = importlib.util.find_spec
importlib.util.find_spec = lambda name, *more: None if name == "typer" else found(name, *more)
from ledgerhq_ext.cli import main
sys.exit(main(["companies"]))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 2
    assert done.stderr == ("error: the command line needs typer: pip install 'ledgerhq-ext[cli]'\n")


def test_drift_compares_in_a_checkout(machine: Terminal) -> None:
    contract = ROOT / "openapi" / "openapi.json"
    done = machine.run("drift", str(contract), "--json")
    assert done.status == 0, done.err
    assert json.loads(done.out)["status"] == 0
