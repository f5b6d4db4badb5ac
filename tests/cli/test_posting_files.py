"""`ledgerhq post`: files as spreadsheets, tills and people save them. What is doubtful is refused."""

from __future__ import annotations

import os
import re

import pytest

from ledgerhq_ext.sandbox import Sandbox
from tests.cli.conftest import Terminal

pytestmark = pytest.mark.slow

COMPANY = "Maple Street Coffee"
HEADER = "id,kind,date,payee,bank,account,amount"
ROW = "{id},purchase,2026-06-01,{payee},1010,6100,{amount}"


def table(*, id: str = "1", payee: str = "Shop", amount: str = "1.00") -> str:
    """Return a file with one purchase."""
    return f"{HEADER}\n{ROW.format(id=id, payee=payee, amount=amount)}\n"


def save(machine: Terminal, name: str, content: str | bytes) -> str:
    """Save a file in somebody's folder, and return its name."""
    raw = content if isinstance(content, bytes) else content.encode()
    (machine.home / name).write_bytes(raw)
    return name


def keys(service: Sandbox) -> set[str]:
    """Return the idempotency keys of everything that was posted."""
    return {posting["receipt"]["idempotencyKey"] for posting in service.postings()}


@pytest.mark.parametrize(
    "content",
    [
        table(payee="Café").encode("cp1252"),
        b"PK\x03\x04\x14\x00\x06\x00\x08\xff\xfe",
        b"\x1f\x8b\x08\x00",
    ],
    ids=["cp1252", "a workbook", "gzip"],
)
def test_a_file_in_another_encoding_is_refused(
    content: bytes, machine: Terminal, service: Sandbox
) -> None:
    before = keys(service)
    done = machine.run("post", save(machine, "month.csv", content), "--company", COMPANY)
    assert (done.status, done.out) == (2, "")
    assert "Save it as CSV UTF-8" in done.err
    assert keys(service) == before


@pytest.mark.parametrize("name", ["month.xlsx", "MONTH.XLS", "month.ods"])
def test_a_workbook_is_refused_with_what_to_save_it_as(name: str, machine: Terminal) -> None:
    done = machine.run("post", save(machine, name, b"PK"), "--company", COMPANY)
    assert (done.status, done.out) == (2, "")
    assert f"{name} is a workbook. Save its sheet as CSV (in Excel: CSV UTF-8)" in done.err


@pytest.mark.parametrize(
    ("amount", "separator"),
    [("1.500", ","), ("1.000", ","), ("-1.000", ","), ('"1,500"', "\t"), ('"1,000"', ";")],
)
def test_thousands_are_never_taken_for_a_fraction(
    amount: str, separator: str, machine: Terminal, service: Sandbox
) -> None:
    before = keys(service)
    header, row = table(amount="AMOUNT").replace(",", separator).splitlines()
    content = f"{header}\n{row.replace('AMOUNT', amount)}\n"
    done = machine.run("post", save(machine, "month.csv", content), "--company", COMPANY, "--json")
    assert done.status == 1
    [problem] = done.json["not_posted"]
    assert "is ambiguous: it could be" in problem["reason"]
    assert keys(service) == before


@pytest.mark.parametrize(
    ("amount", "reason"),
    [
        ("12,50", "'12,50' has a comma, but the decimal mark of this file is a point."),
        ("1,2,3", "'1,2,3' has a comma, but the decimal mark of this file is a point."),
        ("1,500", "Write 1500 for thousands, or set decimal"),
        ("-1,500,000", "Write -1500000 for thousands, or set decimal"),
    ],
)
def test_an_amount_with_a_comma_is_refused_and_no_other_amount_suggested(
    amount: str, reason: str, machine: Terminal
) -> None:
    name = save(machine, "month.csv", table(amount=f'"{amount}"'))
    done = machine.run("post", name, "--company", COMPANY, "--dry-run", "--json")
    [problem] = done.json["not_posted"]
    assert reason in problem["reason"]
    assert "1250" not in problem["reason"]


