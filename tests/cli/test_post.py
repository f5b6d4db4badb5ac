"""`ledgerhq post`: files of tills, spreadsheets and journals into the books, each source once."""

from __future__ import annotations

import csv
import json
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledgerhq_ext import LedgerHQ, to_cents
from ledgerhq_ext.sandbox import Sandbox
from tests.cli.conftest import Terminal, log_in, terminal

pytestmark = pytest.mark.slow

JOURNALS = Path(__file__).with_name("journals")
COMPANY = "Maple Street Coffee"
HEADER = "id,kind,company,date,payee,bank,account,amount,from,to,bill,debit,credit,memo"
GOOD = """\
1001,purchase,Maple Street Coffee,2026-06-01,Office Depot,1010,6100,42.99,,,,,,Paper
1002,deposit,Maple Street Coffee,2026-06-02,,1010,4000,"1,250.00",,,,,,
1003,transfer,Maple Street Coffee,2026-06-03,,,,100,1010,1020,,,,
1004,journal_entry,Maple Street Coffee,2026-06-04,,,6900,,,,,5.00,,
1004,journal_entry,,2026-06-04,,,1010,,,,,,5.00,
1005,purchase,Maple Street Coffee,2026-06-01,Office Depot,1010,6100,42.99,,,,,,Paper
"""
BAD = """\
2001,purchase,Maple Street Coffee,2026-06-05,Shop,1010,61o0,1.00,,,,,,
2002,purchase,Maple Street Coffee,2026-06-05,Shop,1010,6100,10.005,,,,,,
2003,purchase,Maple Street Coffee,2026-02-30,Shop,1010,6100,10.00,,,,,,
2004,journal_entry,Maple Street Coffee,2026-06-04,,,6900,,,,,5.00,,
2004,journal_entry,,2026-06-04,,,1010,,,,,,5.01,
,purchase,Maple Street Coffee,2026-06-01,Shop,1010,6100,1.00,,,,,,
2006,purchase,Maple Street,2026-06-01,Shop,1010,6100,1.00,,,,,,
2007,purchase,Maple Street Coffee,2026-06-01,Shop,4000,6100,1.00,,,,,,
0008,purchase,Maple Street Coffee,2026-06-01,Shop,1010,6100,1.00,,,,,,
2009,refund,Maple Street Coffee,2026-06-01,Shop,1010,6100,1.00,,,,,,
2010,purchase,Maple Street Coffee,2026-06-01,,1010,6100,1.00,,,,,,
2011,bill_payment,Maple Street Coffee,2026-06-01,,1010,,1.00,,,No such bill,,,
1001,purchase,Maple Street Coffee,2026-06-01,Office Depot,1010,6100,43.99,,,,,,Paper
"""
REASONS = {
    8: ("2001", "account '61o0': no record matches. Candidates: 6100 "),
    9: ("2002", "has more decimal places than the currency"),
    10: ("2003", "the date '2026-02-30' is not a valid date such as 2026-06-08"),
    11: ("2004", "Debits (500 cents) must equal credits (501 cents)"),
    13: ("", "it has no source id"),
    14: ("2006", "company 'Maple Street': no record matches. Candidates: Maple Street Coffee"),
    15: ("2007", "not a bank, cash, credit card or liability account"),
    16: ("0008", "Set id_width = 4"),
    17: ("2009", "the kind 'refund' is unknown"),
    18: ("2010", "a purchase requires payee"),
    19: ("2011", "no record matches"),
    20: (
        "1001",
        "with a different payload: lines[0].amount was 4299, not 4399. That is an earlier",
    ),
}


