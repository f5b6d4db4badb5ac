"""`ledgerhq login`, `whoami`, `companies`, `logout` and `move-host`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.cli.conftest import PATIENCE, Terminal, log_in, terminal

if TYPE_CHECKING:
    from ledgerhq_ext.sandbox import Sandbox

pytestmark = pytest.mark.slow

COMPANIES = {
    "Maple Street Coffee",
    "Harbor Bike Repair",
    "Nordic Design ApS",
    "Sakura Stationery KK",
}


def test_the_browser_comes_back_to_this_machine(service: Sandbox, tmp_path: Path) -> None:
    machine = terminal(tmp_path)
    done = machine.run("login", "--base-url", service.url)
    assert done.status == 0, done.err
    assert "Ledger & Co" in done.out
    assert "Maple Street Coffee" in done.out
    tokens = tmp_path / "config" / "ledgerhq" / "tokens.json"
    assert tokens.stat().st_mode & 0o077 == 0

    # The address is that of the login from now on.
    assert machine.run("companies", "--json").json["companies"]


@pytest.mark.sample
def test_the_address_is_pasted_where_there_is_no_browser(service: Sandbox, tmp_path: Path) -> None:
    done = log_in(terminal(tmp_path), service, "--json", form="'{}'")
    assert {row["name"] for row in done.json["companies"]} == COMPANIES
    assert done.json["address"] == service.url


def test_whoami_says_firm_companies_currencies_and_years(machine: Terminal) -> None:
    answer = machine.run("whoami", "--json").json
    assert [firm["name"] for firm in answer["firms"]] == ["Ledger & Co"]
    sakura = next(row for row in answer["companies"] if row["name"].startswith("Sakura"))
    assert (sakura["currency"], sakura["fiscal_year_start_month"]) == ("JPY", 4)
    text = machine.run("whoami").out
    assert "Ledger & Co" in text
    assert "April" in text


def test_a_table_in_a_pipe_has_every_word_and_no_color(machine: Terminal) -> None:
    done = machine.run("companies")
    assert done.status == 0
    assert "\x1b" not in done.out
    for name in COMPANIES:
        assert name in done.out


def test_logging_out_forgets_the_firm(service: Sandbox, tmp_path: Path) -> None:
    machine = terminal(tmp_path)
    log_in(machine, service)
    assert machine.run("logout", "--json").json == {"logged_out": True}
    assert machine.run("logout", "--json").json == {"logged_out": False}
    done = machine.run("companies", "--base-url", service.url)
    assert done.status == 4
    assert done.out == ""
    assert done.err == (
        "error: No firm is logged in: the token store contains no connection; connect first. "
        "Log in with: ledgerhq login\n"
    )


def test_the_nearest_firm_that_logged_in_is_named(service: Sandbox, tmp_path: Path) -> None:
    machine = terminal(tmp_path)
    assert log_in(machine, service, "--firm", "birch & co").status == 0
    for words in (["companies"], ["outbox", "drain"]):
        done = machine.run(*words, "--firm", "brich & co")
        assert done.status == 4
        assert done.err.endswith(
            " Did you mean --firm 'birch & co'? Log in with: ledgerhq login --firm 'brich & co'\n"
        )
    assert machine.run("logout", "--firm", "brich & co").out == (
        "There is no login named 'brich & co'. Did you mean --firm 'birch & co'?\n"
    )
    assert "mean" not in machine.run("companies", "--firm", "oak").err
    assert "mean" not in machine.run("companies").err


@pytest.mark.skipif(os.name == "nt", reason="arguments are bytes elsewhere")
def test_a_firm_whose_name_is_no_text_is_wrong_usage(tmp_path: Path) -> None:
    done = terminal(tmp_path).run("companies", "--firm", os.fsdecode(b"\xff"))
    assert done.status == 2
    assert "half of a surrogate pair" in done.err


def test_the_firm_to_log_in_is_named(tmp_path: Path) -> None:
    done = terminal(tmp_path).run("companies", "--firm", "Birch & Partners")
    assert done.status == 4
    assert done.err.endswith("Log in with: ledgerhq login --firm 'Birch & Partners'\n")


def test_a_damaged_token_file_is_named_with_what_to_do(service: Sandbox, tmp_path: Path) -> None:
    machine = terminal(tmp_path)
    log_in(machine, service)
    tokens = tmp_path / "config" / "ledgerhq" / "tokens.json"
    tokens.write_bytes(tokens.read_bytes()[:100])
    for words in (["companies"], ["logout"], ["login", "--no-browser"]):
        done = machine.run(*words)
        assert done.status == 2
        assert (
            f"The token file {tokens} does not contain a LedgerHQ connection. "
            "Remove the file, and connect again."
        ) in done.err

    tokens.unlink()
    assert log_in(machine, service).status == 0


def test_an_owner_who_says_no(service: Sandbox, tmp_path: Path) -> None:
    machine = terminal(tmp_path)
    process = machine.start("login", "--no-browser", "--base-url", service.url)
    assert process.stderr is not None
    url = ""
    while not url.startswith("http"):
        url = process.stderr.readline().strip()
    state = parse_qs(urlsplit(url).query)["state"][0]
    query = urlencode({"error": "access_denied", "state": state})
    _, error = process.communicate(f"http://127.0.0.1:8400/callback?{query}\n", timeout=PATIENCE)
    assert process.returncode == 3
    assert error.endswith(
        "error: access_denied: the service did not grant access. Start again with: ledgerhq login\n"
    )


def test_no_address_means_nothing_is_stored(service: Sandbox, tmp_path: Path) -> None:
    machine = terminal(tmp_path)
    done = machine.run("login", "--no-browser", "--base-url", service.url, input="\n")
    assert done.status == 2
    assert "nothing was stored" in done.err
    assert machine.run("logout", "--json").json == {"logged_out": False}