def test_a_dry_run_warns_of_what_is_unusual(machine: Terminal) -> None:
    header, row = table().splitlines()
    far = re.sub(r"\d{4}-\d{2}-\d{2}", "2126-06-10", row)
    words = ("post", save(machine, "month.csv", f"{header}\n{far}\n"), "--company", COMPANY)
    done = machine.run(*words, "--dry-run")
    assert done.status == 0
    assert "Warning: line 2, id " in done.err
    assert "2126-06-10 is more than a year in the future." in done.err
    [warning] = machine.run(*words, "--dry-run", "--json").json["warnings"]
    assert warning["line"] == 2
    assert warning["message"].startswith("txn_date: 2126-06-10")


def test_three_digits_are_a_fraction_where_the_currency_has_them(
    machine: Terminal, service: Sandbox
) -> None:
    company = service.add_company("Pearl Trading", "KWD")
    service.add_account(company, "1010", "Card", "liability")
    service.add_account(company, "6100", "Office", "expense")
    name = save(machine, "month.csv", table(id="dinars", amount="1.500"))
    done = machine.run("post", name, "--company", "Pearl Trading", "--json")
    assert (done.status, done.json["posted"]) == (0, 1), done.out
    assert service.postings()[-1]["request"]["lines"][0]["amount"] == 1500


def test_three_digits_are_a_fraction_where_the_mapping_names_the_mark(
    machine: Terminal, service: Sandbox
) -> None:
    save(machine, "till.toml", '[format]\ndecimal = "."\n')
    name = save(machine, "month.csv", table(id="three digits", amount="1.500"))
    done = machine.run("post", name, "--company", COMPANY, "--mapping", "till.toml", "--json")
    assert (done.status, done.json["posted"]) == (0, 1), done.out
    assert service.postings()[-1]["request"]["lines"][0]["amount"] == 150


def test_a_fraction_that_cannot_be_thousands_is_taken(machine: Terminal, service: Sandbox) -> None:
    amounts = {"42.9900": 4299, "0.500": 50, "1234.500": 123_450, "12.5": 1250}
    rows = [ROW.format(id=f"fraction {text}", payee="Shop", amount=text) for text in amounts]
    name = save(machine, "month.csv", "\n".join([HEADER, *rows]))
    done = machine.run("post", name, "--company", COMPANY, "--json")
    assert (done.status, done.json["posted"]) == (0, 4), done.out
    requests = [posting["request"] for posting in service.postings()[-4:]]
    assert [request["lines"][0]["amount"] for request in requests] == list(amounts.values())


PIPED = {
    "csv": (HEADER, ROW.format(id="piped", payee="Shop", amount="1.00")),
    "jsonl": (
        '{"id": "piped", "kind": "deposit", "date": "2026-06-01", "bank": "1010", '
        '"account": "4000", "amount": "1.00"}',
    ),
    "beancount": (
        "2026-01-01 open Assets:Cash",
        "2026-01-01 open Income:Sales",
        '2026-06-01 * "Sales"',
        '  ref: "piped"',
        "  Assets:Cash  1.00 USD",
        "  Income:Sales",
    ),
}


@pytest.mark.skipif(os.name == "nt", reason="needs /dev/stdin")
@pytest.mark.parametrize("form", PIPED)
def test_a_file_that_can_be_read_once_is_reported_like_any_other(
    form: str, machine: Terminal, service: Sandbox
) -> None:
    """A pipe is empty afterwards, and a file may be another one by the time of the report."""
    save(machine, "m.toml", '[accounts]\n"Assets:Cash" = "1010"\n"Income:Sales" = "4000"\n')
    words = ["post", "/dev/stdin", "--format", form, "--company", COMPANY, "--mapping", "m.toml"]
    if form == "beancount":
        words += ["--id", "meta:ref"]
    [maple] = [client["id"] for client in service.clients if client["name"] == COMPANY]
    service.lock_period(maple, "2026-06-01")
    text = "\n".join(PIPED[form]) + "\n"
    try:
        done = machine.run(*words, "--json", input=text)
    finally:
        service.unlock_period(maple)
    assert (done.status, done.json["posted"]) == (1, 0), done.err
    [problem] = done.json["not_posted"]
    assert problem["source_id"] == "piped"
    assert "The period is locked" in problem["reason"]

    done = machine.run(*words, "--json", input=text)
    assert (done.status, done.json["posted"]) == (0, 1), done.err