SHORT_HEADER = "id,kind,date,payee,bank,account,amount,debit,credit,line"
WHOLE = """\
3001,purchase,2026-06-01,Shop,1010,6100,7.00,,,1
3001,,,,,6900,2.00,,,2
3002,journal_entry,2026-06-01,,,6900,,5.00,,
3002,,,,,1010,,,5.00,
3003,purchase,2026-06-01,Shop,1010,6100,1.00,,,
3003,deposit,2026-06-01,,1010,4000,1.00,,,
3003,journal_entry,2026-06-01,,,6900,,5.00,,
3003,,,,,1010,,,5.00,
3004,purchase,2026-06-01,Shop,1010,6100,9.00,,,
3002,journal_entry,2026-06-01,,,6900,,5.00,,
3002,,,,,1010,,,5.00,
"""
PARTS = {
    "an amount in the last line": """\
4001,purchase,2026-06-01,Shop,1010,6100,1.00,,,1
4001,purchase,2026-06-01,Shop,1010,6100,2.00,,,2
4001,purchase,2026-06-01,Shop,1010,6100,a few,,,3
""",
    "an amount between two balanced halves": """\
4002,journal_entry,2026-06-01,,,6900,,5.00,,
4002,journal_entry,2026-06-01,,,1010,,,5.00,
4002,journal_entry,2026-06-01,,,6900,,a few,,
4002,journal_entry,2026-06-01,,,1010,,,3.00,
""",
    "cells of the last line": """\
4003,purchase,2026-06-01,Shop,1010,6100,1.00,,,1
4003,purchase,2026-06-01,Shop,1010,6100,2.00,,2
""",
    "cells of the first line": """\
4004,journal_entry,2026-06-01,,,6900,,3.00,
4004,journal_entry,2026-06-01,,,6900,,5.00,,
4004,journal_entry,2026-06-01,,,1010,,,5.00,
""",
    "the id of the second line, as merged cells leave it": """\
4005,purchase,2026-06-01,Shop,1010,6100,1.00,,,1
,,,,,6100,2.00,,,2
""",
    "the number of the second line": """\
4006,purchase,2026-06-01,Shop,1010,6100,1.00,,,1
4006,purchase,2026-06-01,Shop,1010,6100,2.00,,,
""",
    "the kind of the second line": """\
4007,purchase,2026-06-01,Shop,1010,6100,1.00,,,1
4007,deposit,2026-06-01,,1010,4000,2.00,,,2
""",
    "a neighbor: the file is sorted by account": """\
4008,purchase,2026-06-01,Shop,1010,6100,1.00,,,1
4009,transfer,2026-06-01,,,,,,,
4008,purchase,2026-06-01,Shop,1010,6900,2.00,,,2
""",
    "a neighbor: two balanced halves": """\
4010,journal_entry,2026-06-01,,,6900,,5.00,,
4010,journal_entry,2026-06-01,,,1010,,,5.00,
4011,transfer,2026-06-01,,,,,,,
4010,journal_entry,2026-06-01,,,6900,,3.00,,
4010,journal_entry,2026-06-01,,,1010,,,3.00,
""",
    "a neighbor and the number of the second line": """\
4012,purchase,2026-06-01,Shop,1010,6100,1.00,,,1
4013,transfer,2026-06-01,,,,,,,
4012,purchase,2026-06-01,Shop,1010,6900,2.00,,,
""",
}


@pytest.fixture
def box() -> Iterator[Sandbox]:
    """Serve a LedgerHQ of the test's own, since postings stay."""
    with Sandbox(auto_approve=True) as box:
        yield box
        assert box.contract_violations == []


@pytest.fixture
def desk(box: Sandbox, tmp_path: Path) -> Terminal:
    """Return a machine that is logged in, with a folder of files."""
    machine = terminal(tmp_path / "desk")
    done = log_in(machine, box)
    assert done.status == 0, done.err
    return machine


def save(desk: Terminal, name: str, text: str, encoding: str = "utf-8") -> str:
    (desk.home / name).write_bytes(text.encode(encoding))
    return name


def sources(box: Sandbox) -> list[str]:
    """Return the idempotency keys of everything that was posted."""
    return [posting["receipt"]["idempotencyKey"] for posting in box.postings()]


