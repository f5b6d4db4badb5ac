"""`ledgerhq accounts`, `bank`, statements and packets."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.cli.conftest import Terminal

if TYPE_CHECKING:
    from ledgerhq_ext.sandbox import Sandbox

pytestmark = pytest.mark.slow

MAPLE = "Maple Street Coffee"
SAKURA = "Sakura Stationery KK"


def write(machine: Terminal, name: str, text: str) -> str:
    (machine.home / name).write_text(text, encoding="utf-8")
    return name


def test_accounts_are_imported_once(machine: Terminal) -> None:
    file = write(
        machine,
        "accounts.csv",
        "\ufeffcode;name;type;parent\r\n6700;Bank fees;expense;\r\n6710;Card fees;expense;6700\r\n"
        "6711;Online fees;expense;6710\r\n",
    )
    first = machine.run("accounts", "import", MAPLE, file, "--json")
    assert first.status == 0, first.err
    assert [row["status"] for row in first.json["accounts"]] == ["exists", "created", "created"]
    again = machine.run("accounts", "import", MAPLE, file, "--json").json["accounts"]
    assert {row["status"] for row in again} == {"exists"}
    listed = machine.run("accounts", "list", MAPLE, "--type", "expense", "--json").json["accounts"]
    ids = {row["code"]: row["id"] for row in listed}
    parents = {row["code"]: row["parent_id"] for row in listed}
    assert parents["6711"] == ids["6710"]


@pytest.mark.sample
def test_a_line_that_cannot_be_imported_does_not_stop_the_others(machine: Terminal) -> None:
    file = write(
        machine,
        "odd.csv",
        "code,name,type,parent\n1010,Till,asset,\n6720,Odd,expanse,\n6721,Orphan,expense,9999\n"
        "6722,Wire fees,expense,\n6722,Wire fees,expense,\n",
    )
    done = machine.run("accounts", "import", MAPLE, file, "--json")
    assert done.status == 1
    statuses = [row["status"] for row in done.json["accounts"]]
    assert statuses == ["differs", "failed", "failed", "created", "exists"]
    assert [row["line"] for row in done.json["accounts"]] == [2, 3, 4, 5, 6]
    assert "expense" in done.json["accounts"][1]["message"]


def test_an_import_ends_where_the_login_does(machine: Terminal, service: Sandbox) -> None:
    lines = [f"68{number},Fees {number},expense" for number in range(10, 15)]
    file = write(machine, "many.csv", "\n".join(["code,name,type", *lines]))
    service.fault("POST /api/v1/accounts", "status", status=401, times=None, after=1)
    try:
        done = machine.run("accounts", "import", MAPLE, file, "--json")
    finally:
        service.clear_faults()
    assert done.status == 1
    statuses = [row["status"] for row in done.json["accounts"]]
    assert statuses == ["created", "failed", *["not tried"] * 3]


def test_an_account_is_not_created_again_without_its_zeros(machine: Terminal) -> None:
    text = "code,name,type\n0678,Stamps,expense\n"
    first = machine.run("accounts", "import", MAPLE, write(machine, "chart.csv", text), "--json")
    assert [row["status"] for row in first.json["accounts"]] == ["created"]
    # As a spreadsheet saves it.
    file = write(machine, "chart.csv", text.replace("0678", "678"))
    for words in ([], ["--dry-run"]):
        again = machine.run("accounts", "import", MAPLE, file, "--json", *words)
        assert again.status == 1
        [row] = again.json["accounts"]
        assert row["status"] == "failed"
        assert "the books have an account 0678" in row["message"]


def test_a_dry_run_promises_what_would_be_created_and_no_more(machine: Terminal) -> None:
    file = write(
        machine,
        "planned.csv",
        "code,name,type,parent,currency\n6730,Odd,expanse,,\n6731,,expense,,\n6732,Ink,expense,,usd\n"
        "6733,Child,expense,6730,\n6734,Wire fees,expense,,\n6735,Fast wires,expense,6734,USD\n",
    )
    before = machine.run("accounts", "list", MAPLE, "--json").json
    dry = machine.run("accounts", "import", MAPLE, file, "--dry-run", "--json")
    assert dry.status == 1, dry.err
    assert machine.run("accounts", "list", MAPLE, "--json").json == before
    planned = [row["status"] for row in dry.json["accounts"]]
    assert planned == ["failed"] * 4 + ["would be created"] * 2

    real = machine.run("accounts", "import", MAPLE, file, "--json")
    statuses = [row["status"] for row in real.json["accounts"]]
    assert statuses == ["failed"] * 4 + ["created"] * 2
    messages = [row["message"] for row in real.json["accounts"]]
    assert [row["message"] for row in dry.json["accounts"]] == messages


def test_a_dry_run_knows_what_earlier_lines_would_create(machine: Terminal) -> None:
    file = write(
        machine,
        "repeated.csv",
        "code,name,type\n06741,Ink,expense\n06741,Ink,expense\n06741,Inks,expense\n"
        "6741,Ink,expense\n",
    )
    dry = machine.run("accounts", "import", MAPLE, file, "--dry-run", "--json").json["accounts"]
    assert "in line 2 is 'Ink'" in dry[2]["message"]
    assert "an earlier line creates an account 06741" in dry[3]["message"]
    real = machine.run("accounts", "import", MAPLE, file, "--json").json["accounts"]
    assert [row["status"] for row in real] == ["created", "exists", "differs", "failed"]
    planned = [row["status"].replace("would be created", "created") for row in dry]
    assert planned == [row["status"] for row in real]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("number,name,type\n", "no column code"),
        ("code,name,type,colour\n", "'colour'"),
        ("code,name,type\n6100,Paper\n", "line 2, has 2 cells for 3 columns"),
    ],
)
def test_a_file_that_is_no_chart_is_refused_whole(
    machine: Terminal, text: str, complaint: str
) -> None:
    done = machine.run("accounts", "import", MAPLE, write(machine, "bad.csv", text))
    assert (done.status, done.out) == (2, "")
    assert complaint in done.err


def test_nobody_knows_whether_an_unanswered_account_exists(
    machine: Terminal, service: Sandbox
) -> None:
    service.fault("POST /api/v1/accounts", "lose_response")
    done = machine.run("accounts", "create", MAPLE, "6730", "Lost", "--type", "expense", "--json")
    assert (done.status, done.out) == (5, "")
    error = json.loads(done.err)["error"]
    assert error["outcome"] == "unknown"
    assert "Check before you repeat it" in error["message"]


def test_a_contact_is_created_and_listed(machine: Terminal) -> None:
    done = machine.run(
        *("contacts", "create", MAPLE, "Toner Town", "--type", "supplier", "--json"),
        *("--email", "ink@toner.example", "--phone", "+1 555 0100"),
        *("--tax-number", "TX-9", "--terms", "14", "--currency", "EUR"),
    )
    assert done.status == 0, done.err
    contact = done.json
    assert {**contact, "id": ""} == {
        "id": "",
        "name": "Toner Town",
        "type": "supplier",
        "email": "ink@toner.example",
        "phone": "+1 555 0100",
        "tax_number": "TX-9",
        "payment_terms_days": 14,
        "currency": "EUR",
    }
    listed = machine.run("contacts", "list", MAPLE, "--search", "toner town", "--json")
    assert listed.json == {"contacts": [contact]}

    customers = machine.run("contacts", "list", MAPLE, "--type", "customer", "--json").json
    assert {row["type"] for row in customers["contacts"]} == {"customer"}
    table = machine.run("contacts", "list", MAPLE, "--search", "toner").out
    assert "Toner Town" in table
    assert "No contacts match." in machine.run("contacts", "list", MAPLE, "--search", "zzz").out

    said = machine.run("contacts", "create", MAPLE, "Paper & Co", "--type", "both").out
    assert said.startswith("Created Paper & Co (both, ")


def test_a_terminal_obeys_no_words_of_strangers(machine: Terminal) -> None:
    odd = "\u202eyrubxO\u202c"
    contact = machine.run("contacts", "create", MAPLE, odd, "--type", "supplier")
    account = machine.run("accounts", "create", MAPLE, "9177", odd, "--type", "expense")
    link = machine.run("link", MAPLE, odd)
    refused = machine.run("post", "\x1b[2J.csv", "--company", MAPLE)
    for done, status in ((contact, 0), (account, 0), (link, 2), (refused, 2)):
        assert done.status == status, done.err
        assert not re.search("[\x1b\u202e\u202c]", done.out + done.err)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["Toner Town"], "--type"),
        (["Toner Town", "--type", "vendor"], "vendor"),
        ([" ", "--type", "supplier"], "name must not be empty"),
        (["Toner Town", "--type", "supplier", "--terms", "-1"], "--terms"),
        (["Toner Town", "--type", "supplier", "--currency", "usd"], "'usd'"),
    ],
)
def test_a_contact_that_cannot_be_is_wrong_usage(
    machine: Terminal, words: list[str], complaint: str
) -> None:
    done = machine.run("contacts", "create", MAPLE, *words)
    assert (done.status, done.out) == (2, "")
    assert complaint in done.err


def test_nobody_knows_whether_an_unanswered_contact_exists(
    machine: Terminal, service: Sandbox
) -> None:
    service.fault("POST /api/v1/contacts", "lose_response")
    done = machine.run("contacts", "create", MAPLE, "Lost & Co", "--type", "supplier", "--json")
    assert (done.status, done.out) == (5, "")
    assert json.loads(done.err)["error"]["outcome"] == "unknown"


def test_rows_of_the_bank_are_filtered(machine: Terminal) -> None:
    done = machine.run(
        *("bank", "transactions", MAPLE, "--status", "unreconciled", "--limit", "5", "--json"),
        *("--account", "business checking", "--period", "2026-06"),
    )
    rows = done.json["bank_transactions"]
    assert len(rows) == 5
    assert {row["status"] for row in rows} == {"unreconciled"}
    assert {row["bank_account"] for row in rows} == {"Business checking"}
    assert all(row["date"].startswith("2026-06") for row in rows)
    assert all(isinstance(row["amount"], int) for row in rows)


@pytest.mark.parametrize("command", ["accounts", "feeds", "health"])
def test_the_bank_is_shown(machine: Terminal, command: str) -> None:
    done = machine.run("bank", command, MAPLE)
    assert done.status == 0
    assert "First Maple Bank" in done.out


def test_yen_have_no_cents(machine: Terminal) -> None:
    text = machine.run("pl", SAKURA, "2026-05").out
    value = machine.run("pl", SAKURA, "2026-05", "--json").json
    assert value["company"]["currency"] == "JPY"
    assert f"{value['totals']['net_income']:,} JPY" in text
    assert all(check["verdict"] != "differs" for check in value["checks"])


def test_a_statement_is_one_of_several_formats(machine: Terminal) -> None:
    text = machine.run("tb", MAPLE, "2026-05", "--csv").out
    codes = [row[0] for row in csv.reader(io.StringIO(text))]
    assert "1010" in codes
    done = machine.run("tb", MAPLE, "2026-05", "--html", "-o", "tb.html")
    assert (done.status, done.out) == (0, "")
    assert "<html" in (machine.home / "tb.html").read_text(encoding="utf-8")
    done = machine.run("tb", MAPLE, "2026-05", "--csv", "--json")
    assert (done.status, done.out) == (2, "")
    assert "--json, --csv" in done.err


def test_the_tables_of_a_packet_need_a_folder(machine: Terminal) -> None:
    packet = ("packet", MAPLE, "2026-05", "--csv", "-o")
    done = machine.run(*packet, "-")
    assert (done.status, done.out) == (2, "")
    assert "Name a folder with -o." in done.err
    assert not (machine.home / "-").exists()

    (machine.home / "may.csv").write_text("of somebody else", encoding="utf-8")
    done = machine.run(*packet, "may.csv")
    assert (done.status, done.out) == (2, "")
    assert "The folder may.csv cannot be made: File exists." in done.err
    assert (machine.home / "may.csv").read_text(encoding="utf-8") == "of somebody else"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["packet", MAPLE, "2026-05", "-o", "may.pdf"], "may.pdf is named as a file of --pdf"),
        (["packet", MAPLE, "2026-05", "--html", "-o", "may.PDF"], "a file of --pdf"),
        (["pl", MAPLE, "2026-05", "-o", "may.csv"], "a file of --csv"),
        (["pl", MAPLE, "2026-05", "--csv", "-o", "may.json"], "a file of --json"),
        (["packet", MAPLE, "2026-05", "--draft"], "belong to a document"),
        (["packet", MAPLE, "2026-05", "--json", "--preparer", "Ada"], "belong to a document"),
        (["packet", MAPLE, "2026-05", "--csv", "--locale", "fr_CA"], "belong to a document"),
        (["packet", MAPLE, "2026-05", "--catalogs", "nowhere"], "belong to a document"),
        (["review", "export", MAPLE, "-o", "rows.pdf"], "a file of another format"),
        (["review", "export", MAPLE, "--xlsx", "-o", "rows.csv"], "a file of another format"),
        (["review", "export", MAPLE, "-o", "-"], "are written to a file"),
        (["bank", "transactions", MAPLE, "--tz", "Nowhere/Land"], "belong to --period"),
        (["bank", "transactions", MAPLE, "--today", "2026-06-30"], "belong to --period"),
    ],
)
def test_an_option_that_would_be_ignored_is_wrong_usage(
    machine: Terminal, words: list[str], complaint: str
) -> None:
    before = set(machine.home.iterdir())
    done = machine.run(*words)
    message = json.loads(done.err)["error"]["message"] if "--json" in words else done.err
    assert (done.status, done.out) == (2, "")
    assert complaint in message
    assert set(machine.home.iterdir()) == before


def test_a_check_that_differs_is_said_and_is_the_status(
    machine: Terminal, service: Sandbox
) -> None:
    company = next(row for row in service.clients if row["name"] == MAPLE)
    route = "/api/v1/reports/trial-balance"
    headers = {
        "authorization": f"Bearer {service.api_key(company['id'])}",
        "x-organization-id": company["id"],
    }
    days = {"startDate": "2026-05-01", "endDate": "2026-05-31"}
    report = httpx.get(service.url + route, headers=headers, params=days).json()
    report["totalDebits"] = "145438.21"
    service.fault(f"GET {route}", "status", status=200, body=report, times=2)

    done = machine.run("tb", MAPLE, "2026-05")
    assert done.status == 1
    assert "differs: total debits" in done.out
    assert "145,438.21 USD" in done.out
    done = machine.run("tb", MAPLE, "2026-05", "--csv")
    assert done.status == 1
    assert "differs" in done.err


def test_a_packet_goes_into_a_file_that_says_whose_it_is(machine: Terminal) -> None:
    done = machine.run("packet", MAPLE, "last month", "--today", "2026-06-15", "--pdf")
    assert (done.status, done.out) == (0, "")
    path = machine.home / "maple-street-coffee-2026-05-packet.pdf"
    assert done.err == f"Wrote {path.name}\n"
    assert path.read_bytes().startswith(b"%PDF")


def test_a_file_of_the_last_month_of_the_calendar_has_its_name(machine: Terminal) -> None:
    done = machine.run("packet", MAPLE, "9999-12", "--html")
    assert (done.status, done.err) == (0, "Wrote maple-street-coffee-9999-12-packet.html\n")


def test_a_packet_for_a_script(machine: Terminal) -> None:
    value = machine.run("packet", MAPLE, "2026-05", "--json").json
    assert value["ties"] is True
    assert value["packet"]["amountUnit"] == "integer_cents"
    assert isinstance(value["packet"]["profitAndLoss"]["netIncome"], int)


def test_a_file_that_cannot_be_written_is_a_sentence(machine: Terminal) -> None:
    target = str(Path("nowhere") / "packet.pdf")
    done = machine.run("packet", MAPLE, "2026-05", "--pdf", "-o", target)
    assert (done.status, done.out) == (2, "")
    assert "nowhere" in done.err
    assert "Traceback" not in done.err