@pytest.mark.parametrize(
    ("id", "words"),
    [
        ('"1,001"', "whose thousands a spreadsheet has separated"),
        ('"1,234,567.00"', "whose thousands a spreadsheet has separated"),
        ("12345678901234500", "a spreadsheet has kept 15 digits"),
        ('"=""1001"""', "a formula and not a value"),
        ("#N/A", "a formula and not a value"),
        ("#REF!", "a formula and not a value"),
        ("Err:502", "a formula and not a value"),
    ],
)
def test_an_id_that_a_spreadsheet_has_changed_is_refused(
    id: str, words: str, machine: Terminal, service: Sandbox
) -> None:
    before = keys(service)
    name = save(machine, "month.csv", table(id=id))
    done = machine.run("post", name, "--company", COMPANY, "--json")
    assert done.status == 1
    [problem] = done.json["not_posted"]
    assert words in problem["reason"]
    assert keys(service) == before


def test_long_ids_are_taken_where_no_spreadsheet_can_have_cut_them(
    machine: Terminal, service: Sandbox
) -> None:
    whole = save(machine, "month.csv", table(id="12345678901234567"))
    assert machine.run("post", whole, "--company", COMPANY, "--json").json["posted"] == 1
    save(machine, "wide.toml", "[format]\nid_width = 17\n")
    round_ids = save(machine, "month.csv", table(id="12345678901234500"))
    done = machine.run("post", round_ids, "--company", COMPANY, "--mapping", "wide.toml", "--json")
    assert done.json["posted"] == 1


def test_an_error_of_a_spreadsheet_is_never_posted(machine: Terminal, service: Sandbox) -> None:
    before = keys(service)
    rows = [
        "e1,purchase,2026-06-01,#NAME?,1010,6100,1.00,",
        "e2,purchase,2026-06-01,Shop,1010,6100,1.00,1",
        # A lookup that failed: the second line of the purchase above.
        "#N/A,purchase,2026-06-01,Shop,1010,6900,2.00,2",
    ]
    name = save(machine, "month.csv", "\n".join([f"{HEADER},line", *rows, ""]))
    done = machine.run("post", name, "--company", COMPANY, "--json")
    assert done.status == 1
    assert [problem["line"] for problem in done.json["not_posted"]] == [2, 3, 4]
    assert keys(service) == before


def test_one_column_may_hold_two_fields(machine: Terminal, service: Sandbox) -> None:
    columns = 'id = "Number"\nreference = "Number"\npayee = "Who"\nmemo = "Who"\n'
    save(machine, "columns.toml", f"[columns]\n{columns}")
    text = table(id="two fields", payee="Shop").replace("id,", "Number,").replace("payee", "Who")
    name = save(machine, "month.csv", text)
    done = machine.run("post", name, "--company", COMPANY, "--mapping", "columns.toml", "--json")
    assert (done.status, done.json["posted"]) == (0, 1), done.err
    request = service.postings()[-1]["request"]
    assert (request["payeeName"], request["memo"]) == ("Shop", "Shop")


@pytest.mark.parametrize("form", ["%d.%m.", "%m/%Y", "%Y", "%H:%M", "%-d/%m/%Y", "the day"])
def test_a_date_has_a_day_a_month_and_a_year(
    form: str, machine: Terminal, service: Sandbox
) -> None:
    before = keys(service)
    save(machine, "dates.toml", f'[format]\ndate = "{form}"\n')
    name = save(machine, "month.csv", table(id="1").replace("2026-06-01", "08.06."))
    done = machine.run("post", name, "--company", COMPANY, "--mapping", "dates.toml")
    assert (done.status, done.out) == (2, "")
    assert "format.date must have a day, a month and a year" in done.err
    assert keys(service) == before


def test_json_lines_may_have_decimal_commas(machine: Terminal, service: Sandbox) -> None:
    start = '"kind": "deposit", "date": "2026-06-01", "bank": "1010", "account": "4000"'
    amounts = ["1.234,50", "0,5", "1.234"]
    lines = [
        f'{{"id": "comma {at}", {start}, "amount": "{text}"}}' for at, text in enumerate(amounts)
    ]
    save(machine, "comma.toml", '[format]\ndecimal = ","\n')
    name = save(machine, "sales.jsonl", "\n".join(lines))
    done = machine.run("post", name, "--company", COMPANY, "--mapping", "comma.toml", "--json")
    assert done.status == 1
    [problem] = done.json["not_posted"]
    assert "'1.234' is ambiguous" in problem["reason"]
    requests = [posting["request"] for posting in service.postings()[-2:]]
    assert [request["lines"][0]["amount"] for request in requests] == [123_450, 50]