def test_a_file_is_posted_once_however_it_comes_back(box: Sandbox, desk: Terminal) -> None:
    name = save(desk, "month.csv", f"{HEADER}\n{GOOD}")
    dry = desk.run("post", name, "--dry-run", "--json").json
    assert (dry["would_be_posted"], dry["posted"], dry["not_posted"]) == (5, 0, [])
    assert box.postings() == []

    first = desk.run("post", name)
    assert (first.status, first.out) == (0, "5 posted, 0 posted before, 0 not posted.\n")
    keys = sources(box)
    # 1001 and 1005 are equal rows with different ids: two purchases.
    assert len(keys) == len(set(keys)) == 5

    # Sorted the other way, with a line inserted, and saved with semicolons, a mark and CRLF.
    lines = GOOD.splitlines()
    lines = [*reversed(lines[5:]), *lines[3:5], *reversed(lines[:3])]
    lines.insert(3, "1006,deposit,Maple Street Coffee,2026-06-09,,1010,4000,9.00,,,,,,")
    table = [[cell.replace("1,250.00", "1.250,00") for cell in row] for row in csv.reader(lines)]
    text = "\r\n".join([HEADER.replace(",", ";"), *(";".join(row) for row in table), ""])
    again = desk.run("post", save(desk, "again.csv", text, "utf-8-sig"), "--json")
    assert (again.status, again.json["posted"], again.json["known"]) == (0, 1, 5), again.out
    assert len(sources(box)) == 6


def test_a_row_that_cannot_be_posted_is_named_and_the_rest_goes_on(
    box: Sandbox, desk: Terminal
) -> None:
    name = save(desk, "month.csv", f"{HEADER}\n{GOOD}{BAD}")
    for is_dry in (True, False):
        done = desk.run("post", name, "--json", *(["--dry-run"] if is_dry else []))
        assert done.status == 1
        reasons = {
            one["line"]: (one["source_id"], one["reason"]) for one in done.json["not_posted"]
        }
        assert reasons.keys() == REASONS.keys()
        for line, (source_id, reason) in REASONS.items():
            assert reasons[line][0] == source_id
            assert reason in reasons[line][1]
    assert len(box.postings()) == 5

    text = desk.run("post", name)
    assert text.status == 1
    assert text.out == "0 posted, 5 posted before, 12 not posted.\n"
    assert "line 9, id 2002: '10.005' USD has more decimal places" in text.err
    # What is in the outbox since an earlier run is changed by a command.
    assert "change it with ledgerhq outbox correct " in text.err
    assert "outbox.correct(" not in text.err


@pytest.mark.sample
def test_a_posting_that_the_service_refuses_is_reported_with_its_line(
    box: Sandbox, desk: Terminal
) -> None:
    # No route says which periods are locked: it shows when it is sent.
    [maple] = [client["id"] for client in box.clients if client["name"] == COMPANY]
    box.lock_period(maple, "2026-06-01")
    name = save(desk, "month.csv", f"{HEADER}\n{GOOD}")
    done = desk.run("post", name, "--json")
    assert done.status == 1
    assert done.json["posted"] == 3
    refused = {(one["line"], one["source_id"]) for one in done.json["not_posted"]}
    assert refused == {(2, "1001"), (7, "1005")}
    assert all("rejected: " in one["reason"] for one in done.json["not_posted"])

    # Once that is mended, the file is posted again.
    box.unlock_period(maple)
    done = desk.run("post", name, "--json")
    assert (done.status, done.json["posted"], done.json["known"]) == (0, 2, 3), done.out


def test_the_example_is_printed_instead_of_a_file(desk: Terminal) -> None:
    assert desk.run("post", "--example").out.startswith("id,company,kind,")
    for words in (["month.csv", "--example"], []):
        done = desk.run("post", *words)
        assert (done.status, done.out) == (2, "")
        assert "Pass either FILE or --example." in done.err


@pytest.mark.parametrize(
    ("name", "arguments", "text", "message"),
    [
        ("month.csv", (), "a,b\n1,2\n", "has no column of source ids"),
        ("month.csv", ("--id", "nr"), f"{HEADER}\n", "has no column 'nr'"),
        ("month.csv", (), "", "has no line with the names of its columns"),
        ("month.csv", (), ",,\n1,2,3\n", "has no line with the names of its columns"),
        ("month.dat", (), f"{HEADER}\n", "Pass it with --format"),
        ("books.journal", (), "", "hledger -f books.journal print -O json > books.json"),
        ("books.json", (), "[]", "--id code or --id tag:NAME"),
        ("books.json", ("--id", "code"), "{", "is not the output of hledger print -O json"),
        ("books.json", ("--id", "code"), '{"a": []}', "is not the output of hledger print -O json"),
        ("books.json", ("--id", "code"), "[", "is not the output of hledger print -O json"),
        (
            "books.json",
            ("--id", "code"),
            '[{"a": 1}]',
            "is not the output of hledger print -O json",
        ),
        ("books.beancount", (), "", "--id meta:NAME"),
        ("books.beancount", ("--id", "meta:ref"), "2026-01-01 open X\n", "beancount finds"),
        ("none.csv", (), None, "none.csv cannot be read: No such file"),
        (".", ("--format", "csv"), None, ". cannot be read: it is a folder"),
        ("none.jsonl", (), None, "none.jsonl cannot be read: No such file"),
        ("month.csv", ("--mapping", "none.toml"), HEADER, "none.toml"),
    ],
)
def test_a_file_that_cannot_be_posted_is_refused_whole(
    name: str,
    arguments: tuple[str, ...],
    text: str | None,
    message: str,
    machine: Terminal,
    service: Sandbox,
) -> None:
    before = len(service.postings())
    if text is not None:
        save(machine, name, text)
    done = machine.run("post", name, *arguments)
    assert (done.status, done.out) == (2, "")
    assert message in done.err
    assert "Traceback" not in done.err
    assert len(service.postings()) == before


def test_a_file_of_one_company_is_not_posted_for_another(box: Sandbox, desk: Terminal) -> None:
    name = save(desk, "month.csv", f"{HEADER}\n{GOOD}")
    done = desk.run("post", name, "--company", "Harbor Bike Repair")
    assert done.status == 1
    assert (
        "its company is Maple Street Coffee, and --company, or the mapping file, says" in done.err
    )
    assert box.postings() == []

    nobody = desk.run("post", name, "--company", "Nobody")
    assert nobody.status == 1
    assert "company 'Nobody': no record matches" in nobody.err
    assert box.postings() == []

    # By its id, it is the same one.
    [company] = [client["id"] for client in box.clients if client["name"] == COMPANY]
    assert desk.run("post", name, "--company", company).status == 0
    assert len(box.postings()) == 5


TILL = """\
Receipt no;Day;Shop;Paid;Card;Category
0042;03/06/2026;Küchen Müller;1.234,50;Visa;Office
0043;04/06/2026;Küchen Müller;12,5;Visa;Office
"""
TILL_MAPPING = """\
system = "till"
company = "Maple Street Coffee"
kind = "purchase"
[columns]
id = "Receipt no"
date = "Day"
payee = "Shop"
amount = "Paid"
bank = "Card"
account = "Category"
[accounts]
Visa = "2100"
Office = "6100"
[format]
date = "%d/%m/%Y"
encoding = "cp1252"
id_width = 4
"""


def test_a_mapping_names_columns_accounts_and_forms(box: Sandbox, desk: Terminal) -> None:
    save(desk, "till.toml", TILL_MAPPING)
    name = save(desk, "till.csv", TILL, "cp1252")
    first = desk.run("post", name, "--mapping", "till.toml", "--json")
    assert (first.status, first.json["posted"]) == (0, 2), first.err
    requests = [posting["request"] for posting in box.postings()]
    assert sorted(request["lines"][0]["amount"] for request in requests) == [1250, 123_450]
    assert {request["payeeName"] for request in requests} == {"Küchen Müller"}

    # The spreadsheet has dropped the zeros of the ids.
    name = save(desk, "saved.csv", TILL.replace("\n00", "\n"), "cp1252")
    again = desk.run("post", name, "--mapping", "till.toml", "--json")
    assert (again.json["posted"], again.json["known"]) == (0, 2)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_spreadsheet_that_saves_the_file_changes_nothing(box: Sandbox, desk: Terminal) -> None:
    name = save(desk, "month.csv", f"{HEADER}\n{GOOD}")
    assert desk.run("post", name).status == 0
    folder = desk.home / "saved"
    profile = f"-env:UserInstallation={(desk.home / 'profile').as_uri()}"
    convert = ["soffice", profile, "--headless", "--convert-to", "csv", "--outdir", str(folder)]
    subprocess.run([*convert, str(desk.home / name)], check=True, capture_output=True, timeout=120)
    saved = folder / "month.csv"
    assert saved.exists()
    done = desk.run("post", str(saved), "--json")
    assert (done.status, done.json["posted"], done.json["known"]) == (0, 0, 5), done.out
    assert len(box.postings()) == 5