@pytest.mark.parametrize("amount", ["1e999999999", "1e-999999999", "1e99999999999999999999"])
def test_an_amount_of_countless_digits_costs_its_line_alone(machine: Terminal, amount: str) -> None:
    start = '"kind": "deposit", "date": "2026-06-01", "bank": "1010", "account": "4000"'
    lines = [
        f'{{"id": "j{at}", {start}, "amount": {text}}}' for at, text in enumerate([amount, "1.5"])
    ]
    name = save(machine, "huge.jsonl", "\n".join(lines))
    result = machine.run("post", name, "--company", COMPANY, "--dry-run", "--json").json
    [problem] = result["not_posted"]
    assert "too many digits" in problem["reason"]
    assert problem["line"] == 1


def test_what_would_change_the_sums_is_refused_where_the_kind_cannot_take_it(
    machine: Terminal,
) -> None:
    text = (
        "id,kind,date,payee,bank,from,to,account,amount,debit,tax_rate,reference\n"
        "g1,transfer,2026-06-01,,,1010,1020,,1.00,,VAT,\n"
        "g2,purchase,2026-06-01,Shop,1010,,,6100,1.00,2.00,,\n"
        "g3,purchase,2026-06-01,Shop,1010,,,6100,1.00,,,R-1\n"
    )
    name = save(machine, "sums.csv", text)
    result = machine.run("post", name, "--company", COMPANY, "--dry-run", "--json").json
    reasons = {one["source_id"]: one["reason"] for one in result["not_posted"]}
    assert list(reasons) == ["g1", "g2"]
    assert "a transfer has no tax rate" in reasons["g1"]
    assert "no debit or credit" in reasons["g2"]


def test_amounts_of_another_currency_are_not_taken_for_the_books_own(machine: Terminal) -> None:
    header, row = table(id="ID").splitlines()
    currencies = ["USD", "usd", "$", "", "Dollar", "EUR", "eur", "€", "Euro"]
    rows = [f"{row.replace('ID', f'h{at}')},{text}" for at, text in enumerate(currencies)]
    save(machine, "units.toml", '[columns]\ncurrency = "Unit"\n[commodities]\nDollar = "USD"\n')
    name = save(machine, "shop.csv", "\n".join([f"{header},Unit", *rows]))
    arguments = ("post", name, "--company", COMPANY, "--mapping", "units.toml")
    result = machine.run(*arguments, "--dry-run", "--json").json
    reasons = {one["source_id"]: one["reason"] for one in result["not_posted"]}
    assert list(reasons) == ["h5", "h6", "h7", "h8"]
    assert (
        "it is in 'EUR', but the books of Maple Street Coffee are in USD. Convert" in reasons["h5"]
    )
    assert "Set the currency of a commodity under [commodities]" in reasons["h8"]


def test_a_line_of_json_may_name_its_currency(machine: Terminal) -> None:
    start = '"kind": "deposit", "date": "2026-06-01", "bank": "1010", "account": "4000"'
    lines = [
        f'{{"id": "i-{unit}", {start}, "amount": "1.00", "currency": "{unit}"}}'
        for unit in ("USD", "JPY")
    ]
    name = save(machine, "payouts.jsonl", "\n".join(lines))
    result = machine.run("post", name, "--company", COMPANY, "--dry-run", "--json").json
    assert [one["source_id"] for one in result["not_posted"]] == ["i-JPY"]


def test_what_a_transaction_has_once_does_not_stand_in_a_line(machine: Terminal) -> None:
    line = (
        '{"id": "g4", "kind": "purchase", "date": "2026-06-10", "bank": "1010", "payee": "Shop", '
        '"lines": [{"account": "6500", "amount": "1.00", "memo": "of May"}]}'
    )
    name = save(machine, "memo.jsonl", line)
    result = machine.run("post", name, "--company", COMPANY, "--dry-run", "--json").json
    [one] = result["not_posted"]
    assert "memo must be beside its lines" in one["reason"]