LINES = """\
{"id": "1", "kind": "purchase", "date": "2026-06-01", "payee": "Depot", "bank": "1010", "lines": [{"account": "6100", "amount": "3.00"}, {"account": "6900", "amount": "4.50", "description": "Ink"}]}
{"id": 2, "kind": "deposit", "date": "2026-06-02", "bank": "1010", "account": "4000", "amount": 12.5}
{"id": "3", "kind": "deposit", "date": "2026-06-02", "bank": "1010", "account": "4000", "amount": 1250}
{"id": "4", "kind": "journal_entry", "date": "2026-06-02", "lines": [{"account": "6900", "amount": "5.00"}, {"account": "1010", "amount": "-5.00"}]}
not JSON
["a list"]
{"id": "5", "kind": "deposit", "date": "2026-06-02", "bank": "1010", "account": "4000", "amount": NaN}
{"id": "6", "kind": "deposit", "date": ["2026-06-02"], "bank": "1010", "account": "4000", "amount": "1.00"}
{"id": "7", "kind": "deposit", "date": "2026-06-02", "bank": "1010", "lines": []}
{"id": "8", "kind": "deposit", "date": "2026-06-02", "bank": "1010", "amount": "9.00", "lines": [{"account": "4000", "amount": "1.00"}]}
{"id": "9", "kind": "deposit", "date": "2026-06-02", "bank": "1010", "account": "4000", "amount": "9.00", "amount": "1.00"}
"""


def test_json_lines(box: Sandbox, desk: Terminal) -> None:
    name = save(desk, "sales.jsonl", LINES)
    done = desk.run("post", name, "--company", COMPANY, "--json")
    assert (done.status, done.json["posted"]) == (1, 3)
    reasons = {one["line"]: one["reason"] for one in done.json["not_posted"]}
    assert "may be whole units or cents" in reasons[3]
    assert "not a JSON object" in reasons[5]
    assert "not a JSON object" in reasons[6]
    assert "NaN is not a number" in reasons[7]
    assert "date must be a string" in reasons[8]
    assert "lines must be a list of objects" in reasons[9]
    assert "amount must be in each of its lines, and not beside them" in reasons[10]
    assert "it has a property twice" in reasons[11]
    [purchase] = [one["request"] for one in box.postings() if "payeeName" in one["request"]]
    assert [line["amount"] for line in purchase["lines"]] == [300, 450]


# --- journals


def chart(box: Sandbox, names: list[str]) -> tuple[str, str]:
    """Add a company with an account for each name; return its id, and a mapping file's text."""
    company = box.add_company("The Shop", "USD")
    kinds = {
        "assets": "asset",
        "liabilities": "liability",
        "equity": "equity",
        "income": "revenue",
        "expenses": "expense",
    }
    lines = ['company = "The Shop"', "[accounts]"]
    for number, name in enumerate(names, 1001):
        box.add_account(company, str(number), name, kinds[name.lower().partition(":")[0]])
        lines.append(f'"{name}" = "{number}"')
    return company, "\n".join(lines)


def hledger_balances() -> dict[str, int]:
    """Return the balances that hledger wrote, in cents, debits positive."""
    rows = list(csv.reader((JOURNALS / "shop.balances.csv").read_text().splitlines()))
    return {name: to_cents(amount.replace("$", ""), "USD") for name, amount in rows[1:]}


def test_the_trial_balance_of_an_hledger_journal_is_its_own(box: Sandbox, desk: Terminal) -> None:
    expected = hledger_balances()
    company, mapping = chart(box, list(expected))
    save(desk, "shop.toml", mapping)
    journal = str(JOURNALS / "shop.json")
    first = desk.run("post", journal, "--id", "code", "--mapping", "shop.toml", "--json")
    assert (first.status, first.json["posted"]) == (0, 11), first.out
    again = desk.run("post", journal, "--id", "code", "--mapping", "shop.toml", "--json")
    assert (again.json["posted"], again.json["known"]) == (0, 11)

    with LedgerHQ(base_url=box.url, access_token=box.access_token()) as hq:
        trial = hq.organization(company).trial_balance("2026-05")
    balances = {line.name: line.debit_balance - line.credit_balance for line in trial.accounts}
    assert {name: cents for name, cents in balances.items() if cents} == expected


@pytest.mark.skipif(shutil.which("hledger") is None, reason="hledger is not installed")
def test_the_recorded_journal_is_what_hledger_writes(tmp_path: Path) -> None:
    def hledger(*words: str) -> str:
        command = ["hledger", "-f", str(JOURNALS / "shop.journal"), *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    balances = hledger("balance", "-O", "csv", "--flat", "-N")
    assert balances == (JOURNALS / "shop.balances.csv").read_text()
    recorded = json.loads((JOURNALS / "shop.json").read_text())
    written = json.loads(hledger("print", "-O", "json"))
    for transaction in (*recorded, *written):
        del transaction["tsourcepos"]
    assert recorded == written


def test_a_tag_can_be_the_id_and_oddities_are_refused(box: Sandbox, desk: Terminal) -> None:
    document = json.loads((JOURNALS / "shop.json").read_text())
    by_code = {one["tcode"]: one for one in document}

    def changed(code: str, **change: Any) -> dict[str, Any]:
        copy: dict[str, Any] = json.loads(json.dumps(by_code[code]))
        copy["ttags"] = [["ref", code]]
        posting = copy["tpostings"][0]
        for name, value in change.items():
            if name in posting:
                posting[name] = value
            else:
                posting["pamount"][0][name] = value
        return copy

    def with_one_more(transaction: dict[str, Any], id: str) -> dict[str, Any]:
        """Let the last of more digits differ than decimal arithmetic keeps."""
        transaction["ttags"] = [["ref", id]]
        quantity = transaction["tpostings"][0]["pamount"][0]["aquantity"]
        quantity["decimalMantissa"] = quantity["decimalMantissa"] * 10**30 + 1
        quantity["decimalPlaces"] += 30
        return transaction

    price = {"tag": "UnitPrice", "contents": {"acommodity": "$"}}
    journal = [
        changed("t-1"),
        changed("p-2", acommodity="EUR"),
        changed("p-1", aprice=price),
        changed("d-1", ptype="VirtualPosting"),
        changed("i-1", pdate="2026-05-30"),
        changed("c-1", aquantity={"decimalMantissa": 2748801, "decimalPlaces": 4}),
        with_one_more(changed("c-1"), "c-2"),
        by_code["s-1"],
    ]
    save(desk, "books.json", json.dumps(journal))
    _, mapping = chart(box, list(hledger_balances()))
    save(desk, "shop.toml", mapping)
    done = desk.run("post", "books.json", "--id", "tag:ref", "--mapping", "shop.toml", "--json")
    assert (done.status, done.json["posted"]) == (1, 1)
    reasons = {one["source_id"]: one["reason"] for one in done.json["not_posted"]}
    assert "in several commodities ('$', 'EUR')" in reasons["p-2"]
    assert "has a price or cost" in reasons["p-1"]
    assert "is a virtual posting" in reasons["d-1"]
    assert "has its own date" in reasons["i-1"]
    assert "has more decimal places than the currency" in reasons["c-1"]
    assert "has more decimal places than the currency" in reasons["c-2"]
    assert "it has no source id" in reasons[""]


def test_a_beancount_journal(box: Sandbox, desk: Terminal) -> None:
    names = [
        "Assets:Checking",
        "Expenses:Rent",
        "Expenses:Supplies",
        "Assets:Shares",
        "Income:Sales",
    ]
    company, mapping = chart(box, names)
    save(desk, "shop.toml", mapping)
    journal = str(JOURNALS / "shop.beancount")
    done = desk.run("post", journal, "--id", "meta:ref", "--mapping", "shop.toml", "--json")
    assert (done.status, done.json["posted"]) == (1, 2), done.out
    reasons = {one["line"]: one["reason"] for one in done.json["not_posted"]}
    assert "it has no source id" in reasons[19]
    assert "has a cost or a price" in reasons[23]
    assert "has more decimal places than the currency" in reasons[28]
    with LedgerHQ(base_url=box.url, access_token=box.access_token()) as hq:
        trial = hq.organization(company).trial_balance("2026-05")
    balances = {line.name: line.debit_balance - line.credit_balance for line in trial.accounts}
    assert {name: cents for name, cents in balances.items() if cents} == {
        "Assets:Checking": -141_850,
        "Expenses:Rent": 215_000,
        "Income:Sales": -73_150,
    }


# --- stops


def many(count: int) -> str:
    rows = [
        f"{number},deposit,{COMPANY},2026-06-{1 + number % 28:02},,1010,4000,{number}.00,,,,,,"
        for number in range(1, count + 1)
    ]
    random.Random(5).shuffle(rows)
    return "\n".join([HEADER, *rows, ""])


@pytest.mark.parametrize("how", ["interrupted", "killed"])
def test_a_run_that_was_stopped_goes_on_with_the_file(
    how: str, box: Sandbox, desk: Terminal
) -> None:
    name = save(desk, "many.csv", many(120))
    process = desk.start("post", name, "--json")
    deadline = time.monotonic() + 60
    while len(box.postings()) < 8 and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT if how == "interrupted" else signal.SIGKILL)
    out, err = process.communicate(timeout=60)
    posted = len(box.postings())
    assert 8 <= posted < 120
    if how == "interrupted":
        assert process.returncode == 130
        result = json.loads(out)
        assert result["posted"] == posted
        assert result["posted"] + result["waiting"] == 120
        assert "Stopping after the current request" in err

    # A process that was killed holds a posting for the time of its lease.
    done = desk.run("post", name, "--json")
    assert done.json["not_posted"] == [] or how == "killed"
    if done.json["not_posted"]:
        done = desk.run("post", name, "--json")
    assert len(sources(box)) == len(set(sources(box))) == 120


MEMORY = """
import resource, sys
from pathlib import Path
from ledgerhq_ext.cli.files.formats import Format, reader_of
from ledgerhq_ext.cli.files.mapping import Mapping
count = sum(1 for _ in reader_of(Format(sys.argv[2]))(Path(sys.argv[1]), Mapping(id="code")))
print(count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.parametrize("form", ["csv", "jsonl", "hledger"])
def test_a_file_is_read_in_constant_memory(form: str, tmp_path: Path) -> None:
    def peak(count: int) -> int:
        path = tmp_path / f"{count}.{form}"
        write_many(path, form, count)
        command = [sys.executable, "-c", MEMORY, str(path), form]
        run = subprocess.run(command, check=True, capture_output=True, text=True)
        number, kib = map(int, run.stdout.split())
        assert number == count
        return kib

    # As a list, the larger one would take tens of megabytes.
    assert peak(20_000) - peak(100) < 4_000


def write_many(path: Path, form: str, count: int) -> None:
    with path.open("w") as stream:
        if form == "csv":
            stream.write(many(count))
        elif form == "jsonl":
            for number in range(count):
                stream.write(json.dumps({"id": str(number + 1), "kind": "deposit"}) + "\n")
        else:
            transaction = json.loads((JOURNALS / "shop.json").read_text())[0]
            stream.write("[" + ",".join([json.dumps(transaction)] * count) + "]")


def test_a_transaction_is_posted_whole(box: Sandbox, desk: Terminal) -> None:
    name = save(desk, "whole.csv", f"{SHORT_HEADER}\n{WHOLE}")
    done = desk.run("post", name, "--company", COMPANY, "--json").json
    assert (done["posted"], done["known"], done["not_posted"]) == (6, 1, [])
    lines = [len(posting["request"].get("lines", ())) for posting in box.postings()]
    assert sorted(lines) == [1, 1, 1, 2, 2, 2]


def test_part_of_a_transaction_is_never_posted(box: Sandbox, desk: Terminal) -> None:
    for what, rows in PARTS.items():
        name = save(desk, "parts.csv", f"{SHORT_HEADER}\n{rows}")
        done = desk.run("post", name, "--company", COMPANY)
        assert done.status == 1, what
        assert done.out.startswith("0 posted, 0 posted before, "), what
    assert box.postings() == []
